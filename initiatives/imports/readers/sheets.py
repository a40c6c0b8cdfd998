"""The sheets of a workbook, whatever its format, and which of them is the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from initiatives.text.french import counted

from .linked_cells import linked
from .merged_cells import Area, spread
from .tables import MAX_COLUMNS, EmptyFile, Rows, Table, UnreadableFile

# Sheets that are looked into.
MOST_SHEETS = 100
# Headings of a sheet that are told of it.
MOST_TOLD = 6


@dataclass
class Sheet:
    """The rows of a sheet, its merged areas and the addresses that its cells lead to, by line and column."""

    title: str
    is_hidden: bool = False
    rows: Rows = field(default_factory=Rows)
    areas: list[Area] = field(default_factory=list)
    links: dict[tuple[int, int], list[str]] = field(default_factory=dict)

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


@dataclass(frozen=True)
class SheetSummary:
    """A sheet that may be the table: its name, how many rows it has under its headings, the first of these."""

    title: str
    rows: int
    headings: tuple[str, ...]
    is_hidden: bool
    # How many of its headings are ours.
    known: int = 0

    def __str__(self):
        return f"« {self.title} »"


class SheetToChoose(UnreadableFile):
    """Several sheets hold rows, and nothing says which is meant."""

    def __init__(self, sheets: Iterable[SheetSummary]):
        self.sheets = list(sheets)
        super().__init__(f"{counted(len(self.sheets), 'feuille')} ont des lignes : choisissez celle à importer.")


def table_of(sheets: Iterable[Sheet], *, kind: str, wanted: str = "") -> Table:
    """The sheet of the name that is wanted; else the visible one that holds rows, or the one of them with our headings.

    SheetToChoose where there are several; what was not read is told of the table.
    """
    found, without_rows, sheets = [], None, list(sheets)
    for sheet in sheets[:MOST_SHEETS]:
        try:
            table = Table.of(sheet.numbered(), kind=kind, title=sheet.title)
        except EmptyFile:
            continue
        except UnreadableFile as fault:
            # Its own fault, unless another sheet is the table.
            without_rows = without_rows or (sheet, fault)
            continue
        headings = tuple(filter(None, table.headers))[:MOST_TOLD]
        found.append((SheetSummary(sheet.title, len(table), headings, sheet.is_hidden, table.known), table))
    chosen = [pair for pair in found if pair[0].title == wanted] if wanted else _likeliest(found)
    if len(chosen) == 1:
        summary, table = chosen[0]
        table.other_sheets = [other for other, _ in found if other is not summary]
        return table
    if found and not wanted:
        raise SheetToChoose(summary for summary, _ in found)
    if without_rows:
        raise without_rows[1]
    raise EmptyFile("Le fichier est vide.")


def _likeliest(found: list[tuple[SheetSummary, Table]]) -> list[tuple[SheetSummary, Table]]:
    """Of the visible sheets with rows the only one, or the only one with headings of ours where no other has any."""
    visible = [pair for pair in found if not pair[0].is_hidden]
    if len(visible) < 2:
        # A hidden one is nobody's guess, but it is chosen where it is the only one that there is.
        return visible or found
    known = [pair for pair in visible if pair[0].known]
    return known if len(known) == 1 and known[0][0].known > 1 else visible
