"""Tables of figures as open CSV: each line says where it comes from, as the exports do."""

import csv
import io
from collections.abc import Iterable

from .attribution import Attribution


def csv_table(headings: list[str], rows: Iterable[list], attribution: Attribution) -> str:
    """UTF-8, comma, CRLF, exact; the last two columns are the citation and the licence."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*headings, "citation", "licence"])
    writer.writerows([*row, attribution.sentence, attribution.licence.address] for row in rows)
    return text.getvalue()
