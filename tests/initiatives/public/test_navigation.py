"""The way back, and the entry before and after, in the list that the visitor comes from."""

import pytest
from django.http import QueryDict

from initiatives.public.navigation import navigation
from tests.support import factories

pytestmark = pytest.mark.both_databases


@pytest.fixture
def alphabet():
    editor, town = factories.user(), factories.town()
    return {letter: factories.published(title=letter, territory=town, by=editor) for letter in "ABCD"}


def around(query: str, initiative):
    found = navigation(QueryDict(query), initiative)
    names = [one.initiative.title if one else None for one in (found.previous, found.next)]
    return (*names, found.back)


@pytest.mark.parametrize(
    ("letter", "query", "expected"),
    [
        ("A", "tri=titre&rang=1", (None, "B", "?tri=titre")),
        ("B", "tri=titre&rang=2", ("A", "C", "?tri=titre")),
        ("D", "tri=titre&rang=4", ("C", None, "?tri=titre")),
        ("B", "q=b&rang=1", (None, None, "?q=b")),
        ("B", "tri=titre&rang=3", (None, None, "?tri=titre")),
        ("B", "tri=titre&rang=99", (None, None, "?tri=titre&page=5")),
        ("B", "tri=titre&rang=abc", (None, None, "?tri=titre")),
        ("B", "tri=titre&rang=0", (None, None, "?tri=titre")),
        ("B", "tri=titre&rang=99999999999999999999", (None, None, "?tri=titre")),
        ("B", "theme=perdu&rang=1", (None, None, "?theme=perdu")),
        ("B", "", (None, None, None)),
    ],
)
def test_bearings(alphabet, letter, query, expected):
    assert around(query, alphabet[letter]) == expected


def test_neighbours_lead_to_their_own_place(alphabet):
    found = navigation(QueryDict("tri=titre&rang=2"), alphabet["B"])
    assert found.next.query == "?tri=titre&rang=3"
    assert around(found.next.query.lstrip("?"), found.next.initiative)[0] == "B"
