"""The JSON API: the export, page by page, and a refusal in French of what it cannot give."""

import json

import pytest
from jsonschema import Draft202012Validator

from initiatives.public.filters import InitiativeFilter
from tests.support import factories
from tests.support.exported import QUERIES, download

pytestmark = pytest.mark.both_databases


def walk(client, query: str, page_size: int) -> list[dict]:
    """The pages from the first to the last, by their links."""
    joint = "&" if query else "?"
    address, pages = f"/api/initiatives{query}{joint}page_size={page_size}", []
    while address:
        pages.append(client.get(address).json())
        address = pages[-1]["next"]
        assert len(pages) < 50
    return pages


@pytest.mark.parametrize("page_size", [7, 500])
def test_pages_together_are_the_export(client, catalogue, page_size):
    for query in QUERIES:
        exported = json.loads(download(client, ".json", query))
        pages = walk(client, query, page_size)
        assert [entry for page in pages for entry in page["initiatives"]] == exported["initiatives"], query
        assert {page["count"] for page in pages} == {exported["count"]}
        assert {page["pages"] for page in pages} == {len(pages)}
        for name in ("source", "licence", "date", "adresse", "version"):
            assert pages[0][name] == exported[name]


def test_links_lead_back_as_well_and_keep_the_filters(client, catalogue):
    first, second = walk(client, "?type=ville&tri=titre", 20)[:2]
    assert first["previous"] is None
    assert second["previous"].endswith("/api/initiatives?type=ville&tri=titre&page=1&page_size=20")
    assert client.get(second["previous"]).json() == first


def test_without_a_size_has_a_hundred_entries_at_most(client):
    assert client.get("/api/initiatives").json()["page_size"] == 100


@pytest.mark.parametrize(
    ("query", "status", "parameter", "sentence"),
    [
        ("page_size=-1", 400, "page_size", "de 1 à 500, pas « -1 »"),
        ("page_size=0", 400, "page_size", "« 0 »"),
        ("page_size=501", 400, "page_size", "« 501 »"),
        ("page_size=", 400, "page_size", "«  »"),
        ("page_size=1e2", 400, "page_size", "« 1e2 »"),
        ("page_size=٣", 400, "page_size", "« ٣ »"),
        ("page=0", 400, "page", "de 1 à 999 999 999, pas « 0 »"),
        ("page=abc", 400, "page", "« abc »"),
        ("page=" + "9" * 5000, 400, "page", "nombre entier"),
        ("page=2", 404, "page", "La page 2 n’existe pas : cette liste a 1 page (1 fiche)."),
        ("theme=perdu", 400, "theme", "Le thème « perdu » est inconnu."),
        ("region=zz&page=x", 400, "region", "La région « zz » est inconnue."),
    ],
)
def test_refuses_in_french_what_it_cannot_give(client, query, status, parameter, sentence):
    factories.published(title="Fiche étrangère à la question")
    response = client.get(f"/api/initiatives?{query}")
    problem = json.loads(response.text.replace("\u00a0", " ").replace("\u202f", " "))
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert problem["status"] == status
    assert problem["erreurs"][0]["parametre"] == parameter
    assert sentence in problem["erreurs"][0]["message"]
    assert "étrangère" not in response.text
    assert len(response.content) < 2_000


def test_says_every_fault_of_an_address(client):
    faults = client.get("/api/initiatives?region=zz&page=x&page_size=-1").json()["erreurs"]
    assert [fault["parametre"] for fault in faults] == ["region", "page", "page_size"]


def test_is_asked_again_only_when_something_changed(client):
    initiative = factories.published()
    etag = client.get("/api/initiatives")["ETag"]
    assert client.get("/api/initiatives", headers={"if-none-match": etag}).status_code == 304
    initiative.archive(by=factories.user())
    assert client.get("/api/initiatives", headers={"if-none-match": etag}).json()["count"] == 0


@pytest.mark.parametrize(
    "address",
    [
        "/api/initiatives",
        "/api/initiatives?page_size=-1",
        "/api/openapi.json",
        "/donnees/schema.json",
        "/donnees/datapackage.json",
        "/donnees/catalogue",
        "/donnees/catalogue.ttl",
        "/export/initiatives.csv",
    ],
)
def test_scripts_of_other_sites_may_read_it(client, address):
    response = client.head(address, headers={"origin": "https://journal.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    asked = client.options(
        address, headers={"origin": "https://journal.example", "access-control-request-method": "GET"}
    )
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert asked["Access-Control-Allow-Headers"] == "If-None-Match"
    assert client.post(address).status_code == 405


def test_pages_for_people_are_not_for_scripts_of_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/initiatives/")


def test_takes_the_same_queries_with_one_entry_and_with_many(client, django_assert_num_queries):
    def publish():
        one = factories.published(territory=factories.town(intercommunality=factories.intercommunality()))
        one.tools.create(name="Jitsi")

    publish()
    for _ in range(2):
        with django_assert_num_queries(8):
            assert client.get("/api/initiatives").status_code == 200
        for _ in range(10):
            publish()


class TestDescription:
    def test_is_true_of_a_refusal(self, client):
        described = client.get("/api/openapi.json").json()
        schema = {"components": described["components"], "$ref": "#/components/schemas/Refus"}
        refusal = client.get("/api/initiatives?page_size=-1").json()
        assert list(Draft202012Validator(schema).iter_errors(refusal)) == []

    def test_names_every_parameter(self, client):
        described = client.get("/api/openapi.json").json()
        (path,) = described["paths"]
        assert path == "/api/initiatives"
        names = [parameter["name"] for parameter in described["paths"][path]["get"]["parameters"]]
        assert names == [*InitiativeFilter.base_filters, "page", "page_size"]
        Draft202012Validator.check_schema(described["components"]["schemas"]["Page"])
