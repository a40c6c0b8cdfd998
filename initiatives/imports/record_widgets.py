"""Cells of the fields of the record that are neither texts nor choices."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.models.record import check_rows, clean_row
from initiatives.models.record_table import BY_NAME
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import number

from .cells import CellError, clipped, plain, text


def checked(name: str, rows: Iterable[tuple]) -> tuple:
    """The rows of a field of OWN, unless there are too many of them or one comes twice."""
    rows = tuple(rows)
    try:
        check_rows(name, rows)
    except ValidationError as refused:
        raise CellError(" ".join(refused.messages))
    return rows


class WholeNumberWidget(Widget):
    """« 12 », « 1 200 » or a cell that holds a number; empty is unknown, and not 0."""

    THOUSANDS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?: |$))")

    def clean(self, value, row=None, **kwargs) -> int | None:
        if not (read := plain(value)):
            return None
        if (found := whole_number(self.THOUSANDS.sub("", read))) is None:
            raise CellError("Écrivez un nombre entier, en chiffres et sans unité : par exemple 12.")
        return found

    def render(self, value, obj=None, **kwargs) -> str:
        return number(value)


class RowsWidget(Widget):
    """The rows of a field of its own, a bar or a line end between, each as our exports write it."""

    # The longest row of all, and a character more: it is refused for what it says.
    LONGEST = 1_000

    def __init__(self, name: str, **kwargs):
        super().__init__(**kwargs)
        self.field = BY_NAME[name]

    def clean(self, value, row=None, **kwargs) -> tuple:
        written = [part.strip().replace(BAR_IN_VALUE, SEPARATOR) for part in re.split(r"[|\n]", text(value))]
        return checked(self.field.name, dict.fromkeys(tuple(self._row(one)) for one in written if one))

    def _row(self, written: str) -> list[str]:
        # Bounded, and without runs of blanks: the patterns try each of their places.
        written = re.sub(r"(\s)\s+", r"\1", written[: self.LONGEST]).strip()
        if not (read := re.fullmatch(self.field.pattern, written)):
            raise CellError(
                f"« {clipped(written)} » ne se lit pas. Par exemple : {self.field.example.split(SEPARATOR)[0]}."
            )
        try:
            return clean_row(self.field.name, read.group(*self.field.parts))
        except ValidationError as refused:
            raise CellError(f"« {clipped(written)} », {' '.join(refused.messages)}")

    def render(self, value, obj=None, **kwargs) -> str:
        rows = (dict(zip(self.field.parts, row, strict=True)) for row in value or ())
        return SEPARATOR.join(self.field.written.format(**row).replace(SEPARATOR, BAR_IN_VALUE) for row in rows)
