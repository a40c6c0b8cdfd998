"""What a person decides of the rows of an import: what a cell says, which rows are left out, which entry a row is."""

import json
from collections.abc import Iterator

from django.db import transaction

from initiatives.models import ImportBatch, ImportDecision, ImportGroup, ImportRow, Initiative
from initiatives.runtime.parsing import whole_number

from .grid import GridCell
from .grid_columns import BY_FIELD, GRID
from .headings import HEADINGS

Kind = ImportDecision.Kind
MOST = 5_000


class DecisionForm:
    """What was clicked or typed in the grid, above it or on the page of a row; kept for the survey, and obeyed when
    the file is read again."""

    # By the name of a button; its value says of which row or group, then what of it.
    CLICKS = {
        **dict.fromkeys(("accepter", "fiche", "differente", "mien", "base", "oublier"), ("rows", "pk")),
        **dict.fromkeys(("cote", "reprendre"), ("rows", "line")),
        **dict.fromkeys(("proposition", "defaire"), ("groups", "pk")),
    }

    def __init__(self, batch: ImportBatch, *, by):
        self.batch, self.by = batch, by

    @transaction.atomic
    def save(self, data):
        """`data` is what a browser sends. What was forged, or is no more, is passed over."""
        # First: whoever clicks on one row may have typed in another.
        self._type_in_groups(data)
        self._type_in_grid(data.get("cellules", ""))
        if row := self.batch.rows.filter(line=_number(data.get("ligne", ""))).first():
            self._type_in_row(row, data)
        for name in self.CLICKS.keys() & data.keys():
            among, key = self.CLICKS[name]
            number, *rest = data[name].split(":")
            if one := getattr(self.batch, among).filter(**{key: _number(number)}).first():
                getattr(self, f"_{name}")(one, *map(_number, [*rest, "", ""][:2]))

    # Typed

    def _type_in_groups(self, data):
        typed = {_number(name.removeprefix("groupe-")): text for name, text in data.items() if "groupe-" in name}
        for group in self.batch.groups.faults().filter(pk__in=[pk for pk, text in typed.items() if text.strip()]):
            self._say_of_all(group, typed[group.pk])

    def _type_in_grid(self, sent: str):
        """The cells that a script collected: {line: {field: text}} in JSON."""
        cells = _cells(sent)
        for row in self.batch.rows.filter(line__in=cells):
            for name, text in cells[row.line].items():
                self._type(row, name, text)

    def _type_in_row(self, row: ImportRow, data):
        for column in GRID:
            text = data.get(f"cellule-{column.field}")
            if text is not None and _clean(text) != GridCell.of(row, column).typed:
                self._type(row, column.field, text)

    def _type(self, row: ImportRow, name: str, text: str):
        """All that a column of the grid says of a row: what else told it says nothing any more."""
        if column := BY_FIELD.get(name):
            self._say(row, column.field, text)
            for field in column.replaced:
                if row.said(field):
                    self._say(row, field, "")

    # Clicked

    def _accepter(self, row: ImportRow, fault: int, suggestion: int):
        told = _at(row.faults, fault)
        text = _at(told["suggestions"], suggestion) if told else None
        if text is not None and told["code"] == ImportGroup.CONFLICT:
            self._settle(row, fault, ImportDecision.STORED)
        elif text is not None:
            self._say(row, told["field"], text)

    def _fiche(self, row: ImportRow, pk: int, _):
        if Initiative.objects.filter(pk=pk).exists():
            self._decide(Kind.ENTRY, row=row.key, initiative_id=pk)

    def _differente(self, row: ImportRow, pk: int, _):
        """Of an entry, or without a key of the other rows of the file."""
        if pk == NONE or Initiative.objects.filter(pk=pk).exists():
            self._decide(Kind.DIFFERENT, row=row.key, initiative_id=None if pk == NONE else pk)

    def _mien(self, row: ImportRow, fault: int, _):
        self._settle(row, fault, ImportDecision.MINE)

    def _base(self, row: ImportRow, fault: int, _):
        self._settle(row, fault, ImportDecision.STORED)

    def _cote(self, row: ImportRow, *_):
        self._decide(Kind.ASIDE, row=row.key)

    def _reprendre(self, row: ImportRow, *_):
        self._stored.filter(kind=Kind.ASIDE, row=row.key).delete()

    def _oublier(self, row: ImportRow, pk: int, _):
        if decision := self._stored.filter(pk=pk, row=row.key).first():
            decision.delete()
            self._unblank(decision.field, [row.key])

    def _proposition(self, group: ImportGroup, suggestion: int, _):
        if (text := _at(group.suggestions, suggestion)) is not None:
            self._say_of_all(group, text)

    def _defaire(self, group: ImportGroup, *_):
        """Read its cells as they are written: forget what was decided, or refuse what was certain."""
        if group.by:
            rows = self.batch.rows.filter(line__in=group.lines).values("key")
            said = self._stored.filter(field=group.field, before=group.value, after=group.after)
            said.filter(kind=Kind.CELL, row__in=rows).delete()
            said.filter(kind=Kind.VALUE).delete()
            self._unblank(group.field, rows)
        else:
            self._decide(Kind.VALUE, field=group.field, before=group.value, after=group.value)

    # Kept

    @property
    def _stored(self):
        return ImportDecision.objects.filter(survey=self.batch.survey)

    def _decide(self, kind: Kind, *, after: str = "", **asked):
        decision = ImportDecision(survey=self.batch.survey, kind=kind, after=after, said_by=self.by, **asked)
        self._stored.filter(digest=decision.digest_of_asked).delete()
        decision.save()

    def _say(self, row: ImportRow, name: str, text: str):
        if field := _field(name):
            self._decide(Kind.CELL, row=row.key, field=field, before=row.said(field), after=_clean(text))

    def _say_of_all(self, group: ImportGroup, text: str):
        if (field := _field(group.field)) and not group.is_conflict:
            self._decide(Kind.VALUE, field=field, before=group.value, after=_clean(text))

    def _unblank(self, field: str, rows):
        """Let again say something what said nothing because this was typed."""
        if (column := BY_FIELD.get(field)) and column.field == field:
            blank = self._stored.filter(kind=Kind.CELL, field__in=column.replaced, after="")
            blank.filter(row__in=rows).delete()

    def _settle(self, row: ImportRow, fault: int, after: str):
        told = _at(row.faults, fault)
        if told and told["code"] == ImportGroup.CONFLICT:
            name = BY_FIELD[told["field"]].name
            self._decide(Kind.CONFLICT, row=row.key, field=name, before=told["suggestions"][0], after=after)


# What is no number.
NONE = -1


def _number(text: str) -> int:
    return whole_number(text, otherwise=NONE)


def _at(some: list, place: int):
    return some[place] if 0 <= place < len(some) else None


def _field(name: str) -> str:
    """The field that is decided for a fault: of a field as a whole, the first of its columns."""
    column = BY_FIELD.get(name)
    return column.field if column and name not in column.fields else name if name in HEADINGS else ""


def _clean(text: str) -> str:
    # JSON may have half of a pair of surrogates, which no database takes.
    return text[:MOST].replace("\0", "").replace("\r\n", "\n").encode(errors="replace").decode()


def _cells(sent: str) -> dict[int, dict[str, str]]:
    try:
        read = json.loads(sent or "{}")
    except (ValueError, RecursionError):
        return {}
    return {line: dict(said) for line, said in _lines(read)}


def _lines(read) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    for line, said in read.items() if isinstance(read, dict) else ():
        if isinstance(said, dict) and (number := _number(line)) != NONE:
            yield number, [(name, text) for name, text in said.items() if isinstance(text, str)]
