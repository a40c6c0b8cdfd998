"""Files of 20 MB at most that cost whoever opens them carelessly minutes or gigabytes, built in a moment."""

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGED = "http://schemas.openxmlformats.org/package/2006"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = b"<row><c t='inlineStr'><is><t>Titre</t></is></c></row><row><c><v>1</v></c></row>"
# What an archive may hold once it is opened, less what its other parts need.
FULL = 190 * 2**20
# What may be sent of a file that is none.
SENT = 20 * 2**20 - 16


def zipped(parts: dict[str, bytes | list], *, first: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts; one that is a list is pieces, each with the number of times that it comes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        if first:
            archive.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, content in parts.items():
            with archive.open(name, "w") as part:
                for piece, times in content if isinstance(content, list) else [(content, 1)]:
                    many = max(1, 2**20 // max(1, len(piece)))
                    for _ in range(times // many):
                        part.write(piece * many)
                    part.write(piece * (times % many))
    return stream.getvalue()


def understated(method: int) -> bytes:
    """A workbook that is larger than may be opened, and says that it has a thousand bytes."""
    blanks = [(f"{HEAD}<workbook {MAIN}>".encode(), 1), (b" ", FULL * 4 // 3), (b"</workbook>", 1)]
    content = bytearray(zipped({"xl/workbook.xml": blanks}, method=method))
    # The size of the one member in the directory of the archive.
    at = content.rindex(b"PK\1\2") + 24
    content[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def full(piece: bytes, size: int | None = None) -> tuple[bytes, int]:
    return piece, (size or FULL) // len(piece)


def xlsx(*, rows=(SHEET, 1), after=(b"", 0), strings=None, styles=None, sheets=1, **more) -> bytes:
    """A workbook whose parts hold these pieces: inside the data of its sheet, after it, among its strings or styles."""
    kinds = {"workbook": "sheet.main", "sharedStrings": "sharedStrings", "styles": "styles"}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{BOOK}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    sheet = f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{BOOK}.worksheet+xml"/>'
    link = '<Relationship Id="{0}" Type="{1}/{2}" Target="{3}"/>'
    named = "".join(f'<sheet name="F{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGED}/content-types">{overrides}{sheet}</Types>'.encode(),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGED}/relationships">'
            f"{link.format('r1', LINKED, 'officeDocument', 'xl/workbook.xml')}</Relationships>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGED}/relationships">'
            f"{link.format('r1', LINKED, 'worksheet', 'worksheets/sheet1.xml')}"
            f"{link.format('r2', LINKED, 'sharedStrings', 'sharedStrings.xml')}"
            f"{link.format('r3', LINKED, 'styles', 'styles.xml')}</Relationships>"
        ).encode(),
        "xl/workbook.xml": [
            (f'{HEAD}<workbook {MAIN} xmlns:r="{LINKED}"><sheets>{named}</sheets>'.encode(), 1),
            (b"</workbook>", 1),
        ],
        "xl/worksheets/sheet1.xml": [
            (f"{HEAD}<worksheet {MAIN}><sheetData>".encode(), 1),
            *(rows if isinstance(rows, list) else [rows]),
            (b"</sheetData>", 1),
            *(after if isinstance(after, list) else [after]),
            (b"</worksheet>", 1),
        ],
        "xl/sharedStrings.xml": [(f"{HEAD}<sst {MAIN}>".encode(), 1), *(strings or ()), (b"</sst>", 1)],
        "xl/styles.xml": [(f"{HEAD}<styleSheet {MAIN}>".encode(), 1), *(styles or ()), (b"</styleSheet>", 1)],
        **more,
    }
    return zipped(
        {name: [one for one in part if one[1]] if isinstance(part, list) else part for name, part in parts.items()}
    )


ODS = "urn:oasis:names:tc:opendocument:xmlns"
TITLE = b"<table:table-row><table:table-cell><text:p>Titre</text:p></table:table-cell></table:table-row>"


def ods(*pieces, before=(), **more) -> bytes:
    """A workbook whose one sheet holds the pieces."""
    names = " ".join(f'xmlns:{one}="{ODS}:{one}:1.0"' for one in ("office", "table", "text"))
    content = [
        (f"{HEAD}<office:document-content {names}>".encode(), 1),
        *before,
        (b"<office:body><office:spreadsheet><table:table table:name='F'>", 1),
        *pieces,
        (b"</table:table></office:spreadsheet></office:body></office:document-content>", 1),
    ]
    return zipped({"content.xml": content, **more}, first=b"application/vnd.oasis.opendocument.spreadsheet")


FLAT = (
    b"<?xml version='1.0'?><office:document office:mimetype='application/vnd.oasis.opendocument.spreadsheet' "
    + b" ".join(b'xmlns:%s="%s:%s:1.0"' % (one, ODS.encode(), one) for one in (b"office", b"table", b"text"))
    + b"><office:body><office:spreadsheet><table:table table:name='F'>%s</table:table></office:spreadsheet>"
    b"</office:body></office:document>"
)


def flat(piece: bytes) -> bytes:
    """A workbook that is one text, full of a piece."""
    return FLAT % (piece * ((SENT - 1_000) // len(piece)))


def _nested(opening: bytes, closing: bytes) -> list:
    times = FULL // (len(opening) + len(closing))
    return [(opening, times), (closing, times)]


CELL = b"<table:table-cell><text:p>a</text:p></table:table-cell>"
STRING = b"<si><t>a</t></si>"
ONE = b"<row><c><v>1</v></c></row>"
TEN = b"".join(b"<c t='s'><v>0</v></c>" for _ in range(10))

KINDS = {
    # Rows
    "xlsx: rows of one cell": lambda: xlsx(rows=full(ONE)),
    "xlsx: numbered beyond any sheet": lambda: xlsx(
        rows=[(SHEET, 1), (b"<row r='2000000000'><c><v>1</v></c></row>", 1)]
    ),
    "xlsx: one number for all rows": lambda: xlsx(rows=full(b"<row r='3'><c><v>1</v></c></row>")),
    "xlsx: blank rows": lambda: xlsx(rows=[(SHEET, 1), full(b"<row/>")]),
    "xlsx: blank rows of blank cells": lambda: xlsx(rows=[(SHEET, 1), full(b"<row><c s='1'/><c/><c/></row>")]),
    "xlsx: cells of one row": lambda: xlsx(rows=[(b"<row>", 1), full(b"<c><v>1</v></c>"), (b"</row>", 1)]),
    "xlsx: one cell far to the right": lambda: xlsx(rows=full(b"<row><c r='BXX1'><v>1</v></c></row>")),
    "xlsx: one blank text far to the right": lambda: xlsx(
        rows=[(SHEET, 1), full(b"<row><c r='BXX1' t='str'><v> </v></c></row>")]
    ),
    "xlsx: sheets of far cells": lambda: xlsx(rows=(b"<row><c r='BXX1'><v>1</v></c></row>", 2_000), sheets=100),
    "xlsx: blank cells of one row": lambda: xlsx(rows=[(SHEET, 1), (b"<row>", 1), full(b"<c/>"), (b"</row>", 1)]),
    "xlsx: all cells that there may be": lambda: xlsx(
        rows=[(b"<row>" + b"".join(b"<c><v>%d</v></c>" % n for n in range(200)) + b"</row>", 20_000)]
    ),
    "xlsx: all texts that there may be": lambda: xlsx(
        rows=[(b"<row>" + b"<c t='str'><v>%s\xe2\x82\xac</v></c>" % (b"a" * 1000) * 9 + b"</row>", 20_000)]
    ),
    "xlsx: formulas, then rows": lambda: xlsx(rows=[(b"<row><c><f>A1</f><v>1</v></c><c><v>2</v></c></row>", 19_000)]),
    # What else a sheet has
    "xlsx: merged cells": lambda: xlsx(
        after=[(b"<mergeCells>", 1), full(b"<mergeCell ref='A1:XFD1048576'/>"), (b"</mergeCells>", 1)]
    ),
    "xlsx: merged cells over many rows": lambda: xlsx(
        rows=[(ONE, 20_000)],
        after=[(b"<mergeCells>", 1), (b"<mergeCell ref='A1:BXX1048576'/>", 5_000), (b"</mergeCells>", 1)],
    ),
    "xlsx: conditional formats": lambda: xlsx(
        after=full(
            b"<conditionalFormatting sqref='A1'><cfRule type='duplicateValues' priority='1'/></conditionalFormatting>"
        )
    ),
    "xlsx: nested in a cell": lambda: xlsx(
        rows=[(b"<row><c t='inlineStr'>", 1), *_nested(b"<r>", b"</r>"), (b"</c></row>", 1)]
    ),
    "xlsx: names without end": lambda: xlsx(after=[(b"".join(b"<a%x/>" % n for n in range(2_000_000)), 1)]),
    "xlsx: one attribute of >": lambda: xlsx(after=[(b"<a b='", 1), full(b">"), (b"'/>", 1)]),
    "xlsx: one comment": lambda: xlsx(rows=[(b"<!--", 1), full(b">"), (b"-->", 1), (SHEET, 1)]),
    "xlsx: one text": lambda: xlsx(
        rows=[(b"<row><c t='inlineStr'><is><t>", 1), full(b"x"), (b"</t></is></c></row>", 1)]
    ),
    "xlsx: attributes": lambda: xlsx(
        rows=[(SHEET, 1), full(b"<row " + b" ".join(b"a%d='1'" % n for n in range(200)) + b"/>")]
    ),
    "xlsx: sheets": lambda: xlsx(rows=(b"<row/>", 1), sheets=50_000),
    "xlsx: sheets of blank rows": lambda: xlsx(rows=full(b"<row/>", 2**20), sheets=20_000),
    # The other parts of the workbook
    "xlsx: strings": lambda: xlsx(strings=[full(STRING)]),
    "xlsx: one string": lambda: xlsx(strings=[(b"<si><t>", 1), full(b"x"), (b"</t></si>", 1)]),
    "xlsx: pieces of one string": lambda: xlsx(strings=[(b"<si>", 1), full(b"<r><t>ab</t></r>"), (b"</si>", 1)]),
    "xlsx: long strings": lambda: xlsx(strings=[full(b"<si><t>%s</t></si>" % (b"x" * 100_000))]),
    "xlsx: one long string in every cell": lambda: xlsx(
        rows=[(b"<row>%s</row>" % TEN, 19_000)], strings=[(b"<si><t>%s</t></si>" % (b"x" * 100_000), 1)]
    ),
    "xlsx: styles": lambda: xlsx(styles=[(b"<cellXfs>", 1), full(b"<xf numFmtId='14'/>"), (b"</cellXfs>", 1)]),
    "xlsx: properties": lambda: xlsx(**{"docProps/core.xml": [(b"<a>", 1), full(b"<b/>"), (b"</a>", 1)]}),
    "xlsx: deflated, of a false size": lambda: understated(zipfile.ZIP_DEFLATED),
    "xlsx: bzip2, of a false size": lambda: understated(zipfile.ZIP_BZIP2),
    "xlsx: LZMA, of a false size": lambda: understated(zipfile.ZIP_LZMA),
    "xlsx: long namespace of elements": lambda: xlsx(
        rows=[(b"<q xmlns:q='%s'>" % (b"u" * 900_000), 1), (b"<q:c/>", 100_000), (b"</q>", 1), (SHEET, 1)]
    ),
    "xlsx: long namespace of attributes": lambda: xlsx(
        rows=[(b"<q xmlns:q='%s'>" % (b"u" * 900_000), 1), (b"<c q:a='1'/>", 50_000), (b"</q>", 1), (SHEET, 1)]
    ),
    "xlsx: as long a namespace as may be": lambda: xlsx(
        rows=[
            (SHEET, 1),
            (b"<q xmlns:q='%s'>" % (b"u" * 100), 1),
            full(b"<q:z %s/>" % b" ".join(b"q:a%d='1'" % n for n in range(200))),
            (b"</q>", 1),
        ]
    ),
    "xlsx: attributes of a document type": lambda: xlsx(
        **{
            "xl/worksheets/sheet1.xml": [
                (b"<!DOCTYPE w [%s]>" % b"".join(b"<!ATTLIST z a%d CDATA 'v'>" % n for n in range(3_000)), 1),
                (f"<worksheet {MAIN}>".encode(), 1),
                (b"<z/>", 1_000_000),
                (b"</worksheet>", 1),
            ]
        }
    ),
    "xlsx: document type": lambda: xlsx(
        **{
            "xl/worksheets/sheet1.xml": [
                (b"<!DOCTYPE w [", 1),
                full(b"<!NOTATION n SYSTEM 'x'>"),
                (f"]><worksheet {MAIN}/>".encode(), 1),
            ]
        }
    ),
    "xlsx: formats of numbers": lambda: xlsx(
        styles=[
            (b"<numFmts>", 1),
            *((b"<numFmt numFmtId='%d' formatCode='%s'/>" % (n, b"[" * 250), 1) for n in range(500_000)),
            (b"</numFmts>", 1),
        ]
    ),
    "xlsx: links": lambda: xlsx(
        **{
            "xl/_rels/workbook.xml.rels": [
                (f'<Relationships xmlns="{PACKAGED}/relationships">'.encode(), 1),
                *((b"<Relationship Id='%x' Type='%x' Target='%x'/>" % (n, n, n), 1) for n in range(FULL // 100)),
                (b"</Relationships>", 1),
            ]
        }
    ),
    "xlsx: names of sheets": lambda: xlsx(
        **{
            "xl/workbook.xml": [
                (f"<workbook {MAIN}><sheets>".encode(), 1),
                full(b"<sheet name='%s'/>" % (b"S" * 100)),
                (b"</sheets></workbook>", 1),
            ]
        }
    ),
    "xlsx: members": lambda: xlsx(**{f"x{n}": b"" for n in range(FULL // 2_000)}),
    # OpenDocument
    "ods: rows of one cell": lambda: ods(full(b"<table:table-row>%s</table:table-row>" % CELL)),
    "ods: repeated blank rows": lambda: ods(
        (TITLE, 2), full(b"<table:table-row table:number-rows-repeated='1000000'/>")
    ),
    "ods: repeated rows": lambda: ods(
        full(b"<table:table-row table:number-rows-repeated='19000'>%s</table:table-row>" % CELL)
    ),
    "ods: repeated cells of one row": lambda: ods(
        (TITLE, 2),
        (b"<table:table-row>", 1),
        full(b"<table:table-cell table:number-columns-repeated='1000000000'/>"),
        (b"</table:table-row>", 1),
    ),
    "ods: one cell far to the right": lambda: ods(
        full(b"<table:table-row><table:table-cell table:number-columns-repeated='1999'/>%s</table:table-row>" % CELL)
    ),
    "ods: links far to the right": lambda: ods(
        (TITLE, 1),
        (
            b"<table:table-row>%s<table:table-cell table:number-columns-repeated='1998'/><table:table-cell><text:p>"
            b"<text:a xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='http://a.fr'/></text:p></table:table-cell>"
            b"</table:table-row>" % CELL,
            19_000,
        ),
    ),
    "ods: repeated cells of repeated rows": lambda: ods(
        (TITLE, 1),
        (
            b"<table:table-row table:number-rows-repeated='19000'>"
            b"<table:table-cell table:number-columns-repeated='200'><text:p>a</text:p></table:table-cell>"
            b"</table:table-row>",
            1,
        ),
    ),
    "ods: long text in repeated rows": lambda: ods(
        (TITLE, 1),
        (
            b"<table:table-row table:number-rows-repeated='19000'><table:table-cell table:number-columns-repeated='20'>"
            b"<text:p>%s</text:p></table:table-cell></table:table-row>" % (b"x" * 100_000),
            1,
        ),
    ),
    "ods: areas of cells repeated no time": lambda: ods(
        (TITLE, 2),
        (b"<table:table-row>", 1),
        full(b"<table:table-cell table:number-columns-spanned='2' table:number-columns-repeated='0'/>", FULL * 2 // 3),
        (b"</table:table-row>", 1),
    ),
    "ods: covered cells": lambda: ods(
        (b"<table:table-row>", 1), full(b"<table:covered-table-cell/>"), (b"</table:table-row>", 1)
    ),
    "ods: spans": lambda: ods(
        (
            b"<table:table-row><table:table-cell table:number-columns-spanned='200' table:number-rows-spanned='20000'>"
            b"<text:p>a</text:p></table:table-cell></table:table-row>",
            19_000,
        ),
    ),
    "ods: paragraphs of one cell": lambda: ods(
        (b"<table:table-row><table:table-cell>", 1),
        full(b"<text:p>a</text:p>"),
        (b"</table:table-cell></table:table-row>", 1),
    ),
    "ods: blanks of one cell": lambda: ods(
        (b"<table:table-row><table:table-cell><text:p>", 1),
        full(b"<text:s text:c='1000000000'/>"),
        (b"</text:p></table:table-cell></table:table-row>", 1),
    ),
    "ods: notes": lambda: ods(
        (TITLE, 2),
        (b"<table:table-row><table:table-cell>", 1),
        full(b"<office:annotation><text:p>a</text:p></office:annotation>"),
        (b"</table:table-cell></table:table-row>", 1),
    ),
    "ods: nested": lambda: ods(*_nested(b"<text:a>", b"</text:a>")),
    "ods: styles": lambda: ods(
        (TITLE, 2), before=[(b"<office:automatic-styles>", 1), full(b"<table:s/>"), (b"</office:automatic-styles>", 1)]
    ),
    "ods: sheets": lambda: ods((b"</table:table>", 1), full(b"<table:table/>"), (b"<table:table>", 1)),
    "fods: rows of one cell": lambda: flat(b"<table:table-row>%s</table:table-row>" % CELL),
    "fods: nested": lambda: flat(b"<text:a>"),
    "fods: entities": lambda: (
        FLAT.replace(b"?>", b"?><!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;&b;&b;'>]>", 1) % (b"&c;" * 1000)
    ),
    "fods: one attribute": lambda: flat(b">").replace(b"'F'", b"'", 1),
    # CSV
    "csv: separators": lambda: b";" * SENT,
    "csv: commas and semicolons": lambda: b";," * (SENT // 2),
    "csv: quotes": lambda: b'"' * SENT,
    "csv: quotes and separators": lambda: b'"";' * (SENT // 3),
    "csv: blank lines": lambda: b"Titre\n" + b"\n" * SENT,
    "csv: rows of one cell": lambda: b"Titre\n" + b"a\n" * (SENT // 2),
    "csv: one line": lambda: b"a" * SENT,
    "csv: one quoted text of lines": lambda: b'Titre\n"' + b"a\n" * (SENT // 2),
    "csv: wide lines of one character": lambda: b"Titre\n" + (b";" * 2**20 + b"\n") * 19,
    "csv: lines of 200 cells": lambda: (b"a;" * 199 + b"a\n") * (SENT // 400),
    "csv: lines of 2000 cells": lambda: (b"a;" * 1_999 + b"a\n") * (SENT // 4_000),
    "csv: blank lines of 2000 cells": lambda: b"Titre\n" + (b";" * 1_999 + b"\n") * (SENT // 2_000),
    "csv: one cell far to the right": lambda: b"Titre\n" + (b";" * 1_999 + b"a\n") * (SENT // 2_001),
    "csv: headings that are the same": lambda: (b"Temps;" * 1_999 + b"a\n") * 500,
    "csv: cells of another alphabet": lambda: ("é;" * 199 + "😀\n").encode() * (SENT // 620),
    "csv: long texts of another alphabet": lambda: ("é" * 1_000 + "😀\n").encode() * (SENT // 2_005),
    "csv: carriage returns": lambda: b"Titre\r" + b"\r" * SENT,
    "csv: control characters": lambda: b"Titre\n" + b"\x01" * SENT,
    "csv: blanks": lambda: b" " * SENT,
    "csv: UTF-16": lambda: ("Titre\n" + "a\n" * (SENT // 4)).encode("utf-16"),
    "csv: NUL": lambda: bytes(SENT),
}
