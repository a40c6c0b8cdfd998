"""What is counted once is known until the content changes, and no longer."""

import pytest
from django.http import QueryDict

from initiatives.caching import versioned
from initiatives.models import Theme
from initiatives.public.listing import Listing
from tests.support import factories
from tests.support.generated import generate

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _knowing(settings):
    settings.COUNTS_IN_MEMORY = 4_000_000
    versioned._memory.cache_clear()
    yield
    versioned._memory.cache_clear()


def look(query: str = "") -> tuple[int, int, dict]:
    listing = Listing(QueryDict(query))
    counts = {(facet.name, option.value): option.count for facet in listing.facets for option in facet.options}
    return listing.total, listing.territory_count, counts


def test_nothing_is_counted_twice_in_one_state(django_assert_num_queries):
    factories.published(themes=[factories.theme(slug="cybersecurite")])
    first = look()
    with django_assert_num_queries(1):  # the state
        assert look("tri=titre&page=2") == first
    cube_is_known = look("theme=cybersecurite")
    with django_assert_num_queries(4):  # the state, the themes, the places, the territories
        look("theme=cybersecurite&categorie=service-public")
    assert cube_is_known[0] == 1


@pytest.mark.parametrize(
    "query", ["", "q=velos", "theme=cybersecurite", "region=32&annee=2020", "territoire=beauvais-60"]
)
def test_each_selection_has_its_counts_and_loses_them_with_a_change(query):
    theme = factories.theme(slug="cybersecurite")
    town = factories.town(name="Beauvais", slug="beauvais-60")
    first = factories.published(title="Vélos", themes=[theme], territory=town)
    assert look(query)[:2] == (1, 1)
    factories.published(title="Vélos encore", themes=[theme], territory=town)
    assert look(query)[:2] == (2, 1)
    assert look("categorie=economie-locale")[0] == 0
    first.archive(by=factories.user())
    assert look(query)[:2] == (1, 1)


def test_each_selection_has_its_own_counts_in_one_state():
    generate(1, 30)
    themes = ["cybersecurite", "circuits-courts", "sante-publique"]
    queries = [
        *("", "q=carte", "q=atelier", "q=plateforme", "q=introuvable", "enquete=oui", "libre=oui"),
        *(f"theme={theme}" for theme in themes),
        *(f"q={word}&theme={theme}" for word in ("carte", "atelier") for theme in themes),
        *(f"region={region}" for region in ("32", "94", "84")),
        *("departement=60", "departement=62", "departement=60&departement=62", "region=32&departement=60"),
        *("annee=2019", "annee=2020", "annee=2020&q=carte", "type=ville", "type=ville&q=carte", "etat=deployee"),
    ]
    expected = {}
    for query in queries:
        versioned._memory.cache_clear()
        expected[query] = look(query)
    assert len({repr(found) for found in expected.values()}) > 20
    for order in (queries, queries[::-1]):
        versioned._memory.cache_clear()
        assert {query: look(query) for query in order} == expected


def test_words_follow_their_change(client):
    theme = Theme.objects.get(slug="cybersecurite")
    assert theme.name in client.get("/initiatives/").text
    theme.name = "sécurité des systèmes"
    theme.save()
    for address in ("/", "/initiatives/", "/categories/service-public/"):
        assert "sécurité des systèmes" in client.get(address).text.lower()


def test_figures_of_the_pages_follow_a_change(client):
    for address in ("/", "/a-propos/"):
        before = client.get(address).text
        factories.published()
        assert client.get(address).text != before
