"""The exports: which files there are, and how each is written."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from .attribution import Attribution
from .consistency import one_state
from .csv_writers import excel_csv, open_csv
from .json_writers import geojson, json_document
from .ods_writer import ods
from .records import Entries
from .xlsx_writer import xlsx


@dataclass(frozen=True)
class Export:
    """One file: its address, the name that it is saved under, its type, and what writes it.

    A workbook is written whole, to a temporary file; everything else leaves while it is made.
    """

    stem: str
    ending: str
    content_type: str
    write: Callable[[Entries], Iterator[bytes] | IO[bytes]]
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
            with one_state():
                yield from chunks

    def workbook(self, entries: Entries) -> IO[bytes]:
        with one_state():
            return self.write(entries)


CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EXPORTS = {
    export.filename: export
    for export in (
        Export("initiatives", "csv", CSV, open_csv),
        Export("initiatives-excel", "csv", CSV, excel_csv),
        Export("initiatives", "xlsx", XLSX, xlsx, is_workbook=True),
        Export("initiatives", "ods", ODS, ods, is_workbook=True),
        Export("initiatives", "json", "application/json", json_document),
        Export("initiatives", "geojson", "application/geo+json", geojson),
    )
}
