"""Counts for pages: rows and numbers, no HTTP."""

from django.db.models import Count, Prefetch, Q

from initiatives.models import Category, Initiative, Theme


def categories_with_counts() -> list[Category]:
    """The categories in order, each with `count` and its `counted_themes`, (theme, count) pairs."""
    published = Initiative.objects.published().order_by()
    by_category = dict(published.values_list("category").annotate(Count("pk")))
    by_theme = dict(published.exclude(themes=None).values_list("themes").annotate(Count("pk")))
    themes = Prefetch("themes", Theme.objects.order_by("position", "pk"))
    categories = list(Category.objects.order_by("position", "pk").prefetch_related(themes))
    for category in categories:
        category.count = by_category.get(category.pk, 0)
        category.counted_themes = [(theme, by_theme.get(theme.pk, 0)) for theme in category.themes.all()]
    return categories


def totals() -> dict[str, int]:
    """How many published entries, towns, intercommunalities and départements there are, and where from."""
    return (
        Initiative.objects.published()
        .order_by()
        .aggregate(
            initiatives=Count("pk"),
            towns=Count("town", distinct=True),
            intercommunalities=Count("intercommunality", distinct=True),
            departments=Count("department", distinct=True),
            in_survey=Count("pk", filter=Q(in_survey=True)),
            public_sources=Count("pk", filter=Q(origin=Initiative.Origin.PUBLIC_SOURCE)),
        )
    )
