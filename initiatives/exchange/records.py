"""Entries as records, the one form that every file is written from: a list of values in the order of COLUMNS."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from operator import itemgetter

from initiatives.models import Initiative
from initiatives.models.initiative import InitiativeQuerySet
from towns.models import Intercommunality

from .attribution import Attribution
from .columns import COLUMNS, Column
from .values import UNWRITABLE, clean

# Rows that are in memory at once.
CHUNK = 500
PATHS = list(dict.fromkeys(path for column in COLUMNS for path in column.paths))
EPCI, LONGITUDE, LATITUDE = map(PATHS.index, ("intercommunality", "town__longitude", "town__latitude"))

Record = list


@dataclass(frozen=True)
class Entries:
    """Some entries in an order, and whose they are: all that a file is made of."""

    rows: InitiativeQuerySet
    attribution: Attribution

    def count(self) -> int:
        return self.rows.order_by().count()

    def records(self) -> Iterator[Record]:
        """The records of the rows, in their order: two queries, and memory for one chunk."""
        getters = [_getter(column, self.attribution) for column in COLUMNS]
        # Looked for once: asked of each EPCI, a million entries take a minute.
        concerned = Initiative.objects.published().exclude(intercommunality=None).values("intercommunality")
        points = Intercommunality.objects.filter(pk__in=concerned).points()
        with closing(self.rows.for_export().values_list(*PATHS).iterator(chunk_size=CHUNK)) as rows:
            for row in rows:
                # One look at the whole row: hardly any has something to clean.
                if UNWRITABLE.search("".join([value for value in row if value.__class__ is str])):
                    row = [clean(value) if isinstance(value, str) else value for value in row]
                if point := points.get(row[EPCI]):
                    row = list(row)
                    row[LONGITUDE], row[LATITUDE] = point
                yield [get(row) for get in getters]


def _getter(column: Column, attribution: Attribution) -> Callable:
    """From a row of the query to the value of one column."""
    pick = itemgetter(*map(PATHS.index, column.paths)) if column.paths else None
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
