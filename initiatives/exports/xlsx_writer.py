"""XLSX: typed cells that no Excel turns into a number or a formula, in bounded memory."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date
from typing import IO
from xml.sax.saxutils import escape

from .columns import Column, ColumnKind
from .csv_writers import french_boolean, joined
from .records import Entries
from .spreadsheets import NOTICE_WIDTHS, SHEET, archive, notice, notice_title, temporary_file

# Excel calls a file damaged that has a longer cell.
MAX_CELL = 32_767
# Its own way to write characters; a text that looks like it must not be read as one.
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Where Excel counts days from, 29 February 1900 included.
EPOCH = date(1899, 12, 30).toordinal()
# Indices of cellXfs in STYLES.
TEXT, CODE, INTEGER, DATE, HEADING, WRAPPED = range(1, 7)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def letters(number: int) -> str:
    """The name of the column: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def fitted(text: str) -> str:
    """The text, cut where it is longer than a cell of Excel."""
    return f"{text[: MAX_CELL - 1]}…" if len(text) > MAX_CELL else text


def text_cell(place: str, style: int) -> Callable[[int, str | None], str]:
    def cell(line: int, text: str | None) -> str:
        if not text:
            return ""
        text = fitted(text)
        if "_x" in text:
            text = ESCAPED.sub("_x005F_", text)
        return f'<c r="{place}{line}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    return cell


def number_cell(place: str, style: int, convert: Callable = str) -> Callable[[int, float | None], str]:
    return lambda line, value: "" if value is None else f'<c r="{place}{line}" s="{style}"><v>{convert(value)}</v></c>'


def cell_writer(place: str, column: Column) -> Callable[[int, object], str]:
    if column.kind is ColumnKind.INTEGER:
        return number_cell(place, INTEGER)
    if column.kind is ColumnKind.NUMBER:
        return number_cell(place, 0)
    if column.kind is ColumnKind.DATE:
        return number_cell(place, DATE, lambda day: date.fromisoformat(day).toordinal() - EPOCH)
    text = text_cell(place, CODE if column.kind is ColumnKind.CODE else TEXT)
    if column.kind is ColumnKind.LIST:
        return lambda line, values: text(line, joined(values))
    if column.kind is ColumnKind.BOOLEAN:
        return lambda line, value: text(line, french_boolean(value))
    return text


def xlsx(entries: Entries) -> IO[bytes]:
    """A workbook of the entries and its notice, ready to be read from its beginning."""
    file = temporary_file()
    columns = entries.columns
    places = [letters(number) for number in range(1, len(columns) + 1)]
    cells = [cell_writer(place, column) for place, column in zip(places, columns, strict=True)]
    # A row without its last cell is short to whoever counts them.
    last_cell = cells[-1]
    cells[-1] = lambda line, value: last_cell(line, value) or f'<c r="{places[-1]}{line}"/>'
    # The line of the headings: the warning of a file that has one stands above them.
    count, first = 0, 2 if entries.warning else 1
    with archive(file) as package:
        for name, text in FIXED_PARTS.items():
            package.write(name, XML + text)
        with package.part("xl/worksheets/sheet1.xml") as sheet:
            sheet.write(_sheet_head([column.characters for column in columns], frozen=first).encode())
            if entries.warning:
                sheet.write(_row(1, [text_cell("A", HEADING)], [entries.warning]).encode())
            headings = [column.heading for column in columns]
            sheet.write(_row(first, [text_cell(place, HEADING) for place in places], headings).encode())
            for record in entries.records():
                count += 1
                sheet.write(_row(first + count, cells, record).encode())
            last = first + count
            sheet.write(f'</sheetData><autoFilter ref="A{first}:{places[-1]}{last}"/></worksheet>'.encode())
        package.write("xl/worksheets/sheet2.xml", _notice_sheet(notice(entries, count)))
        package.write("xl/workbook.xml", _workbook(entries, f"$A${first}:${places[-1]}${last}"))
        package.write("docProps/core.xml", _properties(entries))
    return file


def _row(line: int, cells: Iterable[Callable], values: Iterable) -> str:
    written = "".join([cell(line, value) for cell, value in zip(cells, values, strict=True)])
    return f'<row r="{line}">{written}</row>'


def _sheet_head(widths: Iterable[int], *, frozen: int = 0) -> str:
    """The beginning of a sheet; so many of its lines stay."""
    view = '<sheetView workbookViewId="0"/>'
    if frozen:
        view = (
            f'<sheetView workbookViewId="0" tabSelected="1"><pane ySplit="{frozen}" topLeftCell="A{frozen + 1}"'
            ' activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView>'
        )
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetViews>{view}</sheetViews><cols>{columns}</cols><sheetData>'


def _notice_sheet(lines: Iterable[tuple[str, str]]) -> str:
    """A sheet of headings, each with what there is to say beside it."""
    cells = [text_cell("A", HEADING), text_cell("B", WRAPPED)]
    rows = "".join(_row(line, cells, row) for line, row in enumerate(lines, start=1))
    return f"{_sheet_head(NOTICE_WIDTHS)}{rows}</sheetData></worksheet>"


def _workbook(entries: Entries, filtered: str) -> str:
    return (
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/>'
        f'<sheet name="{notice_title(entries)}" sheetId="2" r:id="rId2"/></sheets>'
        f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{SHEET}!{filtered}'
        "</definedName></definedNames></workbook>"
    )


def _properties(entries: Entries) -> str:
    attribution = entries.attribution
    described = entries.warning or attribution.sentence
    moment = f"{attribution.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(attribution.title)}</dc:title><dc:creator>{escape(attribution.publisher)}</dc:creator>"
        f"<dc:language>fr</dc:language><dc:description>{escape(described)}</dc:description>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIXED_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties"'
        ' Target="docProps/core.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/relationships/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    # numFmtId: 49 is text, 3 thousands, 14 the short date of the reader's country.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="7">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
