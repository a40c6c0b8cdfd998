"""The columns of the grid: what is typed in each, and which values of the open data it shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from initiatives.models.record_table import BY_NAME

from .headings import IMPORTABLE, LABELS, PARTS

BETWEEN = " · "


@dataclass(frozen=True)
class GridColumn:
    """One column: `name` is the field of the record, `field` the one of headings.py that is decided by typing.

    `columns` are those of the open data. The `replaced` fields tell the same, and say nothing once it is typed.
    """

    name: str
    field: str
    columns: tuple[str, ...]
    replaced: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.field]

    @property
    def fields(self) -> tuple[str, ...]:
        """All that its cells may go by."""
        return self.field, *self.replaced

    def joined(self, values: Mapping[str, str]) -> str:
        """What values by the columns of the open data say of it, as one text."""
        return BETWEEN.join(filter(None, map(values.get, self.columns)))

    @property
    def lines(self) -> int:
        """Those of a box that it is typed in; none for a field of one line."""
        return BY_NAME[self.name].lines


# Of fields that several columns of the open data tell.
SPREAD = {
    "territory": {"territory_name": ("territoire_nom", "territoire_code")},
    "tools": {"tools": ("outils",), "open_source_tools": ("outils_libres",)},
    "links": {"links": ("liens",), "link_labels": ("liens_intitules",)},
}
# What another field is told by as well: a row without tools says it of the whole.
TOLD_BY = {"open_source": ("tools_open_source",)}


def _columns() -> Iterator[GridColumn]:
    elsewhere = {part for parts in TOLD_BY.values() for part in parts}
    for row in IMPORTABLE:
        typed = SPREAD.get(row.name, {row.name: (row.column or row.name,)})
        parts = TOLD_BY.get(row.name) or [part for part in PARTS.get(row.name, ()) if part not in elsewhere]
        others = tuple(part for part in parts if part not in typed)
        for field, columns in typed.items():
            is_last = field == [*typed][-1]
            yield GridColumn(row.name, field, columns, others if is_last else ())


GRID = tuple(_columns())
# By what a cell or a fault goes by; by the field of the record as a whole, the first of its columns.
BY_FIELD = {field: column for column in reversed(GRID) for field in (*column.fields, column.name)}


def told_columns(fields: Iterable[str]) -> list[GridColumn]:
    """The columns of a file whose rows tell these fields, in the order of the record."""
    found = {BY_FIELD.get(field) for field in fields}
    return [column for column in GRID if column in found]
