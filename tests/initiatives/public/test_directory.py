"""The directory: the territories that have entries, by région, A to Z, and by name."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.public import directory
from tests.support import factories

pytestmark = pytest.mark.both_databases


def letters(html: str) -> dict[str, list[str]]:
    """The names under each letter, in their order."""
    sections = (
        re.findall(r'<section id="(\w)".*?</section>', html, re.S),
        re.findall(r"<section id=.*?</section>", html, re.S),
    )
    return {
        name: [unescape(found) for found in re.findall(r"<li><span><a[^>]*>([^<]*)</a>", section)]
        for name, section in zip(*sections, strict=True)
    }


def rows(html: str) -> list[tuple[str, int]]:
    """Address and count of each territory."""
    index = html.partition('class="index"')[2]
    return [(url, int(count)) for url, count in re.findall(r'<li><span><a href="([^"]*)">.*?<b>(\d+)<', index)]


def regions(html: str) -> list[tuple[str, str, int]]:
    """Query, name and count of each région."""
    menu = html.partition('class="regions"')[2].partition("</nav>")[0]
    found = re.findall(r'href="/collectivites/([^"]*)"[^>]*>([^<]*)</a> <b>(\d+)', menu)
    return [(unescape(query), unescape(name), int(count)) for query, name, count in found]


@pytest.fixture
def by():
    return factories.user()


@pytest.fixture
@factories.at_once()
def world(by):
    """Six territories of two régions, one of which has two entries; and one without any."""
    seine_maritime = factories.department(code="76", name="Seine-Maritime", region="Normandie", region_code="28")
    havre = factories.town(name="Le Havre", department=seine_maritime)
    evreux = factories.town(name="Évreux", department=seine_maritime)
    eu = factories.town(name="Eu", department=seine_maritime)
    beauvais = factories.town(name="Beauvais", postal_codes="60000")
    epci = factories.intercommunality(name="CA du Beauvaisis")
    hay = factories.town(name="L'Haÿ-les-Roses")
    factories.town(name="Bresles")
    for town in (havre, havre, evreux, eu, beauvais, hay):
        factories.published(territory=town, by=by)
    factories.published(territory=epci, by=by)


def test_names_sort_without_accent_article_or_kind(client, world):
    assert letters(client.get("/collectivites/").text) == {
        "B": ["Beauvais", "Communauté d’agglomération du Beauvaisis"],
        "E": ["Eu", "Évreux"],
        "H": ["Le Havre", "L’Haÿ-les-Roses"],
    }


def test_name_that_begins_with_a_figure_stands_after_z(client, by):
    for name in ("CC des 4B Sud Charente", "CC du Pays", "CA Zélande"):
        factories.published(territory=factories.intercommunality(name=name, kind=name[:2]), by=by)
    assert re.findall(r'<section id="([^"]*)"', client.get("/collectivites/").text) == ["P", "Z", "0-9"]
    assert len(rows(client.get("/collectivites/?lettre=0-9").text)) == 1


def test_counts_are_what_the_pages_say(client, world):
    found = rows(client.get("/collectivites/").text)
    assert len(found) == 6
    assert sum(count for _, count in found) == 7
    for url, count in found:
        assert re.search(rf"<h2>{count}\s", client.get(url).text), url


def test_regions_count_their_territories_and_lead_to_them(client, world):
    html = client.get("/collectivites/").text
    assert regions(html) == [
        ("?", "Toutes les régions", 6),
        ("?region=32", "Hauts-de-France", 3),
        ("?region=28", "Normandie", 3),
    ]
    for query, _, count in regions(html):
        assert len(rows(client.get(f"/collectivites/{query}").text)) == count


def test_letters_jump_to_their_place(client, world):
    html = client.get("/collectivites/").text
    targets = re.findall(r'<a href="#(\w)"', html)
    assert targets == ["B", "E", "H"]
    assert all(f'<section id="{target}"' in html for target in targets)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("beauv", ["Beauvais", "Communauté d’agglomération du Beauvaisis"]),
        ("havre", ["Le Havre"]),
        ("le havre", ["Le Havre"]),
        ("EVREUX", ["Évreux"]),
        ("60000", ["Beauvais"]),
        ("seine", ["Eu", "Évreux", "Le Havre"]),
        ("normandie", ["Eu", "Évreux", "Le Havre"]),
        ("e", ["Eu", "Évreux"]),
    ],
)
def test_search_takes_names_codes_departements_and_regions(client, world, typed, names):
    found = letters(client.get("/collectivites/", {"q": typed}).text)
    assert [name for under in found.values() for name in under] == names


def test_search_within_a_region_keeps_both(client, world):
    html = client.get("/collectivites/?q=e&region=28").text
    assert letters(html) == {"E": ["Eu", "Évreux"]}
    assert '<input type="hidden" name="region" value="28">' in html
    assert [query for query, *_ in regions(html)] == ["?q=e", "?q=e&region=28"]


def test_town_without_entry_is_named_with_its_page(client, world):
    html = client.get("/collectivites/?q=bresles").text
    assert rows(html) == []
    assert "Le catalogue n’a pas encore de fiche pour" in html
    assert '<a href="/villes/bresles-60/">Bresles</a>' in html


def test_search_that_finds_nothing_says_what_to_do(client, world):
    html = client.get("/collectivites/?q=zzyzx").text
    assert "Aucune collectivité de ce nom" in html
    assert 'href="/initiatives/?q=zzyzx"' in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("region=99", "La région « 99 » est inconnue."),
        ("lettre=%3Cb%3E", "La lettre « &lt;B&gt; » est inconnue."),
        ("lettre=abc", "La lettre « ABC » est inconnue."),
    ],
)
def test_unknown_value_is_said_and_never_gives_everything(client, world, query, sentence):
    response = client.get(f"/collectivites/?{query}")
    assert response.status_code == 200
    assert rows(response.text) == []
    assert sentence in response.text.replace("\u00a0", " ")


@pytest.mark.parametrize("typed", ["b", "b" * 500, "<script>alert(1)</script>", "%", "\x00", "'; DROP TABLE"])
def test_strange_searches_give_a_page(client, world, typed):
    response = client.get("/collectivites/", {"q": typed})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_directory_without_entry_says_so(client):
    html = client.get("/collectivites/").text
    assert rows(html) == []
    assert "Aucune collectivité n’a encore de fiche" in html


def test_directory_too_long_for_a_page_shows_one_letter(client, world, monkeypatch):
    monkeypatch.setattr(directory, "MOST", 3)
    html = client.get("/collectivites/").text
    assert list(letters(html)) == ["B"]
    assert 'href="?lettre=E"' in html
    assert letters(client.get("/collectivites/?lettre=%C3%A9").text) == {"E": ["Eu", "Évreux"]}


def test_unpublished_entries_make_nobody_present(client, by):
    factories.submitted(territory=factories.town(name="Beauvais"), by=by)
    assert rows(client.get("/collectivites/").text) == []


@pytest.mark.parametrize("address", ["/collectivites/", "/collectivites/?q=ville&region=32"])
def test_queries_do_not_grow_with_the_territories(client, by, address):
    def fill():
        factories.published(territory=factories.town(), by=by)
        factories.published(territory=factories.intercommunality(name=f"Ville {factories.town().pk}"), by=by)

    fill()
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(10):
        fill()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many)


def test_field_of_the_directory_completes_territories_only(client, world, by):
    factories.published(territory=factories.town(name="Beaune"), title="Beau marché", by=by)
    assert 'data-suggestions="/suggestions?parmi=collectivites"' in client.get("/collectivites/").text
    everything = client.get("/suggestions?q=beau").json()["suggestions"]
    territories = client.get("/suggestions?q=beau&parmi=collectivites").json()["suggestions"]
    assert {one["kind"] for one in everything} == {"Collectivité", "Initiative"}
    assert {one["kind"] for one in territories} == {"Collectivité"}
    assert len(territories) == 3
