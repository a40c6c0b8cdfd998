"""ODS: the same workbook for LibreOffice, in bounded memory."""

import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from .attribution import Attribution
from .columns import Column, ColumnKind
from .csv_writers import french_boolean, joined
from .records import Entries
from .spreadsheets import NOTICE_WIDTHS, SHEET, archive, notice, notice_title, temporary_file
from .xlsx_writer import letters

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
# Centimetres a character.
CHARACTER = 0.21
# A paragraph shows one blank for several, and none at its ends, unless told.
BLANKS = re.compile(r"\t|^ +| +$| {2,}", re.MULTILINE)

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="{OASIS}:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "table": "table",
            "text": "text",
            "style": "style",
            "number": "datastyle",
            "fo": "xsl-fo-compatible",
            "meta": "meta",
            "config": "config",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"'
)


def _blanks(found: re.Match) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def paragraphs(text: str) -> str:
    """The text as paragraphs, one a line, with all its blanks."""
    written = escape(text)
    if "\t" in written or "  " in f" {written} ".replace("\n", " "):
        written = BLANKS.sub(_blanks, written)
    return "<text:p>" + written.replace("\n", "</text:p><text:p>") + "</text:p>"


def text_cell(style: str) -> Callable[[str | None], str]:
    opening = f'<table:table-cell table:style-name="{style}" office:value-type="string">'
    return lambda text: f"{opening}{paragraphs(text)}</table:table-cell>" if text else "<table:table-cell/>"


def value_cell(style: str, kind: str, attribute: str) -> Callable[[object], str]:
    opening = f'<table:table-cell table:style-name="{style}" office:value-type="{kind}" office:{attribute}='
    return lambda value: (
        "<table:table-cell/>" if value is None else f'{opening}"{value}"><text:p>{value}</text:p></table:table-cell>'
    )


def cell_writer(column: Column) -> Callable[[object], str]:
    if column.kind in (ColumnKind.INTEGER, ColumnKind.NUMBER):
        return value_cell(column.kind.value, "float", "value")
    if column.kind is ColumnKind.DATE:
        return value_cell("date", "date", "date-value")
    text = text_cell("code" if column.kind is ColumnKind.CODE else "text")
    if column.kind is ColumnKind.LIST:
        return lambda values: text(joined(values))
    if column.kind is ColumnKind.BOOLEAN:
        return lambda value: text(french_boolean(value))
    return text


def ods(entries: Entries) -> IO[bytes]:
    """A workbook of the entries and its notice, ready to be read from its beginning."""
    file = temporary_file()
    widths = [column.characters for column in entries.columns]
    cells = [cell_writer(column) for column in entries.columns]
    heading = text_cell("heading")
    # The line of the headings: the warning of a file that has one stands above them.
    count, first = 0, 2 if entries.warning else 1
    with archive(file) as package:
        # First and as it is: this is how the file is known for what it is.
        package.write("mimetype", MEDIA_TYPE, compression=zipfile.ZIP_STORED)
        with package.part("content.xml") as content:
            content.write(_content_head({*widths, *NOTICE_WIDTHS}).encode())
            content.write(_table_head(SHEET, widths).encode())
            if entries.warning:
                content.write(_row([heading], [entries.warning]).encode())
            content.write(_row([heading] * len(widths), [column.heading for column in entries.columns]).encode())
            for record in entries.records():
                content.write(_row(cells, record).encode())
                count += 1
            content.write(f"</table:table>{_notice_table(entries, count)}".encode())
            content.write(_content_tail(f"A{first}", f"{letters(len(widths))}{first + count}").encode())
        package.write("styles.xml", f"{XML}<office:document-styles {NAMESPACES}/>")
        package.write("settings.xml", _settings(first))
        package.write("meta.xml", _meta(entries.attribution))
        package.write("META-INF/manifest.xml", MANIFEST)
    return file


def _row(cells: Iterable[Callable], values: Iterable) -> str:
    written = "".join([cell(value) for cell, value in zip(cells, values, strict=True)])
    return f"<table:table-row>{written}</table:table-row>\n"


def _content_head(widths: set[int]) -> str:
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties'
        f' style:column-width="{width * CHARACTER:.2f}cm"/></style:style>'
        for width in sorted(widths)
    )
    return f"{XML}<office:document-content {NAMESPACES}><office:automatic-styles>{columns}{CELL_STYLES}"


def _table_head(name: str, widths: Iterable[int]) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in widths)
    return f"<table:table table:name={quoteattr(name)}>{columns}"


def _notice_table(entries: Entries, count: int) -> str:
    cells = [text_cell("heading"), text_cell("wrapped")]
    rows = "".join(_row(cells, row) for row in notice(entries, count))
    return f"{_table_head(notice_title(entries), NOTICE_WIDTHS)}{rows}</table:table>"


def _content_tail(first: str, last: str) -> str:
    return (
        '<table:database-ranges><table:database-range table:name="__Anonymous_Sheet_DB__0"'
        f' table:target-range-address="{SHEET}.{first}:{SHEET}.{last}" table:display-filter-buttons="true"/>'
        "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"
    )


def _meta(attribution: Attribution) -> str:
    return (
        f"{XML}<office:document-meta {NAMESPACES}><office:meta>"
        f"<dc:title>{escape(attribution.title)}</dc:title><dc:creator>{escape(attribution.publisher)}</dc:creator>"
        f"<dc:date>{attribution.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</dc:date><dc:language>fr</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _style(name: str, properties: str = "", *, data: str = "") -> str:
    format_ = f' style:data-style-name="{data}"' if data else ""
    return f'<style:style style:name="{name}" style:family="table-cell"{format_}>{properties}</style:style>'


CELL_STYLES = (
    '<number:text-style style:name="as-text"><number:text-content/></number:text-style>'
    '<number:number-style style:name="thousands"><number:number number:decimal-places="0"'
    ' number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    '<number:date-style style:name="day"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    + _style("text")
    + _style("code", data="as-text")
    + _style("integer", data="thousands")
    + _style("number")
    + _style("date", data="day")
    + _style("heading", '<style:text-properties fo:font-weight="bold"/>', data="as-text")
    + _style("wrapped", '<style:table-cell-properties fo:wrap-option="wrap"/>')
    + "</office:automatic-styles><office:body><office:spreadsheet>"
)


def _item(name: str, kind: str, value) -> str:
    return f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'


def _settings(lines: int) -> str:
    """The first rows stay: a split below them, and the reader in the lower part."""
    return (
        f"{XML}<office:document-settings {NAMESPACES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item-map-named config:name="Tables">'
        f'<config:config-item-map-entry config:name="{SHEET}">'
        + _item("VerticalSplitMode", "short", 2)
        + _item("VerticalSplitPosition", "int", lines)
        + _item("ActiveSplitRange", "short", 2)
        + _item("PositionTop", "int", 0)
        + _item("PositionBottom", "int", lines)
        + "</config:config-item-map-entry></config:config-item-map-named>"
        + _item("ActiveTable", "string", SHEET)
        + "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


PARTS = ("content.xml", "styles.xml", "settings.xml", "meta.xml")
MANIFEST = (
    f'{XML}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    + "".join(f'<manifest:file-entry manifest:full-path="{p}" manifest:media-type="text/xml"/>' for p in PARTS)
    + "</manifest:manifest>"
)
