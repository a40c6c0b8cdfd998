"""Entries as records, the one form that every file is written from: a list of values in the order of COLUMNS."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from operator import itemgetter

from initiatives.models.initiative import InitiativeQuerySet
from initiatives.text.characters import UNWRITABLE

from .attribution import Attribution
from .columns import COLUMNS, Column
from .values import clean

# Rows that are in memory at once.
CHUNK = 500


def paths_of(columns: tuple[Column, ...]) -> list[str]:
    """Paths of `values_list` for these columns; nothing else is asked of the database."""
    return list(dict.fromkeys(path for column in columns for path in column.paths))


Record = list


@dataclass(frozen=True)
class Entries:
    """Some entries in an order, and whose they are: all that a file is made of.

    A file with other than the public columns has a `warning`, which stands before all else in it.
    """

    rows: InitiativeQuerySet
    attribution: Attribution
    columns: tuple[Column, ...] = COLUMNS
    warning: str = ""

    def count(self) -> int:
        return self.rows.order_by().count()

    def records(self) -> Iterator[Record]:
        """The records of the rows, in their order: one query, and memory for one chunk."""
        paths = paths_of(self.columns)
        getters = [_getter(column, self.attribution, paths) for column in self.columns]
        with closing(self.rows.for_export().values_list(*paths).iterator(chunk_size=CHUNK)) as rows:
            for row in rows:
                # One look at the whole row: hardly any has something to clean.
                if UNWRITABLE.search("".join([value for value in row if value.__class__ is str])):
                    row = [clean(value) if isinstance(value, str) else value for value in row]
                yield [get(row) for get in getters]


def _getter(column: Column, attribution: Attribution, paths: list[str]) -> Callable:
    """From a row of the query to the value of one column."""
    pick = itemgetter(*map(paths.index, column.paths)) if column.paths else None
    convert = column.convert
    if convert is None:
        return pick
    if pick is None:
        constant = convert(attribution)
        return lambda row: constant
    if column.cites:
        return lambda row: convert(attribution, pick(row))
    if len(column.paths) == 1:
        return lambda row: convert(pick(row))
    return lambda row: convert(*pick(row))
