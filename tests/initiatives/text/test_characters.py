"""Characters that no reader sees leave a text; those that mean something stay."""

import sys
import unicodedata

import pytest

from initiatives.text.characters import BLANK, BREAKS, INVISIBLE, UNWRITABLE, without, without_invisible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Vélos à « louer »", "Vélos à « louer »"),
        ("Nul\x00, \ud800, \u202eenvers, cou\u00adpure, \ufeffdébut", "Nul, , envers, coupure, début"),
        ("Deux\n\tlignes", "Deux\n\tlignes"),
        ("👩\u200d🚒\u200b", "👩\u200d🚒"),
        ("espace\u00a0fine\u202f!", "espace\u00a0fine\u202f!"),
    ],
)
def test_what_no_reader_sees_leaves_a_text(text, seen):
    assert without_invisible(text) == seen


def test_classes_leave_out_what_they_name_of_all_of_unicode():
    everything = list(map(chr, range(sys.maxunicode + 1)))
    gone = set(everything) - set(without("".join(everything), INVISIBLE | BREAKS, but="\n"))
    hidden = {one for one in everything if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert gone == hidden - {"\n"}


def test_what_xml_cannot_hold_is_unwritable_and_the_rest_is_written():
    assert UNWRITABLE.sub("", "a\0\x08\r\x1f\ufffe\uffffb\n\té\U0001f6b2") == "ab\n\té\U0001f6b2"


@pytest.mark.parametrize(("text", "is_blank"), [("", True), (" \u00a0\u200b\n\ufeff", True), ("\u200ba", False)])
def test_text_that_looks_empty_is_blank(text, is_blank):
    assert bool(BLANK.fullmatch(text)) == is_blank
