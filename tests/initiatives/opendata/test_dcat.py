"""The entry for catalogues: DCAT-AP that data.gouv.fr can harvest, and its nine criteria of quality."""

import json
import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace

from initiatives.models import ContentVersion
from tests.support import factories
from tests.support.exported import read

LOCN = Namespace("http://www.w3.org/ns/locn#")
FORMS = {"jsonld": "application/ld+json", "ttl": "text/turtle", "rdf": "application/rdf+xml"}
PARSERS = {"jsonld": "json-ld", "ttl": "turtle", "rdf": "xml"}
# Formats that data.gouv.fr takes for closed.
CLOSED = {"XLSX", "XLS", "DOC", "PDF"}
# The library reads JSON-LD through a class of its own that it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")


def harvested(client, ending: str = "ttl") -> Graph:
    return Graph().parse(data=client.get(f"/donnees/catalogue.{ending}").content, format=PARSERS[ending])


@pytest.fixture
def graph(client):
    factories.published(started="2020-04", ended="2021-02")
    factories.published(started="2019")
    return harvested(client)


@pytest.fixture
def dataset(graph):
    (found,) = graph.subjects(RDF.type, DCAT.Dataset)
    return found


def only(graph, subject, predicate):
    (value,) = graph.objects(subject, predicate)
    return value


class TestNineCriteria:
    """data.gouv.fr scores a data set by these; each is read as its harvester reads it."""

    def test_licence(self, graph, dataset):
        assert str(only(graph, dataset, DCTERMS.license)) == "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

    def test_temporal_coverage(self, graph, dataset):
        period = only(graph, dataset, DCTERMS.temporal)
        assert only(graph, period, DCAT.startDate).toPython() == date(2019, 1, 1)
        assert only(graph, period, DCAT.endDate).toPython() == date(2021, 12, 31)

    def test_spatial_coverage_is_a_geometry(self, graph, dataset):
        literal = only(graph, only(graph, dataset, DCTERMS.spatial), LOCN.geometry)
        assert str(literal.datatype).endswith("application/vnd.geo+json")
        geometry = json.loads(literal)
        assert geometry["type"] == "MultiPolygon"
        for (ring,) in geometry["coordinates"]:
            assert ring[0] == ring[-1]
            assert len({tuple(point) for point in ring}) == 4
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)

    def test_frequency(self, graph, dataset):
        frequency = str(only(graph, dataset, DCTERMS.accrualPeriodicity))
        assert frequency == "http://publications.europa.eu/resource/authority/frequency/IRREG"

    def test_updated_on_time(self, graph, dataset):
        """An irregular frequency promises no date; the day of the last change is there, and is not to come."""
        modified = only(graph, dataset, DCTERMS.modified)
        assert modified.datatype == XSD.dateTime
        issued = only(graph, dataset, DCTERMS.issued).toPython()
        assert issued <= modified.toPython().date() <= timezone.localdate()

    def test_description(self, graph, dataset):
        assert len(only(graph, dataset, DCTERMS.description)) > 100

    def test_open_format(self, graph, dataset):
        formats = {
            str(only(graph, one, DCTERMS.format)).rpartition("/")[2]
            for one in graph.objects(dataset, DCAT.distribution)
        }
        assert formats - CLOSED >= {"CSV", "JSON", "GEOJSON", "ODS"}

    def test_resources_can_be_reached(self, client, graph, dataset):
        distributions = list(graph.objects(dataset, DCAT.distribution))
        assert len(distributions) == 6
        for one in distributions:
            address = only(graph, one, DCAT.downloadURL)
            response = read(client.get(address))
            assert response.status_code == 200
            assert response.body
            mediatype = str(only(graph, one, DCAT.mediaType)).partition("media-types/")[2]
            assert response["Content-Type"].partition(";")[0] == mediatype

    def test_resources_are_documented(self, client, graph, dataset):
        for one in graph.objects(dataset, DCAT.distribution):
            assert len(only(graph, one, DCTERMS.description)) > 30
            address, _, fragment = only(graph, one, FOAF.page).partition("#")
            assert f'id="{fragment}"' in client.get(address).text


def test_each_file_conforms_to_what_it_can_be_validated_against(graph, dataset):
    """The Table Schema has the names of the open CSV, which no other table has, and JSON has no schema of this kind."""
    claims = {
        (str(only(graph, one, DCAT.downloadURL)).rpartition("/")[2], str(standard))
        for one in [dataset, *graph.objects(dataset, DCAT.distribution)]
        for standard in graph.objects(one, DCTERMS.conformsTo)
    }
    assert claims == {
        ("initiatives.csv", "http://testserver/donnees/schema.json"),
        ("initiatives.geojson", "https://www.rfc-editor.org/info/rfc7946"),
    }


def test_says_who_publishes_and_whom_to_ask(graph, dataset):
    assert [str(word) for word in graph.objects(dataset, DCAT.keyword)]
    assert only(graph, dataset, DCTERMS.publisher)
    assert only(graph, dataset, DCAT.contactPoint)
    assert str(only(graph, dataset, DCAT.landingPage)) == "http://testserver/donnees/"
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert only(graph, catalogue, DCAT.dataset) == dataset


