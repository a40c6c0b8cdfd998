"""Texts whose accents were spoilt by another encoding: told from those that only look odd, and mended."""

import pytest

from initiatives.text.mojibake import is_spoilt, mended

FRENCH = [
    "Épicerie numérique",
    "L’été à l’école",
    "« Œuvre » – 5 €",
    "Ça coûte : à\u00a0revoir…",
    "Être là, déjà",
    "🚲 à vélo",
]


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", FRENCH)
def test_utf_8_that_was_read_as_something_else_is_mended(text, codec):
    octets = text.encode()
    spoilt = "".join(bytes([octet]).decode(codec, "ignore") or chr(octet) for octet in octets)
    assert is_spoilt(spoilt)
    assert mended(spoilt) == text


@pytest.mark.parametrize(
    "text", [*FRENCH, "Ã", "Â la", "SÃO", "Qualité « déjà\u00a0» vue", "√2", "Ô Çà", "10\u00a0%", "L'Haÿ"]
)
def test_what_is_right_is_left(text):
    assert not is_spoilt(text)


def test_no_break_space_that_became_an_ordinary_one():
    assert mended("Ã la carte, numÃ©rique") == "à la carte, numérique"


def test_stray_byte_of_a_text_of_utf_8():
    assert mended("Compi\udce8gne, déjà") == "Compiègne, déjà"


def test_mended_beside_what_is_right():
    assert mended("numÃ©rique « déjà\u00a0» vu") == "numérique « déjà\u00a0» vu"


def test_lost_letter_is_not_guessed():
    assert is_spoilt("num\ufffdrique")
    assert mended("num\ufffdrique") is None
