"""XLSX: the first visible sheet that holds something, cell by cell."""

import re
from datetime import datetime
from functools import lru_cache

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from .markup import Package
from .merged_cells import MOST, Area
from .sheets import Sheet, first_filled
from .tables import MAX_COLUMNS, UNCOMPUTED, Table, Weight, is_blank
from .xlsx_parts import Book, Links, Phonetic, Strings, Styles, unescaped

# The last column of a sheet of Excel, XFD.
LAST_COLUMN = 16_384


def read(data: bytes) -> Table:
    package, book = Package(data), Book()
    package.read("xl/workbook.xml", book)
    package.read("xl/_rels/workbook.xml.rels", links := Links())
    weight = Weight()
    strings, styles = Strings(weight), Styles()
    for kind, part in (("sharedStrings", strings), ("styles", styles)):
        if (name := links.of_kind.get(kind)) and name in package:
            package.read(name, part)

    def sheets():
        for title, link in book.sheets:
            kind, name = links.by_id.get(link, ("", ""))
            if kind == "worksheet" and name in package:
                package.read(name, sheet := XlsxSheet(title, strings.found, styles, book.epoch, weight))
                yield sheet

    return first_filled(sheets(), kind="Excel (.xlsx)")


class XlsxSheet(Phonetic, Sheet):
    """A sheet of an XLSX workbook."""

    MERGED = re.compile(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}")

    def __init__(self, title: str, strings: list[str], styles: Styles, epoch: datetime, weight: Weight):
        super().__init__(title)
        self.strings, self.styles, self.epoch, self._weight = strings, styles, epoch, weight
        self._cells, self._cell = {}, {}
        # Whether the cell has a formula, and a value, of which it has one.
        self._is_computed = self._is_valued = False

    def start(self, name, attributes):
        if name == "c":
            self._cell, self._is_computed, self._is_valued = attributes, False, False
            reference = attributes.get("r")
            self.column = _column(reference.rstrip("0123456789")) if reference else self.column + 1
            if self.column > LAST_COLUMN:
                raise ValueError("no sheet is so wide")
        elif name == "v":
            self.is_told = self._cell.get("t") != "inlineStr" and not self._is_valued
            self._is_valued = True
        elif name == "f":
            self._is_computed = True
        elif name == "row":
            given = int(float(attributes.get("r", 0)))
            # What a sheet says of its own numbers may be wrong: no row takes the place of another.
            self.line, self.column = max(given, self.line + 1), 0
        elif name == "mergeCell" and len(self.areas) < MOST and self.MERGED.fullmatch(attributes["ref"]):
            self.areas.append(Area.of(attributes["ref"]))
        else:
            super().start(name, attributes)

    def end(self, name):
        if name == "v":
            self.is_told = False
        elif name == "c":
            value = self._value(self.taken())
            # Far to the right many a sheet has cells that are but formatted.
            if value is not None and (self.column <= MAX_COLUMNS or not is_blank(value)):
                self._cells[self.column] = value
        elif name == "row":
            width = max(self._cells, default=0)
            self.rows.add(self.line, [self._cells.get(column) for column in range(1, width + 1)])
            self._cells = {}
        else:
            super().end(name)

    def _value(self, told: str):
        kind = self._cell.get("t", "n")
        if not told:
            # The result of a formula may be an empty text.
            is_result = kind == "str" and self._is_valued
            return UNCOMPUTED if self._is_computed and not is_result else None
        if kind == "s":
            if (number := int(told)) < 0:
                raise ValueError("texts are numbered from 0")
            return self.strings[number]
        if kind == "b":
            return bool(int(told))
        if kind == "d":
            return from_ISO8601(told)
        if kind != "n":
            # Together with the texts that cells refer to: of those, the rows count how often.
            self._weight.add(told)
            return unescaped(told)
        value = float(told) if {".", "e", "E"} & set(told) else int(told)
        return self._dated(value, int(self._cell.get("s", 0)))

    def _dated(self, value: float, style: int):
        if style not in self.styles.dates:
            return value
        try:
            return from_excel(value, self.epoch, timedelta=style in self.styles.durations)
        except (OverflowError, ValueError):
            return "#VALUE!"


@lru_cache(maxsize=2**15)
def _column(letters: str) -> int:
    return column_index_from_string(letters)