def test_every_address_of_the_site_answers(client, graph):
    own = {str(term) for triple in graph for term in triple if isinstance(term, URIRef) and "//testserver/" in term}
    assert len(own) > 10
    pages = {}
    for address in own:
        parts = urlsplit(address)
        assert client.head(parts.path).status_code == 200, address
        if parts.fragment:
            pages[parts.fragment] = client.get(parts.path).text
    assert len(pages) > 8
    for fragment, html in pages.items():
        assert f'id="{fragment}"' in html, fragment


def test_identifiers_outlive_the_host_and_the_content(client, settings):
    settings.ALLOWED_HOSTS = ["un.example", "deux.example"]

    def identifiers(host: str) -> set[str]:
        body = client.get("/donnees/catalogue.ttl", headers={"host": host}).text
        return set(re.findall(r'dct:identifier "([^"]+)"', body))

    first = identifiers("un.example")
    assert "initiatives-numeriques-des-villes" in first
    factories.published()
    assert identifiers("deux.example") == first
    assert len(first) == 7


def test_first_hour_of_a_day_in_france_is_of_that_day_everywhere(client):
    """It is still the day before in UTC, in which the database keeps its moments."""
    entry, moment = factories.published(), datetime(2026, 6, 1, 22, 25, tzinfo=UTC)
    type(entry).objects.update(published_at=moment)
    ContentVersion.objects.update(data_changed_at=moment)
    graph = harvested(client)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(only(graph, dataset, DCTERMS.issued)) == "2026-06-02"
    assert str(only(graph, dataset, DCTERMS.modified)) == "2026-06-02T00:25:00+02:00"
    assert {str(changed) for changed in graph.objects(None, DCTERMS.modified)} == {"2026-06-02T00:25:00+02:00"}
    assert client.get("/donnees/datapackage.json").json()["created"] == "2026-06-02T00:25:00+02:00"
    assert '"dateModified":"2026-06-02T00:25:00+02:00"' in client.get("/donnees/").text.replace('": "', '":"')


def test_has_no_blank_node_so_that_nothing_changes_its_name(graph):
    assert all(isinstance(subject, URIRef) for subject in graph.subjects())


def test_forms_say_the_same(client):
    factories.published()
    graphs = [harvested(client, ending) for ending in FORMS]
    assert len(graphs[0]) > 120
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_same_content_gives_the_same_bytes(client):
    factories.published()
    for ending in FORMS:
        address = f"/donnees/catalogue.{ending}"
        assert client.get(address).content == client.get(address).content


def test_empty_catalogue_has_an_entry_too(client):
    graph = harvested(client)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert only(graph, only(graph, dataset, DCTERMS.temporal), DCAT.startDate).toPython() == date(2020, 11, 1)


class TestNegotiation:
    @pytest.mark.parametrize(
        ("accept", "content_type"),
        [
            ("application/ld+json", "application/ld+json"),
            ("text/turtle", "text/turtle"),
            ("application/rdf+xml", "application/rdf+xml"),
            ("text/turtle;q=0.5, application/rdf+xml", "application/rdf+xml"),
            ("nonsense, text/turtle", "text/turtle"),
            ("*/*", "application/ld+json"),
        ],
    )
    def test_gives_the_form_that_is_asked_for(self, client, accept, content_type):
        response = client.get("/donnees/catalogue", headers={"accept": accept})
        assert response.status_code == 200
        assert response["Content-Type"] == f"{content_type}; charset=utf-8"
        assert "Accept" in response["Vary"].split(", ")
        assert client.get(response["Content-Location"]).content == response.content

    def test_without_a_wish_is_json(self, client):
        assert client.get("/donnees/catalogue")["Content-Type"].startswith("application/ld+json")

    @pytest.mark.parametrize("accept", ["nonsense", "text/plain", "image/*", "a/b;q=zz", ";;,,/", "\u00e9"])
    def test_nonsense_is_refused_in_french_with_what_there_is(self, client, accept):
        response = client.get("/donnees/catalogue", headers={"accept": accept})
        assert response.status_code == 406
        assert "Ce format n’existe pas ici" in response.text
        assert all(f"/donnees/catalogue.{ending}" in response.text for ending in FORMS)
        assert "Accept" in response["Vary"].split(", ")

    def test_browser_is_led_to_the_page(self, client):
        browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        response = client.get("/donnees/catalogue", headers={"accept": browser})
        assert (response.status_code, response["Location"]) == (303, "/donnees/")

    def test_form_is_not_taken_for_another_by_its_etag(self, client, settings):
        settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        turtle = client.get("/donnees/catalogue", headers={"accept": "text/turtle"})
        again = {"accept": "text/turtle", "if-none-match": turtle["ETag"]}
        assert client.get("/donnees/catalogue", headers=again).status_code == 304
        other = {"accept": "application/rdf+xml", "if-none-match": turtle["ETag"]}
        assert client.get("/donnees/catalogue", headers=other)["Content-Type"].startswith("application/rdf+xml")


def test_rdf_has_its_namespaces_and_nodes_in_one_order(client):
    """The library has them in that of a set, which is another one in each process."""
    factories.published()
    lines = client.get("/donnees/catalogue.rdf").text.splitlines()
    for beginning in ("  xmlns:", "  <dcat:Distribution "):
        found = [line for line in lines if line.startswith(beginning)]
        assert len(found) > 4
        assert found == sorted(found)
