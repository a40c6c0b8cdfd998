"""The map: a mark a territory, the same filters as the list, and a list beside it that says the same."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.public import maps
from initiatives.text.french import NBSP
from tests.support import factories
from tests.support.pages import marks, own_count, places, total

BEAUVAIS = {"longitude": 2.0823, "latitude": 49.4425}


def frame(html: str, key: str) -> str:
    """The part of the page that is one inset, or the mainland."""
    if key == "mainland":
        return html.partition('class="mainland"')[2].partition("</svg>")[0]
    return html.partition(f'id="carte-{key}"')[2].partition("</svg>")[0]


@pytest.fixture
def by():
    return factories.user()


def test_mark_says_its_territory_and_leads_to_its_page(client, by):
    town = factories.town(name="Beauvais", **BEAUVAIS)
    for _ in range(3):
        factories.published(territory=town, by=by)
    html = client.get("/carte/").text
    [(url, is_epci, name, x, y, _)] = marks(html)
    assert (url, is_epci) == ("/villes/beauvais-60/", False)
    assert name == f"Beauvais (Oise){NBSP}: 3{NBSP}initiatives"
    assert 380 < x < 480
    assert 100 < y < 200
    assert places(html) == [("/villes/beauvais-60/", "Beauvais", 3)]
    assert own_count(client.get(url).text) == total(html) == 3


def test_area_follows_the_number_of_entries_and_the_largest_is_drawn_first(client, by):
    small = factories.town(name="Petite", longitude=2.0, latitude=47.0)
    large = factories.town(name="Grande", longitude=3.0, latitude=46.0)
    factories.published(territory=small, by=by)
    for _ in range(9):
        factories.published(territory=large, by=by)
    first, second = marks(client.get("/carte/").text)
    assert first[2].startswith("Grande")
    assert first[5] == pytest.approx(second[5] * 3)


def test_map_without_entry_is_empty_and_says_so(client):
    html = client.get("/carte/").text
    assert marks(html) == places(html) == []
    assert total(html) == 0
    assert 'class="land"' in html
    assert "Le catalogue ne contient encore aucune fiche." in html
    assert "Passer la carte" not in html


@pytest.mark.both_databases
def test_all_entries_in_one_town_make_one_mark_of_bounded_size(client, by):
    town = factories.town(name="Beauvais", **BEAUVAIS)
    with factories.at_once():
        for _ in range(60):
            factories.published(territory=town, by=by)
    [(*_, radius)] = marks(client.get("/carte/").text)
    assert radius == maps.LARGEST


def test_least_mark_is_seen_beside_the_largest(client, by):
    factories.published(territory=factories.town(longitude=2.0, latitude=47.0), by=by)
    town = factories.town(name="Beauvais", **BEAUVAIS)
    with factories.at_once():
        for _ in range(100):
            factories.published(territory=town, by=by)
    assert [radius for *_, radius in marks(client.get("/carte/").text)] == [maps.LARGEST, maps.SMALLEST]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {
            "department": {
                "code": "987",
                "name": "Polynésie française",
                "region": "Polynésie française",
                "region_code": "987",
            },
            "longitude": -149.5,
            "latitude": -17.5,
        },
        {"longitude": 0.0, "latitude": 0.0},
    ],
    ids=["without a point", "without an outline", "with a point elsewhere"],
)
def test_territory_without_a_place_is_listed_with_a_sentence(client, by, facts):
    department = factories.department(**facts.pop("department", {}))
    town = factories.town(name="Ailleurs", department=department, **facts)
    factories.published(territory=town, by=by)
    factories.published(territory=factories.town(name="Beauvais", **BEAUVAIS), by=by)
    html = client.get("/carte/").text
    assert [name.partition(" ")[0] for _, _, name, *_ in marks(html)] == ["Beauvais"]
    caption = html.partition("<figcaption")[2].partition("</figcaption>")[0]
    assert "Sans place sur la carte" in caption
    assert f'<a href="/villes/{town.slug}/">Ailleurs' in caption
    assert [name for _, name, _ in places(html)] == ["Ailleurs", "Beauvais"]
    assert total(html) == 2


@pytest.mark.both_databases
def test_intercommunality_stands_beside_its_largest_town(client, by):
    epci = factories.intercommunality(name="CA du Beauvaisis", **BEAUVAIS)
    town = factories.town(name="Beauvais", population=56_000, intercommunality=epci, **BEAUVAIS)
    factories.published(territory=town, by=by)
    factories.published(territory=epci, by=by)
    (_, _, _, x, y, radius), (_, is_epci, name, its_x, its_y, _) = sorted(
        marks(client.get("/carte/").text), key=lambda mark: mark[1]
    )
    assert is_epci
    assert name.startswith("Communauté d’agglomération du Beauvaisis (Oise)")
    assert its_y == y
    # Near, and yet not hidden.
    assert radius < abs(its_x - x) < 2 * radius


@pytest.mark.both_databases
def test_points_of_the_map_and_of_the_exports_are_the_same(client, by):
    epci = factories.intercommunality(name="CA du Beauvaisis", **BEAUVAIS)
    factories.published(territory=epci, by=by)
    [feature] = json.loads(b"".join(client.get("/export/initiatives.geojson")))["features"]
    [(_, _, _, x, y, _)] = marks(client.get("/carte/").text)
    expected = maps.mainland(maps.WIDTH, tolerance=maps.TOLERANCE).place(*feature["geometry"]["coordinates"])
    assert (x, y) == tuple(map(round, expected))


@pytest.mark.parametrize(
    ("code", "name", "region_code", "longitude", "latitude"),
    [
        ("974", "La Réunion", "04", 55.45, -20.88),
        ("971", "Guadeloupe", "01", -61.5, 16.27),
        ("973", "Guyane", "03", -52.3, 4.93),
        ("972", "Martinique", "02", -61.06, 14.6),
        ("976", "Mayotte", "06", 45.22, -12.78),
    ],
)
def test_overseas_inset_holds_the_marks_of_its_departement(client, by, code, name, region_code, longitude, latitude):
    place = factories.department(code=code, name=name, region=name, region_code=region_code)
    factories.published(
        territory=factories.town(name="Là-bas", department=place, longitude=longitude, latitude=latitude), by=by
    )
    html = client.get("/carte/").text
    [(_, _, label, x, y, _)] = marks(frame(html, code))
    assert label.startswith(f"Là-bas ({name})")
    assert 0 < x < maps.INSET
    assert 0 < y < maps.INSET
    assert marks(frame(html, "mainland")) == []


def test_inner_suburbs_are_reached_in_their_inset_and_seen_on_the_mainland(client, by):
    place = factories.department(code="93", name="Seine-Saint-Denis", region="Île-de-France", region_code="11")
    factories.published(
        territory=factories.town(name="Bobigny", department=place, longitude=2.45, latitude=48.91), by=by
    )
    html = client.get("/carte/").text
    assert len(marks(frame(html, "paris"))) == 1
    assert marks(frame(html, "mainland")) == []
    assert frame(html, "mainland").count("<circle") == 1
    assert 'href="#carte-paris"' in frame(html, "mainland")
    assert f"Paris et petite couronne{NBSP}: 1{NBSP}initiative," in unescape(html)


def test_marks_take_the_colour_of_a_category_only_when_it_is_chosen(client, by):
    factories.published(
        territory=factories.town(**BEAUVAIS), category=factories.category(slug="economie-locale"), by=by
    )
    assert '<figure class="map" id="carte">' in client.get("/carte/").text
    assert '<figure class="map ink-brick" id="carte">' in client.get("/carte/?categorie=economie-locale").text
    assert '<figure class="map" id="carte">' in client.get("/carte/?categorie=inconnue").text


@pytest.mark.parametrize(("query", "chosen"), [("", 0), ("?departement=60", 1), ("?region=32", 2), ("?region=99", 0)])
def test_filtered_part_of_the_country_stands_out(client, by, query, chosen):
    factories.department(code="80", name="Somme")
    factories.published(territory=factories.town(**BEAUVAIS), by=by)
    assert client.get(f"/carte/{query}").text.count('class="chosen"') == chosen


@pytest.mark.both_databases
def test_counts_of_a_filtered_map_are_what_its_links_find(client, by):
    theme = factories.theme(slug="teletravail-des-agents")
    town, other = factories.town(name="Beauvais", **BEAUVAIS), factories.town(longitude=3.0, latitude=46.0)
    for place, themes in ((town, [theme]), (town, [theme]), (town, []), (other, [theme]), (other, [])):
        factories.published(territory=place, themes=themes, by=by)
    html = client.get("/carte/?theme=teletravail-des-agents").text
    assert total(html) == sum(count for *_, count in places(html)) == 3
    assert {url for url, *_ in marks(html)} == {url for url, *_ in places(html)}
    for url, _, count in places(html):
        assert total(client.get(url).text) == count


@pytest.mark.parametrize(
    "query", ["theme=inconnu", "region=99", "departement=999", "territoire=nulle-part", "annee=abc", "libre=peut-etre"]
)
def test_unknown_filter_is_said_and_never_gives_everything(client, by, query):
    factories.published(territory=factories.town(**BEAUVAIS), by=by)
    response = client.get(f"/carte/?{query}")
    assert response.status_code == 200
    assert total(response.text) == 0
    assert marks(response.text) == []
    assert re.search("inconnu|connaît", response.text)


@pytest.mark.both_databases
def test_only_published_entries_are_on_the_map(client, by):
    factories.submitted(territory=factories.town(**BEAUVAIS), by=by)
    html = client.get("/carte/").text
    assert marks(html) == places(html) == []


@pytest.mark.both_databases
def test_too_many_territories_become_departements(client, by, monkeypatch):
    monkeypatch.setattr(maps, "MOST_MARKS", 2)
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    for place in (None, None, ain):
        factories.published(territory=factories.town(department=place), by=by)
    html = client.get("/carte/").text
    # They need no point: a département has its middle.
    assert [(url, name) for url, _, name, *_ in marks(html)] == [
        ("/initiatives/?departement=60", f"Oise (Hauts-de-France){NBSP}: 2{NBSP}initiatives"),
        ("/initiatives/?departement=01", f"Ain (Auvergne-Rhône-Alpes){NBSP}: 1{NBSP}initiative"),
    ]
    assert places(html) == [("/initiatives/?departement=01", "Ain", 1), ("/initiatives/?departement=60", "Oise", 2)]
    assert "dans 3\u00a0collectivités" in html
    for url, _, count in places(html):
        assert total(client.get(url).text) == count
    for url, _, count in places(client.get("/carte/?type=ville").text):
        assert "type=ville" in url
        assert total(client.get(url).text) == count


def test_names_are_text_never_markup(client, by):
    factories.published(territory=factories.town(name='<b>"Là"</b>', **BEAUVAIS), by=by)
    html = client.get("/carte/").text
    assert "<b>" + '"Là' not in html
    assert len(marks(html)) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("address", ["/carte/", "/carte/?q=ville&theme=cybersecurite", "/"])
def test_queries_do_not_grow_with_the_entries(client, by, address):
    def fill():
        epci = factories.intercommunality(**BEAUVAIS)
        town = factories.town(intercommunality=epci, **BEAUVAIS)
        themes = [factories.theme(slug="cybersecurite")]
        factories.published(territory=town, themes=themes, by=by, title="Ville")
        factories.published(territory=epci, themes=themes, by=by, title="Ville")

    fill()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(10):
        fill()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)


def test_front_page_shows_the_map(client, by):
    factories.published(territory=factories.town(name="Beauvais", **BEAUVAIS), by=by)
    html = client.get("/").text
    assert [url for url, *_ in marks(html)] == ["/villes/beauvais-60/"]
    assert html.count("<h1") == 1


@pytest.mark.parametrize(
    ("facts", "has_dot"), [(BEAUVAIS, True), ({}, False)], ids=["with its point", "without its point"]
)
def test_page_of_a_town_locates_it(client, facts, has_dot):
    town = factories.town(name="Beauvais", **facts)
    locator = client.get(f"/villes/{town.slug}/").text.partition('class="locator"')[2].partition("</svg>")[0]
    assert 'class="here"' in locator
    assert ("<circle" in locator) == has_dot
    assert "Beauvais" in locator


@pytest.mark.both_databases
def test_page_of_an_intercommunality_locates_its_largest_town(client):
    epci = factories.intercommunality(name="CA du Beauvaisis", **BEAUVAIS)
    html = client.get(f"/intercommunalites/{epci.slug}/").text
    assert "<circle" in html.partition('class="locator"')[2].partition("</svg>")[0]


def test_territory_without_an_outline_has_no_locator(client):
    place = factories.department(
        code="987", name="Polynésie française", region="Polynésie française", region_code="987"
    )
    town = factories.town(department=place, longitude=-149.5, latitude=-17.5)
    response = client.get(f"/villes/{town.slug}/")
    assert response.status_code == 200
    assert "locator" not in response.text
