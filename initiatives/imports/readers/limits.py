"""How large a table may be, and the rows of one as they are read."""

import sys
from collections.abc import Iterator

from initiatives.text.french import counted, number

from .errors import UnreadableFile
from .merged_cells import is_blank

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
# The last line of a sheet of Excel: a damaged file may pretend to have billions.
MAX_LINES = 2**20


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
            if cell is not None and cell != "":
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
