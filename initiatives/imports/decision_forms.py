"""What a person decides of the rows of an import: what a cell says, which rows are left out, which entry a row is."""

from django.db import transaction

from initiatives.models import ImportBatch, ImportDecision, ImportRow, Initiative
from initiatives.runtime.parsing import whole_number

Kind = ImportDecision.Kind
MOST = 5_000


def cell_of(row: ImportRow, field: str) -> str:
    """What a cell of the file itself says, whatever was decided of it."""
    decided = next((one for one in row.corrected if one["field"] == field), None)
    return decided["from"] if decided else row.cells.get(field, "")


class DecisionForm:
    """What was clicked or typed below the rows; kept for the survey, and obeyed when the file is read again."""

    def __init__(self, batch: ImportBatch, *, by):
        self.batch, self.by = batch, by

    @transaction.atomic
    def save(self, data):
        self._typed(data)  # first: whoever clicks on one row may have typed in another
        if one := self._row(data.get("accepter", "")):
            row, rest = one
            fault, suggestion = ([*rest, "0", "0"])[:2]
            self._accept(row, _number(fault), _number(suggestion))
        elif one := self._row(data.get("fiche", "")):
            row, rest = one
            self._is_entry(row, _number(rest[0]) if rest else -1)
        elif row := self.batch.rows.filter(line=_number(data.get("cote", ""))).first():
            self._decide(Kind.ASIDE, row)
        elif row := self.batch.rows.filter(line=_number(data.get("reprendre", ""))).first():
            self._stored.filter(kind=Kind.ASIDE, row=row.key).delete()

    @property
    def _stored(self):
        return ImportDecision.objects.filter(survey=self.batch.survey)

    def _decide(self, kind: Kind, row: ImportRow, *, after: str = "", **asked):
        decision = ImportDecision(
            survey=self.batch.survey, kind=kind, row=row.key, after=after, said_by=self.by, **asked
        )
        self._stored.filter(digest=decision.digest_of_asked).delete()
        decision.save()

    def _row(self, clicked: str) -> tuple[ImportRow, list[str]] | None:
        number, *rest = clicked.split(":")
        row = self.batch.rows.filter(pk=_number(number)).first() if clicked else None
        return (row, rest) if row else None

    def _accept(self, row: ImportRow, fault: int, suggestion: int):
        try:
            told = row.faults[fault]
            text = told["suggestions"][suggestion]
        except IndexError:
            return
        self._say(row, told["field"], text)

    def _is_entry(self, row: ImportRow, pk: int):
        if Initiative.objects.filter(pk=pk).exists():
            self._decide(Kind.ENTRY, row, initiative_id=pk)

    def _typed(self, data):
        rows = {row.pk: row for row in self.batch.rows.filter(kind=ImportRow.Kind.ERROR)}
        for name, text in data.items():
            prefix, _, place = name.partition("-")
            number, _, at = place.partition("-")
            row = rows.get(_number(number)) if prefix == "saisie" and text.strip() else None
            if row and 0 <= _number(at) < len(row.faults):
                self._say(row, row.faults[_number(at)]["field"], text[:MOST].replace("\0", ""))

    def _say(self, row: ImportRow, field: str, text: str):
        if field:
            self._decide(Kind.CELL, row, field=field, before=cell_of(row, field), after=text)


def _number(text: str) -> int:
    return whole_number(text, otherwise=-1)
