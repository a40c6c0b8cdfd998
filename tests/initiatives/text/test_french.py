"""French on the page."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from initiatives.search.query import Query
from initiatives.templatetags.french import EXCERPT, excerpt, marked
from initiatives.text import french

pytestmark = pytest.mark.no_database


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
    ("word", "shown"),
    [("publier", "de publier"), ("archiver", "d’archiver"), ("écarter", "d’écarter"), ("œuvrer", "d’œuvrer")],
)
def test_de_is_elided_before_a_vowel(word, shown):
    assert french.of(word) == shown


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


def test_moments_are_those_of_france():
    midnight = datetime(2021, 5, 31, 22, 5, tzinfo=UTC)
    assert french.moment(midnight) == "1er juin 2021 à 00:05"
    assert Template("{{ one|day }}").render(Context({"one": midnight})) == "1er juin 2021"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("l'entraide", "l’entraide"),
        ("Quoi ?", "Quoi\u202f?"),
        ("Note : « oui »", "Note\u00a0: «\u00a0oui\u00a0»"),
        ("https://example.org", "https://example.org"),
        ("10 000 à 100 000 habitants", "10\u202f000 à 100\u202f000 habitants"),
        ("en 2020 100 villes", "en 2020 100 villes"),
        ("60 % pour 5 €", "60\u00a0% pour 5\u00a0€"),
        ("et ainsi …", "et ainsi…"),
        ("la suite...", "la suite…"),
        ("CA de Blois ''Agglopolys''", "CA de Blois «\u00a0Agglopolys\u00a0»"),
        ('le "clic et collecte"', "le «\u00a0clic et collecte\u00a0»"),
        ('un écran de 5" et un de 7"', 'un écran de 5" et un de 7"'),
    ],
)
def test_typography(typed, shown):
    assert french.typo(typed) == shown


def test_mark_escapes_everything_else():
    html = marked("<b>Écoles</b> & l’école", Query("école"))
    assert html == "&lt;b&gt;<mark>Écoles</mark>&lt;/b&gt; &amp; l’<mark>école</mark>"


def test_nouns_go_without_their_number_too():
    assert french.noun(1, "est,sont") == "est"
    assert french.noun(2, "est,sont") == "sont"
    assert french.noun(2, "fiche rédigée") == "fiches rédigées"


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (12, "1\xa0ko"),
        (904_321, "904\xa0ko"),
        (999_999, "999\xa0ko"),
        (1_249_000, "1,2\xa0Mo"),
        (20_000_000, "20,0\xa0Mo"),
    ],
)
def test_files_weigh_what_french_says(octets, said):
    assert french.file_size(octets) == said


def test_excerpt_keeps_the_first_words():
    words = [f"mot{number}" for number in range(40)]
    assert excerpt(" ".join(words[:EXCERPT]), None) == " ".join(words[:EXCERPT])
    assert excerpt(" ".join(words), None) == " ".join(words[:EXCERPT]) + "…"
    words[EXCERPT - 1] = "fin,"
    assert excerpt(" ".join(words), None).endswith(" fin…")


def test_excerpt_goes_to_the_word_that_was_found(db):
    text = " ".join([f"mot{number}" for number in range(60)] + ["l’école", "fin."])
    shown = excerpt(text, Query("écoles"))
    assert shown.startswith("… ")
    assert shown.endswith("l’école fin.")
    assert len(shown.split()) == EXCERPT + 1
    assert excerpt(text, Query("absent")) == excerpt(text, None)
