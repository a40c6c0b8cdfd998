"""The rows of an import as one grid: what each cell says and what will be written, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from initiatives.models import ImportBatch, ImportGroup, ImportRow
from initiatives.models.initiative.completeness import lacking
from initiatives.runtime.parsing import whole_number

from .cells import clipped
from .grid_columns import BETWEEN, BY_FIELD, GridColumn, told_columns
from .headings import key

Kind = ImportRow.Kind
EACH = 100
# What the address calls the rows that are to be written, those that can then be published, those that undoing left.
IMPORTABLE, PUBLISHABLE, LEFT = "importables", "rien", "laissees"
# The characters that a cell shows of its text.
SHOWN = 200


@dataclass(frozen=True)
class GridCell:
    """One field of a row."""

    column: GridColumn
    # By the columns of the open data, what will be written and as much of it as a cell shows.
    values: list[tuple[str, str, str]]
    # What the cells of the file say; what the entry says, None where that stays.
    said: str
    previous: str | None
    # Whether the entry keeps what it says of it: the row tells nothing.
    is_left: bool
    # What would have to be typed to say the same.
    typed: str
    # With the place of each among those of the row.
    faults: list[dict] = field(default_factory=list)
    corrections: list[dict] = field(default_factory=list)

    @classmethod
    def of(cls, row: ImportRow, column: GridColumn) -> "GridCell":
        faults = [one | {"at": at} for at, one in enumerate(row.faults) if BY_FIELD.get(one["field"]) == column]
        texts = [] if row.is_aside else [row.values.get(name, "") for name in column.columns]
        # What another cell tells stands in no cell of its own.
        is_own = column.field in row.cells or not any(map(row.said, column.replaced))
        said = map(row.said, column.fields if is_own else column.replaced)
        known = any(name in row.previous for name in column.columns)
        told = known or faults or row.is_aside or any(name in row.values for name in column.columns)
        return cls(
            column,
            [(name, text, _shown(text)) for name, text in zip(column.columns, texts, strict=False)],
            BETWEEN.join(dict.fromkeys(filter(None, said))),
            _shown(column.joined(row.previous)) if known else None,
            row.seen is not None and not told,
            _typed(row, column, texts, faults),
            faults,
            [one for one in row.corrected if one["field"] in column.fields],
        )

    @property
    def raw(self) -> str:
        """As much as a cell shows of what those of the file say, where it is something else."""
        return "" if any(self.said == text for _, text, _ in self.values) else _shown(self.said)

    @property
    def written(self) -> str:
        return BETWEEN.join(filter(None, (text for _, text, _ in self.values)))

    @property
    def is_told(self) -> bool:
        """Whether there is something to read in it."""
        return bool(self.said or self.written or self.faults or self.previous or self.corrections)

    @property
    def look(self) -> str:
        if self.faults:
            return "wrong"
        if self.corrections:
            return "corrected"
        return "changed" if self.previous is not None else ""

    @property
    def has_notes(self) -> bool:
        """Whether it shows more than its values."""
        return bool(self.raw or self.faults or self.previous is not None)

    @property
    def is_spread(self) -> bool:
        """Whether none of its values alone is what would be typed."""
        return [self.typed] != [text for _, text, _ in self.values]


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _typed(row: ImportRow, column: GridColumn, texts: list[str], faults: list[dict]) -> str:
    if faults or row.is_aside:
        said = row.cells | {one["field"]: one["to"] for one in row.corrected}
        return next(filter(None, (said.get(name) for name in column.fields)), "")
    if column.name == "territory":
        return row.place
    return texts[0]


class GridFilter:
    """Which rows are shown, as the address says it: of a kind, of a group of cells, or that lack a field."""

    def __init__(self, batch: ImportBatch, data):
        self.batch = batch
        asked = data.get("lignes", "")
        self.kind = asked if asked in batch.counts or asked in (IMPORTABLE, LEFT) else ""
        needed = data.get("manque", "")
        self.lacking = needed if needed in batch.lacking or needed == PUBLISHABLE else ""
        self._group = data.get("groupe", "")

    @cached_property
    def group(self) -> ImportGroup | None:
        return self.batch.groups.filter(pk=whole_number(self._group)).first() if self._group else None

    @property
    def is_on(self) -> bool:
        return bool(self.kind or self.lacking or self.group)

    @property
    def words(self) -> str:
        """What the address asks for, where the list of kinds does not say it."""
        if self.group:
            return f"« {self.group.column} », {clipped(self.group.value) or 'cellule vide'}"
        told = {IMPORTABLE: "importables", LEFT: "laissées telles quelles", PUBLISHABLE: "publiables"}
        if words := told.get(self.lacking or self.kind):
            return words
        return lacking([self.lacking]) if self.lacking else ""

    @property
    def query(self) -> str:
        """The filter as an address has it, with what comes before another parameter."""
        said = {"lignes": self.kind, "manque": self.lacking, "groupe": self.group and self.group.pk}
        return "".join(f"{urlencode({name: value})}&" for name, value in said.items() if value)

    @property
    def rows(self) -> QuerySet:
        rows = self.batch.rows.order_by("line")
        if self.kind == LEFT:
            rows = rows.exclude(left="")
        elif self.kind == IMPORTABLE or self.lacking:
            rows = rows.filter(kind__in=ImportRow.WRITTEN)
        if self.kind in self.batch.counts:
            rows = rows.filter(kind=self.kind)
        if self.lacking == PUBLISHABLE:
            rows = rows.filter(lacks=[])
        elif self.lacking:
            # A list of names in JSON: SQLite has no other way to look in it.
            rows = rows.alias(lacked=Cast("lacks", TextField())).filter(lacked__contains=f'"{self.lacking}"')
        return rows.filter(line__in=self.group.lines) if self.group else rows

    def page(self, number: str | None) -> Page:
        return Paginator(self.rows.defer("before", "after"), EACH, orphans=EACH // 2).get_page(number)

    def page_of(self, line: int) -> int:
        """The number of the page on which a row stands."""
        pages = Paginator(self.rows, EACH, orphans=EACH // 2)
        return min(self.rows.filter(line__lt=line).count() // EACH + 1, pages.num_pages)


class Grid:
    """The rows of one page, cell by cell."""

    def __init__(self, batch: ImportBatch, chosen: GridFilter, number: str | None):
        self.page, self.columns = chosen.page(number), told_columns(batch.fields)
        # What comes before the number of another page.
        self.address = f"?{chosen.query}page="
        self._headings = batch.headings

    @property
    def headings(self) -> Iterator[tuple[GridColumn, list[str]]]:
        """Each column, and the headings in the file that are not its own."""
        for column in self.columns:
            found = [one["heading"] for one in self._headings if one["field"] in column.fields]
            yield column, [heading for heading in found if key(heading) != key(column.label)]

    def __iter__(self):
        for at, row in enumerate(self.page, self.page.start_index()):
            # The headings are the first row of all.
            yield at + 1, row, [GridCell.of(row, column) for column in self.columns]
