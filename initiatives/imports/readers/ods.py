"""ODS and FODS: the sheets of a workbook, cell by cell (OpenDocument, OASIS, version 1.3, part 3, chapter 9)."""

import re
from datetime import datetime
from io import BytesIO

from .limits import MAX_COLUMNS, MAX_ROWS, Limits
from .markup import Markup, Package, XmlPart
from .merged_cells import MOST, Area, is_blank
from .sheets import MOST_SHEETS, Sheet, table_of
from .tables import UNCOMPUTED, Table

OFFICE, TABLE, TEXT, STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style")
)
HREF = "http://www.w3.org/1999/xlink}href"
# LibreOffice alone says that a cell is an error: to others it is a number or a text that shows « #N/D », « Err:502 ».
VALUE_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
ERROR = re.compile(r"#\D|Err:\d")
CELL, COVERED, ROW = f"{TABLE}table-cell", f"{TABLE}covered-table-cell", f"{TABLE}table-row"
ANNOTATION, PARAGRAPH, BLANKS = f"{OFFICE}annotation", f"{TEXT}p", f"{TEXT}s"
LINK = f"{TEXT}a"
SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def read(data: bytes, wanted: str = "") -> Table:
    Package(data).read("content.xml", content := Content())
    return table_of(content.sheets, kind="OpenDocument (.ods)", wanted=wanted)


def read_flat(data: bytes, wanted: str = "") -> Table:
    """That of a workbook which is one text instead of an archive."""
    Markup().parse(BytesIO(data), content := Content())
    return table_of(content.sheets, kind="OpenDocument (.fods)", wanted=wanted)


class Content(XmlPart):
    """Its sheets.

    Not by odfpy and tablib, which drop blank cells in the middle of a row and all lines of a text but the first.
    """

    def __init__(self):
        super().__init__()
        self.sheets, self._limits, self._sheet, self._cell = [], Limits(), None, None
        self._row, self._cells, self._areas, self._leads = {}, [], [], []
        # Where the last rows that were written end, the style that is told, and those of hidden sheets.
        self._line, self._style, self._hidden = 0, "", set()
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
            is_hidden = attributes.get(f"{TABLE}style-name") in self._hidden
            self._sheet, self._line = Sheet(attributes.get(f"{TABLE}name", ""), self._limits, is_hidden), 0
            self.sheets.append(self._sheet)
        elif name == f"{STYLE}style":
            self._style = attributes.get(f"{STYLE}name", "")
        elif (name, attributes.get(f"{TABLE}display")) == (f"{STYLE}table-properties", "false"):
            self._hidden.add(self._style)

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
            elif name == LINK and len(self._leads) < MAX_COLUMNS:
                self._leads.append(attributes.get(HREF, ""))
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
            self.is_done = len(self.sheets) >= MOST_SHEETS
            self._sheet = None

    def _end_within(self):
        self._within -= 1
        if self._within_annotation:
            self._within_annotation -= 1
        elif self._within_paragraph:
            self._within_paragraph -= 1
        self.is_told = self._within_paragraph > 0 and not self._within_annotation

    def _end_cell(self, name, attributes):
        told, leads = self.taken(), self._leads
        self._leads = []
        if self._column > MAX_COLUMNS + 1:
            return
        wide, high = (max(1, int(attributes.get(f"{TABLE}number-{way}-spanned", 1))) for way in ("columns", "rows"))
        if wide > 1 or high > 1:
            line = self._line + 1
            self._areas.append(Area(self._column, line, self._column + wide - 1, line + high - 1))
        # What a covered cell held before it was covered is kept, and seen by nobody.
        value = None if name == COVERED else _ods_value(attributes, told)
        if leads and self._column <= MAX_COLUMNS:
            self._sheet.links[self._line + 1, self._column] = leads
        times = max(1, int(attributes.get(f"{TABLE}number-columns-repeated", 1)))
        if not is_blank(value):
            self._cells += [None] * (self._column - 1 - len(self._cells))
            self._cells += [value] * min(times, MAX_COLUMNS + 1)
        self._column += times

    def _end_row(self, times: int):
        sheet = self._sheet
        if self._cells and not self.is_done:
            for line in range(self._line + 1, self._line + 1 + min(times, MAX_ROWS + 2)):
                sheet.add(line, self._cells)
            # What comes after it in the same part is not worth the time.
            self.is_done = sheet.fault is not None
            if len(sheet.areas) < MOST:
                sheet.areas += self._areas
        self._line += times


def _ods_value(attributes: dict, told: str):
    kind = attributes.get(f"{OFFICE}value-type")
    if attributes.get(VALUE_TYPE) == "error":
        return told or "#N/D"
    if kind != "string" and ERROR.match(told):
        return told
    if kind is None and not told and f"{TABLE}formula" in attributes:
        return UNCOMPUTED
    try:
        if kind in ("float", "percentage", "currency"):
            return float(attributes[f"{OFFICE}value"])
        if kind == "date":
            return datetime.fromisoformat(attributes[f"{OFFICE}date-value"])
    except (KeyError, ValueError):
        # What it shows, which is faulty where a date or a number is needed.
        return told
    if kind == "boolean":
        return attributes.get(f"{OFFICE}boolean-value") == "true"
    return told or attributes.get(f"{OFFICE}string-value")
