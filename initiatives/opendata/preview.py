"""A few entries as a table: what whoever opens the file will see."""

from dataclasses import dataclass

from initiatives.exports.columns import COLUMNS, NAMES, Column
from initiatives.exports.csv_writers import OPEN
from initiatives.exports.records import Entries

ROWS = 5
SHOWN = ["reference", "titre", "territoire_nom", "territoire_code", "region_nom", "categorie", "themes", "debut"]


@dataclass(frozen=True)
class SampleRows:
    columns: list[Column]
    rows: list[list[str]]


def preview(entries: Entries) -> SampleRows:
    """The first entries, some columns, each cell as the open CSV has it."""
    shown = [COLUMNS[NAMES.index(name)] for name in SHOWN]
    first = list(entries.rows.values_list("pk", flat=True)[:ROWS])
    records = Entries(entries.rows.filter(pk__in=first), entries.attribution).records()
    return SampleRows(shown, [[_cell(column, record) for column in shown] for record in records])


def _cell(column: Column, record: list) -> str:
    value = record[COLUMNS.index(column)]
    return OPEN[column.kind](value) if column.kind in OPEN else value or ""
