"""The exports: which files there are, and how each is written."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from initiatives.runtime.transactions import consistent_read

from .attribution import Attribution
from .csv_writers import excel_csv, open_csv
from .json_writers import geojson, json_document
from .ods_writer import ods
from .records import Entries
from .xlsx_writer import xlsx


@dataclass(frozen=True)
class Export:
    """One file: its address, the name that it is saved under, its type, and what writes it.

    `label` and `description` say to a person what it is and what for. A workbook is written whole,
    to a temporary file; everything else leaves while it is made.
    """

    stem: str
    ending: str
    content_type: str
    write: Callable[[Entries], Iterator[bytes] | IO[bytes]]
    label: str
    description: str
    is_workbook: bool = False

    @property
    def filename(self) -> str:
        """The last part of the address."""
        return f"{self.stem}.{self.ending}"

    def saved_as(self, attribution: Attribution) -> str:
        """With the day of the last update: two states of the catalogue do not overwrite one another."""
        return f"{self.stem}-{attribution.updated_on.isoformat()}.{self.ending}"

    def stream(self, entries: Entries) -> Iterator[bytes]:
        with closing(self.write(entries)) as chunks:
            # What stands before the entries: whoever leaves here has held nothing of the database.
            yield next(chunks)
            with consistent_read():
                yield from chunks

    def workbook(self, entries: Entries) -> IO[bytes]:
        with consistent_read():
            return self.write(entries)


CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EXPORTS = {
    export.filename: export
    for export in (
        Export(
            "initiatives",
            "csv",
            CSV,
            open_csv,
            "CSV",
            "Le fichier de référence, pour les programmes : UTF-8, virgule, dates ISO 8601, conforme au schéma.",
        ),
        Export(
            "initiatives-excel",
            "csv",
            CSV,
            excel_csv,
            "CSV pour Excel",
            "Le même tableau, qui s’ouvre d’un double clic dans un Excel français : point-virgule, titres en français.",
        ),
        Export(
            "initiatives",
            "xlsx",
            XLSX,
            xlsx,
            "XLSX",
            "Un classeur Excel : les codes y gardent leurs zéros, une seconde feuille décrit les colonnes.",
            is_workbook=True,
        ),
        Export(
            "initiatives",
            "ods",
            ODS,
            ods,
            "ODS",
            "Le même classeur au format ouvert de LibreOffice.",
            is_workbook=True,
        ),
        Export(
            "initiatives",
            "json",
            "application/json",
            json_document,
            "JSON",
            "Toutes les fiches en un document, listes et nombres compris ; ce qui est inconnu vaut null.",
        ),
        Export(
            "initiatives",
            "geojson",
            "application/geo+json",
            geojson,
            "GeoJSON",
            "Pour les cartes : une fiche par point, à l’emplacement de sa collectivité (WGS84).",
        ),
    )
}
