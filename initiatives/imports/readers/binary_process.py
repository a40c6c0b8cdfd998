"""The process that reads binary workbooks, XLS by xlrd and XLSB by calamine, with little memory and little time.

Both libraries may take gigabytes for a damaged file, and calamine may end the process that it runs in. The workbook
comes on standard input; each line of standard output is a JSON object with one key: "sheet", "row", "area" or "link"
as binary.py reads them; at last "end", or "fault", which says that there is a password or how many cells are errors.
"""

import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import BytesIO

import python_calamine
import xlrd

# Sixteen thousand rows of fifty cells take a third of the memory and a tenth of the time.
MEMORY, SECONDS = 600 * 2**20, 12
# Merged areas, and links, that are told.
MOST = 20_000
# BrtCellError and BrtFmlaError ([MS-XLSB], 2.4.304 and 2.4.657): calamine gives a blank for each.
ERRORS = (3, 11)


def read_xls(data: bytes) -> Iterator[dict]:
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            logfile=open(os.devnull, "w"),  # noqa: SIM115 -- as long as the process
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
        )
    except xlrd.XLRDError as fault:
        if "encrypted" not in str(fault):
            raise
        yield {"fault": "password"}
        return
    formats = {at: book.format_map[style.format_key].format_str for at, style in enumerate(book.xf_list)}
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        yield {"sheet": [sheet.name, bool(sheet.visibility), bool(book.datemode)]}
        for top, bottom, left, right in sheet.merged_cells[:MOST]:
            yield {"area": [left + 1, top + 1, right, bottom]}
        for link in sheet.hyperlink_list[:MOST]:
            if link.url_or_path and link.type == "url":
                address = f"{link.url_or_path}#{link.textmark}" if link.textmark else link.url_or_path
                yield {"link": [link.frowx + 1, link.fcolx + 1, address]}
        for line in range(sheet.nrows):
            if any(sheet.row_types(line)):
                yield {"row": [line + 1, [_xls_cell(sheet, line, at, formats) for at in range(sheet.row_len(line))]]}
        book.unload_sheet(number)
    yield {"end": True}


def _xls_cell(sheet: xlrd.sheet.Sheet, line: int, column: int, formats: dict[int, str]):
    """Its value; of a number that may be a date or a code, with the format."""
    kind, value = sheet.cell_type(line, column), sheet.cell_value(line, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_TEXT:
        return value
    value = int(value) if value.is_integer() else value
    code = formats.get(sheet.cell_xf_index(line, column), "General")
    return value if code == "General" else {"number": [value, code]}


def read_xlsb(data: bytes) -> Iterator[dict]:
    if errors := count_errors(data):
        yield {"fault": errors}
        return
    book = python_calamine.load_workbook(BytesIO(data))
    for about in book.sheets_metadata:
        if about.typ == python_calamine.SheetTypeEnum.WorkSheet:
            yield {"sheet": [about.name, about.visible != python_calamine.SheetVisibleEnum.Visible, False]}
            rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            for line, row in enumerate(rows, 1):
                yield {"row": [line, [None if cell == "" else cell for cell in row]]}
    yield {"end": True}


def count_errors(data: bytes) -> int:
    """The cells of an XLSB workbook that are errors."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if re.fullmatch(r"(?i).*sheet\d*\.bin", name)]
    return sum(kind in ERRORS for part in parts for kind in _records(part))


def _records(part: bytes) -> Iterator[int]:
    """The kinds of the records of a part ([MS-XLSB], 2.1.4): each is followed by its length and its content."""
    at, end = 0, len(part)
    while at < end:
        kind, at = _number(part, at, 2)
        length, at = _number(part, at, 4)
        at += length
        yield kind


def _number(part: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for place, byte in enumerate(part[at : at + longest]):
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    return value, at + longest


def _written(value: date | time | timedelta) -> dict:
    told = value.total_seconds() if isinstance(value, timedelta) else value.isoformat()
    return {type(value).__name__: told}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for told in {"xls": read_xls, "xlsb": read_xlsb}[sys.argv[1]](sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(told, default=_written) + "\n")
