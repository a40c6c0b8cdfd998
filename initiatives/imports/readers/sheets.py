"""The sheets of a workbook, whatever its format, and which of them is the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from initiatives.imports.headings import named_by
from initiatives.text.french import counted

from .errors import EmptyFile, UnreadableFile
from .heading_rows import FIRST, SHOWING, HeadingRows
from .limits import MAX_COLUMNS, Limits, Rows
from .linked_cells import linked
from .merged_cells import Area, spread
from .tables import Table

# Sheets that are looked into.
MOST_SHEETS = 100
# Headings of a sheet, and sheets, that are told.
MOST_TOLD = 6
# With as many headings a sheet may be the table, though we know none of them.
MANY_HEADINGS = 5


@dataclass
class Sheet:
    """The rows of a sheet, its merged areas and the addresses that its cells lead to, by line and column.

    `fault` says what it has too much of: it is then unreadable, and those beside it are not.
    """

    title: str
    limits: Limits
    is_hidden: bool = False
    areas: list[Area] = field(default_factory=list)
    links: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    fault: UnreadableFile | None = None

    def __post_init__(self):
        self.rows = Rows(self.limits)

    def add(self, line: int, cells: list):
        """Take a row; whoever reads the sheet stops where there is a `fault`."""
        try:
            self.rows.add(line, cells)
        except UnreadableFile as fault:
            self.fault = fault

    def numbered(self) -> Iterator[tuple[int, list]]:
        return spread(self._linked() if self.links else self.rows, self.areas, widest=MAX_COLUMNS)

    def _linked(self) -> Iterator[tuple[int, list]]:
        by_line = {}
        for (line, column), addresses in self.links.items():
            by_line.setdefault(line, {})[column] = addresses
        for line, cells in self.rows:
            for column, addresses in by_line.get(line, {}).items():
                cells += [None] * (column - len(cells))
                cells[column - 1] = linked(cells[column - 1], addresses)
            yield line, cells

    def table(self, *, kind: str) -> Table:
        if self.fault:
            raise self.fault
        return Table.of(self.numbered(), kind=kind, title=self.title, is_hidden=self.is_hidden)


@dataclass(frozen=True)
class SheetSummary:
    """A sheet that may be the table: its name, how many rows it has under its headings, the first of these."""

    title: str
    rows: int
    headings: tuple[str, ...]
    is_hidden: bool
    # How many headings it has, and how many of them are ours.
    width: int
    known: int

    @classmethod
    def of(cls, sheet: Sheet) -> "SheetSummary":
        """That of a sheet which is not blank."""
        found = HeadingRows.of([cells for _, cells in islice(sheet.numbered(), FIRST + SHOWING)])
        headings = tuple(filter(None, found.headings))
        rows = len(sheet.rows) - found.end
        return cls(sheet.title, rows, headings[:MOST_TOLD], sheet.is_hidden, len(headings), len(named_by(headings)))

    def __str__(self):
        rows = f"{counted(self.rows, 'ligne')}, masquée" if self.is_hidden else counted(self.rows, "ligne")
        return f"« {self.title} » ({rows})"


class SheetToChoose(UnreadableFile):
    """Several sheets hold rows, and nothing says which is meant: `sheets` are their summaries."""

    def __init__(self, sheets: list[SheetSummary]):
        self.sheets = sheets
        named = ", ".join(map(str, sheets[:MOST_TOLD])) + (", …" if len(sheets) > MOST_TOLD else "")
        super().__init__(f"Plusieurs feuilles ont des lignes : {named}. Choisissez celle à importer.")


def table_of(sheets: Iterable[Sheet], *, kind: str, wanted: str = "") -> Table:
    """The table of the sheet whose name is wanted; else of the only one that it can be, with the others told of it.

    SheetToChoose where it may be several, or where none has the name.
    """
    filled = []
    for number, sheet in enumerate(islice(sheets, MOST_SHEETS), 1):
        sheet.title = sheet.title or f"Feuille {number}"
        if sheet.rows or sheet.fault:
            filled.append(sheet)
    if not filled:
        raise EmptyFile("Le fichier est vide.")
    found = {summary: sheet for sheet in filled if sheet.rows and (summary := SheetSummary.of(sheet)).rows}
    if not found:
        return filled[0].table(kind=kind)
    chosen = [summary for summary in found if summary.title == wanted] or _likeliest(list(found), is_asked=bool(wanted))
    if len(chosen) > 1:
        raise SheetToChoose(list(found))
    table = found[chosen[0]].table(kind=kind)
    table.other_sheets = [summary for summary in found if summary is not chosen[0]]
    return table


def _likeliest(found: list[SheetSummary], *, is_asked: bool) -> list[SheetSummary]:
    """Those that may be meant: the visible ones with two headings of ours or with many; hidden ones with more of ours.

    What explains a table has fewer: the sheet of notes of our own exports, « Lisez-moi », the summary of Numbers.
    """
    if len(found) == 1 or is_asked:
        return found
    visible = [one for one in found if not one.is_hidden]
    known = max((one.known for one in visible), default=0)
    may_be = [one for one in visible if one.known > 1 or one.width >= MANY_HEADINGS] if known > 1 else visible
    return [*may_be, *(one for one in found if one.is_hidden and one.known > known)] or found
