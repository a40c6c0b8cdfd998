"""Merged cells: a spreadsheet shows one value over all and keeps it in the first; here each of the others says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from openpyxl.utils import get_column_letter, range_boundaries

from initiatives.text.characters import BLANK

# A sheet has some tens: a damaged file may pretend to have millions.
MOST = 5_000


def is_blank(cell) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or BLANK.fullmatch(cell) is not None))


@dataclass(frozen=True)
class Area:
    """Cells that were merged into one; columns and lines count from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, reference: str) -> "Area":
        return cls(*range_boundaries(reference))

    def __str__(self):
        return f"{get_column_letter(self.left)}{self.top}:{get_column_letter(self.right)}{self.bottom}"


class MergedCell(str):
    """What a cell below or beside the first of a merged area seems to say: it has no value of its own."""

    area: Area
    is_below: bool

    @classmethod
    def by(cls, area: Area, value, *, is_below: bool) -> "MergedCell":
        cell = cls(_written(value))
        cell.area, cell.is_below = area, is_below
        return cell


def spread(rows: Iterable[tuple[int, list]], areas: Iterable[Area], *, widest: int) -> Iterator[tuple[int, list]]:
    """The numbered rows, with their covered cells told; a row that has nothing of its own stays blank."""
    coming = sorted(areas, key=lambda area: (area.top, area.left))[:MOST][::-1]
    shown = {}
    for line, cells in rows:
        shown = {area: covered for area, covered in shown.items() if area.bottom >= line}
        while coming and coming[-1].top <= line:
            area = coming.pop()
            value = cells[area.left - 1] if area.top == line and area.left <= len(cells) else None
            # Areas lie beside one another, never over one another but in a damaged file.
            room = widest - sum(min(one.right, widest) - one.left + 1 for one in shown)
            if not is_blank(value) and min(area.right, widest) - area.left < room:
                shown[area] = [MergedCell.by(area, value, is_below=is_below) for is_below in (False, True)]
        if shown and not all(map(is_blank, cells)):
            cells = _with_covered(list(cells), line, shown, widest)
        yield line, cells


def _with_covered(cells: list, line: int, shown: dict[Area, list[MergedCell]], widest: int) -> list:
    for area, covered in shown.items():
        for column in range(area.left, min(area.right, widest) + 1):
            if (line, column) != (area.top, area.left):
                cells += [None] * (column - len(cells))
                cells[column - 1] = covered[column == area.left]
    return cells


def _written(value) -> str:
    """As somebody would type it: a code is a number to a spreadsheet, and a number has decimals to some."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.date() if isinstance(value, datetime) else value)
