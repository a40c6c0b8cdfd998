"""Exports read back by what they are made for: csv, json, openpyxl and odfpy."""

import csv
import io
import json

from odf import opendocument, table, teletype
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from initiatives.exports.columns import HEADINGS, NAMES

ENDINGS = [".csv", "-excel.csv", ".xlsx", ".ods", ".json", ".geojson"]


def read(response):
    """The response, read to its end into `body`: the test client closes it there, as a server does."""
    response.body = b"".join(response.streaming_content)
    return response


def download(client, ending: str, query: str = "") -> bytes:
    response = client.get(f"/export/initiatives{ending}{query}")
    assert response.status_code == 200
    return read(response).body


def entries(ending: str, body: bytes) -> list[dict]:
    """The entries of the file by the names of the columns; the values are those of the format."""
    match ending:
        case ".csv":
            return _by_name(NAMES, csv.reader(io.StringIO(body.decode(), newline="")))
        case "-excel.csv":
            text = io.StringIO(body.decode("utf-8-sig"), newline="")
            return _by_name(HEADINGS, csv.reader(text, delimiter=";"))
        case ".xlsx":
            rows = load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
            # openpyxl leaves to us what Excel does by itself.
            return _by_name(HEADINGS, ([unescape(v) if isinstance(v, str) else v for v in row] for row in rows))
        case ".ods":
            return _by_name(HEADINGS, ods_rows(body, 0))
        case ".json":
            return json.loads(body)["initiatives"]
        case ".geojson":
            return [feature["properties"] for feature in json.loads(body)["features"]]


def ods_rows(body: bytes, sheet: int) -> list[list[str]]:
    """The texts of the cells of one sheet, a line feed between paragraphs."""
    found = opendocument.load(io.BytesIO(body)).spreadsheet.getElementsByType(table.Table)[sheet]
    return [
        ["\n".join(map(teletype.extractText, cell.childNodes)) for cell in row.getElementsByType(table.TableCell)]
        for row in found.getElementsByType(table.TableRow)
    ]


def _by_name(headings: tuple[str, ...], rows) -> list[dict]:
    first, *rest = map(tuple, rows)
    assert first == headings
    return [dict(zip(NAMES, row, strict=True)) for row in rest]


QUERIES = [
    "",
    "?tri=titre",
    "?tri=collectivite",
    "?tri=pertinence",
    "?q=carte",
    "?q=carte&tri=recent",
    "?q=introuvable",
    "?categorie=cohesion-sociale",
    "?theme=cybersecurite",
    "?theme=cybersecurite&theme=sante-publique&tri=titre",
    "?region=32",
    "?departement=60&departement=2a",
    "?type=ville",
    "?type=intercommunalite&tri=collectivite",
    "?population=10000-20000",
    "?libre=oui",
    "?enquete=oui",
    "?annee=2021&type=ville",
    "?etat=arretee",
    "?edition=numerique-et-gestion-de-crise-2020-2021",
    "?territoire=ville-commune-60&tri=titre",
    "?categorie=service-public&theme=cybersecurite&region=32&type=ville&tri=titre",
]
