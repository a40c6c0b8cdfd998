"""Every count equals what a click finds."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from initiatives.models.bands import BANDS
from initiatives.public.filters import InitiativeFilter
from initiatives.public.listing import Listing
from initiatives.public.selection import Selection
from initiatives.public.vocabulary import Vocabulary
from tests.support import factories
from tests.support.generated import generate

pytestmark = pytest.mark.both_databases

USED = {"60", "62", "2A", "01"}


def listing(query: str) -> Listing:
    return Listing(QueryDict(query))


SELECTIONS = [
    "",
    "categorie=service-public",
    "theme=cybersecurite",
    "theme=cybersecurite&theme=circuits-courts",
    "region=32",
    "departement=60&departement=2A",
    "region=32&departement=60",
    "region=94&departement=60",
    "type=ville&population=10000-20000",
    "population=plus-de-100000&libre=oui",
    "annee=2020&enquete=oui",
    "q=carte",
    "q=carte+commerce&categorie=cohesion-sociale&tri=titre",
    "categorie=service-public&theme=cybersecurite&region=32&departement=60&type=ville&annee=2020",
    "q=introuvable&libre=oui",
    "libre=non&categorie=service-public",
    "etat=deployee",
    "etat=inconnu&categorie=service-public&annee=2020",
    "edition=numerique-et-gestion-de-crise-2020-2021&theme=cybersecurite",
]


def test_each_count_is_what_the_click_finds():
    generate(1, 60)
    looked, vocabulary = 0, Vocabulary()
    for selection in SELECTIONS:
        facets = list(listing(selection).facets)
        assert len(facets) == 9
        for facet in facets:
            for option in facet.options:
                if facet.name == "departement" and option.value not in USED:
                    assert option.count == 0
                    continue
                click = QueryDict(selection, mutable=True)
                click[facet.name] = option.value
                clicked = InitiativeFilter(Selection(click), vocabulary).rows().count()
                assert clicked == option.count, (selection, facet.name, option.value)
                looked += bool(option.count)
        assert listing(selection).total == listing(selection).filterset.rows().count()
    assert looked > 200


def test_page_shows_the_counts_of_the_facets(client):
    generate(3, 40)
    for selection in SELECTIONS[:8]:
        html = client.get(f"/initiatives/?{selection}").text
        shown = {
            (name, value): int(count)
            for name, value, count in re.findall(
                r'data-facet="([^"]+)"\s+data-value="([^"]+)"\s+data-count="(\d+)"', html
            )
        }
        counted = {
            (facet.name, option.value): option.count for facet in listing(selection).facets for option in facet.options
        }
        assert shown == counted
        assert re.findall(r'data-total="(\d+)"', html) == [str(listing(selection).total)]


def test_choice_that_gives_nothing_stays_visible_and_cannot_be_clicked(client):
    factories.published(category=factories.category(slug="service-public"))
    html = client.get("/initiatives/").text
    dead = re.search(r'data-value="economie-locale"\s+data-count="0".*?</label>', html, re.S)
    assert dead
    assert "disabled" in dead[0]


@pytest.mark.parametrize(
    ("population", "band"),
    [
        (0, "moins-de-10000"),
        (9_999, "moins-de-10000"),
        (10_000, "10000-20000"),
        (19_999, "10000-20000"),
        (20_000, "20000-50000"),
        (50_000, "50000-100000"),
        (99_999, "50000-100000"),
        (100_000, "plus-de-100000"),
    ],
)
def test_bounds_of_the_population_bands(population, band):
    factories.published(territory=factories.town(population=population))
    assert [value for value in BANDS if listing(urlencode({"population": value})).total] == [band]


def test_territory_without_population_is_in_no_band():
    factories.published(territory=factories.town(population=None))
    assert listing("").total == 1
    assert sum(listing(urlencode({"population": value})).total for value in BANDS) == 0


def test_theme_of_an_unpublished_entry_counts_nothing():
    factories.draft(themes=[factories.theme(slug="cybersecurite")])
    themes = next(facet for facet in listing("").facets if facet.name == "theme")
    assert {option.count for option in themes.options} == {0}
