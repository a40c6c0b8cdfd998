"""The files of an edition: those written when they are asked for, those made once, and one archive of all."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.template.loader import render_to_string

from initiatives.exports import tables
from initiatives.exports.formats import EXPORTS
from initiatives.exports.spreadsheets import archive
from initiatives.models import Edition
from initiatives.text.french import counted

from .edition import EditionContent
from .volumes import Volume, count

PDF, ZIP = "publication.pdf", "publication.zip"
STYLESHEETS = ("css/site.css", "css/publication.css")


@dataclass(frozen=True)
class Format:
    """A format that the page offers. `name` is a contract: the page carries it as data-format."""

    name: str
    label: str
    description: str
    filename: str = ""


# The page itself is the first; PDF and archive are made by the worker, the others are exports.
FORMATS = (
    Format("html", "Page web", "Cette page, à lire en ligne et à citer."),
    Format("pdf", "PDF", "Le rapport à imprimer ou à lire hors ligne, accessible (PDF/UA).", PDF),
    *(Format(one.name, one.label, one.summary, one.filename) for one in EXPORTS.values() if one.summary),
    Format("zip", "ZIP", "Tous ces fichiers, avec leurs empreintes.", ZIP),
)
EXPORTED = [one.filename for one in FORMATS if one.filename in EXPORTS]


def figures_csv(frozen: EditionContent) -> bytes:
    """Every figure of the page, a line each."""
    rows = [["total", noun.partition(",")[0], count] for count, noun in frozen.figures.totals]
    rows += [[table.title, row.label, row.count] for table in frozen.figures.tables for row in table.rows]
    return tables.csv_table(["tableau", "intitule", "fiches"], rows, frozen.attribution).encode()


def page_name(number: int) -> str:
    return "index.html" if number == 1 else f"volume-{number}.html"


def pages(frozen: EditionContent) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the page of each volume, to be opened from a folder."""
    names = [(number, page_name(number)) for number in range(1, count(frozen) + 1)]
    for number, name in names:
        context = {"frozen": frozen, "volume": Volume(frozen, number), "volumes": names}
        yield name, render_to_string("publications/standalone.html", context).encode()


def stylesheet() -> bytes:
    return b"\n".join((settings.BASE_DIR / "static" / name).read_bytes() for name in STYLESHEETS)


def read_me(frozen: EditionContent) -> bytes:
    entries = counted(len(frozen.entries), "initiative")
    lines = [
        frozen.title,
        f"Édition n° {frozen.number}, figée le {frozen.frozen_on:%d/%m/%Y} : {entries}.",
        "",
        f"{frozen.attribution.sentence}.",
        f"Licence : {frozen.attribution.licence.address}",
        f"En ligne : {frozen.address}",
        "",
        "edition.json est le contenu figé, dont tout le reste est tiré.",
        f"Son empreinte SHA-256 : {frozen.sha256}",
        *(f"Fiche {one['reference']} retirée le {one['on']:%d/%m/%Y} : {one['reason']}" for one in frozen.withdrawn),
        "SHA256SUMS donne celle de chaque fichier ; pour vérifier : sha256sum -c SHA256SUMS",
        "",
    ]
    return "\n".join(lines).encode()


def members(
    edition: Edition, frozen: EditionContent, documents: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of all that stands in the archive but its manifest; `documents` are the volumes of the PDF."""
    yield "LISEZMOI.txt", read_me(frozen)
    yield from pages(frozen)
    yield "style.css", stylesheet()
    yield from documents
    for name in EXPORTED:
        with closing(EXPORTS[name].write(frozen.files)) as written:
            yield name, written.read() if EXPORTS[name].is_workbook else b"".join(written)
    yield "chiffres.csv", figures_csv(frozen)
    yield "edition.json", edition.data.encode()


def write_zip(file: IO[bytes], contents: Iterable[tuple[str, bytes]]):
    """The archive and its manifest: the same contents give the same bytes."""
    sums = []
    with archive(file) as package:
        for name, content in contents:
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
            with package.part(name) as part:
                part.write(content)
        package.write("SHA256SUMS", "".join(sums))
