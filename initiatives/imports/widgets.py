"""Cells into texts, yes and no: each widget translates one kind of cell, or says what it expected."""

from textwrap import shorten

from import_export.widgets import Widget

from initiatives.models import Initiative
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


class TitleWidget(TextWidget):
    """A title, of which a long one is proposed cut at a word."""

    LONGEST = Initiative._meta.get_field("title").max_length

    def clean(self, value, row=None, **kwargs) -> str:
        read = super().clean(value)
        if len(read) > self.LONGEST:
            raise CellError(
                f"Ce titre dépasse {self.LONGEST} caractères. Coupé ici, il est gardé entier dans un résumé vide.",
                suggestions=[self._cut(read)],
            )
        return read

    def _cut(self, read: str) -> str:
        cut = shorten(read[: self.LONGEST * 2], self.LONGEST - 1, placeholder="")
        return f"{(cut or read[: self.LONGEST - 1]).rstrip(' ,;:.–—-')}…"


def long_title(cell, _heading: str = "") -> str:
    """The whole of a title that is too long to be one."""
    read = one_line(cell)
    return read if len(read) > TitleWidget.LONGEST else ""


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


WORDS = {
    **dict.fromkeys("oui o yes y vrai true 1 x".split(), True),
    **dict.fromkeys("non n no faux false 0".split(), False),
}
# Boxes and marks that stand alone in their cell; behind one may come what makes an emoji of it.
TICKS = {**dict.fromkeys("✓✔☑☒✅", True), **dict.fromkeys("☐✗✘", False)}


def yes_or_no(written: str) -> bool | None:
    """Yes or no, their English, initials and figures, the « x » and the signs that tick; None for any other text."""
    if (tick := TICKS.get(written.removesuffix("\ufe0f"))) is not None:
        return tick
    return None if sign(written) else WORDS.get(key(written))


class YesNoWidget(Widget):
    """« oui » or « non », as people write and tick them; empty is no."""

    def clean(self, value, row=None, **kwargs) -> bool:
        if not (read := plain(value)):
            return False
        if (said := yes_or_no(read)) is None:
            raise CellError(f"{doubt(read, ())}Écrivez oui ou non.", suggestions=["oui", "non"])
        return said

    def render(self, value, obj=None, **kwargs) -> str:
        return "oui" if value else "non"
