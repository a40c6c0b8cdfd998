"""Editions frozen under each version of the contract of columns: every page and format of them opens for ever."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pypdf
import pytest

from initiatives.exports.columns import NAMES
from initiatives.models import Document, Edition
from initiatives.publication import volumes
from initiatives.publication.jobs import build_next
from tests.support import editions, exported, factories
from tests.support.editions import fetch

FROZEN = sorted((Path(__file__).parent / "frozen").glob("*.json"))
ADDRESS = "/publications/initiatives-2026/edition-1/"
REFERENCES = ["CS20-00003", "CS20-00002", "CS20-00001", "CS20-00004"]


@pytest.fixture(params=FROZEN, ids=lambda path: path.stem)
def frozen(request) -> Edition:
    """The edition of a file, as a database of that time holds it, with its documents made by the code of today."""
    data = request.param.read_text()
    contents = json.loads(data)
    assert contents["columns_version"] == request.param.stem
    edition = Edition.objects.create(
        publication=editions.publication(title=contents["title"], slug=contents["slug"]),
        number=contents["number"],
        title=contents["title"],
        frozen_at=contents["frozen_at"],
        frozen_by=factories.user(),
        count=len(contents["records"]),
        content_version=contents["content_version"],
        sha256=hashlib.sha256(data.encode()).hexdigest(),
        data=data,
    )
    Document.objects.create(edition=edition)
    build_next()
    return edition


def values(frozen: Edition, name: str) -> list:
    """Those of one column, as they were frozen."""
    at = frozen.contents["columns"].index(name)
    return [record[at] for record in frozen.contents["records"]]


def test_columns_keep_their_names_and_places(frozen):
    columns = frozen.contents["columns"]
    assert len(columns) > 50
    assert list(NAMES[: len(columns)]) == columns


def test_page_and_volumes_show_every_entry(frozen, client, monkeypatch):
    assert editions.shown_references(fetch(client, ADDRESS)) == set(REFERENCES)
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 2)
    pages = [fetch(client, address) for address in (ADDRESS, f"{ADDRESS}volume-2/")]
    parts = [editions.shown_references(page) for page in pages]
    assert (len(parts[0]), len(parts[1])) == (2, 2)
    assert parts[0] | parts[1] == set(REFERENCES)


def test_page_says_what_was_frozen_and_nothing_of_what_came_after(frozen, client):
    page = fetch(client, ADDRESS).decode()
    for said in ("Éducation nationale, Emmaüs Connect", "Yakforms (logiciel libre), Tableur", "Accueil, accueil@"):
        assert said in page
    assert "À la demande de la ville" in page
    assert "None" not in page


@pytest.mark.parametrize("ending", [".csv", "-excel.csv", ".xlsx", ".ods", ".json"])
def test_files_have_the_columns_of_today_with_what_was_frozen(frozen, client, ending):
    entries = exported.entries(ending, fetch(client, f"{ADDRESS}initiatives{ending}"))
    assert [entry["reference"] for entry in entries] == REFERENCES
    assert [entry["titre"] for entry in entries] == values(frozen, "titre")
    unknown = [name for name in NAMES if name not in frozen.contents["columns"]]
    assert not [entry[name] for entry in entries for name in unknown if entry[name]]


def test_report_and_archive_hold_all_of_it(frozen, client):
    pdf = pypdf.PdfReader(io.BytesIO(fetch(client, f"{ADDRESS}publication.pdf")))
    words = " ".join(page.extract_text() for page in pdf.pages)
    for reference in REFERENCES:
        assert reference in words
    with zipfile.ZipFile(io.BytesIO(fetch(client, f"{ADDRESS}publication.zip"))) as archive:
        assert archive.testzip() is None
        assert archive.read("edition.json").decode() == frozen.data
        assert editions.shown_references(archive.read("index.html")) == set(REFERENCES)
        figures = list(csv.reader(io.StringIO(archive.read("chiffres.csv").decode())))
    assert ["total", "initiative", "4"] in [row[:3] for row in figures]
    assert ["Par état", "déployée", "1"] in [row[:3] for row in figures]
