"""Cells into texts, dates, yes and no: each widget translates one kind of cell, or says what it expected."""

import re
from datetime import date, datetime

from import_export.widgets import Widget

from initiatives.text.french import counted, number
from towns.names import fold

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


class YearOrMonthWidget(Widget):
    """« 2020 », « 2020-04 », « 04/2020 », « avril 2020 », or a date, of which the month is kept."""

    MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
    FORMS = [
        re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.]\d{1,2})?)?(?:[ t]\d\d:.*)?"),
        re.compile(r"(?:\d{1,2}[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
        re.compile(r"(?:(?:\d{1,2}|1er) )?(?P<month>[a-z]{3,9})\.? (?P<year>\d{4})"),
    ]

    def clean(self, value, row=None, **kwargs) -> str:
        read = value.isoformat() if isinstance(value, date) else plain(value)
        for form in self.FORMS:
            found = form.fullmatch(fold(read))
            if found and 1900 <= int(found["year"]) < 2100 and (month := self._month(found["month"])) is not None:
                return f"{int(found['year'])}{month}"
        if read:
            raise CellError("Écrivez une année (2020), ou un mois et une année (2020-04, 04/2020, avril 2020).")
        return ""

    def _month(self, written: str | None) -> str | None:
        """« -04 » for April, nothing where no month is written, None for what is not one."""
        if written is None:
            return ""
        numbers = [n for n, name in enumerate(self.MONTHS, 1) if name.startswith(written) or written == f"{n:02d}"]
        numbers += [int(written)] if written.isdigit() and 1 <= int(written) <= 9 else []
        return f"-{numbers[0]:02d}" if numbers else None


class DayWidget(Widget):
    """A day: a date cell, « 15/01/2021 » or « 2021-01-15 », whatever hour stands behind it."""

    FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")

    def clean(self, value, row=None, **kwargs) -> date | None:
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        if not (read := plain(value)):
            return None
        for form in self.FORMS:
            try:
                return datetime.strptime(re.split("[ T]", read)[0], form).date()
            except ValueError:
                continue
        raise CellError("Écrivez une date : jour/mois/année, par exemple 15/01/2021.")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


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
