"""Probable duplicates: the index of titles finds what comparing every pair would find, and compares far fewer."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.imports import duplicates
from initiatives.models import Initiative
from tests.support import factories

pytestmark = pytest.mark.both_databases

WORDS = st.frozensets(st.sampled_from([*"abcdefgh", "commerce", "numérique"]), max_size=8)


class TestTitles:
    @given(titles=st.lists(WORDS, max_size=20), sought=WORDS, counted=st.booleans())
    @settings(deadline=None, max_examples=300)
    def test_index_finds_what_reading_all_finds(self, titles, sought, counted):
        index = duplicates.Titles(Counter(word for words in titles for word in words) if counted else Counter())
        for at, words in enumerate(titles):
            index.add(at, words)
        plain = [at for at, words in enumerate(titles) if duplicates.is_close(sought, words)]
        assert list(index.close_to(sought)) == plain

    def test_long_titles_of_common_words(self):
        """At each length the share from which two are close falls between other numbers of words."""
        for length in range(1, 40):
            words = {f"mot{number:02d}" for number in range(length)}
            for kept in range(length + 1):
                other = set(sorted(words)[length - kept :])
                index = duplicates.Titles(Counter())
                index.add("other", other)
                assert list(index.close_to(words)) == ["other"] * duplicates.is_close(words, other)


def plainly() -> set[int]:
    """All that have a probable duplicate, by comparing every pair."""
    found, rows = set(), list(Initiative.objects.exclude(status="rejected"))
    for one, other in combinations(rows, 2):
        if one.territory == other.territory:
            sides = (set(entry.search_title.split()) for entry in (one, other))
            found |= {one.pk, other.pk} if duplicates.is_close(*sides) else set()
    return found


@pytest.fixture
def town():
    return factories.town()


def test_entries_with_a_duplicate_are_those_that_comparing_every_pair_finds(town):
    for title in (
        "Un annuaire des commerces",
        "L’annuaire des commerces",
        "Annuaire des commerces ouverts",
        "Annuaire des commerces ouverts le dimanche",
        "Un standard",
        "Un standard téléphonique pour les aînés",
        "!",
        "?",
    ):
        factories.draft(title=title, territory=town)
    factories.draft(title="Un standard", territory=factories.town())
    factories.submitted(title="Le standard", territory=town).reject(by=factories.user(), reason="Déjà là.")
    found = duplicates.all_duplicates()
    assert found == plainly()
    assert not Initiative.objects.filter(pk__in=found, title__contains="standard").exists()
    assert len(found) == 4


def test_thousands_of_entries_of_one_town_are_not_compared_two_by_two(town, monkeypatch):
    count = 2_000
    model = factories.draft(territory=town)
    Initiative.objects.bulk_create(
        [
            Initiative(
                territory=town, department=model.department, survey=model.survey, category=model.category,
                title="…", reference=f"R-{number}", slug=f"r-{number}", sort_key="…",
                search_title=f" annuair commerc livraison numer ville r{number} s{number % 500} t{number % 700} ",
            )
            for number in range(count)
        ]
    )  # fmt: skip
    compared = []
    is_close = duplicates.is_close
    monkeypatch.setattr(duplicates, "is_close", lambda *sides: compared.append(1) or is_close(*sides))
    found = duplicates.all_duplicates()
    assert len(found) == count
    assert len(compared) < 20 * count
