"""Territories of about the same population as another one, and what they did on the same themes."""

from dataclasses import dataclass

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Value, When, Window
from django.db.models.functions import Abs, Cast, RowNumber

from initiatives.models import Initiative, Theme
from towns.models import Territory

from .related import comparable_population
from .territories import TerritoryCount

# How many territories a page names, and how many entries of each.
TERRITORIES = 6
ENTRIES = 3


@dataclass(frozen=True)
class Comparable:
    """A territory with its latest entries: those on the themes in common, or any where there is no such theme."""

    present: TerritoryCount
    entries: list[Initiative]
    is_on_same_themes: bool


def comparable_to(territory: Territory) -> list[Comparable]:
    """Territories of the same type with published entries: first those that share a theme, nearest in population.

    Four queries at most, the themes of the entries included.
    """
    bounds = comparable_population(territory.population)
    if bounds is None:
        return []
    published = Initiative.objects.published()
    themes = list(Theme.objects.filter(pk__in=published.filter(territory=territory).values("themes")))
    alike = published.about(themes).order_by()
    found = (
        type(territory)
        .objects.current()
        .filter(pk__in=published.values("territory"), population__range=bounds)
        .exclude(pk=territory.pk)
        .alias(
            # Cast: where no theme is shared it is a constant, and PostgreSQL takes « ORDER BY 1 » for the first column.
            rank=Cast(Case(When(pk__in=alike.values("territory"), then=Value(0)), default=Value(1)), IntegerField()),
            gap=Abs(F("population") - Value(territory.population)),
        )
        .order_by("rank", "gap", "sort_key", "pk")
        .select_related("department")[:TERRITORIES]
    )
    places = {place.pk: place for place in found}
    # Looked up for each of a few entries: as a list of all that are alike, PostgreSQL makes it anew for each.
    shared = Initiative.themes.through.objects.filter(initiative=OuterRef("pk"), theme__in=themes)
    latest = Window(
        RowNumber(), partition_by=F("territory"), order_by=["aside", "-published_at", "-started", "sort_key", "pk"]
    )
    entries = (
        published.filter(territory__in=list(places))
        .annotate(aside=Case(When(Exists(shared), then=Value(0)), default=Value(1)))
        .annotate(place=latest)
        .filter(place__lte=ENTRIES)
        .for_cards()
        .order_by("place")
    )
    by_place: dict[str, list[Initiative]] = {pk: [] for pk in places}
    for entry in entries:
        by_place[entry.territory_id].append(entry)
    return [_comparable(places[pk], rows) for pk, rows in by_place.items()]


def _comparable(territory: Territory, entries: list[Initiative]) -> Comparable:
    alike = [entry for entry in entries if not entry.aside]
    return Comparable(TerritoryCount.of(territory, len(entries)), alike or entries, bool(alike))
