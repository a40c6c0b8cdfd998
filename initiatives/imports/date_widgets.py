"""Cells that tell a day, a month or a year, as people, spreadsheets and survey tools write them."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta

from import_export.widgets import Widget

from towns.names import fold

from .cells import CellError, plain

MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
ENGLISH = "january february march april may june july august september october november december".split()
# The day that Excel counts from, and the numbers that are days of this century.
FIRST_DAY, SERIALS = date(1899, 12, 30), range(36_526, 73_051)
# An hour behind a date, with a zone or not.
HOUR = re.compile(r"[ t]+\d{1,2}[:h]\d{2}.*$")
NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{4})")
NAMED = re.compile(r"(?:(?:[a-z]+,? )?(\d{1,2})(?:er)?[-/. ])?([a-z]{3,9})[-/. ]+(\d{4}|\d{2})")
NAMED_FIRST = re.compile(r"([a-z]{3,9}) (\d{1,2}),? (\d{4})")
YEAR = re.compile(r"(\d{4})(?:\.0+)?")


class DateWidget(Widget):
    """A date as (year, month or None, day or None); whether the day or the month comes first is told by its column.

    `learn` is shown all its cells: where one has a number above 12 in the place of the month, the month comes first.
    Where both are there, what may be either is asked about, cell by cell.
    """

    expected = ""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.day_first = self.month_first = False

    def learn(self, cells: Iterable):
        for cell in cells:
            with suppress(CellError):  # told with its row
                if found := NUMBERS.fullmatch(_bare(cell)):
                    self.day_first |= int(found[1]) > 12
                    self.month_first |= int(found[2]) > 12

    @property
    def note(self) -> str:
        """How numbers were read, where it is not as in French."""
        return "mois/jour/année" if self.month_first and not self.day_first else ""

    def parts(self, value) -> tuple[int, int | None, int | None] | None:
        """None for an empty cell; a CellError for what is no date."""
        if isinstance(value, date):
            return value.year, value.month, value.day
        if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in SERIALS:
            return _of_serial(value)
        read = _bare(value)
        if not read:
            return None
        found = self._named(read) or self._numbers(read)
        if not found or not _is_real(*found):
            raise CellError(self.expected)
        return found

    def _named(self, read: str):
        if found := NAMED.fullmatch(read):
            day, month, year = found.groups()
        elif found := NAMED_FIRST.fullmatch(read):
            month, day, year = found.groups()
        else:
            return None
        months = {
            at for names in (MONTHS, ENGLISH) for at, name in enumerate(names, 1) if name.startswith(month.rstrip("."))
        }
        return (_year(year), months.pop(), int(day) if day else None) if len(months) == 1 else None

    def _numbers(self, read: str):
        if found := NUMBERS.fullmatch(read):
            first, second, year = int(found[1]), int(found[2]), _year(found[3])
            if self.day_first and self.month_first and first <= 12 and second <= 12 and first != second:
                raise CellError(
                    "Cette colonne a des dates jour/mois et des dates mois/jour : dites ce qu’est celle-ci.",
                    suggestions=[f"{first:02d}/{second:02d}/{year}", f"{year}-{first:02d}-{second:02d}"],
                )
            return (year, first, second) if self.month_first and first <= 12 else (year, second, first)
        if found := ISO.fullmatch(read):
            return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
        if found := MONTH_AND_YEAR.fullmatch(read):
            return int(found[2]), int(found[1]), None
        if found := YEAR.fullmatch(read):
            return int(found[1]), None, None
        return _of_serial(int(read)) if re.fullmatch(r"\d{5}", read) and int(read) in SERIALS else None


class YearOrMonthWidget(DateWidget):
    """A year, or a month of one; of a day, its month."""

    expected = "Écrivez une année (2020), ou un mois et une année (2020-04, 04/2020, avril 2020)."

    def clean(self, value, row=None, **kwargs) -> str:
        if not (found := self.parts(value)):
            return ""
        year, month, _ = found
        return f"{year}-{month:02d}" if month else f"{year}"


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


def _bare(cell) -> str:
    """What is written, folded, without the hour behind it."""
    if isinstance(cell, datetime):
        cell = cell.date()
    return HOUR.sub("", fold(plain(cell))).replace(". ", " ").replace(".-", "-").strip(" .")


def _year(written: str) -> int:
    """« 21 » is 2021: nobody tells of an initiative of 1921."""
    return int(written) + (2000 if len(written) == 2 else 0)


def _of_serial(number: float) -> tuple[int, int, int]:
    day = FIRST_DAY + timedelta(days=int(number))
    return day.year, day.month, day.day


def _is_real(year: int, month: int | None, day: int | None) -> bool:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return 1900 <= year < 2100
