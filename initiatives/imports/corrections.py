"""What imports read in an entry otherwise than their files say it, as its history shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from initiatives.models import ImportBatch, ImportRow, Initiative

from .grid_columns import BY_FIELD


@dataclass(frozen=True)
class Correction:
    """One cell; nobody is named `by` what is certain. `version` is the one that the row made, None for a revision."""

    row: ImportRow
    label: str
    before: str
    after: str
    by: str

    @property
    def version(self) -> int | None:
        return None if self.row.kind == ImportRow.Kind.REVISION else self.row.written


def corrections_of(pk: int, *, with_declarant: bool) -> Iterator[Correction]:
    """Those of the imports of an entry that stand, the last first; of the declarant only for who may read them."""
    rows = ImportRow.objects.filter(initiative=pk, batch__state=ImportBatch.State.DONE).exclude(corrected=[])
    for row in rows.select_related("batch").order_by("-batch", "line"):
        for one in row.corrected:
            column = BY_FIELD.get(one["field"])
            if with_declarant or not (column and column.name in Initiative.DECLARANT):
                label = column.label if column else one["field"]
                yield Correction(row, label, one["from"], one["to"], one.get("by") or "")
