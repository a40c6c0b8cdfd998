"""Territories × themes: what was done where, and the empty cells, which the survey calls what is missing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count

from initiatives.models import Initiative, Theme
from initiatives.public.filters import InitiativeFilter
from initiatives.public.listing import nearest_page
from initiatives.public.selection import Selection
from towns.models import Territory

from .overview import UnknownValue

PAGE_SIZE = 200
TERRITORY, ENTRIES, THEMES, DEPARTMENT = "collectivite", "fiches", "themes", "departement"
# What the rows are sorted by, beside the themes themselves.
SORTS = {TERRITORY: "Collectivité", DEPARTMENT: "Département", ENTRIES: "Nombre de fiches", THEMES: "Nombre de thèmes"}


@dataclass(frozen=True)
class Cell:
    """How many entries of a territory are about a theme, and the list of them; a hole where there is none."""

    theme: Theme
    count: int
    query: str


@dataclass(frozen=True)
class Line:
    """A territory, its entries, and how many of them are about each theme, in the order of the themes."""

    matrix: "Matrix"
    territory: Territory
    count: int
    counts: list[int]

    @property
    def themes(self) -> int:
        return sum(map(bool, self.counts))

    @cached_property
    def query(self) -> str:
        return self.matrix.selection.query(territoire=self.territory.slug)

    @property
    def cells(self) -> Iterator[Cell]:
        """For the lines that are shown: of a million entries there are half a million cells."""
        for theme, count in zip(self.matrix.themes, self.counts, strict=True):
            yield Cell(theme, count, f"{self.query}&theme={theme.slug}")


@dataclass(frozen=True)
class Foot:
    """Last row of a theme: its entries, the territories that have some, and those that have none."""

    theme: Theme
    entries: int
    territories: int
    missing: int
    query: str


def territories_of(rows) -> dict[str, Territory]:
    """The territories of some entries, by code."""
    return {one.pk: one for one in Territory.objects.filter(pk__in=rows.order_by().values("territory"))}


@dataclass(frozen=True)
class Matrix:
    """The matrix of one selection, sorted; four queries whatever its size."""

    filterset: InitiativeFilter
    sort: str = TERRITORY

    def __post_init__(self):
        if unknown := self.filterset.unknown:
            raise UnknownValue(" ".join(message for _, message in unknown))
        if self.sort not in SORTS and self.sort not in {theme.slug for theme in self.themes}:
            raise UnknownValue(f"Le tri « {self.sort[:50]} » est inconnu.")

    @property
    def selection(self) -> Selection:
        return self.filterset.selection

    @property
    def categories(self):
        return [category for category in self.filterset.vocabulary.categories if category.themes.all()]

    @property
    def themes(self) -> list[Theme]:
        return self.filterset.vocabulary.themes

    @cached_property
    def _counts(self) -> dict[str, list[int]]:
        """Counts of entries by territory and theme."""
        through = Initiative.themes.through.objects.filter(initiative__in=self.filterset.rows().order_by().values("pk"))
        places = {theme.pk: at for at, theme in enumerate(self.themes)}
        found = defaultdict(lambda: [0] * len(places))
        cells = through.values_list("initiative__territory", "theme").annotate(Count("pk")).order_by()
        for territory, theme, count in cells:
            found[territory][places[theme]] = count
        return found

    @cached_property
    def lines(self) -> list[Line]:
        rows = self.filterset.rows().order_by()
        territories, nothing = territories_of(rows), [0] * len(self.themes)
        lines = [
            Line(self, territories[key], count, self._counts.get(key, nothing))
            for key, count in rows.values_list("territory").annotate(Count("pk"))
        ]
        lines.sort(key=lambda line: (line.territory.sort_key, line.territory.pk))
        return sorted(lines, key=self._rank())

    def _rank(self) -> Callable[[Line], Any]:
        match self.sort:
            case "collectivite":
                return lambda line: 0
            case "departement":
                return lambda line: line.territory.department_id
            case "fiches":
                return lambda line: -line.count
            case "themes":
                return lambda line: -line.themes
        at = [theme.slug for theme in self.themes].index(self.sort)
        return lambda line: -line.counts[at]

    def page(self, typed: str):
        """The lines of the page asked for, or of the nearest that exists."""
        return Paginator(self.lines, PAGE_SIZE).get_page(nearest_page(typed))

    @cached_property
    def feet(self) -> list[Foot]:
        return [self._foot(at, theme) for at, theme in enumerate(self.themes)]

    def _foot(self, at: int, theme: Theme) -> Foot:
        counts = [line.counts[at] for line in self.lines if line.counts[at]]
        query = self.selection.query(theme=theme.slug)
        return Foot(theme, sum(counts), len(counts), len(self.lines) - len(counts), query)

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def holes(self) -> int:
        """Cells without an entry."""
        return sum(foot.missing for foot in self.feet)

    @property
    def query(self) -> str:
        return self.sorted_by(self.sort)

    def sorted_by(self, sort: str) -> str:
        """The query string of this matrix in another order."""
        query = self.selection.data()
        if sort != TERRITORY:
            query["tri"] = sort
        return f"?{query.urlencode()}" if query else ""

    def table(self) -> tuple[list[str], Iterable[list]]:
        """Headings and rows, whole: a column for each theme."""
        headings = ["territoire_type", "territoire_code", "territoire_nom", "departement_code", "fiches"]
        rows = (
            [
                "ville" if line.territory.is_town else "intercommunalité",
                line.territory.code,
                line.territory.full_name,
                line.territory.department_id,
                line.count,
                *line.counts,
            ]
            for line in self.lines
        )
        return [*headings, *(theme.name for theme in self.themes)], rows
