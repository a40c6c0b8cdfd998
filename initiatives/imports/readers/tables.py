"""What a file holds once it is understood: headings, rows, and the line of each row in the file."""

from collections.abc import Iterable

import tablib

from initiatives.imports.headings import named_by

from .errors import EmptyFile, UnreadableFile
from .heading_rows import HeadingRows
from .limits import Limits, Rows, check_area
from .merged_cells import MergedCell

# What stands in a cell whose formula has no stored result: it has never been opened in a spreadsheet.
UNCOMPUTED = "#FORMULE!"
SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}


class Table(tablib.Dataset):
    """The rows of a file, all as wide as the widest, and how the file was understood.

    `lines` are the numbers that a spreadsheet shows beside the rows; blank rows are left out of the
    rows but count as lines. `kind`, `encoding`, `separator`, `title` (the sheet) and `is_hidden` are for
    the page that says what was understood, `readings` (lines with accents, by codec) for that which lets
    another encoding be chosen; those that mean nothing for the format are empty.
    """

    def __init__(
        self,
        *rows,
        headers=None,
        title=None,
        lines=(),
        kind="",
        encoding="",
        separator="",
        is_hidden=False,
        readings=None,
    ):
        super().__init__(*rows, headers=headers, title=title)
        self.lines = list(lines) or list(range(2, len(rows) + 2))
        self.kind, self.encoding, self.separator, self.is_hidden = kind, encoding, separator, is_hidden
        self.readings = readings or {}
        self.has_merged_headings = False
        # How many headings are ours; the sheets with rows that were not taken, as sheets.SheetSummary.
        self.known, self.other_sheets = 0, []
        # The lines of the headings, where something stands above them or they are two.
        self.heading_lines = []

    @classmethod
    def of(cls, numbered: Iterable[tuple[int, list]], **understood) -> "Table":
        """The table of numbered rows, of which one or two of the first that are not blank have the headings."""
        kept = Rows(Limits())
        for line, cells in numbered:
            kept.add(line, cells)
        if not kept:
            raise EmptyFile("Le fichier est vide.")
        lines, rows = map(list, zip(*kept, strict=True))
        width = max(map(len, rows))
        check_area(width * len(rows))
        found = HeadingRows.of(rows)
        if len(rows) == found.end:
            raise UnreadableFile("Le fichier n’a que la ligne des titres de colonnes : il n’y a rien à importer.")
        headers = found.headings + [""] * (width - len(found.headings))
        data = (row + [None] * (width - len(row)) for row in rows[found.end :])
        table = cls(*map(_under(headers), data), headers=headers, lines=lines[found.end :], **understood)
        table.known = len(named_by(headers))
        table.has_merged_headings = found.are_merged
        table.heading_lines = lines[found.start : found.end] if found.end > 1 else []
        return table

    @property
    def understanding(self) -> str:
        """« CSV, encodage Windows-1252, séparateur point-virgule, titres de colonnes à la ligne 3 »."""
        parts = [self.kind]
        if self.title:
            parts.append(f"feuille {'masquée ' if self.is_hidden else ''}« {self.title} »")
        if self.encoding:
            parts.append(f"encodage {self.encoding}")
        if self.separator:
            parts.append(f"séparateur {SEPARATORS.get(self.separator, self.separator)}")
        if self.heading_lines:
            at = "à la ligne" if len(self.heading_lines) == 1 else "aux lignes"
            parts.append(f"titres de colonnes {at} {' et '.join(map(str, self.heading_lines))}")
        return ", ".join(parts)


def _under(headers: list[str]):
    """Rows without what a merged cell shows where there is no heading: a title that spreads over the sheet."""

    def cleaned(row: list) -> list:
        return [
            None if isinstance(cell, MergedCell) and not heading else cell
            for cell, heading in zip(row, headers, strict=True)
        ]

    return cleaned
