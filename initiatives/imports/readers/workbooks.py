"""XLSX and ODS: the first visible sheet that holds something, cell by cell."""

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from initiatives.text.characters import UNWRITABLE

from .markup import Package, XmlPart
from .merged_cells import MOST, Area, spread
from .tables import MAX_COLUMNS, MAX_ROWS, EmptyFile, Rows, Table, Weight, is_blank

# What stands in a cell whose formula has no stored result: it has never been opened in a spreadsheet.
UNCOMPUTED = "#FORMULE!"
# The last column of a sheet of Excel, XFD.
LAST_COLUMN = 16_384
# Sheets that are looked into until one holds something.
MOST_SHEETS = 100


def first_filled(sheets: Iterator["Sheet"], *, kind: str) -> Table:
    for sheet in sheets:
        try:
            return Table.of(spread(sheet.rows, sheet.areas, widest=MAX_COLUMNS), kind=kind, title=sheet.title)
        except EmptyFile:
            continue
    raise EmptyFile("Le fichier est vide.")


class Sheet(XmlPart):
    """The rows of a sheet and its merged areas."""

    def __init__(self, title: str):
        super().__init__()
        self.title, self.rows, self.areas = title, Rows(), []
        self.line = self.column = 0


# Office Open XML (ECMA-376, part 1, chapter 18), in its transitional and its strict form
# ---------------------------------------------------------------------------------------


SPREADSHEET = frozenset(
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
)


def read_xlsx(data: bytes) -> Table:
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


class Book(XmlPart):
    """The visible sheets of a workbook, each with the link that leads to it, and the day that its dates count from."""

    namespaces = SPREADSHEET

    def __init__(self):
        super().__init__()
        self.sheets, self.epoch = [], WINDOWS_EPOCH

    def start(self, name, attributes):
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            if len(self.sheets) < MOST_SHEETS:
                self.sheets.append((attributes.get("name", ""), link))
        elif name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self.epoch = MAC_EPOCH


class Links(XmlPart):
    """Where the links of a workbook lead: the kind of part and its name, by identifier and by kind."""

    namespaces = frozenset(("http://schemas.openxmlformats.org/package/2006/relationships",))
    # Far more than the parts of any workbook.
    MOST = 10_000

    def __init__(self):
        super().__init__()
        self.by_id, self.of_kind = {}, {}

    def start(self, name, attributes):
        if name != "Relationship" or len(self.by_id) == self.MOST:
            return
        if attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            self.by_id[attributes["Id"]] = kind, target
            self.of_kind[kind] = target


class Phonetic(XmlPart):
    """A part with texts that are told in pieces, of which those that say how they are spoken are none of the text."""

    namespaces = SPREADSHEET
    _is_spoken = False

    def start(self, name, attributes):
        if name == "rPh":
            self._is_spoken = True
        elif name == "t":
            self.is_told = not self._is_spoken

    def end(self, name):
        if name == "rPh":
            self._is_spoken = False
        elif name == "t":
            self.is_told = False


class Strings(Phonetic):
    """The texts that cells refer to by number."""

    def __init__(self, weight: Weight):
        super().__init__()
        self.found, self._weight = [], weight

    def end(self, name):
        super().end(name)
        if name == "si":
            self.found.append(_unescaped(self.taken()))
            self._weight.add(self.found[-1])


class Styles(XmlPart):
    """Which styles of cells show a number as a date or as a duration."""

    namespaces = SPREADSHEET
    # As many as a workbook can have, and as long as a format can be.
    MOST, LONGEST = 65_490, 255

    def __init__(self):
        super().__init__()
        self.dates, self.durations = set(), set()
        self._formats, self._number, self._is_of_cells = dict(BUILTIN_FORMATS), 0, False

    def start(self, name, attributes):
        if name == "numFmt" and len(self._formats) < self.MOST:
            self._formats[int(attributes["numFmtId"])] = attributes["formatCode"][: self.LONGEST]
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells and self._number < self.MOST:
            code = self._formats.get(int(attributes.get("numFmtId", 0)))
            if is_date_format(code):
                self.dates.add(self._number)
            if is_timedelta_format(code):
                self.durations.add(self._number)
            self._number += 1

    def end(self, name):
        if name == "cellXfs":
            self._is_of_cells = False


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
            return _unescaped(told)
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


def _unescaped(text: str) -> str:
    """The text without the escapes of ECMA-376, part 1, 22.9.2.19: the number of a UTF-16 unit, and of no half pair."""
    return re.sub(r"_x(?![Dd][89A-Fa-f])([\dA-Fa-f]{4})_", _escaped, text) if "_x" in text else text


