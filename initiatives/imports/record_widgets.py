"""Cells of the fields of the record that are neither texts nor choices."""

import re

from import_export.widgets import Widget

from initiatives.runtime.parsing import whole_number
from initiatives.text.french import number

from .cells import CellError, plain


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
