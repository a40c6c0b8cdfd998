"""Workbooks as any program writes them: what their cells say, whatever their inner paths, styles and forms."""

import re
import zipfile
from datetime import datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from odf import table, text

from initiatives.imports.readers import formats
from initiatives.imports.readers.linked_cells import LinkedCell
from initiatives.imports.readers.tables import UNCOMPUTED
from tests.support.binary_workbooks import xls, xlsb
from tests.support.workbooks import fods, ods, xlsx

pytestmark = pytest.mark.no_database

HEADINGS = ["Commune", "Titre", "Début", "Nombre"]
ROW = ["Saint-Égrève", "L’été « numérique »\nà l’école", datetime(2020, 4, 15), 12]


def by_xlsxwriter(*rows, write=None) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(line, column, value, *([day] if isinstance(value, datetime) else []))
        if write:
            write(book, page)
    return stream.getvalue()


def cells(data: bytes) -> list[list]:
    return [list(row) for row in formats.read(data)[:]]


@pytest.mark.parametrize("build", [xlsx, by_xlsxwriter, ods, fods, xls, xlsb])
def test_row_is_the_same_whatever_wrote_it(build):
    assert formats.read(build(HEADINGS, ROW)).headers == HEADINGS
    assert cells(build(HEADINGS, ROW)) == [ROW]


