"""XLSX: the sheets of a workbook, cell by cell."""

import re
from datetime import datetime
from functools import lru_cache

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_ISO8601

from .limits import MAX_COLUMNS, Limits, Weight
from .markup import Package
from .merged_cells import MOST, Area, is_blank
from .number_formats import shown
from .sheets import MOST_SHEETS, Sheet, table_of
from .tables import UNCOMPUTED, Table
from .xlsx_parts import Book, Links, Phonetic, Strings, Styles, read_styles, unescaped

# The last column of a sheet of Excel, XFD.
LAST_COLUMN = 16_384


def read(data: bytes, wanted: str = "") -> Table:
    package, book = Package(data), Book()
    # The workbook lies where the package says, or where nearly every one does.
    root = Links.of(package, "")
    workbook = root.of_kind.get("officeDocument") or "xl/workbook.xml"
    package.read(workbook, book)
    links, weight, limits = Links.of(package, workbook), Weight(), Limits()
    if not links.by_id:
        raise ValueError("nothing leads to its sheets")
    strings = Strings(weight)
    if (name := links.of_kind.get("sharedStrings")) and name in package:
        package.read(name, strings)
    styles = read_styles(package, links.of_kind.get("styles"))

    def sheets():
        for title, link, is_hidden in book.sheets[:MOST_SHEETS]:
            kind, name = links.by_id.get(link, ("", ""))
            if kind == "worksheet" and name in package:
                sheet = Sheet(title, limits, is_hidden)
                leads = Links.of(package, name)
                package.read(name, SheetPart(sheet, strings.found, styles, book.epoch, weight, leads))
                yield sheet

    return table_of(sheets(), kind="Excel (.xlsx)", wanted=wanted)


class SheetPart(Phonetic):
    """The part of a sheet, whose rows, areas and links go to it."""

    MERGED = re.compile(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}")
    CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::.*)?")
    # A formula that makes a link, if its address is written in it.
    HYPERLINK = re.compile(r'\s*HYPERLINK\(\s*"([^"]{1,2000})"', re.IGNORECASE)

    def __init__(self, sheet: Sheet, strings: list[str], styles: Styles, epoch: datetime, weight: Weight, leads: Links):
        super().__init__()
        self.sheet, self.leads = sheet, leads
        self.line = self.column = 0
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
            self._is_computed = self.is_told = True
        elif name == "row":
            given = int(float(attributes.get("r", 0)))
            # What a sheet says of its own numbers may be wrong: no row takes the place of another.
            self.line, self.column = max(given, self.line + 1), 0
        elif name == "mergeCell" and len(self.sheet.areas) < MOST and self.MERGED.fullmatch(attributes["ref"]):
            self.sheet.areas.append(Area.of(attributes["ref"]))
        elif name == "hyperlink":
            self._hyperlink(attributes)
        else:
            super().start(name, attributes)

    def _hyperlink(self, attributes: dict):
        link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
        kind, address = self.leads.by_id.get(link, ("", ""))
        found = self.CELL.fullmatch(attributes.get("ref", ""))
        if kind == "hyperlink" and found and (column := _column(found[1])) <= MAX_COLUMNS:
            place = attributes.get("location")
            self.sheet.links[int(found[2]), column] = [f"{address}#{place}" if place else address]

    def end(self, name):
        if name == "f":
            # Its text came as that of no cell.
            self.is_told = False
            if found := self.HYPERLINK.match(self.taken()):
                self.sheet.links[self.line, self.column] = [found[1]]
        elif name == "v":
            self.is_told = False
        elif name == "c":
            value = self._value(self.taken())
            # Far to the right many a sheet has cells that are but formatted.
            if not is_blank(value):
                self._cells[self.column] = value
        elif name == "row" and not self.is_done:
            width = max(self._cells, default=0)
            self.sheet.add(self.line, [self._cells.get(column) for column in range(1, width + 1)])
            self.is_done, self._cells = self.sheet.fault is not None, {}
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
            return _or_text(from_ISO8601, told)
        if kind != "n":
            # Together with the texts that cells refer to: of those, the rows count how often.
            self._weight.add(told)
            return unescaped(told)
        value = _or_text(float if {".", "e", "E"} & set(told) else int, told)
        style = int(self._cell.get("s", 0))
        is_plain = isinstance(value, str) or not 0 <= style < len(self.styles.codes)
        return value if is_plain else shown(value, self.styles.codes[style], self.epoch)


def _or_text(read, told: str):
    """What is read of it; a damaged cell is what stands there, and faulty where it is needed."""
    try:
        return read(told)
    except ValueError:
        return told


@lru_cache(maxsize=2**15)
def _column(letters: str) -> int:
    return column_index_from_string(letters)
