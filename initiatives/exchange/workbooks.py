"""XLSX and ODS: the first visible sheet that holds something, cell by cell."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice

import openpyxl
from defusedxml.ElementTree import iterparse

from .merging import MOST, Area, spread
from .tables import MAX_COLUMNS, MAX_ROWS, EmptyFile, Table

# What stands in a cell whose formula has no stored result: it has never been opened in a spreadsheet.
UNCOMPUTED = "#FORMULE!"
FORMULA = re.compile(rb"<f[\s/>]")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
COVERED = f"{TABLE}covered-table-cell"
SPACES = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


def first_filled(sheets: Iterator[tuple[str, Iterator]], *, kind: str) -> Table:
    for title, numbered in sheets:
        try:
            return Table.of(numbered, kind=kind, title=title)
        except EmptyFile:
            continue
    raise EmptyFile("Le fichier est vide.")


def read_xlsx(data: bytes) -> Table:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out
        results = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(BytesIO(data), read_only=True)
        return first_filled(_xlsx_sheets(results, formulas), kind="Excel (.xlsx)")


def _xlsx_sheets(results, formulas) -> Iterator[tuple[str, Iterator]]:
    for sheet in results.worksheets:
        if sheet.sheet_state == "visible":
            # What a sheet says of its own size is often wrong: too small, rows are lost; too large, millions come.
            sheet.reset_dimensions()
            with sheet._get_source() as source:
                written = source.read()
            rows = _plain(sheet)
            if FORMULA.search(written):
                rows = _computed(rows, formulas[sheet.title])
            areas = [Area.of(found[1].decode()) for found in islice(MERGED.finditer(written), MOST)]
            yield sheet.title, spread(enumerate(rows, 1), areas, widest=MAX_COLUMNS)


def _plain(sheet) -> Iterator[list]:
    for row in sheet.iter_rows(values_only=True):
        # Excel's way to write the CR of CR LF.
        yield [cell.replace("_x000D_", "") if isinstance(cell, str) else cell for cell in row]


def _computed(rows, sheet) -> Iterator[list]:
    sheet.reset_dimensions()
    for row, cells in zip(rows, sheet.iter_rows(), strict=True):
        yield [
            UNCOMPUTED if value is None and cell.data_type == "f" else value
            for value, cell in zip(row, cells, strict=True)
        ]


def read_ods(data: bytes) -> Table:
    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("content.xml") as content:
        return first_filled(_ods_sheets(content), kind="OpenDocument (.ods)")


def _ods_sheets(content) -> Iterator[tuple[str, Iterator]]:
    """Not by odfpy and tablib, which drop blank cells in the middle of a row and all lines of a text but the first."""
    title, line, rows, areas = "", 1, [], []
    for event, element in iterparse(content, events=("start", "end")):
        if event == "start" and element.tag == f"{TABLE}table":
            title, line, rows, areas = element.get(f"{TABLE}name", ""), 1, [], []
        elif event == "end" and element.tag == f"{TABLE}table":
            yield title, spread(rows, areas, widest=MAX_COLUMNS)
        elif event == "end" and element.tag == f"{TABLE}table-row":
            times = int(element.get(f"{TABLE}number-rows-repeated", 1))
            if (cells := _ods_cells(element)) and len(rows) <= MAX_ROWS + 1:
                rows += [(line + n, cells) for n in range(min(times, MAX_ROWS + 2))]
                areas += _ods_areas(element, line)
            line += times
            element.clear()


def _ods_cells(row) -> list:
    cells = []
    for cell in row.iterfind("*"):
        if len(cells) <= MAX_COLUMNS:
            times = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            # What a covered cell held before it was covered is kept, and seen by nobody.
            value = None if cell.tag == COVERED else _ods_value(cell)
            cells += [value] * min(times, MAX_COLUMNS + 1)
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells


def _ods_areas(row, line: int) -> Iterator[Area]:
    column = 1
    for cell in islice(row.iterfind("*"), MAX_COLUMNS + 1):
        wide, high = (int(cell.get(f"{TABLE}number-{way}-spanned", 1)) for way in ("columns", "rows"))
        if wide > 1 or high > 1:
            yield Area(column, line, column + wide - 1, line + high - 1)
        column += int(cell.get(f"{TABLE}number-columns-repeated", 1))


def _ods_value(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{OFFICE}value"))
    if kind == "date":
        return datetime.fromisoformat(cell.get(f"{OFFICE}date-value"))
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    # Only the paragraphs of the cell itself: a comment has some too.
    paragraphs = ["".join(_ods_text(paragraph)) for paragraph in cell.iterfind(f"{TEXT}p")]
    return "\n".join(paragraphs) or cell.get(f"{OFFICE}string-value")


def _ods_text(element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c", 1)), 1000)
        elif child.tag in SPACES:
            yield SPACES[child.tag]
        elif child.tag != f"{OFFICE}annotation":
            yield from _ods_text(child)
        yield child.tail or ""
