"""The exports: exactly the entries of the address, with the headers of a download, and a refusal otherwise."""

import json
import re
from contextlib import closing
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.exports.attribution import attribution
from initiatives.exports.columns import COLUMNS, HEADINGS, NAMES
from initiatives.exports.formats import EXPORTS
from initiatives.exports.records import Entries, paths_of
from initiatives.models import ContentVersion, Initiative
from initiatives.opendata import downloads
from initiatives.publication.edition import EditionRecords
from tests.support import factories
from tests.support.exported import ENDINGS, QUERIES, download, entries, read

PRIVATE = dict.fromkeys(Initiative.PRIVATE_FIELDS - {"licence_agreed_on"}, "zzprivéezz@zzprivéezz.example")


def shown(client, query: str) -> list[str]:
    """The slugs of the entries on the pages of the list, first to last."""
    joint, pages = "&" if query else "?", []
    for page in range(1, 9):
        html = client.get(f"/initiatives/{query}{joint}page={page}").text
        pages.append(re.findall(r'data-initiative="([^"]+)"', html))
        if page > 1 and pages[-1] in ([], pages[-2]):  # beyond the last page
            return [slug for on_page in pages[:-1] for slug in on_page]
    raise AssertionError("a list without an end")


@pytest.mark.parametrize("export", EXPORTS.values(), ids=lambda export: export.filename)
def test_every_entry_is_there_however_many_leave_in_one_batch(rf, full, export):
    whose = attribution(rf.get("/"))
    (record, *_) = Entries(Initiative.objects.filter(pk=full.pk), whose).records()
    at = NAMES.index("reference")
    for count in (0, 1, 99, 100, 101, 200, 201):
        references = [f"CS20-{number:05d}" for number in range(count)]
        rows = [[*record[:at], one, *record[at + 1 :]] for one in references]
        with closing(export.write(EditionRecords(rows, whose))) as written:
            body = written.read() if export.is_workbook else b"".join(written)
        found = entries(export.filename.removeprefix("initiatives"), body)
        assert [entry["reference"] for entry in found] == references, count


@pytest.mark.both_databases
def test_holds_the_entries_of_the_list_in_its_order(client, catalogue, pytestconfig):
    """Whatever the format, the entries are those of one query set: one format a query, in turn, and --thorough all."""
    lists, every = set(), len(ENDINGS)
    for number, query in enumerate(QUERIES):
        expected = shown(client, query)
        lists.add(tuple(expected))
        assert len(expected) == len(set(expected))
        for ending in ENDINGS if pytestconfig.getoption("thorough") else [ENDINGS[number % every]]:
            exported = entries(ending, download(client, ending, query))
            slugs = [entry["adresse"].rstrip("/").rpartition("/")[2] for entry in exported]
            assert slugs == expected, (ending, query)
    # It would prove nothing if every address gave the same.
    assert len(lists) >= 14
    assert max(map(len, lists)) == 40


@pytest.mark.both_databases
def test_has_no_pages(client, catalogue):
    for ending in ENDINGS:
        assert len(entries(ending, download(client, ending, "?page=2"))) == 40


@pytest.mark.both_databases
def test_takes_the_same_queries_with_one_entry_and_with_sixty(client):
    by, themes = factories.user(), [factories.theme(slug="cybersecurite")]
    towns = [factories.town(intercommunality=factories.intercommunality(), longitude=2, latitude=49) for _ in range(5)]

    def publish(number: int):
        place = towns[number % 5]
        place = place if number % 2 else place.intercommunality
        initiative = factories.published(by=by, themes=themes, territory=place)
        initiative.tools.create(name="Jitsi")
        initiative.links.create(label="Site", url="https://example.org/")

    def queries(ending: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(entries(ending, download(client, ending, "?q=initiative"))) == Initiative.objects.count()
        return len(captured)

    publish(0)
    few = {ending: queries(ending) for ending in ENDINGS}
    with factories.at_once():
        for number in range(1, 60):
            publish(number)
    assert {ending: queries(ending) for ending in ENDINGS} == few
    assert max(few.values()) <= 10


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("theme=perdu", "Le thème « perdu » est inconnu"),
        ("tri=hasard", "Le tri « hasard » est inconnu"),
        ("territoire=nulle-part-60", "La collectivité « nulle-part-60 » est inconnue"),
        ("etat=parfait", "L’état « parfait » est inconnu"),
        ("edition=2099", "L’enquête « 2099 » est inconnue"),
        ("annee=xx&region=32", "L’année « xx » est inconnue"),
        ("categorie=<b>", "La catégorie « &lt;b&gt; » est inconnue"),
    ],
)
def test_unknown_value_is_refused_in_french(client, ending, query, sentence):
    factories.published(title="Fiche étrangère à la question")
    response = client.get(f"/export/initiatives{ending}?{query}")
    page = re.sub("[\u00a0\u202f]", " ", response.text)
    assert response.status_code == 400
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Disposition" not in response
    assert sentence in page
    assert page.count("<h1") == 1
    assert "Fiche étrangère" not in page


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("initiatives.csv", "text/csv; charset=utf-8"),
        ("initiatives-excel.csv", "text/csv; charset=utf-8"),
        ("initiatives.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("initiatives.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("initiatives.json", "application/json"),
        ("initiatives.geojson", "application/geo+json"),
    ],
)
def test_comes_as_a_download_of_its_type(client, name, content_type):
    factories.published()
    day = timezone.localdate(ContentVersion.current().data_changed_at).isoformat()
    saved = name.replace(".", f"-{day}.")
    response = read(client.get(f"/export/{name}"))
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{saved}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("name", EXPORTS)
def test_says_its_licence_even_where_no_row_does(client, name):
    response = read(client.get(f"/export/{name}", {"q": "introuvable"}))
    assert response["Link"] == '<https://www.etalab.gouv.fr/licence-ouverte-open-licence/>; rel="license"'


