"""Territories × themes: what was done where, and the empty cells, which the survey calls what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Count

from initiatives.catalogue.filters import InitiativeFilter, Selection
from initiatives.catalogue.listing import nearest_page
from initiatives.models import Initiative, Theme
from towns.models import Intercommunality, Territory, Town

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
    """A territory, its entries, and a cell for each theme."""

    territory: Territory
    count: int
    query: str
    cells: list[Cell]

    @property
    def themes(self) -> int:
        return sum(bool(cell.count) for cell in self.cells)

    @property
    def is_town(self) -> bool:
        return isinstance(self.territory, Town)


@dataclass(frozen=True)
class Foot:
    """Of one theme: its entries, the territories that have some, and those that have none."""

    theme: Theme
    entries: int
    territories: int
    missing: int
    query: str


def key_of(town: str | None, intercommunality: str | None) -> tuple[type, str]:
    return (Town, town) if town else (Intercommunality, intercommunality)


def territories_of(rows) -> dict[tuple[type, str], Territory]:
    """The territories of some entries: two queries."""
    return {
        (model, territory.pk): territory
        for model, column in ((Town, "town"), (Intercommunality, "intercommunality"))
        for territory in model.objects.filter(pk__in=rows.order_by().values(column))
    }


@dataclass(frozen=True)
class Matrix:
    """The matrix of one selection, sorted; five queries whatever its size."""

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
    def _cells(self) -> dict[tuple, int]:
        """Entries by territory and theme: only where there are some."""
        through = Initiative.themes.through.objects.filter(initiative__in=self.filterset.rows().order_by().values("pk"))
        columns = ("initiative__town", "initiative__intercommunality", "theme")
        return {
            (*key_of(town, epci), theme): count
            for town, epci, theme, count in through.values_list(*columns).annotate(Count("pk")).order_by()
        }

    @cached_property
    def lines(self) -> list[Line]:
        rows = self.filterset.rows().order_by()
        territories = territories_of(rows)
        lines = [
            self._line(territories[key_of(town, epci)], count)
            for town, epci, count in rows.values_list("town", "intercommunality").annotate(Count("pk"))
        ]
        lines.sort(key=lambda line: (line.territory.sort_key, line.territory.pk))
        return sorted(lines, key=self._rank)

    def _line(self, territory: Territory, count: int) -> Line:
        query, key = self.selection.query, (type(territory), territory.pk)
        cells = [
            Cell(theme, self._cells.get((*key, theme.pk), 0), query(territoire=territory.slug, theme=theme.slug))
            for theme in self.themes
        ]
        return Line(territory, count, query(territoire=territory.slug), cells)

    def _rank(self, line: Line):
        match self.sort:
            case "collectivite":
                return 0
            case "departement":
                return line.territory.department_id
            case "fiches":
                return -line.count
            case "themes":
                return -line.themes
        return -next(cell.count for cell in line.cells if cell.theme.slug == self.sort)

    def page(self, typed: str):
        """The lines of the page asked for, or of the nearest that exists."""
        return Paginator(self.lines, PAGE_SIZE).get_page(nearest_page(typed))

    @cached_property
    def feet(self) -> list[Foot]:
        return [self._foot(at, theme) for at, theme in enumerate(self.themes)]

    def _foot(self, at: int, theme: Theme) -> Foot:
        counts = [line.cells[at].count for line in self.lines if line.cells[at].count]
        query = self.selection.query(theme=theme.slug)
        return Foot(theme, sum(counts), len(counts), len(self.lines) - len(counts), query)

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def holes(self) -> int:
        """Cells without an entry."""
        return sum(foot.missing for foot in self.feet)

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
                "ville" if line.is_town else "intercommunalité",
                line.territory.code,
                line.territory.full_name,
                line.territory.department_id,
                line.count,
                *(cell.count for cell in line.cells),
            ]
            for line in self.lines
        )
        return [*headings, *(theme.name for theme in self.themes)], rows
