"""Numbers as the format of a cell shows them: dates, durations, codes with their zeros (ECMA-376, 18.8.30)."""

import re
from datetime import datetime
from functools import lru_cache

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

# Of a code: 01004 is stored as 1004.
ZEROS = re.compile(r"0{2,15}")
# As long as a format can be.
LONGEST = 255


@lru_cache(maxsize=1024)
def _kind(code: str) -> tuple[bool, bool, int]:
    """Whether a format shows a date, a duration; the number of digits that it shows at least."""
    return is_date_format(code), is_timedelta_format(code), len(code) if ZEROS.fullmatch(code) else 0


def shown(value: float, code: str, epoch: datetime):
    """The number, or the date, time, duration or text that this format shows; dates count from the epoch."""
    is_date, is_duration, digits = _kind(code[:LONGEST])
    if digits and value >= 0 and (isinstance(value, int) or value.is_integer()):
        return f"{int(value):0{digits}d}"
    if not is_date:
        return value
    try:
        return from_excel(value, epoch, timedelta=is_duration)
    except (OverflowError, ValueError):
        return "#VALUE!"
