"""Counts of the facets: how many entries each choice would give.

A choice is counted with the other filters on and its own facet's choice ignored. Whatever the number
of facets there are three counts: the facets that depend on one column of the entry are counted
together, as a small cube that Python folds; the places together; the themes, of which an entry has several.
Each is known until the content changes: another category, another page, another order counts nothing anew.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.functional import cached_property

from initiatives.caching.versioned import VersionedCache
from initiatives.models import Initiative
from initiatives.models.bands import BANDS

from .counts import by_theme, published_by_theme
from .filters import INTERCOMMUNALITY, KINDS, NO, OPEN_SOURCE, TOWN, YES, InitiativeFilter, with_year

CUBE = ("categorie", "type", "population", "libre", "enquete", "annee")
PLACES = ("region", "departement")
# No one lives there: no commune will ever answer.
UNINHABITED = {"984", "989"}


@dataclass(frozen=True)
class Option:
    """One choice of a facet."""

    value: str
    label: str
    count: int
    is_chosen: bool
    share: int = 0
    group: str = ""

    @property
    def is_dead(self) -> bool:
        """Gives nothing, and is not chosen: shown, greyed, not to be clicked."""
        return not self.count and not self.is_chosen


@dataclass(frozen=True)
class Facet:
    """A parameter of the address and its choices."""

    name: str
    label: str
    options: list[Option] = field(default_factory=list)
    is_multiple: bool = False

    @property
    def is_switch(self) -> bool:
        """« Oui » or nothing: one box that says it all, without a list."""
        return [option.value for option in self.options] == [YES]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.is_chosen]


class Facets:
    """All facets of one selection, the total, and what dropping a filter would give."""

    def __init__(self, filterset: InitiativeFilter, known: VersionedCache):
        self.filterset = filterset
        self.known = known
        self.chosen = filterset.selection.chosen

    def _counted(self, what: str, count: Callable, *, ignoring: set[str]):
        """A count that the parameters in `ignoring` do not change: known to all who choose the same otherwise."""
        choices = {name: values for name, values in self.filterset.selection.filters.items() if name not in ignoring}
        return self.known(what, count, of=choices)

    @cached_property
    def _cube(self) -> Counter:
        return self._counted("cube", self._count_cube, ignoring=set(CUBE))

    def _count_cube(self) -> Counter:
        """Entries by the values of CUBE, with none of these six parameters applied."""
        rows = with_year(self.filterset.rows(ignoring=set(CUBE)))
        columns = ("category", "is_of_town", "population_band", "uses_open_source", "in_survey", "year")
        cells = rows.order_by().values_list(*columns).annotate(Count("pk"))
        slugs = {category.pk: category.slug for category in self.filterset.vocabulary.categories}
        cube = Counter()
        for category, is_of_town, band, is_open, in_survey, year, count in cells:
            kind = TOWN if is_of_town else INTERCOMMUNALITY
            cube[(slugs[category], kind, band, YES if is_open else NO, YES if in_survey else "", year)] += count
        return cube

    @cached_property
    def _places(self) -> Counter:
        return self._counted("places", self._count_places, ignoring=set(PLACES))

    def _count_places(self) -> Counter:
        """Entries by (région, département), with neither parameter applied."""
        rows = self.filterset.rows(ignoring=set(PLACES)).order_by()
        regions = {department.code: department.region_id for department in self.filterset.vocabulary.departments}
        counts = rows.values_list("department").annotate(Count("pk"))
        return Counter({(regions[department], department): count for department, count in counts})

    @cached_property
    def _themes(self) -> dict[str, int]:
        return self._counted("themes", self._count_themes, ignoring={"theme"})

    def _count_themes(self) -> dict[str, int]:
        if self.filterset.narrows(ignoring={"theme"}):
            links = Initiative.themes.through.objects
            counts = by_theme(links.filter(initiative__in=self.filterset.rows(ignoring={"theme"}).values("pk")))
        else:
            counts = published_by_theme()
        return {theme.slug: counts[theme.pk] for theme in self.filterset.vocabulary.themes}

    @cached_property
    def territory_count(self) -> int:
        rows = self.filterset.rows().order_by().values("territory").distinct()
        return self._counted("territories", rows.count, ignoring=set())

    def _fold(self, table: Counter, names: tuple[str, ...], facet: str | None) -> Counter:
        """Sum the cells that fulfil the choices of `names`, all but those of `facet`, by the value of `facet`."""
        others = [(at, self.chosen[name]) for at, name in enumerate(names) if name != facet and name in self.chosen]
        own = names.index(facet) if facet else None
        folded = Counter()
        for cell, count in table.items():
            if all(cell[at] in chosen for at, chosen in others):
                folded[None if own is None else cell[own]] += count
        return folded

    @cached_property
    def total(self) -> int:
        """How many entries the selection gives: the sum of the cube, so that it agrees with the facets."""
        return self._fold(self._cube, CUBE, None)[None]

    def total_without(self, name: str) -> int:
        """How many entries there would be without one of the parameters chosen."""
        if name in CUBE:
            return sum(self._fold(self._cube, CUBE, name).values())
        if name in PLACES:
            return sum(self._fold(self._places, PLACES, name).values())
        return self.filterset.rows(ignoring={name}).count()

    def _facet(self, name: str, counts, labels, *, groups=None) -> Facet:
        chosen = self.chosen.get(name, [])
        most = max(counts.values(), default=0) or 1
        options = [
            Option(
                value,
                label,
                counts.get(value, 0),
                value in chosen,
                share=round(100 * counts.get(value, 0) / most),
                group=groups.get(value, "") if groups else "",
            )
            for value, label in labels
        ]
        filters = self.filterset.filters
        return Facet(name, filters[name].label, options, is_multiple=name in ("theme", "departement"))

    def __iter__(self):
        words = self.filterset.vocabulary
        cube = {name: self._fold(self._cube, CUBE, name) for name in CUBE}
        yield self._facet("categorie", cube["categorie"], [(c.slug, c.short_name) for c in words.categories])
        yield self._facet(
            "theme",
            self._themes,
            [(t.slug, t.name) for t in words.themes],
            groups={t.slug: c.short_name for c in words.categories for t in c.themes.all()},
        )
        yield self._facet(
            "region",
            self._fold(self._places, PLACES, "region"),
            [(r.code, r.name) for r in words.regions if r.code not in UNINHABITED],
        )
        yield self._facet(
            "departement",
            self._fold(self._places, PLACES, "departement"),
            [(d.code, f"{d.code} · {d.name}") for d in words.departments if d.code not in UNINHABITED],
        )
        yield self._facet("type", cube["type"], KINDS.items())
        yield self._facet("population", cube["population"], [(band, label) for band, (label, *_) in BANDS.items()])
        years = {year for year in cube["annee"] if year} | set(self.chosen.get("annee", []))
        yield self._facet("annee", cube["annee"], [(year, year) for year in sorted(years, reverse=True)])
        offered = {YES, *self.chosen.get("libre", [])}
        yield self._facet("libre", cube["libre"], [one for one in OPEN_SOURCE.items() if one[0] in offered])
        yield self._facet("enquete", cube["enquete"], [(YES, "Issue de l’enquête")])
