"""Cells that tell a day, a month or a year, as people, spreadsheets and survey tools write them."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

from django.utils import timezone
from import_export.widgets import Widget

from initiatives.text.french import MONTHS
from towns.names import fold

from .cells import CellError, plain
from .widgets import yes_or_no

ENGLISH = "january february march april may june july august september october november december".split()
# What is older is no date of an initiative.
FIRST_YEAR = 1900
TO_COME = "Cette date est à venir : écrivez le jour où l’accord a été donné."
# The day that Excel counts from, and the numbers that are days of this century.
FIRST_DAY, SERIALS = date(1899, 12, 30), range(36_526, 73_051)
# More than any date has.
LONGEST = 80
# An hour behind a date, with a zone or not.
HOUR = re.compile(r",?(?: (?:a )?|t)\d{1,2} ?[:h] ?\d{2}.*$")
NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?|((?:19|20)\d\d)(\d\d)(\d\d)")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{4})")
NAMED = re.compile(r"(?:(?:[a-z]+,? )?(\d{1,2})(?:er|st|nd|rd|th)?[-/. ])?([a-z]{3,9})[-/. ]+(\d{4}|\d{2})")
NAMED_FIRST = re.compile(r"([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
# « 2020.0 » as well, and « 44197,5 »: software that takes them for numbers.
YEAR = re.compile(r"(\d{4})(?:[.,]0+)?")
SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Parts = tuple[int, int | None, int | None]


class DateWidget(Widget):
    """A date as (year, month or None, day or None); whether the day or the month comes first is told by the column.

    `learn` is shown all its cells: where one has a number above 12 in the place of the month, the month comes first.
    Where the column has both, what may be either is asked about, cell by cell.
    """

    expected = ""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.has_numbers = self.day_first = self.month_first = False

    def learn(self, cells: Iterable):
        for cell in cells:
            with suppress(CellError):  # told with its row
                if isinstance(cell, date):
                    self.day_first |= cell.day > 12
                elif found := NUMBERS.fullmatch(_bare(cell)):
                    self.has_numbers = True
                    self.day_first |= int(found[1]) > 12
                    self.month_first |= int(found[2]) > 12

    @property
    def note(self) -> str:
        """In which order the numbers were read, where there are some."""
        if not self.has_numbers or (self.month_first and self.day_first):
            return ""
        return f"dates lues {'mois/jour' if self.month_first else 'jour/mois'}/année"

    def parts(self, value) -> Parts | None:
        """None for an empty cell; a CellError for what is no date."""
        if isinstance(value, date):
            # A French spreadsheet makes such cells of a file with 3/4/2020 for 4 March, and leaves 3/15/2020 as text.
            if self.month_first and not self.day_first:
                self._ask(value.year, value.day, value.month)
            return self._real((value.year, value.month, value.day))
        if isinstance(value, int | float) and SERIALS.start <= value < SERIALS.stop:
            return _of_serial(int(value))
        if not (read := _bare(value)):
            return None
        return self._real(self._named(read) or self._numbers(read), read)

    def _real(self, found: Parts | None, read: str = "") -> Parts:
        with suppress(ValueError, TypeError):
            year, month, day = found
            if FIRST_YEAR <= date(year, month or 1, day or 1).year < 2100 and month != 0 and day != 0:
                return found
        raise CellError(self.expected, suggestions=self.proposed(read))

    def proposed(self, read: str) -> list[str]:
        return []

    def _ask(self, year: int, first: int, second: int):
        """Refuse two numbers that may be a day and a month or the contrary."""
        if first <= 12 and second <= 12 and first != second:
            raise CellError(
                "Cette colonne a des dates jour/mois et des dates mois/jour : dites ce qu’est celle-ci.",
                suggestions=[f"{year}-{second:02d}-{first:02d}", f"{year}-{first:02d}-{second:02d}"],
            )

    def _named(self, read: str) -> Parts | None:
        if found := NAMED.fullmatch(read):
            day, month, year = found.groups()
        elif found := NAMED_FIRST.fullmatch(read):
            month, day, year = found.groups()
        else:
            return None
        months = {at for names in (MONTHS, ENGLISH) for at, name in enumerate(names, 1) if fold(name).startswith(month)}
        return (_year(year), months.pop(), int(day) if day else None) if len(months) == 1 else None

    def _numbers(self, read: str) -> Parts | None:
        if found := NUMBERS.fullmatch(read):
            first, second, year = int(found[1]), int(found[2]), _year(found[3])
            if self.day_first and self.month_first:
                self._ask(year, first, second)
            return (year, first, second) if self.month_first and first <= 12 else (year, second, first)
        if found := YEAR.fullmatch(read):
            return int(found[1]), None, None
        if found := ISO.fullmatch(read):
            year, month, day = found.groups()[:3] if found[1] else found.groups()[3:]
            return int(year), int(month), int(day) if day else None
        if found := MONTH_AND_YEAR.fullmatch(read):
            return int(found[2]), int(found[1]), None
        found = SERIAL.fullmatch(read)
        return _of_serial(int(found[1])) if found and int(found[1]) in SERIALS else None


class YearOrMonthWidget(DateWidget):
    """A year, or a month of one; of a day, its month."""

    expected = "Écrivez une année (2020), ou un mois et une année (2020-04, 04/2020, avril 2020)."

    def clean(self, value, row=None, **kwargs) -> str:
        if not (found := self.parts(value)):
            return ""
        year, month, _ = found
        return f"{year}-{month:02d}" if month else f"{year}"

    def proposed(self, read):
        """« au printemps 2020 », « 2020-2021 »: the years."""
        return sorted(set(A_YEAR.findall(read)))[:2]


class DayWidget(DateWidget):
    """A day: a date cell, « 15/01/2021 », « 15 janv. 21 » or « 2021-01-15 », whatever hour stands behind it."""

    expected = "Écrivez une date : jour/mois/année, par exemple 15/01/2021."

    def clean(self, value, row=None, **kwargs) -> date | None:
        if not (found := self.parts(value)):
            return None
        if None in found:
            raise CellError(self.expected)
        return date(*found)

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class AgreementWidget(DayWidget):
    """The day on which a respondent agreed, past or present; whether they did is something else."""

    def clean(self, value, row=None, **kwargs) -> date | None:
        agreed = None if isinstance(value, date) else yes_or_no(plain(value))
        if agreed:
            raise CellError("Écrivez le jour de cet accord, par exemple 15/01/2021.")
        if agreed is False:
            raise CellError("Cette réponse refuse : laissez vide, la fiche sera sans accord.", suggestions=[""])
        if (day := super().clean(value)) and day > timezone.localdate():
            raise CellError(TO_COME)
        return day


def _bare(cell) -> str:
    """What is written, folded, without the hour behind it; nothing that could be a date is longer."""
    read = fold(plain(cell)[:LONGEST])
    return HOUR.sub("", read).replace(". ", " ").replace(".-", "-").replace("./", "/").strip(" .")


def _year(written: str) -> int:
    """« 21 » is 2021, and « 98 » 1998."""
    return int(written) + (0 if len(written) == 4 else 2000 if int(written) < 50 else 1900)


def _of_serial(number: int) -> Parts:
    day = FIRST_DAY + timedelta(days=number)
    return day.year, day.month, day.day
