"""Counts for pages: rows and numbers, no HTTP."""

from collections import Counter

from django.db.models import Count, Prefetch, Q

from initiatives.models import Category, Initiative, Theme
from initiatives.models.initiative import InitiativeQuerySet


def categories_with_counts() -> list[Category]:
    """The categories in order, each with `count` and its `counted_themes`, (theme, count) pairs."""
    by_category = dict(Initiative.objects.published().order_by().values_list("category").annotate(Count("pk")))
    by_theme = published_by_theme()
    themes = Prefetch("themes", Theme.objects.order_by("position", "pk"))
    categories = list(Category.objects.order_by("position", "pk").prefetch_related(themes))
    for category in categories:
        category.count = by_category.get(category.pk, 0)
        category.counted_themes = [(theme, by_theme[theme.pk]) for theme in category.themes.all()]
    return categories


def totals(entries: InitiativeQuerySet | None = None) -> dict[str, int]:
    """Counts of some published entries, or of all: entries, territories, départements and where they come from."""
    counted = (Initiative.objects.published() if entries is None else entries).order_by()
    # Counted from their distinct values: to count distinct ones, PostgreSQL sorts all rows.
    territories = counted.values("territory", "is_of_town").distinct()
    return {
        **counted.aggregate(
            initiatives=Count("pk"),
            in_survey=Count("pk", filter=Q(in_survey=True)),
            open_source=Count("pk", filter=Q(uses_open_source=True)),
            public_sources=Count("pk", filter=Q(origin=Initiative.Origin.PUBLIC_SOURCE)),
        ),
        **territories.aggregate(
            towns=Count("territory", filter=Q(is_of_town=True)),
            intercommunalities=Count("territory", filter=Q(is_of_town=False)),
        ),
        "departments": counted.values("department").distinct().count(),
    }


def published_by_theme() -> Counter:
    """How many published entries each theme has, by its key."""
    links = Initiative.themes.through.objects
    counts = by_theme(links.all())
    # Nearly all entries are published: counting those that are not, too, beats looking at each.
    counts.subtract(by_theme(links.filter(initiative__in=Initiative.objects.unpublished().values("pk"))))
    return counts


def by_theme(links) -> Counter:
    return Counter(dict(links.values_list("theme").annotate(Count("pk"))))
