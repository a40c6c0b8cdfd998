"""Entries of today on paper: one on its sheet, or those that a visitor has chosen as a booklet."""

import io

import segno

from initiatives.exports.attribution import Attribution
from initiatives.exports.columns import NAMES
from initiatives.exports.records import Entries
from initiatives.exports.typesetting import pdf
from initiatives.models import Category, Initiative
from initiatives.publication.edition_entry import EditionEntry
from initiatives.runtime.palette import LIGHT
from initiatives.text.french import counted, day, typo

from .sheet import sheet


def qr_code(address: str) -> str:
    """The address as the SVG of a QR code."""
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=0, dark=LIGHT["ink"], xmldecl=False)
    return drawing.getvalue().decode()


def booklet(chosen: list[Initiative], attribution: Attribution, *, title: str = "Ma sélection") -> bytes:
    """A PDF of published entries in their order, each on its page with the way to it."""
    rows = Initiative.objects.published().filter(pk__in=[initiative.pk for initiative in chosen])
    records = (EditionEntry(zip(NAMES, record, strict=True)) for record in Entries(rows, attribution).records())
    by_reference = {entry["reference"]: entry for entry in records}
    categories = {one["name"]: one for one in Category.objects.values("name", "short_name", "colour")}
    entries = [by_reference[one.reference] for one in chosen if one.reference in by_reference]
    sheets = [sheet(entry, n, categories[entry["categorie"]]) for n, entry in enumerate(entries)]
    for one in sheets:
        one["code"] = {"svg": qr_code(one["address"])}
    updated = f"mise à jour du {day(attribution.updated_on)}"
    data = {
        "title": typo(title),
        "subtitle": typo(f"{counted(len(sheets), 'initiative')} du catalogue de {attribution.publisher}, {updated}"),
        "publisher": attribution.publisher,
        "description": typo(f"{attribution.sentence}."),
        "keywords": ["initiatives numériques", "collectivités"],
        "running": typo(f"{attribution.title} · {attribution.publisher}"),
        "licence": [
            {"text": typo(f"{attribution.sentence} : ")},
            {"text": attribution.licence.address, "href": attribution.licence.address},
        ],
        "entries": sheets,
    }
    return pdf("sheets.typ", data, at=attribution.updated_at)
