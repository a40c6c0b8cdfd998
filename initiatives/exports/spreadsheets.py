"""Parts common to XLSX and ODS: their sheets, and a ZIP whose bytes are the same each time.

Both are written here rather than by a library: 16,000 entries take 3 s so, 8 s or more with XlsxWriter in as
little memory, 18 s with openpyxl, minutes with odfpy; of the latter two, neither can leave out the hour.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from initiatives.text.french import number, typo

from .columns import VERSION
from .records import Entries

# Beyond, nobody reads a workbook, and making one would keep a worker from everybody else.
MAX_ROWS = 100_000
IN_MEMORY = 4 * 2**20
SHEET, NOTICE, INTERNAL_NOTICE = "Initiatives", "Source et licence", "Usage de ce fichier"
NOTICE_WIDTHS = (32, 100)
# The beginning of time for a zip.
NO_DATE = (1980, 1, 1, 0, 0, 0)


class WorkbookArchive:
    """A zip in a temporary file, whose bytes depend on nothing but its parts."""

    def __init__(self, file: IO[bytes]):
        self._zip = zipfile.ZipFile(file, "w")

    @contextmanager
    def part(self, name: str, *, compression: int = zipfile.ZIP_DEFLATED):
        info = zipfile.ZipInfo(name, NO_DATE)
        info.compress_type = compression
        # Not of the machine that writes: 3 is Unix.
        info.create_system, info.external_attr = 3, 0o644 << 16
        with self._zip.open(info, "w") as part:
            yield part

    def write(self, name: str, text: str, **options):
        with self.part(name, **options) as part:
            part.write(text.encode())

    def close(self):
        self._zip.close()


@contextmanager
def archive(file: IO[bytes]) -> Iterator[WorkbookArchive]:
    opened = WorkbookArchive(file)
    yield opened
    opened.close()
    file.seek(0)


def temporary_file() -> IO[bytes]:
    """Whoever sends it closes it."""
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def notice_title(entries: Entries) -> str:
    return INTERNAL_NOTICE if entries.warning else NOTICE


def notice(entries: Entries, count: int) -> list[tuple[str, str]]:
    """The lines of the second sheet: where this comes from, under what licence, what each column says."""
    attribution, licence = entries.attribution, entries.attribution.licence
    described = [(column.heading, typo(column.description)) for column in entries.columns]
    if entries.warning:
        return [("À savoir", entries.warning), ("Fiches", number(count)), ("", ""), *described]
    return [
        ("Titre", attribution.title),
        ("Source", attribution.publisher),
        ("Dernière mise à jour", f"{attribution.updated_on:%d/%m/%Y}"),
        ("Fiches", number(count)),
        ("Liste en ligne", attribution.address),
        ("Licence", licence.name),
        ("Texte de la licence", licence.address),
        ("Comment citer", typo(attribution.sentence)),
        ("Provenance", "Chaque fiche nomme sa source ; « Cité par l’enquête » distingue celles que l’enquête cite."),
        ("Version des colonnes", VERSION),
        ("", ""),
        *described,
    ]
