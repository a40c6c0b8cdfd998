"""Texts whose accents were read in another encoding than they were written in, and what they meant."""

import re

# What UTF-8 is taken for: by Windows, by old Macintoshes, by MS-DOS.
TAKEN_FOR = ("cp1252", "mac_roman", "cp850")
LOST = "\ufffd"
# A byte that is no UTF-8 in a text that is, as surrogateescape keeps it.
STRAY = re.compile("[\udc80-\udcff]+")


def _shown(codec: str, first: int, last: int) -> str:
    """How a codec shows the bytes from one to another, as a class of a regular expression."""
    shown = "".join(bytes([octet]).decode(codec, "ignore") or chr(octet) for octet in range(first, last + 1))
    return f"[{re.escape(shown)}]"


def _sequence(codec: str) -> re.Pattern:
    """Characters that may be one in UTF-8: of two, three or four bytes."""
    following = _shown(codec, 0x80, 0xBF)
    leads = ((_shown(codec, *ends), times) for times, ends in enumerate(((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4)), 1))
    return re.compile("|".join(f"{lead}{following}{{{times}}}" for lead, times in leads))


SEQUENCES = {codec: _sequence(codec) for codec in TAKEN_FOR}
# What no French text has: « Ã » or « Â » before one of the bytes that go on, « Ã » that lost its no-break space, the
# beginnings of œ, of ’ – … €, and of emoji.
SPOILT = {
    "cp1252": re.compile(f"[ÃÂ]{_shown('cp1252', 0x80, 0xBF)}|Ã(?= )|â€|â‚¬|Å[“’\x93]|ðŸ"),
    "mac_roman": re.compile(f"[√¬]{_shown('mac_roman', 0x80, 0xBF)}|‚[ÄÇ]|≈[ìí]"),
    "cp850": re.compile(f"[├┬]{_shown('cp850', 0x80, 0xBF)}|ÔÇ|Ôé¼|┼[ôÆ]"),
}


def is_spoilt(text: str) -> bool:
    if text.isascii():
        return False
    return LOST in text or STRAY.search(text) is not None or any(one.search(text) for one in SPOILT.values())


def mended(text: str) -> str | None:
    """What a spoilt text meant, None where a letter is lost for good."""
    text = STRAY.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)
    for codec, spoilt in SPOILT.items():
        if spoilt.search(text):
            text = SEQUENCES[codec].sub(lambda found, codec=codec: _decoded(found[0], codec), text)
    # Of « à » a second byte that was taken for a no-break space has become an ordinary one, or was lost.
    text = re.sub("Ã  ?", "à ", text)
    return None if is_spoilt(text) else text


def _decoded(text: str, codec: str) -> str:
    """The character of these bytes, if French texts have such: « à » before a no-break space and « » » is no letter."""
    octets = b"".join(letter.encode(codec, "ignore") or letter.encode("latin-1", "ignore") for letter in text)
    meant = octets.decode("utf-8", "replace")
    is_likely = len(meant) == 1 and (meant < "\u0180" or "\u2000" <= meant < "\u2c00" or meant > "\U0001f000")
    return meant if is_likely else text
