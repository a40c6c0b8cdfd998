"""What a file holds once it is understood: headings, rows, and the line of each row in the file."""

import sys
from collections.abc import Iterable, Iterator

import tablib

from initiatives.imports.headings import named_by
from initiatives.text.french import counted, number

from .heading_rows import HeadingRows
from .merged_cells import MergedCell, is_blank

# A survey has some tens of columns, or some hundreds where each answer has its time; and a hundred rows: sixteen
# thousand is the largest that we promise.
MAX_COLUMNS = 2_000
MAX_ROWS = 20_000
# Together: rows by columns, filled or not; filled cells, as sixty columns of so many rows have; and texts that take so
# many bytes of memory.
MAX_AREA = 4_000_000
MAX_CELLS = 1_200_000
MAX_WEIGHT = 160 * 2**20
# Characters, as the csv module has it; a spreadsheet takes a quarter of it.
LONGEST_CELL = 131_072
# What stands in a cell whose formula has no stored result: it has never been opened in a spreadsheet.
UNCOMPUTED = "#FORMULE!"
# The last line of a sheet of Excel: a damaged file may pretend to have billions.
MAX_LINES = 2**20

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}


class UnreadableFile(ValueError):
    """A file that is not a table of ours, with the reason in French for whoever sent it."""


class EmptyFile(UnreadableFile):
    """Nothing at all, on this sheet at least."""


class ProtectedFile(UnreadableFile):
    """A workbook that opens with a password only."""

    def __init__(self):
        super().__init__(
            "Ce classeur est protégé par un mot de passe : ouvrez-le dans un tableur, retirez le mot de passe,"
            " enregistrez-le et envoyez-le à nouveau."
        )


def too_long() -> str:
    return f"Une cellule dépasse {counted(LONGEST_CELL, 'caractère')} : raccourcissez-la, ou retirez sa colonne."


class Weight:
    """How much memory texts take together; more than MAX_WEIGHT is refused."""

    def __init__(self):
        self._left = MAX_WEIGHT

    def add(self, cell):
        self._left -= sys.getsizeof(cell)
        if self._left < 0:
            raise UnreadableFile(
                f"Le tableau contient plus de {MAX_WEIGHT // 2**20} Mo de texte : découpez le fichier en plusieurs."
            )


class Limits:
    """What the rows of a file, of whatever sheet, may hold together; an UnreadableFile says what is too much."""

    def __init__(self):
        self._weight, self._cells, self._area = Weight(), 0, 0

    def add(self, cells: list):
        self._area += len(cells)
        for cell in cells:
            if cell is not None:
                self._weight.add(cell)
                self._cells += 1
        if self._cells > MAX_CELLS:
            raise UnreadableFile(f"Le tableau a plus de {counted(MAX_CELLS, 'cellule')} : découpez-le en plusieurs.")
        check_area(self._area)


def check_area(area: int):
    if area > MAX_AREA:
        raise UnreadableFile(
            f"Le tableau a plus de {counted(MAX_AREA, 'case')} (ses lignes par ses colonnes) : retirez les colonnes"
            " inutiles, ou découpez-le en plusieurs."
        )


class Rows:
    """The numbered rows of a sheet that are not blank, without what is blank at their end.

    One more, or one cell more, than a table may have is an UnreadableFile at once: whoever reads stops there.
    """

    def __init__(self, limits: Limits):
        self._rows, self._limits = [], limits

    def __iter__(self) -> Iterator[tuple[int, list]]:
        return iter(self._rows)

    def __len__(self):
        return len(self._rows)

    def add(self, line: int, cells: list):
        if line > MAX_LINES:
            raise UnreadableFile(f"Le fichier va au-delà de la ligne {number(MAX_LINES)} : il est abîmé.")
        while cells and is_blank(cells[-1]):
            cells.pop()
        if not cells:
            return
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFile(
                f"La ligne {line} a {counted(len(cells), 'cellule')} ; la limite est de"
                f" {counted(MAX_COLUMNS, 'colonne')}."
            )
        if len(self._rows) > MAX_ROWS:
            raise UnreadableFile(f"Le fichier a plus de {counted(MAX_ROWS, 'ligne')} : découpez-le en plusieurs.")
        self._limits.add(cells)
        self._rows.append((line, cells))


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
