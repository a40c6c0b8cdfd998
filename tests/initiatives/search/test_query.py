"""What a search asks of the stems of a row: whole words, the beginning of the last one, expressions, so many words."""

import pytest

from initiatives.models import Initiative
from initiatives.search.query import QUERY_WORDS, Query
from tests.support import factories

pytestmark = pytest.mark.both_databases
SYNONYMS = [["visioconférence", "réunion à distance", "visio"], ["wifi", "hotspot"]]


def found(text: str, synonyms=SYNONYMS) -> set[str]:
    return {entry.title for entry in Initiative.objects.matching(Query(text, synonyms))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tab", {"Tablettes"}),
        ("pr", set()),
        ("p", set()),
        ("tab prêt", set()),
        ("prêt tab", {"Tablettes"}),
        ("202", set()),
        ("2020", {"Tablettes"}),
        ("réunion dist", {"Réunion et distribution", "Réunion à distance"}),
        ("réunion distan", {"Réunion à distance"}),
        ("réunion à distance", {"Réunion à distance", "Visioconférence"}),
        ("visio", {"Réunion à distance", "Visioconférence"}),
        ("visioconférence", {"Réunion à distance", "Visioconférence"}),
        ("distance", {"Réunion à distance"}),
        ("hotspot réunion", set()),
    ],
)
def test_words_beginnings_and_expressions(text, expected):
    for title in (
        *("Tablettes", "Réunion et distribution", "Réunion à distance", "Visioconférence", "Distribution de masques"),
        "Réunion publique",
    ):
        summary = "Le prêt de 2020." if title == "Tablettes" else "Sans autre mot."
        factories.published(title=title, summary=summary, need="Un.", solution="Un.")
    assert found(text) == expected


def test_expression_that_is_begun_asks_for_the_words_before_it_too():
    for title in ("Vélo cargo", "Vélo cargobus", "Cargobus", "Vélo"):
        factories.published(title=title, summary="Un.", need="Un.", solution="Un.")
    assert found("vélo cargo", [["vélo cargo", "triporteur"]]) == {"Vélo cargo", "Vélo cargobus"}


def test_longest_expression_is_the_one_that_is_meant():
    for title in ("Assemblée à distance", "Visioconférence", "Réunion à distance", "Réunion", "Assemblée"):
        factories.published(title=title, summary="Un.", need="Un.", solution="Un.")
    synonyms = [["réunion", "assemblée"], ["réunion à distance", "visioconférence"]]
    for groups in (synonyms, synonyms[::-1]):
        assert found("réunion à distance", groups) == {"Réunion à distance", "Visioconférence"}
        assert found("réunion", groups) == {"Réunion à distance", "Réunion", "Assemblée à distance", "Assemblée"}


def test_words_that_are_marked_are_those_that_are_found():
    query = Query("réunion tab", SYNONYMS)
    marked = [word for word in ("Réunions", "Tablettes", "table", "étable", "ta", "le") if query.matches(word)]
    assert marked == ["Réunions", "Tablettes", "table"]
    assert not Query("tab réunion").matches("Tablettes")
    assert Query("visio", SYNONYMS).matches("visioconférence")


def test_words_beyond_the_limit_ask_nothing():
    factories.published(title=" ".join(f"mot{letter}" for letter in "abcdefghijkl"))
    typed = [f"mot{letter}" for letter in "abcdefghijkl"]
    assert len(typed) == QUERY_WORDS
    assert len(found(" ".join(typed))) == 1
    assert len(found(" ".join([*typed, "absent"]))) == 1
    assert found(" ".join([*typed[:-1], "absent"])) == set()
