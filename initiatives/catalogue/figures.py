"""Counts for pages: rows and numbers, no HTTP."""

from django.db.models import Count, Prefetch, Q

from initiatives.models import Category, Initiative, Theme
from initiatives.models.initiative import InitiativeQuerySet


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


def totals(entries: InitiativeQuerySet | None = None) -> dict[str, int]:
    """Of some published entries, or of all: how many, of how many territories, and where from."""
    counted = Initiative.objects.published() if entries is None else entries
    return counted.order_by().aggregate(
        initiatives=Count("pk"),
        towns=Count("town", distinct=True),
        intercommunalities=Count("intercommunality", distinct=True),
        departments=Count("department", distinct=True),
        in_survey=Count("pk", filter=Q(in_survey=True)),
        open_source=Count("pk", filter=Q(uses_open_source=True)),
        public_sources=Count("pk", filter=Q(origin=Initiative.Origin.PUBLIC_SOURCE)),
    )