@pytest.mark.both_databases
@pytest.mark.parametrize("name", EXPORTS)
def test_is_asked_for_again_only_when_something_changed(client, name):
    initiative = factories.published()
    address = f"/export/{name}?tri=titre"
    etag = read(client.get(address))["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    initiative.title = "Autre titre"
    initiative.save()
    changed = read(client.get(address, headers={"If-None-Match": etag}))
    assert changed.status_code == HTTPStatus.OK


@pytest.mark.parametrize("name", EXPORTS)
def test_head_says_the_same_and_makes_no_file(client, name):
    factories.published()
    got = read(client.get(f"/export/{name}"))
    with CaptureQueriesContext(connection) as captured:
        headed = client.head(f"/export/{name}")
    assert headed.status_code == HTTPStatus.OK
    assert read(headed).body == b""
    assert headed.get("Content-Length") in (None, got.get("Content-Length"))
    for header in ("Content-Type", "Content-Disposition", "ETag"):
        assert headed[header] == got[header]
    assert not any("solution" in query["sql"] for query in captured)


@pytest.mark.parametrize(
    "name", ["initiatives", "initiatives.exe", "initiatives.CSV", "communes.csv", "initiatives.csv.zip"]
)
def test_any_other_name_is_not_found(client, name):
    assert client.get(f"/export/{name}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_workbook_that_nobody_could_open_is_refused(client, monkeypatch, ending):
    monkeypatch.setattr(downloads, "MAX_ROWS", 1)
    by = factories.user()
    factories.published(by=by, title="A")
    assert len(entries(ending, download(client, ending))) == 1
    factories.published(by=by, title="B")
    response = client.get(f"/export/initiatives{ending}")
    assert response.status_code == 400
    assert "CSV" in response.text
    assert len(entries(".csv", download(client, ".csv"))) == 2


def test_no_column_reads_what_is_private():
    paths = paths_of(COLUMNS)
    assert len(paths) > 40
    assert not Initiative.PRIVATE_FIELDS.intersection(part for path in paths for part in path.split("__"))
    hidden = ("submitted", "reviewed", "published_by", "declarant", "internal", "review", "search_", "licence_agreed")
    assert not [path for path in paths if path.startswith(hidden)]


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_private_or_unpublished_is_asked_of_the_database(client, ending):
    """Stronger than to look for it in the file: what is not asked cannot be told."""
    by = factories.user()
    hidden = factories.draft(title="Brouillon secret", reference="CS20-SECRET")
    factories.published(by=by, inspired_by=hidden, **PRIVATE)
    with CaptureQueriesContext(connection) as captured:
        body = download(client, ending)
    asked = " ".join(query["sql"] for query in captured)
    assert '"initiatives_initiative"."title"' in asked
    assert not [field for field in Initiative.PRIVATE_FIELDS if field in asked]
    (entry,) = entries(ending, body)
    assert "zzpriv" not in json.dumps(entry, ensure_ascii=False, default=str)
    assert not entry["inspiree_de"]


def test_columns_are_a_contract():
    assert NAMES[:3] == ("reference", "titre", "resume")
    assert len(set(NAMES)) == len(set(HEADINGS)) == len(COLUMNS)
    for column in COLUMNS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", column.name), column.name
        assert column.heading[0].isupper()
        assert column.description.endswith(".")
        assert column.example
