"""What is proposed for « S’inspire de » while it is being typed."""

import pytest
from django.urls import reverse

from initiatives.models import Synonym
from tests.support import factories

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
TITLE = "Écoles numériques de la ville"


def suggested(client, typed: str) -> list[str]:
    found = client.get(reverse("admin:suggest_entries"), {"q": typed}).json()["suggestions"]
    return [one["value"].partition(", ")[2] for one in found]


@pytest.fixture(autouse=True)
def entries():
    factories.draft(title=TITLE, reference="CS20-00042")
    factories.published(title="Un annuaire des commerces", summary="Les écoles y sont aussi.")


@pytest.mark.parametrize("word", ["Écoles", "numériques", "ecoles numeriques"])
def test_entry_is_found_by_each_beginning_of_a_word_of_its_title(editor, word):
    for length in range(1, len(word) + 1):
        assert TITLE in suggested(editor, word[:length]), word[:length]


@pytest.mark.parametrize("typed", ["école", "ville écoles", "42", "cs20-00042", "l’école numérique"])
def test_entry_is_found_as_the_search_finds_it_and_by_its_reference(editor, typed):
    assert suggested(editor, typed)[0] == TITLE


def test_words_of_the_title_come_before_those_of_the_text(editor):
    assert suggested(editor, "écoles") == [TITLE, "Un annuaire des commerces"]


def test_synonyms_are_those_of_the_search(editor):
    assert suggested(editor, "groupes scolaires") == []
    Synonym.objects.create(terms="école, groupe scolaire")
    assert TITLE in suggested(editor, "groupes scolaires")


@pytest.mark.parametrize("typed", ["", " ", "coles", "umériques", "piscine", "%", "_", "«"])
def test_what_begins_no_word_finds_nothing(editor, typed):
    assert TITLE not in suggested(editor, typed)


def test_queries_do_not_grow_with_the_entries(editor, django_assert_num_queries):
    where = reverse("admin:suggest_entries")
    for _ in range(2):
        with django_assert_num_queries(7):
            editor.get(where, {"q": "écoles"})
        for _ in range(3):
            factories.draft(title=TITLE)
