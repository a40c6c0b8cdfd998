"""Comparable territories: about as populated, of the same type, with entries; and what they did on the same themes."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.public.comparable import ENTRIES, TERRITORIES, comparable_to
from tests.support import factories

pytestmark = pytest.mark.both_databases


@pytest.fixture
def by():
    return factories.user()


@pytest.fixture
def beauvais():
    return factories.town(name="Beauvais", population=50_000)


def names(territory) -> list[str]:
    return [one.present.name for one in comparable_to(territory)]


@pytest.mark.parametrize(("population", "is_near"), [(34_999, False), (35_000, True), (65_000, True), (65_001, False)])
def test_population_within_thirty_percent(beauvais, by, population, is_near):
    factories.published(territory=factories.town(name="Voisine", population=population), by=by)
    assert names(beauvais) == (["Voisine"] if is_near else [])


def test_only_the_same_type_with_published_entries(beauvais, by):
    factories.town(name="Sans fiche", population=50_000)
    factories.submitted(territory=factories.town(name="En attente", population=50_000), by=by)
    factories.published(territory=factories.town(name="Disparue", population=50_000, is_former=True), by=by)
    epci = factories.intercommunality(name="CA Ailleurs", population=50_000)
    factories.published(territory=epci, by=by)
    factories.published(territory=beauvais, by=by)
    assert names(beauvais) == []
    other = factories.intercommunality(name="CC Proche", population=55_000, kind="CC")
    assert names(other) == ["Communauté d’agglomération Ailleurs"]


def test_nearest_in_population_comes_first_where_there_are_no_themes_to_share(beauvais, by):
    factories.published(territory=factories.town(name="Abbeville", population=60_000), by=by)
    factories.published(territory=factories.town(name="Zonza", population=51_000), by=by)
    assert names(beauvais) == ["Zonza", "Abbeville"]


def test_territory_of_unknown_population_is_compared_with_none(by):
    factories.published(territory=factories.town(population=50_000), by=by)
    assert comparable_to(factories.town(population=None)) == []
    assert comparable_to(factories.town(population=0)) == []


def test_shared_theme_comes_first_then_the_nearest(beauvais, by):
    theme, other = factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")
    factories.published(territory=beauvais, themes=[theme], by=by)
    for name, population, themes in (
        ("Proche", 50_100, [other]),
        ("Lointaine", 60_000, [theme]),
        ("Moins lointaine", 45_000, [theme]),
    ):
        factories.published(territory=factories.town(name=name, population=population), themes=themes, by=by)
    assert names(beauvais) == ["Moins lointaine", "Lointaine", "Proche"]
    assert [one.is_on_same_themes for one in comparable_to(beauvais)] == [True, True, False]


def test_entries_on_the_shared_themes_alone_are_shown(beauvais, by):
    theme, other = factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")
    factories.published(territory=beauvais, themes=[theme], by=by)
    voisine = factories.town(name="Voisine", population=50_000)
    factories.published(title="Même thème", territory=voisine, themes=[theme, other], by=by)
    for number in range(ENTRIES):
        factories.published(title=f"Autre {number}", territory=voisine, themes=[other], by=by)
    [one] = comparable_to(beauvais)
    assert [entry.title for entry in one.entries] == ["Même thème"]


def test_no_more_than_a_few_entries_of_a_few_territories(beauvais, by):
    for number in range(TERRITORIES + 2):
        town = factories.town(population=50_000 + number)
        for _ in range(ENTRIES + 1):
            factories.published(territory=town, by=by)
    found = comparable_to(beauvais)
    assert len(found) == TERRITORIES
    assert {len(one.entries) for one in found} == {ENTRIES}


def test_page_shows_them_with_links_that_answer(client, beauvais, by):
    theme = factories.theme(slug="cybersecurite")
    factories.published(territory=beauvais, themes=[theme], by=by)
    factories.published(
        title="Un exercice", territory=factories.town(name="Voisine", population=48_000), themes=[theme], by=by
    )
    html = client.get("/villes/beauvais-60/").text
    section = unescape(html.partition("Ailleurs, à population comparable")[2])
    assert "Sur les mêmes thèmes" in section
    links = re.findall(r'<a href="(/[^"]+)">(Voisine|Un exercice)</a>', section)
    assert [name for _, name in links] == ["Voisine", "Un exercice"]
    assert all(client.get(url).status_code == 200 for url, _ in links)


def test_page_of_a_territory_without_entry_shows_them_without_speaking_of_its_themes(client, beauvais, by):
    factories.published(territory=factories.town(name="Voisine", population=48_000), by=by)
    section = client.get("/villes/beauvais-60/").text.partition("Ailleurs, à population comparable")[2]
    assert "Voisine" in section
    assert "thèmes&nbsp;:" not in section


def test_queries_do_not_grow(client, beauvais, by):
    def fill():
        theme = factories.theme(slug="cybersecurite")
        factories.published(territory=beauvais, themes=[theme], by=by)
        factories.published(territory=factories.town(population=50_000), themes=[theme], by=by)

    fill()
    with CaptureQueriesContext(connection) as few:
        client.get("/villes/beauvais-60/")
    for _ in range(8):
        fill()
    with CaptureQueriesContext(connection) as many:
        client.get("/villes/beauvais-60/")
    assert len(few) == len(many)
