"""The columns of an import: each reads the cells of its field, and compares, shows and stores their value.

They are fields of django-import-export that know the headings of the file at hand (`match`), which may
spread one value over several columns, and that say of a fault in which cell it stands.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from textwrap import shorten

from import_export.fields import Field

from initiatives.models import Initiative
from initiatives.models.record_table import BY_NAME

from .cells import CellError, as_read, as_written, clipped, is_dash, is_legible, is_nothing, plain
from .headings import LABELS
from .joined_columns import Constant
from .readers.merged_cells import MergedCell
from .readers.tables import Table
from .widgets import TextWidget


class ImportColumn(Field):
    """One field of the entry."""

    def __init__(self, attribute: str, widget=None, *, required: bool = False):
        super().__init__(attribute=attribute, widget=widget or TextWidget())
        self.required = required
        self.headings = {}

    # What says in a cell that there is nothing to say.
    is_nothing = staticmethod(is_nothing)

    @property
    def parts(self) -> tuple[str, ...]:
        return getattr(self.widget, "PARTS", (self.attribute,))

    @property
    def is_told(self) -> bool:
        """Whether the file says something of the field."""
        return bool(self.headings)

    def is_told_in(self, row: dict) -> bool:
        """Whether a row does: a field that somebody decided of another row may have no column of its own."""
        return any(heading in row for heading in self.headings.values())

    @property
    def label(self) -> str:
        """The heading as it is written in the file, or what we call it."""
        return self.column_name or LABELS.get(self.attribute, LABELS[self.parts[0]])

    def match(self, found: dict[str, str]):
        """Learn the headings of the file at hand."""
        self.headings = {part: found[part] for part in self.parts if part in found}
        self.column_name = next(iter(self.headings.values()), None)

    def cells(self, row: dict) -> dict:
        """The cells of a row that speak of this field, by part."""
        cells = {part: row[heading] for part, heading in self.headings.items() if heading in row}
        return {part: None if self.is_nothing(cell) else cell for part, cell in cells.items()}

    def raw(self, row: dict) -> dict:
        """The same as the file has them."""
        return {part: as_written(row[heading]) for part, heading in self.headings.items() if heading in row}

    def learn(self, table: Table):
        """Look at all the cells of the column, where the meaning of one may depend on the others."""

    @property
    def note(self) -> str:
        """What was learnt and is worth saying: how the column was read."""
        return ""

    def read_ahead(self, rows: Iterable[dict]):
        """Ask the database at once for what all these rows name; row by row, each would cost a question."""

    def read(self, row: dict, *, values: dict, stored=None, corrected: list | None = None):
        """The value of a row, or a CellError that says in which cell the fault is.

        `values` are those of the entry so far, by column; `stored` is what it says here, None if it is new. To
        `corrected` is added what was read although it is otherwise written: the field, from which text, to which.
        """
        cells = self.cells(row)
        given = dict(cells)
        while True:
            try:
                value = self._clean(cells, values, stored)
                break
            except CellError as fault:
                if not fault.unambiguous:
                    raise self.locate(fault, row)
                # Of a list, one name at a time.
                [cells[fault.part or next(iter(cells))]] = fault.suggestions
        if corrected is not None:
            changed = [part for part, cell in cells.items() if cell is not given[part]]
            corrected += [{"field": part, "from": plain(given[part]), "to": cells[part]} for part in changed]
        return value

    def _clean(self, cells: dict, values: dict, stored):
        for part, cell in cells.items():
            if isinstance(cell, MergedCell):
                raise _merged(part, cell)
        if stored and any(isinstance(cell, Constant) for cell in cells.values()):
            return stored
        named = {self.headings[part]: cell for part, cell in cells.items()}
        value = self.clean(named, parts=cells, values=values, stored=stored)
        if self.required and value in self.empty_values:
            raise CellError("Cette cellule est obligatoire.")
        return value

    def stored(self, entry: Initiative, parts: dict):
        """The value of a stored entry; `parts` has what hangs on it, as Initiative.parts_of gives it."""
        return self.get_value(entry)

    def differs(self, value, stored) -> bool:
        """Whether two values say something else: of texts, once both are read as a cell is."""
        return value != stored and not (isinstance(stored, str) and value == as_read(stored))

    def show(self, value) -> str:
        return self.widget.render(value)

    def written(self, value) -> dict[str, str]:
        """The same as `show`, by the columns of the open data; what only staff read goes by the name of its field."""
        if value in (*self.empty_values, ()):
            return {}
        if spread := getattr(self.widget, "spread", None):
            return spread(value)
        return {BY_NAME[self.attribute].column or self.attribute: self.show(value)}

    def plain(self, value) -> dict:
        """What JSON keeps of a value, by the fields of the record."""
        return {self.attribute: value}

    def put(self, entry: Initiative, value):
        """Make the entry say the value, for the model to judge it: what hangs on an entry is not of its model."""
        setattr(entry, self.attribute, value)

    def locate(self, fault: CellError, row: dict) -> CellError:
        part = fault.part or next((part for part, cell in self.cells(row).items() if not is_legible(cell)), "")
        fault.field = part if part in self.headings else next(iter(self.headings), self.attribute)
        fault.column = self.headings.get(fault.field) or self.label
        fault.value = clipped(row.get(fault.column))
        return fault


def _merged(part: str, cell: MergedCell) -> CellError:
    """Only what stands above is likely to be said of this row too."""
    if cell.is_below:
        return CellError(
            f"Cellules fusionnées ({cell.area}) : celle-ci n’a pas de valeur à elle. Dans le tableur, annulez la"
            " fusion et recopiez la valeur sur chaque ligne ; ou reprenez ici celle du dessus.",
            suggestions=[str(cell)],
            part=part,
        )
    return CellError(
        f"Cellules fusionnées ({cell.area}) : celle-ci n’a pas de valeur à elle. Dans le tableur, annulez la fusion"
        " et écrivez une valeur par colonne.",
        part=part,
    )


class ReferenceColumn(ImportColumn):
    """What tells which entry a row is: a new one keeps it, another is not changed by it."""

    def differs(self, value, stored):
        return False

    def plain(self, value):
        # Without one, the survey gives the next.
        return super().plain(value) if value else {}


class ProseColumn(ImportColumn):
    """A text in which words such as « néant » may well be meant."""

    is_nothing = staticmethod(is_dash)


class DateColumn(ImportColumn):
    def learn(self, table):
        self.widget.learn(table[self.column_name])

    @property
    def note(self):
        return self.widget.note


class DayColumn(DateColumn):
    def plain(self, value):
        return {self.attribute: value.isoformat() if value else None}


class BandColumn(ImportColumn):
    """A band, in which numbers may be of a unit that the heading names."""

    def match(self, found):
        super().match(found)
        self.widget.unit = self.widget.measure.unit_of(self.label)


class FallbackColumn(ImportColumn):
    """A text that cells of other columns tell as well, where the file has none in its own.

    `sources` says of each of these columns what it takes from a cell of it, as the file wrote it, and its heading.
    """

    def __init__(self, attribute: str, sources: dict[str, Callable[[object, str], str]], **kwargs):
        super().__init__(attribute, **kwargs)
        self.sources, self.told_by = sources, {}

    def match(self, found):
        super().match(found)
        self.told_by = {found[name]: take for name, take in self.sources.items() if name in found}

    @property
    def is_told(self):
        return bool(self.headings or self.told_by)

    def is_told_in(self, row):
        return super().is_told_in(row) or any(heading in row for heading in self.told_by)

    def read(self, row, *, values, stored=None, corrected=None):
        is_own = super().is_told_in(row)
        if said := super().read(row, values=values, stored=stored, corrected=corrected) if is_own else stored:
            return said
        taken = []
        for heading, take in self.told_by.items():
            with suppress(CellError):  # told of the column itself
                taken.append(take(as_written(row.get(heading)), heading))
        longest = Initiative._meta.get_field(self.attribute).max_length
        return shorten(" ; ".join(dict.fromkeys(filter(None, taken))), longest, placeholder="…")


class KeyColumn(ImportColumn):
    """A row of another table, of which the entry keeps the key."""

    def plain(self, value):
        return {self.attribute: value.pk if value else None}


class LookupColumn(KeyColumn):
    """A row of a long table, where each chunk of the file asks at once for those that it names."""

    def read_ahead(self, rows):
        self.widget.read_ahead(map(self.cells, rows))


class RelatedColumn(ImportColumn):
    """Rows of a short table, that entries share: a tuple of them in their order."""

    def stored(self, entry, parts):
        return tuple(row for row in self.widget.rows if row.pk in parts[self.attribute])

    def plain(self, value):
        return {self.attribute: sorted(row.pk for row in value)}

    def put(self, entry, value):
        pass


class ChildrenColumn(ImportColumn):
    """Rows that belong to the entry alone: a tuple of their values, whose order says nothing."""

    def stored(self, entry, parts):
        return tuple(map(tuple, parts[self.attribute]))

    def differs(self, value, stored):
        return sorted(value) != sorted(stored)

    def show(self, value):
        return super().show(sorted(value))

    def plain(self, value):
        return {self.attribute: [list(row) for row in value]}

    def put(self, entry, value):
        pass
