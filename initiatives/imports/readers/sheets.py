"""The sheets of a workbook, whatever its format: the first visible one that holds something is the table."""

from collections.abc import Iterator

from .markup import XmlPart
from .merged_cells import spread
from .tables import MAX_COLUMNS, EmptyFile, Rows, Table

# Sheets that are looked into until one holds something.
MOST_SHEETS = 100


def first_filled(sheets: Iterator["Sheet"], *, kind: str) -> Table:
    for sheet in sheets:
        try:
            return Table.of(spread(sheet.rows, sheet.areas, widest=MAX_COLUMNS), kind=kind, title=sheet.title)
        except EmptyFile:
            continue
    raise EmptyFile("Le fichier est vide.")


class Sheet(XmlPart):
    """The rows of a sheet and its merged areas."""

    def __init__(self, title: str):
        super().__init__()
        self.title, self.rows, self.areas = title, Rows(), []
        self.line = self.column = 0
