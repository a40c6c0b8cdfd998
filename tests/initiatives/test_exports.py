"""The exports: exactly the entries of the address, readable by what they are made for."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from odf import opendocument, table, teletype
from openpyxl import load_workbook

from initiatives.exchange.columns import COLUMNS
from initiatives.models import Initiative
from tests import factories

# The workbooks bring styles of their own cells and no default one; openpyxl remarks on it.
pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no default style")
ENDINGS = [".csv", "-excel.csv", ".xlsx", ".ods", ".json", ".geojson"]


def download(client, ending: str, query: str = "") -> bytes:
    response = client.get(f"/export/initiatives{ending}{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def titles(ending: str, body: bytes) -> list[str]:
    match ending:
        case ".csv":
            return [row["titre"] for row in csv.DictReader(io.StringIO(body.decode()))]
        case "-excel.csv":
            return [row["Titre"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
        case ".xlsx":
            first, *rows = load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
            return [row[first.index("Titre")] for row in rows]
        case ".ods":
            sheet = opendocument.load(io.BytesIO(body)).spreadsheet.getElementsByType(table.Table)[0]
            first, *rows = (
                [teletype.extractText(cell) for cell in row.getElementsByType(table.TableCell)]
                for row in sheet.getElementsByType(table.TableRow)
            )
            return [row[first.index("Titre")] for row in rows]
        case ".json":
            return [one["titre"] for one in json.loads(body)["initiatives"]]
        case ".geojson":
            return [one["properties"]["titre"] for one in json.loads(body)["features"]]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("query", ["", "?tri=titre", "?theme=cybersecurite&tri=titre", "?q=introuvable", "?page=2"])
def test_holds_the_entries_of_the_address_in_its_order(client, ending, query):
    town, editor = factories.town(), factories.user()
    for letter in "BCA":
        themes = [factories.theme(slug="cybersecurite")] if letter != "C" else []
        factories.published(title=letter, town=town, by=editor, themes=themes)
    factories.draft(title="Brouillon", town=town)
    expected = {"?tri=titre": ["A", "B", "C"], "?theme=cybersecurite&tri=titre": ["A", "B"], "?q=introuvable": []}
    shown = [one.title for one in Initiative.objects.published().most_recent()]
    assert titles(ending, download(client, ending, query)) == expected.get(query, shown)


@pytest.mark.parametrize("ending", ENDINGS)
def test_takes_the_same_queries_with_one_entry_and_with_many(client, ending):
    editor, themes = factories.user(), [factories.theme(slug="cybersecurite")]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            download(client, ending)
        return len(captured)

    factories.published(by=editor, themes=themes).tools.create(name="Jitsi")
    few = queries()
    for _ in range(30):
        factories.published(by=editor, themes=themes).tools.create(name="Jitsi")
    assert queries() == few <= 10


@pytest.mark.parametrize("ending", ENDINGS)
def test_unknown_filter_is_refused(client, ending):
    factories.published()
    response = client.get(f"/export/initiatives{ending}?theme=perdu")
    assert response.status_code == 400
    assert "Le thème « perdu » est inconnu" in response.text.replace("\u00a0", " ")


def test_open_csv_is_what_the_guides_ask_for(client):
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    town = factories.town(insee_code="01004", name="Ambérieu-en-Bugey", department=ain)
    themes = [factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")]
    factories.published(title="Été, « œuvre »", town=town, themes=themes)
    body = download(client, ".csv")
    assert not body.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(body.decode()))
    assert list(row)[:3] == ["reference", "titre", "resume"]
    assert list(row) == [column.name for column in COLUMNS]
    assert row["territoire_code"] == "01004"
    assert row["departement_code"] == "01"
    assert row["themes"].split("|") == ["cybersécurité", "télétravail des agents"]


def test_excel_csv_opens_by_double_click_and_defuses_formulas(client):
    factories.published(title='=HYPERLINK("http://example.org")', summary="@SUM(1)")
    body = download(client, "-excel.csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in body
    (row,) = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
    assert row["Titre"].startswith("'=")
    assert row["Résumé"].startswith("'@")


def test_workbook_keeps_codes_as_text_and_formulas_as_words(client):
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    factories.published(title="=1+1", town=factories.town(insee_code="01004", department=ain))
    book = load_workbook(io.BytesIO(download(client, ".xlsx")))
    sheet = book.worksheets[0]
    cells = {heading.value: cell for heading, cell in zip(*sheet.iter_rows(), strict=True)}
    assert cells["Code de la collectivité"].value == "01004"
    assert cells["Titre"].data_type == "s"
    assert sheet.freeze_panes is not None
    assert "Source et licence" in book.sheetnames


def test_geojson_puts_an_entry_at_the_point_of_its_territory(client):
    factories.published(town=factories.town(longitude=2.08, latitude=49.43))
    (feature,) = json.loads(download(client, ".geojson"))["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [2.08, 49.43]}


def test_json_says_where_it_comes_from(client):
    factories.published()
    data = json.loads(download(client, ".json"))
    assert {"source", "licence", "date", "count", "initiatives"} <= set(data)
    assert data["count"] == len(data["initiatives"]) == 1
