"""The page of the open data, its schema and its package: true of the files that they speak of."""

import json
import re

import pytest
from django.conf import settings
from frictionless import Package, Schema

from initiatives.exports.columns import CHANGES, COLUMNS, HEADINGS, NAMES, VERSION
from initiatives.exports.formats import EXPORTS
from initiatives.text.french import typo
from tests.support import factories, kinds
from tests.support.exported import download, read
from tests.support.table_schema import frictionless, validate

# What schema.data.gouv.fr asks of a Table Schema, at its root and of each field.
ROOT = (
    "$schema name title description countryCode homepage path licenses resources created lastModified version"
    " contributors fields missingValues primaryKey keywords"
).split()
FIELD = ["name", "title", "description", "type", "format", "example", "constraints"]


def faults_of_package(client, folder) -> dict[str, list[tuple[str, str]]]:
    """By file, what frictionless finds in the package and its files, saved as they are served."""
    descriptor = client.get("/donnees/datapackage.json").json()
    for resource in descriptor["resources"]:
        name = resource["path"].rpartition("/")[2]
        (folder / name).write_bytes(download(client, name.removeprefix("initiatives")))
        resource["path"] = name
        if isinstance(resource.get("schema"), str):
            resource["schema"] = client.get(resource["schema"]).json()
    path = folder / "datapackage.json"
    path.write_text(json.dumps(descriptor))
    with frictionless():
        report = Package(str(path)).validate()
    return {task.name: [(error.type, error.message) for error in task.errors] for task in report.tasks}


@pytest.fixture
def saved(client, tmp_path):
    """Saves what an address answers, and says where."""

    def save(address: str):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        path = tmp_path / "saved.csv"
        path.write_bytes(body)
        return path

    return save


class TestSchema:
    def test_has_all_that_the_registry_asks_for(self, client):
        schema = client.get("/donnees/schema.json").json()
        assert set(schema) == set(ROOT)
        assert schema["countryCode"] == "FR"
        assert schema["licenses"][0]["name"] == "etalab-2.0"
        assert re.fullmatch(r"\d+\.\d+\.\d+", schema["version"])
        assert schema["contributors"][0]["role"] == "author"
        assert schema["homepage"] == "http://testserver/donnees/"
        assert client.get(schema["path"]).json() == schema
        for field in schema["fields"]:
            assert all(field[name] not in ("", None) for name in FIELD), field["name"]

    def test_is_a_valid_table_schema_of_the_columns(self, client):
        descriptor = client.get("/donnees/schema.json").json()
        with frictionless():
            assert Schema.validate_descriptor(descriptor).valid
        assert tuple(field["name"] for field in descriptor["fields"]) == NAMES

    def test_says_of_every_list_how_it_is_joined(self, client):
        fields = {field["name"]: field for field in client.get("/donnees/schema.json").json()["fields"]}
        lists = [column.name for column in COLUMNS if column.kind.value == "list"]
        assert len(lists) > 5
        assert all("« | »" in fields[name]["description"] for name in lists)

    def test_has_a_history_that_ends_with_the_version_of_the_columns(self, client):
        assert CHANGES[-1].version == VERSION
        assert sorted(CHANGES, key=lambda change: change.on) == CHANGES
        assert typo(CHANGES[-1].what) in client.get("/donnees/").text

    def test_accepts_its_valid_example_and_finds_each_fault_of_the_other(self, client, saved):
        descriptor = client.get("/donnees/schema.json").json()
        valid, invalid = (resource["path"] for resource in descriptor["resources"])
        assert validate(saved(valid), descriptor) == []
        faults = {field for _, field in validate(saved(invalid), descriptor)}
        assert faults >= {"reference", "etat", "debut", "longitude", "publie_le"}


class TestOpenCsv:
    def test_of_full_and_of_bare_entries_is_valid(self, client, saved, full):
        kinds.bare_entry()
        factories.published(territory=factories.town(population=None))
        factories.published(title='=1+1;"|"\u202e🙂', summary="a\r\nb|c", partners="Un | deux\nTrois")
        assert validate(saved("/export/initiatives.csv"), client.get("/donnees/schema.json").json()) == []

    def test_with_a_wrong_value_would_not_be(self, client, saved, full):
        path = saved("/export/initiatives.csv")
        path.write_text(path.read_text().replace("2020-04", "avril"))
        assert ("constraint-error", "debut") in validate(path, client.get("/donnees/schema.json").json())


