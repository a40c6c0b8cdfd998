"""The columns of the import: each finds its cells in a row, and its value in an entry.

Unlike the fields of django-import-export, they know the headings of the file at hand (`match`),
which may spread one value over several columns, and say of a fault in which cell it stands.
"""

from collections.abc import Iterable

from import_export.fields import Field

from initiatives.models import Initiative
from initiatives.models.record import OWN, write_rows

from .cells import CellError, as_read, clipped
from .headings import LABELS
from .readers.merged_cells import MergedCell
from .widgets import TextWidget


class ImportColumn(Field):
    """One field of the entry."""

    def __init__(self, attribute: str, widget=None, *, required: bool = False):
        super().__init__(attribute=attribute, widget=widget or TextWidget())
        self.required = required
        self.headings = {}

    @property
    def parts(self) -> tuple[str, ...]:
        return getattr(self.widget, "PARTS", (self.attribute,))

    @property
    def label(self) -> str:
        """The heading as it is written in the file, or what we call it."""
        return self.column_name or LABELS.get(self.attribute, LABELS[self.parts[0]])

    def match(self, found: dict[str, str]):
        """Learn the headings of the file at hand."""
        self.headings = {part: found[part] for part in self.parts if part in found}
        self.column_name = next(iter(self.headings.values()), None)

    def read(self, instance: Initiative, row: dict):
        """Put the value of the row into the entry, or raise a CellError that says in which cell the fault is."""
        cells = {part: row[heading] for part, heading in self.headings.items()}
        try:
            for part, cell in cells.items():
                if isinstance(cell, MergedCell):
                    raise _merged(part, cell)
            value = self.widget.clean(row[self.column_name], row=row, parts=cells, instance=instance)
            if self.required and value in self.empty_values:
                raise CellError("Cette cellule est obligatoire.")
        except CellError as fault:
            raise self.locate(fault, row)
        self.put(instance, value)

    def put(self, instance: Initiative, value):
        setattr(instance, self.attribute, value)

    def differs(self, instance: Initiative, original: Initiative) -> bool:
        """Whether two entries say something else here: of texts, once both are read as a cell is."""
        new, old = self.get_value(instance), self.get_value(original)
        return new != old and not (isinstance(old, str) and isinstance(new, str) and new == as_read(old))

    def locate(self, fault: CellError, row: dict) -> CellError:
        fault.column = self.headings.get(fault.part) or self.label
        fault.value = clipped(row.get(fault.column))
        return fault


def _merged(part: str, cell: MergedCell) -> CellError:
    """Only what stands above is likely to be said of this row too."""
    if cell.is_below:
        return CellError(
            f"Cellules fusionnées ({cell.area}) : celle-ci n’a pas de valeur à elle. Dans le tableur, annulez la"
            " fusion et recopiez la valeur sur chaque ligne ; ou reprenez ici celle du dessus.",
            suggestions=[str(cell)],
            # It is what the spreadsheet shows in this cell.
            unambiguous=True,
            part=part,
        )
    return CellError(
        f"Cellules fusionnées ({cell.area}) : celle-ci n’a pas de valeur à elle. Dans le tableur, annulez la fusion"
        " et écrivez une valeur par colonne.",
        part=part,
    )


class TerritoryColumn(ImportColumn):
    """The commune or the EPCI."""

    def read_ahead(self, rows: Iterable[dict]):
        """Read the territories of all these rows together; row by row, each would cost a question."""
        self.widget.read_ahead({part: row[heading] for part, heading in self.headings.items()} for row in rows)


class RelatedColumn(ImportColumn):
    """Rows of another table: compared with the rest of the entry, written once it has a key."""

    def put(self, instance, value):
        instance.__dict__.setdefault("_imported", {})[self.attribute] = value

    def get_value(self, instance):
        values = instance.__dict__.setdefault("_imported", {})
        if self.attribute not in values:
            values[self.attribute] = self.stored(instance) if instance.pk and self.headings else ()
        return values[self.attribute]

    def stored(self, instance) -> tuple:
        return tuple(getattr(instance, self.attribute).order_by("position", "pk"))

    def write(self, instance):
        getattr(instance, self.attribute).set(self.get_value(instance))


class ChildrenColumn(RelatedColumn):
    """Rows that belong to the entry alone."""

    def get_value(self, instance):
        return tuple(sorted(super().get_value(instance)))

    def stored(self, instance) -> tuple:
        return tuple(getattr(instance, self.attribute).values_list(*OWN[self.attribute]))

    def write(self, instance):
        write_rows(instance, self.attribute, super().get_value(instance))
