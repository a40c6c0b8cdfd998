"""The workbooks: typed cells, a heading that stays, a sheet that says whose this is, the same bytes each time."""

import io
import zipfile
from xml.etree import ElementTree

import pytest
from odf import opendocument, table
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from initiatives.exports.columns import COLUMNS, HEADINGS, VERSION
from initiatives.exports.xlsx_writer import letters
from tests.support import factories
from tests.support.exported import ENDINGS, download, ods_rows


@pytest.fixture
def entry():
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    town = factories.town(insee_code="01004", department=ain, population=15_365, longitude=-5.3, latitude=45.9)
    return factories.published(title="=1+1", territory=town, started="2020-04", advice="=cmd|x", partners="-1")


def xlsx(client):
    return load_workbook(io.BytesIO(download(client, ".xlsx")))


def cells_of(sheet) -> dict:
    heading, *rows = sheet.iter_rows()
    return {name.value: cell for name, cell in zip(heading, rows[0], strict=True)}


def test_xlsx_cells_have_the_type_of_their_column(client, entry):
    cells = cells_of(xlsx(client).worksheets[0])
    for heading, value in {
        "Code de la collectivité": "01004",
        "Code du département": "01",
        "Début": "2020-04",
        "Titre": "=1+1",
        "Conseils": "=cmd|x",
        "Partenaires": "-1",
    }.items():
        assert cells[heading].value == value
        assert cells[heading].data_type in ("s", "inlineStr"), heading
    assert cells["Code de la collectivité"].number_format == "@"
    assert cells["Titre"].quotePrefix
    assert cells["Population"].value == 15_365
    assert cells["Longitude"].value == -5.3
    assert cells["Publiée le"].is_date


def test_xlsx_opens_on_a_heading_that_stays_can_be_filtered_and_is_wide_enough(client, entry):
    book = xlsx(client)
    sheet = book.worksheets[0]
    last = get_column_letter(len(COLUMNS))
    assert book.sheetnames == ["Initiatives", "Source et licence"]
    assert book.active is sheet
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{last}2"
    assert all(cell.font.bold for cell in sheet[1])
    widths = [sheet.column_dimensions[get_column_letter(number)].width for number in range(1, len(COLUMNS) + 1)]
    assert all(width >= min(len(heading), 24) for width, heading in zip(widths, HEADINGS, strict=True))
    assert len(set(widths)) > 3


def test_ods_cells_have_the_type_of_their_column(client, entry):
    document = opendocument.load(io.BytesIO(download(client, ".ods")))
    first, second = document.spreadsheet.getElementsByType(table.Table)
    assert (first.getAttribute("name"), second.getAttribute("name")) == ("Initiatives", "Source et licence")
    row = first.getElementsByType(table.TableRow)[1].getElementsByType(table.TableCell)
    cells = dict(zip(HEADINGS, row, strict=True))
    for heading in ("Code de la collectivité", "Début", "Titre", "Conseils", "Partenaires"):
        assert cells[heading].getAttribute("valuetype") == "string"
        assert cells[heading].getAttribute("formula") is None
    assert cells["Population"].getAttribute("valuetype") == "float"
    assert cells["Population"].getAttribute("value") == "15365"
    assert cells["Longitude"].getAttribute("value") == "-5.3"
    assert cells["Publiée le"].getAttribute("valuetype") == "date"


def test_ods_opens_on_a_heading_that_stays_and_can_be_filtered(client, entry):
    with zipfile.ZipFile(io.BytesIO(download(client, ".ods"))) as package:
        assert package.infolist()[0].filename == "mimetype"
        assert package.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert package.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        settings = ElementTree.fromstring(package.read("settings.xml"))
        content = package.read("content.xml").decode()
    items = {next(iter(item.attrib.values())): item.text for item in settings.iter() if item.text}
    assert (items["VerticalSplitMode"], items["VerticalSplitPosition"]) == ("2", "1")
    assert f'table:target-range-address="Initiatives.A1:Initiatives.{letters(len(COLUMNS))}2"' in content


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_second_sheet_says_whose_this_is_and_what_the_columns_mean(client, entry, ending):
    body = download(client, ending, "?tri=titre")
    if ending == ".xlsx":
        rows = [row[:2] for row in load_workbook(io.BytesIO(body)).worksheets[1].iter_rows(values_only=True)]
    else:
        rows = ods_rows(body, 1)
    said = dict(reversed([tuple(row) for row in rows if row[0]]))  # the column « Licence » comes after
    assert said["Source"] == "Villes de France"
    assert said["Licence"] == "Licence Ouverte 2.0"
    assert said["Texte de la licence"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
    assert said["Liste en ligne"] == "http://testserver/initiatives/?tri=titre"
    assert said["Fiches"] == "1"
    assert said["Version des colonnes"] == VERSION
    assert said["Comment citer"].replace("\u00a0", " ").startswith("Source : Villes de France, ")
    assert set(HEADINGS) <= set(said)


def test_cell_that_excel_would_refuse_is_cut(client):
    factories.published(partners="é" * 40_000)
    value = cells_of(xlsx(client).worksheets[0])["Partenaires"].value
    assert len(value) == 32_767
    assert value.endswith("…")


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_every_part_is_well_formed_and_dated_of_no_machine(client, entry, ending):
    with zipfile.ZipFile(io.BytesIO(download(client, ending))) as package:
        assert package.testzip() is None
        assert len(package.infolist()) >= 6
        for part in package.infolist():
            assert part.date_time == (1980, 1, 1, 0, 0, 0)
            if part.filename != "mimetype":
                ElementTree.fromstring(package.read(part))


@pytest.mark.parametrize("ending", ENDINGS)
def test_same_content_gives_the_same_bytes(client, entry, ending):
    assert download(client, ending) == download(client, ending)


def test_columns_have_the_letters_of_a_spreadsheet():
    assert [letters(number) for number in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
