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
    """One file: its address, the name that it is saved under, its types, and what writes it.

    `name` is how publications call it, and `file_type` the vocabulary of the European portal of data. `label` and
    `description` say to a person what it is and what for; `summary` the same in a few words beside an edition, which
    leaves out a file without one. A workbook is written whole, to a temporary file; everything else leaves while it
    is made. The desk offers what `is_table`.
    """

    name: str
    stem: str
    ending: str
    content_type: str
    file_type: str
    write: Callable[[Entries], Iterator[bytes] | IO[bytes]]
    label: str
    description: str
    summary: str = ""
    is_workbook: bool = False
    is_table: bool = False

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
            "csv",
            "initiatives",
            "csv",
            CSV,
            "CSV",
            open_csv,
            "CSV",
            "Le fichier de référence, pour les programmes : UTF-8, virgule, dates ISO 8601, conforme au schéma.",
            "Données ouvertes : UTF-8, virgule.",
            is_table=True,
        ),
        Export(
            "csv-excel",
            "initiatives-excel",
            "csv",
            CSV,
            "CSV",
            excel_csv,
            "CSV pour Excel",
            "Le même tableau, qui s’ouvre d’un double clic dans un Excel français : point-virgule, titres en français.",
            "S’ouvre d’un double clic dans Excel.",
            is_table=True,
        ),
        Export(
            "xlsx",
            "initiatives",
            "xlsx",
            XLSX,
            "XLSX",
            xlsx,
            "XLSX",
            "Un classeur Excel : les codes y gardent leurs zéros, une seconde feuille décrit les colonnes.",
            "Classeur Excel, avec la description des colonnes.",
            is_workbook=True,
            is_table=True,
        ),
        Export(
            "ods",
            "initiatives",
            "ods",
            ODS,
            "ODS",
            ods,
            "ODS",
            "Le même classeur au format ouvert de LibreOffice.",
            "Le même classeur pour LibreOffice.",
            is_workbook=True,
            is_table=True,
        ),
        Export(
            "json",
            "initiatives",
            "json",
            "application/json",
            "JSON",
            json_document,
            "JSON",
            "Toutes les fiches en un document, listes et nombres compris ; ce qui est inconnu vaut null.",
            "Pour les programmes.",
        ),
        Export(
            "geojson",
            "initiatives",
            "geojson",
            "application/geo+json",
            "GEOJSON",
            geojson,
            "GeoJSON",
            "Pour les cartes : une fiche par point, à l’emplacement de sa collectivité (WGS84).",
        ),
    )
}
