"""A breakdown of the figures as open CSV."""

from django.urls import reverse

from initiatives.exports.attribution import Attribution
from initiatives.exports.tables import csv_table

from .overview import Breakdown


def breakdown_csv(breakdown: Breakdown, attribution: Attribution) -> str:
    listed = attribution.site + reverse("initiative_list").lstrip("/")
    rows = ([row.value, row.label, row.count, row.share, listed + row.query] for row in breakdown.rows)
    return csv_table(["code", "libelle", "fiches", "pourcentage", "adresse"], rows, attribution)
