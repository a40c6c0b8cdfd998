"""The search: words as people type them, on real entries, the same on both databases."""

import pytest
from django.http import QueryDict

from initiatives.models import Initiative
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import Selection
from initiatives.search.query import Query, stem, stems
from tests.support.held_queries import HELD
from towns.names import fold

pytestmark = pytest.mark.both_databases


def found(text: str) -> list[int]:
    """The line numbers of the entries that a query finds, in the order of the list."""
    parameters = QueryDict(mutable=True)
    parameters["q"] = text
    rows = InitiativeFilter(Selection(parameters)).ordered_rows()
    return [int(reference.rpartition("-")[2]) for reference in rows.values_list("reference", flat=True)]


@pytest.mark.usefixtures("real_catalogue")
class TestHeldQueries:
    @pytest.mark.parametrize(("text", "expected"), HELD, ids=[text for text, _ in HELD])
    def test_query_finds_what_it_must(self, text, expected):
        missing = expected - set(found(text))
        assert not missing, [str(Initiative.objects.get(reference=f"CS20-{n:05d}")) for n in missing]

    def test_order_is_the_same_on_every_database(self):
        """Ranks and ties are decided by stored bytes, never by a collation: these are the first five."""
        assert {text: found(text)[:5] for text in ("entraide", "facebook", "62", "commerces ouverts")} == ORDER

    def test_most_queries_are_selective(self):
        """Recall is not bought by returning everything."""
        assert len(HELD) >= 40
        shares = sorted(len(found(text)) / 158 for text, _ in HELD)
        assert shares[len(shares) // 2] < 0.12

    def test_words_of_a_query_are_all_needed(self):
        assert found("béthune tablettes") == []

    def test_nothing_is_found_by_words_that_nobody_wrote(self):
        assert found("zzyzx") == []


ORDER = {
    "62": [13, 65, 118, 4],
    "commerces ouverts": [56, 75, 107, 95, 102],
    "entraide": [2, 42, 7, 5, 23],
    "facebook": [123, 148, 2, 146, 52],
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vélo", "vélos"),
        ("vidéo", "vidéos"),
        ("info", "infos"),
        ("menu", "menus"),
        ("jeu", "jeux"),
        ("lieu", "lieux"),
        ("travail", "travaux"),
        ("local", "locaux"),
        ("municipal", "municipaux"),
        ("réseau", "réseaux"),
        ("atelier", "ateliers"),
        ("école", "écoles"),
        ("commerçant", "commerçants"),
        ("œuvre", "oeuvres"),
        ("élève", "ELEVES"),
        ("aîné", "aînés"),
        ("outil", "outils"),
        ("bureau", "bureaux"),
        ("hôpital", "hôpitaux"),
        ("appel", "appels"),
    ],
)
def test_singular_and_plural_have_one_stem(one, other):
    assert stem(fold(one)) == stem(fold(other))


@pytest.mark.parametrize(
    "text", ["", "   ", "'", '"', "%", "_", "\\", "(", "le la les", "d'", "🙂", "\x00", "-", "a" * 10_000]
)
def test_any_text_makes_a_query(text):
    Initiative.objects.published().filter(Query(text).condition()).count()


def test_percent_and_underscore_are_not_wildcards():
    stored = stems(["service public"])
    assert "%" not in stored
    assert not Query("%")
    assert not Query("_")


def test_match_is_of_the_word_as_written():
    query = Query("commerces", [["commerce", "boutique"]])
    assert query.matches("Commerce")
    assert query.matches("boutiques")
    assert not query.matches("les")
    assert not query.matches("marché")