def rewritten(data: bytes, change, *, first=()) -> bytes:
    """The archive with the name and content of each member as `change` gives them, None for one that is left out."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: name in first, reverse=True):
            if made := change(name, source.read(name)):
                target.writestr(*made)
    return stream.getvalue()


def strict(name, content):
    return name, re.sub(
        rb"http://schemas.openxmlformats.org/(officeDocument/2006/relationships|spreadsheetml/2006/main)",
        lambda found: b"http://purl.oclc.org/ooxml/" + found[1].replace(b"/2006", b""),
        content,
    )


def elsewhere(name, content):
    return name.replace("xl/", "data/livre/"), content.replace(b'"/xl/', b'"/data/livre/').replace(
        b'"xl/', b'"data/livre/'
    )


def without_folder(name, content):
    return name.replace("xl/", ""), content.replace(b'"/xl/', b'"/').replace(b'"xl/', b'"')


def with_backslashes(name, content):
    return name.replace("/", "\\"), content


def with_prefixes(name, content):
    if "worksheets/sheet" not in name:
        return name, content
    content = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", content).replace(b"<x:?", b"<?")
    return name, content.replace(b"xmlns=", b"xmlns:x=")


def in_capitals(name, content):
    return name.replace("sharedStrings", "SharedStrings"), content


def replacing(part, old, new):
    def change(name, content):
        return name, re.sub(old, new, content, flags=re.DOTALL) if part in name else content

    return change


ODD = {
    "strict": strict,
    "elsewhere": elsewhere,
    "at the root": without_folder,
    "backslashes": with_backslashes,
    "prefixes": with_prefixes,
    "capitals": in_capitals,
    "no styles": lambda name, content: None if "styles" in name else (name, content),
    "no theme": lambda name, content: None if "theme" in name else (name, content),
    "no properties": lambda name, content: None if "docProps" in name else (name, content),
    "empty fill": replacing("styles", rb"<fills.*?</fills>", b"<fills><fill/></fills>"),
    "bad colour": replacing("styles", rb"<color [^>]*>", b'<color rgb="rouge"/>'),
    "cut styles": lambda name, content: (name, content[: len(content) // 4] if "styles" in name else content),
    "unreadable date": replacing("core", rb">\d{4}-[^<]*<", b">hier<"),
    "damaged properties": lambda name, content: (name, b"<" if "docProps" in name else content),
    "wrong dimension": replacing("sheet1", rb'<dimension ref="[^"]*"', b'<dimension ref="A1"'),
    "no references": replacing("sheet1", rb' r="[A-Z]+\d+"', b""),
}


@pytest.mark.parametrize("build", [xlsx, by_xlsxwriter])
@pytest.mark.parametrize("change", ODD.values(), ids=ODD.keys())
def test_odd_xlsx_says_the_same(build, change):
    row = [*ROW[:2], 2020, 12]
    assert cells(build(HEADINGS, row)) == [row]
    assert cells(rewritten(build(HEADINGS, row), change)) == [row]


def test_date_of_a_workbook_whose_styles_are_lost_is_the_number_that_is_stored():
    assert cells(rewritten(xlsx(HEADINGS, ROW), ODD["no styles"]))[0][2] == 43936


@pytest.mark.parametrize("extension", [b"sheet.macroEnabled", b"template.macroEnabled", b"template"])
def test_workbook_with_macros_and_template(extension):
    old = rb"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"
    change = replacing("[Content_Types]", old, b"application/vnd.ms-excel." + extension + b".main")
    assert cells(rewritten(xlsx(HEADINGS, ROW), lambda name, content: elsewhere(*change(name, content)))) == [ROW]


def test_links_keep_their_addresses():
    def link(book):
        book.active["A2"].hyperlink = "https://a.fr/projet"
        book.active["B2"].hyperlink = "https://b.fr"
        book.active["C2"].hyperlink = "mailto:x@exemple.fr"
        book.active["D2"].hyperlink = "#Feuille!A1"

    (row,) = cells(xlsx(list("abcd"), ["Site du projet", "https://b.fr", "Écrire", "Plus loin"], change=link))
    assert row == ["Site du projet", "https://b.fr", "Écrire", "Plus loin"]
    assert [getattr(cell, "addresses", None) for cell in row] == [("https://a.fr/projet",), None, None, None]


def test_links_of_xlsxwriter_and_of_formulas():
    def write(book, page):
        page.write_url(1, 0, "https://a.fr/?b=1#c", string="Le site")
        page.write_formula(1, 1, '=HYPERLINK("https://b.fr/","Ici")', None, "Ici")

    (row,) = cells(by_xlsxwriter(["Lien", "Autre"], write=write))
    assert [(str(cell), cell.addresses) for cell in row] == [
        ("Le site", ("https://a.fr/?b=1#c",)),
        ("Ici", ("https://b.fr/",)),
    ]


@pytest.mark.parametrize("build", [ods, fods])
def test_links_of_opendocument(build):
    def link(page):
        paragraph = page.getElementsByType(table.TableRow)[1].childNodes[0].childNodes[0]
        paragraph.childNodes.clear()
        paragraph.addElement(text.A(href="https://a.fr/", text="Site"))
        paragraph.addText(" et ")
        paragraph.addElement(text.A(href="https://b.fr/", text="autre"))

    ((cell, _),) = cells(build(["Liens", "Titre"], ["x", "A"], change=link))
    assert isinstance(cell, LinkedCell)
    assert (str(cell), cell.addresses) == ("Site et autre", ("https://a.fr/", "https://b.fr/"))


def test_formats_of_numbers_of_xlsx():
    def write(book, page):
        for column, (value, code) in enumerate(
            [
                (1004, "00000"),
                (1.25, "[h]:mm"),
                (0.5, "hh:mm"),
                (43936, "mmm-yy"),
                (9_999_999, "dd/mm/yyyy"),
                (12, '0" ans"'),
            ]
        ):
            page.write_number(1, column, value, book.add_format({"num_format": code}))

    assert cells(by_xlsxwriter(list("abcdef"), write=write)) == [
        ["01004", timedelta(hours=30), time(12), datetime(2020, 4, 15), "#VALUE!", 12]
    ]


def test_dates_that_count_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["Début"])
    book.active.append([datetime(2020, 4, 15)])
    book.save(stream := BytesIO())
    assert cells(stream.getvalue()) == [[datetime(2020, 4, 15)]]


CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:value-type'


@pytest.mark.parametrize(
    ("attributes", "shown", "read"),
    [
        (f'office:value-type="string" {CALCEXT}="error"', "#REF!", "#REF!"),
        (f'office:value-type="string" {CALCEXT}="error"', "", "#N/D"),
        ('office:value-type="float" office:value="0"', "#N/D", "#N/D"),
        ('office:value-type="float" office:value="0"', "Err:502", "Err:502"),
        ('office:value-type="float" office:value="12"', "#12", 12),
        ('office:value-type="string"', "#Numérique", "#Numérique"),
        ('table:formula="of:=[.B2]"', "", UNCOMPUTED),
        ('table:formula="of:=[.B2]" office:value-type="string"', "", None),
        ('office:value-type="date" office:date-value="21019-01-01"', "01/01/21019", "01/01/21019"),
        ('office:value-type="percentage" office:value="0.5"', "50 %", 0.5),
        ('office:value-type="float"', "12", "12"),
    ],
)
def test_odd_cells_of_ods(attributes, shown, read):
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>".encode()
    change = replacing("content", rb"<table:table-cell [^>]*><text:p>ici</text:p></table:table-cell>", cell)
    assert cells(rewritten(ods(["Titre", "Lieu"], ["ici", "B"]), change)) == [[read, "B"]]


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (lambda name, content: (name, content), ["mimetype"]),
        (lambda name, content: (name, content), ["content.xml"]),
        (lambda name, content: None if name == "mimetype" else (name, content), []),
        (lambda name, content: None if name.startswith("META-INF") else (name, content), []),
        (lambda name, content: (name, content) if name in ("content.xml", "mimetype") else None, []),
        (lambda name, content: (name, content + b"\n" if name == "mimetype" else content), []),
    ],
    ids=["compressed", "late", "none", "no manifest", "content alone", "line end"],
)
def test_ods_says_that_it_is_one_in_any_way(change, first):
    assert cells(rewritten(ods(HEADINGS, ROW), change, first=first)) == [ROW]


def test_template_of_opendocument():
    change = replacing("mimetype", rb"$", b"-template")
    assert cells(rewritten(ods(HEADINGS, ROW), change)) == [ROW]
