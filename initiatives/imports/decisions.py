"""What people said of the cells and rows of a survey's files, as a preview asks it and as the desk writes it."""

import hashlib
import json
from collections import Counter, defaultdict

from django.db.models import OuterRef, QuerySet, Subquery

from initiatives.models import ImportBatch, ImportDecision, Survey

from .headings import TERRITORY

Kind = ImportDecision.Kind
# The fields whose cells tell a row from the others: a reference, or else the territory and the title.
PLACE = (*TERRITORY, "department_code", "department", "postal_code")
IDENTITY_FIELDS = ("reference", "title", *PLACE)


class RowKeys:
    """The key of each row of one file: the same for the same row of a newer file, on whatever line."""

    def __init__(self):
        self._seen = Counter()

    def of(self, said: dict[str, str]) -> str:
        """`said` has what the cells say by field; of rows that say the same, the second has another key.

        Which of the fields of the territory says what does not count: another file may head its columns otherwise.
        """
        told = [said.get("reference", "")]
        if not told[0]:
            place = sorted(filter(None, (said.get(name) for name in PLACE)))
            told = ["", said.get("title", ""), *place]
        self._seen[tuple(told)] += 1
        return hashlib.sha256(json.dumps([*told, self._seen[tuple(told)]]).encode()).hexdigest()


def of_rows(batch: ImportBatch) -> QuerySet[ImportDecision]:
    """What was decided of whole rows of an import, and of conflicts; `at` is the key of the row there."""
    row = batch.rows.filter(key=OuterRef("row")).order_by("line")
    kinds = (Kind.ASIDE, Kind.ENTRY, Kind.DIFFERENT, Kind.CONFLICT)
    decided = ImportDecision.objects.filter(survey=batch.survey, kind__in=kinds, row__in=batch.rows.values("key"))
    return decided.annotate(at=Subquery(row.values("pk")[:1]), line=Subquery(row.values("line")[:1])).select_related(
        "said_by", "initiative"
    )


class Decisions:
    """The decisions of one survey, read at once."""

    def __init__(self, survey: Survey | None):
        self._cells, self._rows, self._conflicts = {}, defaultdict(set), {}
        stored = ImportDecision.objects.filter(survey=survey).select_related("said_by")
        for one in stored.iterator():
            if one.kind in (Kind.VALUE, Kind.CELL):
                self._cells[one.row, one.field, one.before] = one.after, one.said_by.get_full_name() or str(one.said_by)
            elif one.kind == Kind.CONFLICT:
                self._conflicts[one.row, one.field, one.before] = one.after
            else:
                self._rows[one.kind, one.row].add(one.initiative_id)
        self.fields = {field for _, field, _ in self._cells}

    def of_cell(self, row: str, field: str, before: str) -> tuple[str, str] | None:
        """What is to be read in place of a cell, and who said so: of this cell, else of all that say the same."""
        return self._cells.get((row, field, before)) or self._cells.get(("", field, before))

    def of_conflict(self, row: str, field: str, stored: str) -> str:
        """Which text counts where the file and the entry both changed a field, and the entry now says this one."""
        return self._conflicts.get((row, field, stored), "")

    def is_aside(self, row: str) -> bool:
        return (Kind.ASIDE, row) in self._rows

    def entry(self, row: str) -> int | None:
        """The key of the entry that the row is."""
        return next(iter(self._rows.get((Kind.ENTRY, row), ())), None)

    def others(self, row: str) -> set[int | None]:
        """The keys of the entries that the row is not, whatever its title."""
        return self._rows.get((Kind.DIFFERENT, row), set())
