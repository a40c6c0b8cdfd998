"""French on the page."""

from datetime import date

import pytest

from initiatives.search import Query
from initiatives.templatetags import french


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (999, "999"), (16_000, "16\u202f000"), (None, "")])
def test_thousands_are_parted_by_a_narrow_space(value, shown):
    assert french.number(value) == shown


@pytest.mark.parametrize(
    ("value", "words", "shown"),
    [
        (0, "initiative", "0\u00a0initiative"),
        (1, "initiative", "1\u00a0initiative"),
        (2, "initiative", "2\u00a0initiatives"),
        (2, "ville citée", "2\u00a0villes citées"),
        (2, "réseau,réseaux", "2\u00a0réseaux"),
    ],
)
def test_nouns_agree_with_their_number(value, words, shown):
    assert french.counted(value, words) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("2020", "2020"), ("2020-04", "avril 2020"), ("2021-12", "décembre 2021"), ("", "")]
)
def test_dates_keep_their_precision(value, shown):
    assert french.year_or_month(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2021, 6, 1), "1er juin 2021"),
        (date(2021, 6, 8), "8 juin 2021"),
        (date(2021, 6, 11), "11 juin 2021"),
        (None, ""),
    ],
)
def test_first_of_the_month_is_an_ordinal(value, shown):
    assert french.day(value) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("l'entraide", "l’entraide"),
        ("Quoi ?", "Quoi\u202f?"),
        ("Note : « oui »", "Note\u00a0: «\u00a0oui\u00a0»"),
        ("https://example.org", "https://example.org"),
    ],
)
def test_typography(typed, shown):
    assert french.typo(typed) == shown


def test_mark_escapes_everything_else():
    html = french.marked("<b>Écoles</b> & l’école", Query("école"))
    assert html == "&lt;b&gt;<mark>Écoles</mark>&lt;/b&gt; &amp; l’<mark>école</mark>"
