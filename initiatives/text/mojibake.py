"""Texts whose accents were read in another encoding than they were written in, and what they meant."""

import re

# How Windows-1252 shows the bytes of UTF-8: those that begin a letter of two or three, those that go on.
FIRST = "".join(chr(code) for code in range(0xC2, 0xF0))
NEXT = "".join(bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xC0)).replace("\ufffd", "")
NEXT += "\x81\x8d\x8f\x90\x9d"
# What no French text has: « Ã » or « Â » before one of these, and the beginnings of ’ – … and €.
SPOILT = re.compile(f"[ÃÂ][{re.escape(NEXT)}]|Ã(?= )|â€|â‚¬|Å[“’\x93]|\ufffd|[\udc80-\udcff]")
SEQUENCE = re.compile(f"[{FIRST}][{re.escape(NEXT)}]{{1,2}}")
STRAY = re.compile("[\udc80-\udcff]+")
LOST = "\ufffd"


def is_spoilt(text: str) -> bool:
    return not text.isascii() and SPOILT.search(text) is not None


def mended(text: str) -> str | None:
    """What a spoilt text meant, None where a letter is lost for good."""
    if LOST in text:
        return None
    text = STRAY.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)
    # « à » has lost its second byte where that was taken for a no-break space.
    text = SEQUENCE.sub(_decoded, text).replace("Ã ", "à ")
    return None if is_spoilt(text) else text


def _decoded(found: re.Match) -> str:
    octets = b"".join(_octet(letter) for letter in found[0])
    return octets.decode("utf-8", "replace") if LOST not in octets.decode("utf-8", "replace") else found[0]


def _octet(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")
