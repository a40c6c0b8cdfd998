"""Tables of figures as open CSV: each line says where it comes from, as the exports do."""

import csv
import io
from collections.abc import Iterable

from django.urls import reverse

from initiatives.exchange.attribution import Attribution

from .overview import Breakdown


def written(headings: list[str], rows: Iterable[list], attribution: Attribution) -> str:
    """UTF-8, comma, CRLF, exact; the last two columns are the citation and the licence."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*headings, "citation", "licence"])
    writer.writerows([*row, attribution.sentence, attribution.licence.address] for row in rows)
    return text.getvalue()


def breakdown_csv(breakdown: Breakdown, attribution: Attribution) -> str:
    listed = attribution.site + reverse("initiative_list").lstrip("/")
    rows = ([row.value, row.label, row.count, row.share, listed + row.query] for row in breakdown.rows)
    return written(["code", "libelle", "fiches", "pourcentage", "adresse"], rows, attribution)
