"""Cells into texts, yes and no: each widget translates one kind of cell, or says what it expected."""

import re

from import_export.widgets import Widget

from initiatives.text.french import counted, number

from .cells import CellError, doubt, items, one_line, plain, sign, text
from .headings import key


class TextWidget(Widget):
    """Text on one line, or on several where the field has room for them."""

    def __init__(self, *, lines: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.read = text if lines else one_line

    def clean(self, value, row=None, **kwargs) -> str:
        return self.read(value)


class AddressWidget(TextWidget):
    """A web address. Its scheme counts in lower case only: « Http:// » is what phones write."""

    SCHEME = re.compile(r"^https?://", re.IGNORECASE)

    def clean(self, value, row=None, **kwargs) -> str:
        return self.SCHEME.sub(lambda scheme: scheme[0].lower(), super().clean(value))


class LinesWidget(Widget):
    """A list of texts, kept as one a line."""

    def __init__(self, *, longest: int, **kwargs):
        super().__init__(**kwargs)
        self.longest = longest

    def clean(self, value, row=None, **kwargs) -> str:
        lines = "\n".join(dict.fromkeys(items(value)))
        if len(lines) > self.longest:
            raise CellError(f"La liste a {counted(len(lines), 'caractère')}, la limite est de {number(self.longest)}.")
        return lines


class YesNoWidget(Widget):
    """« oui » or « non », their English, initials and figures, or the « x » that ticks; empty is no."""

    WORDS = {
        **dict.fromkeys("oui o yes y vrai true 1 x".split(), True),
        **dict.fromkeys("non n no faux false 0".split(), False),
    }

    def clean(self, value, row=None, **kwargs) -> bool:
        read = plain(value)
        if read and (key(read) not in self.WORDS or sign(read)):
            raise CellError(f"{doubt(read, ())}Écrivez oui ou non.", suggestions=["oui", "non"])
        return self.WORDS.get(key(read), False)

    def render(self, value, obj=None, **kwargs) -> str:
        return "oui" if value else "non"