class TestPackage:
    def test_describes_every_file_under_its_address(self, client):
        descriptor = client.get("/donnees/datapackage.json").json()
        with frictionless():
            assert Package.validate_descriptor(descriptor).valid
        assert {one["path"] for one in descriptor["resources"]} == {
            f"http://testserver/export/{name}" for name in EXPORTS
        }
        for resource in descriptor["resources"]:
            response = read(client.get(resource["path"]))
            assert response.status_code == 200
            assert response["Content-Type"].partition(";")[0] == resource["mediatype"]

    def test_gives_each_table_the_schema_of_its_own_columns(self, client):
        schemas = {
            one["name"]: one["schema"]
            for one in client.get("/donnees/datapackage.json").json()["resources"]
            if "schema" in one
        }
        assert client.get(schemas.pop("initiatives-csv")).json()["fields"]
        assert set(schemas) == {"initiatives-excel-csv", "initiatives-xlsx", "initiatives-ods"}
        for schema in schemas.values():
            assert tuple(field["name"] for field in schema["fields"]) == HEADINGS

    def test_gives_an_encoding_to_texts_alone(self, client):
        resources = client.get("/donnees/datapackage.json").json()["resources"]
        assert {one["format"] for one in resources if "encoding" not in one} == {"xlsx", "ods"}

    def test_is_valid_as_served(self, client, tmp_path, full):
        """Of enough entries that their codes pass for numbers, but for the one of Corsica."""
        corsica = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
        factories.published(territory=factories.town(department=corsica), title='=1+1;"|"🙂', summary="a\r\nb;c")
        with factories.at_once():
            for _ in range(30):
                factories.published(territory=factories.town())
        faults = faults_of_package(client, tmp_path)
        # frictionless reads an ODS with a library that is not among ours.
        assert [kind for kind, _ in faults.pop("initiatives-ods")] == ["error"]
        assert len(faults) == len(EXPORTS) - 1
        assert set(map(tuple, faults.values())) == {()}, faults


class TestPage:
    def test_leads_to_every_format_and_says_what_each_is(self, client):
        factories.published()
        html = client.get("/donnees/").text
        for filename, export in EXPORTS.items():
            assert f'href="/export/{filename}"' in html
            assert f'id="{filename}"' in html
            assert export.label in html

    def test_says_licence_freshness_and_how_to_cite(self, client):
        factories.published()
        sentence = json.loads(download(client, ".json"))["source"]
        text = re.sub("[\u00a0\u202f]", " ", client.get("/donnees/").text)
        assert sentence in text
        assert "https://www.etalab.gouv.fr/licence-ouverte-open-licence/" in text
        assert "Mis à jour le" in text

    def test_previews_entries_that_are_published_and_no_other(self, client):
        factories.published(title="Fiche montrée", themes=[factories.theme(slug="cybersecurite")])
        factories.draft(title="Brouillon caché")
        html = client.get("/donnees/").text
        assert "<td>Fiche montrée</td>" in html
        assert "<td>cybersécurité</td>" in html
        assert "Brouillon caché" not in html

    def test_of_an_empty_catalogue_is_whole(self, client):
        html = client.get("/donnees/").text
        assert "0\u00a0fiche" in html
        assert "Aperçu" not in html

    def test_lists_every_column(self, client):
        html = client.get("/donnees/").text
        assert all(f"<code>{name}</code>" in html for name in NAMES)

    def test_says_the_present_version_of_the_schema(self, client):
        assert f"Schéma version {VERSION}." in client.get("/donnees/").text

    def test_tells_the_parameters_of_the_api_apart_and_names_their_values(self, client):
        page = client.get("/donnees/").text
        described = client.get("/api/openapi.json").json()["paths"]["/api/initiatives"]["get"]["parameters"]
        told = re.search(r"<h3>Les paramètres</h3>\s*<dl[^>]*>(.*?)</dl>", page, re.DOTALL)[1]
        rows = re.findall(r"<dt><code>(\w+)</code></dt>\s*<dd>(.*?)</dd>", told, re.DOTALL)
        assert [name for name, _ in rows] == [one["name"] for one in described]
        assert len({one["description"] for one in described}) == len(described)
        for one, (_, text) in zip(described, rows, strict=True):
            assert typo(one["description"]) in text
            assert re.findall(r"<code>(.*?)</code>", text) == one["schema"].get("enum", [])

    def test_tells_search_engines_of_the_data_set(self, client):
        factories.published(started="2019-12")
        html = client.get("/donnees/").text
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
        described = json.loads(block)
        assert described["@type"] == "Dataset"
        assert described["temporalCoverage"] == "2019-12-01/2019-12-31"
        assert described["license"].startswith("https://www.etalab.gouv.fr/")
        assert len(described["distribution"]) == len(EXPORTS)
        assert 50 <= len(described["description"]) <= 5_000

    def test_structured_block_cannot_be_left_by_a_name(self, client, monkeypatch):
        monkeypatch.setattr(settings, "PUBLISHER", "</script><b>")
        assert "</script><b>" not in client.get("/donnees/").text

    def test_takes_the_same_queries_with_one_entry_and_with_many(self, client, django_assert_num_queries):
        for count in (1, 10):
            for _ in range(count):
                factories.published(territory=factories.town())
            with django_assert_num_queries(7):
                client.get("/donnees/")


def test_sitemap_leads_to_the_page(client):
    assert "/donnees/" in client.get("/sitemap-pages.xml").text