def _escaped(match: re.Match) -> str:
    # The CR of CR LF, and what the catalogue could not keep, have no text.
    return UNWRITABLE.sub("", chr(int(match[1], 16)))


# OpenDocument (OASIS, version 1.3, part 3, chapter 9)
# ----------------------------------------------------

OFFICE, TABLE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text"))
CELL, COVERED, ROW = f"{TABLE}table-cell", f"{TABLE}covered-table-cell", f"{TABLE}table-row"
ANNOTATION, PARAGRAPH, BLANKS = f"{OFFICE}annotation", f"{TEXT}p", f"{TEXT}s"
SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def read_ods(data: bytes) -> Table:
    package = Package(data)
    package.read("content.xml", content := Content())
    return first_filled(iter(content.sheets), kind="OpenDocument (.ods)")


class Content(XmlPart):
    """The first sheet that holds something.

    Not by odfpy and tablib, which drop blank cells in the middle of a row and all lines of a text but the first.
    """

    def __init__(self):
        super().__init__()
        self.sheets, self._sheet, self._cell = [], None, None
        self._row, self._cells, self._areas = {}, [], []
        # How many elements are open within the cell, its paragraph and its comment.
        self._within = self._within_paragraph = self._within_annotation = 0

    def name_of(self, name):
        return name

    def start(self, name, attributes):
        if self._cell is not None:
            self._start_within(name, attributes)
        elif name in (CELL, COVERED) and self._sheet is not None:
            self._cell, self._is_first = (name, attributes), True
        elif name == ROW:
            self._row, self._cells, self._areas, self._column = attributes, [], [], 1
        elif name == f"{TABLE}table":
            self._sheet = Sheet(attributes.get(f"{TABLE}name", ""))

    def _start_within(self, name, attributes):
        self._within += 1
        if self._within_annotation or name == ANNOTATION:
            self._within_annotation += 1
            self.is_told = False
        elif self._within_paragraph:
            self._within_paragraph += 1
            if name == BLANKS:
                self.text(" " * min(int(attributes.get(f"{TEXT}c", 1)), 1000))
            elif name in SPACES:
                self.text(SPACES[name])
        elif name == PARAGRAPH and self._within == 1:
            # Only the paragraphs of the cell itself: a comment has some too.
            self._within_paragraph, self.is_told = 1, True
            if not self._is_first:
                self.text("\n")
            self._is_first = False

    def end(self, name):
        if self._within:
            self._end_within()
        elif self._cell is not None:
            self._end_cell(*self._cell)
            self._cell = None
        elif name == ROW and self._sheet is not None:
            self._end_row(max(1, int(self._row.get(f"{TABLE}number-rows-repeated", 1))))
        elif name == f"{TABLE}table" and self._sheet is not None:
            self.sheets.append(self._sheet)
            self.is_done = bool(self._sheet.rows) or len(self.sheets) >= MOST_SHEETS
            self._sheet = None

    def _end_within(self):
        self._within -= 1
        if self._within_annotation:
            self._within_annotation -= 1
        elif self._within_paragraph:
            self._within_paragraph -= 1
        self.is_told = self._within_paragraph > 0 and not self._within_annotation

    def _end_cell(self, name, attributes):
        told = self.taken()
        if len(self._cells) > MAX_COLUMNS:
            return
        wide, high = (max(1, int(attributes.get(f"{TABLE}number-{way}-spanned", 1))) for way in ("columns", "rows"))
        if wide > 1 or high > 1:
            line = self._sheet.line + 1
            self._areas.append(Area(self._column, line, self._column + wide - 1, line + high - 1))
        # What a covered cell held before it was covered is kept, and seen by nobody.
        value = None if name == COVERED else _ods_value(attributes, told)
        times = max(1, int(attributes.get(f"{TABLE}number-columns-repeated", 1)))
        self._cells += [value] * min(times, MAX_COLUMNS + 1)
        self._column += times

    def _end_row(self, times: int):
        sheet, cells = self._sheet, self._cells
        if not all(map(is_blank, cells)):
            for line in range(sheet.line + 1, sheet.line + 1 + min(times, MAX_ROWS + 2)):
                sheet.rows.add(line, cells)
            if len(sheet.areas) < MOST:
                sheet.areas += self._areas
        sheet.line += times


def _ods_value(attributes: dict, told: str):
    kind = attributes.get(f"{OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return float(attributes[f"{OFFICE}value"])
    if kind == "date":
        return datetime.fromisoformat(attributes[f"{OFFICE}date-value"])
    if kind == "boolean":
        return attributes.get(f"{OFFICE}boolean-value") == "true"
    return told or attributes.get(f"{OFFICE}string-value")
