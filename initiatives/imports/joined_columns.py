"""One column a field: several of a file joined, those of no field dropped, what is said of all its rows filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.models.record_table import BY_NAME, FieldKind

from .cells import is_legible, items, raw_text, text
from .column_matching import SEVERAL, match
from .headings import LABELS, TERRITORY
from .readers.merged_cells import MergedCell, is_blank
from .readers.tables import Table
from .recognition import FileColumn, told_apart
from .widgets import yes_or_no

# Their names are separated by commas as well.
WITH_COMMAS = {"tools", "open_source_tools"}


class Constant(str):
    """What somebody said of all rows: it counts where neither the cell nor the entry says anything."""


@dataclass
class JoinedColumn:
    """A field, the columns of a file that say it by their places, and what is said where they are empty.

    `instead` are columns any of which says it as well.
    """

    field: str
    columns: list[tuple[int, FileColumn]] = field(default_factory=list)
    constant: str = ""
    instead: list["JoinedColumn"] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return self.columns[0][1].heading if len(self.columns) == 1 else LABELS[self.field]

    def cell(self, row: tuple):
        told = self._told(row)
        if self.constant and self._leaves_open(told) and all(is_blank(other.cell(row)) for other in self.instead):
            return Constant(self.constant)
        return told

    def _leaves_open(self, cell) -> bool:
        """Whether a cell is empty, or says that somebody agreed, but not when."""
        return is_blank(cell) or (self.field == "licence_agreed_on" and yes_or_no(raw_text(cell)) is True)

    def _told(self, row: tuple):
        said = [(column, row[at]) for at, column in self.columns if not is_blank(row[at])]
        if not said or (len(self.columns) == 1 and not said[0][0].option):
            return said[0][1] if said else None
        for _, cell in said:
            # What is wrong with one is told in the place of all.
            if isinstance(cell, MergedCell) or not is_legible(cell):
                return cell
        kind = BY_NAME[self.field].kind if self.field in BY_NAME else None
        if self.field in SEVERAL or any(column.option for column, _ in said):
            return self._listed(said)
        if kind is FieldKind.PROSE:
            return "\n\n".join(self._headed(column, text(cell)) for column, cell in said)
        if kind is FieldKind.LINE:
            return " ".join(dict.fromkeys(text(cell) for _, cell in said))
        distinct = {text(cell): cell for _, cell in said}
        return said[0][1] if len(distinct) == 1 else SEPARATOR.join(distinct)

    def _headed(self, column: FileColumn, read: str) -> str:
        found = match(column.heading)
        names_it = found.is_sure and found.field == self.field
        return read if names_it else f"{column.heading}\n{read}"

    def _listed(self, said: list[tuple[FileColumn, object]]) -> str:
        found = {}
        for column, cell in said:
            is_ticked = column.ticked(cell) if column.option else None
            if is_ticked is None:
                found |= dict.fromkeys(items(cell, commas=self.field in WITH_COMMAS))
            elif is_ticked:
                found[column.option] = None
        return SEPARATOR.join(one.replace(SEPARATOR, BAR_IN_VALUE) for one in found)


def _numbers_rows(table: Table) -> bool:
    """Whether the first column numbers the rows, as R and pandas write theirs below no heading."""
    said = [raw_text(row[0]) for row in table]
    numbers = [int(one) for one in said if re.fullmatch(r"\d{1,9}", one)]
    return len(numbers) == len(said) and all(one < after for one, after in pairwise(numbers))


def one_a_field(
    table: Table, columns: list[FileColumn], constants: Mapping[str, str]
) -> tuple[Table, dict[str, str | None]]:
    """The table with one column for each field that its columns or the constants say, and the fields by heading.

    Columns without a heading stay: what stands below them is a fault of their row.
    """
    joined = {}
    for at, column in enumerate(columns):
        if column.field:
            joined.setdefault(column.field, JoinedColumn(column.field)).columns.append((at, column))
    for name, constant in constants.items():
        joined.setdefault(name, JoinedColumn(name)).constant = constant
    if "territory_name" in constants:
        others = [one for name, one in joined.items() if name in TERRITORY and name != "territory_name"]
        joined["territory_name"].instead = others
    stray = [at for at, column in enumerate(columns) if not (column.heading or (at == 0 and _numbers_rows(table)))]
    headings = told_apart([one.heading for one in joined.values()])
    rows = ([*(one.cell(row) for one in joined.values()), *(row[at] for at in stray)] for row in table)
    made = Table(*rows, headers=[*headings, *[""] * len(stray)], lines=table.lines)
    aside = dict.fromkeys(column.heading for column in columns if column.heading)
    return made, aside | dict(zip(headings, joined, strict=True))
