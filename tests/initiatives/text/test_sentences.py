"""The summary that the first sentences of a text make."""

import pytest

from initiatives.text.sentences import SUMMARY_LENGTH, summary_of

LONG = "Chaque commerce a sa fiche sur une carte libre, tenue à jour le lundi. " * 10


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("", ""),
        (" \n ", ""),
        ("Une carte. Un annuaire.", "Une carte. Un annuaire."),
        ("Une carte\n\n- à jour\n- libre", "Une carte - à jour - libre"),
        ("12\u00a0000 € en tout.", "12\u00a0000 € en tout."),
        ("x" * 500, "x" * 500),
        # As many sentences as there is room for
        (f"Une phrase. {'Y' * 600}", "Une phrase."),
        (f"Une question ? {'Y' * 600}", "Une question ?"),
        (f"« Osez ! » a dit la ville. {'Y' * 600}", "« Osez ! » a dit la ville."),
        (f"« Une citation. » {'Y' * 600}", "« Une citation. »"),
        (f"Un titre\n{'Y' * 600}", "Un titre"),
        # What is no end
        (f"Une phrase. M. Dupont et env. 300 commerces {'y' * 600}", "Une phrase."),
        (f"Une phrase. Des cartes, etc. pour tous et www.ville.fr {'y' * 600}", "Une phrase."),
        # A first sentence that is too long ends with a word
        ("mot " * 200, ("mot " * 125).strip() + "…"),
        ("y" * 600, "y" * 499 + "…"),
    ],
)
def test_summary_is_the_first_sentences(text, summary):
    assert summary_of(text) == summary


@pytest.mark.parametrize("start", range(0, 71, 7))
def test_summary_of_a_long_text_ends_with_a_sentence_and_fits(start):
    summary = summary_of(LONG[start:])
    assert SUMMARY_LENGTH - 71 <= len(summary) <= SUMMARY_LENGTH
    assert summary.endswith("le lundi.")
    assert LONG[start:].strip().startswith(summary)


@pytest.mark.parametrize("end", [" ", ", ", " : ", "\u00a0» "])
def test_cut_never_leaves_a_mark_before_the_ellipsis(end):
    summary = summary_of(f"mot{end}" * 300)
    assert summary.endswith(("mot…", "»…"))
    assert len(summary) <= SUMMARY_LENGTH
