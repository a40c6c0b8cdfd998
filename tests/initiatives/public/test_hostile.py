"""Bad query strings at every public address: a page that makes sense, never a 500.

What reads the parameters of the list meets 2,000 strings, and each address 20 of its own: 2,000, too, with
`--thorough`, in a quarter of an hour.
"""

import random
from urllib.parse import quote
from zlib import crc32

import pytest
from django.core.cache import caches
from django.http import QueryDict

from initiatives.models import Initiative, Theme
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import Selection
from initiatives.public.vocabulary import Vocabulary
from initiatives.publication.jobs import build_next
from initiatives.search.query import QUERY_LENGTH
from tests.support import editions, factories
from tests.support.public_addresses import ADDRESSES

pytestmark = pytest.mark.both_databases

NAMES = (
    "fiche q categorie theme region departement territoire type population libre enquete annee tri page lettre parmi"
    " page_size format inconnu Q theme[] __class__ q__contains"
).split()
VALUES = [
    "",
    " ",
    "oui",
    "non",
    "2020",
    "ville",
    "service-public",
    "cybersecurite",
    "60",
    "2a",
    "2A",
    "02a",
    "1",
    "32",
    "abc",
    "0",
    "-1",
    "99999",
    "99999999999999999999999",
    "1e9",
    "NaN",
    "٣",
    "\x00",
    "a\x00b",
    "é\u0301\u0301",
    "œuvre d’été",
    "l'",
    "'",
    '"',
    "%",
    "_",
    "%%%s%s",
    "\\",
    "'; DROP TABLE initiatives_initiative; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "🙂",
    "👩‍👩‍👧",
    "שלום",
    "\u202eabc",
    "日本語",
    "\ud800",
    "\ufeff",
    "a" * 10_000,
    "mot " * 500,
    "recent",
    "titre",
    "collectivite",
    "pertinence",
    "10000-20000",
    "../../etc/passwd",
    "null",
    "[]",
    "initiative",
]


def query_strings(count: int, *, seed: int):
    """Known and unknown names with fit and unfit values, repeated, encoded well and badly."""
    draw = random.Random(seed)
    for _ in range(count):
        pairs = []
        for _ in range(draw.choice([1, 1, 2, 3, 5, 20])):
            name, value = draw.choice(NAMES), draw.choice(VALUES)
            if draw.random() < 0.05:
                value = "".join(chr(draw.randrange(0x2FFF)) for _ in range(draw.randrange(30)))
            encoded = quote(value.encode("utf-8", "surrogatepass"), safe="")
            if draw.random() < 0.05:
                encoded = draw.choice(["%ff", "%c3%28", "%", "%zz", "+", "%00", "%E2%82"]) + encoded
            pairs.append(f"{quote(name)}={encoded}" if draw.random() < 0.95 else quote(name))
        yield draw.choice(["&", "&", "&&", "&=&"]).join(pairs)


@pytest.fixture(scope="module")
def world(kept_rows):
    """An entry and a territory behind each address that names one; an edition, whose documents wait."""
    with kept_rows():
        themes = [factories.theme(slug="cybersecurite")]
        factories.published(slug="fiche", territory=factories.town(name="Beauvais"), themes=themes)
        factories.published(territory=factories.intercommunality(name="CA du Beauvaisis"))
        editions.edition()
        yield


@pytest.fixture
def as_served(settings):
    """With the cache of pages: what reads nothing of the query string is made once, as for visitors."""
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["pages"].clear()


def test_no_query_string_breaks_the_filter(world, pytestconfig):
    """Entries in an order, or a sentence about what is unknown; and links that choose as much."""
    vocabulary, found = Vocabulary(), set()
    for query in query_strings(2_000 if pytestconfig.getoption("thorough") else 400, seed=60):
        selection = Selection(QueryDict(query))
        filterset = InitiativeFilter(selection, vocabulary)
        entries, unknown = list(filterset.ordered_rows()), list(filterset.unknown)
        assert len(entries) == filterset.rows().count(), query
        assert all(message for _, message in unknown), query
        again = Selection(QueryDict(selection.query().removeprefix("?")))
        assert again.chosen.keys() == selection.chosen.keys(), query
        found.add((len(entries), bool(unknown)))
    assert found == {(0, True), (0, False), (2, False)}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_query_string_breaks_a_public_address(client, world, as_served, address, pytestconfig):
    if address.endswith("publication.pdf"):
        build_next()
    strings = query_strings(2_000 if pytestconfig.getoption("thorough") else 20, seed=crc32(address.encode()))
    for query in strings:
        response = client.get(address, QUERY_STRING=query)
        assert response.status_code in (200, 301, 400, 404), query
        if response.streaming:
            assert b"".join(response.streaming_content)
    assert Initiative.objects.count() == 2


@pytest.mark.parametrize(
    "path",
    [
        "/initiatives/inconnue/",
        "/initiatives/%00/",
        "/initiatives/%ff%fe/",
        "/initiatives/../../etc/passwd",
        "/initiatives/" + "a" * 5_000 + "/",
        "/categories/inconnue/",
        "/villes/inconnue/",
        "/villes/%F0%9F%99%82/",
        "/intercommunalites/inconnue/",
        "/export/initiatives.exe",
        "/export/",
        "/chiffres/perdus.csv",
        "/chiffres/themes.exe",
        "/chiffres/departements.png",
        "/donnees/catalogue.exe",
        "/donnees/exemple-perdu.csv",
        "/api/",
        "/n-existe-pas",
    ],
)
def test_unknown_address_is_a_404_in_french_that_offers_the_search(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert 'name="q"' in response.text
    assert '<html lang="fr"' in response.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_only_answer_to_get_and_head(client, world, method):
    for address in ADDRESSES:
        response = getattr(client, method)(address)
        assert response.status_code == 405, address
        assert "GET" in response["Allow"]


def test_long_search_is_cut_and_the_page_shows_what_was_searched(client):
    html = client.get("/initiatives/", {"q": "carte " * 2_000}).text
    assert len(html) < 200_000
    assert "carte " * (QUERY_LENGTH // 6) in html.replace("\xa0", " ") or "carte" in html


def test_hundreds_of_choices_are_no_page_of_megabytes(client):
    response = client.get("/initiatives/?" + "&".join(f"theme=t{number}" for number in range(900)))
    assert "est inconnu" in response.text
    assert len(response.content) < 700_000


def test_theme_renamed_to_markup_is_shown_as_text(client):
    Theme.objects.filter(slug="cybersecurite").update(name="<script>alert(1)</script>")
    factories.published(themes=[factories.theme(slug="cybersecurite")])
    for address in ("/initiatives/", "/categories/service-public/"):
        html = client.get(address).text
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert(1)" not in html
