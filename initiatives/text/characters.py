"""Characters that no reader sees, by their category in Unicode (15.0, section 4.5), and what takes them out."""

import re
import unicodedata
from collections.abc import Set

# Of terminals: NUL, which no database takes, and line ends, which are as blank as a space.
CONTROLS = frozenset({"Cc"})
# Soft hyphens, marks of direction and zero-width characters, which come with what is pasted and hide words;
# and halves of pairs, which no encoding writes.
HIDDEN = frozenset({"Cf", "Cs"})
# The separators of lines and of paragraphs, which nobody types, and which some readers take for line ends.
BREAKS = frozenset({"Zl", "Zp"})
INVISIBLE = CONTROLS | HIDDEN
# A line end and a tab; and the one invisible character that carries a meaning: it joins emoji.
MEANT = "\n\t\u200d"
# What XML, and so no spreadsheet, can hold; and the carriage return, so that a line ends one way.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# A text that looks empty: blanks, and characters without width.
BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*")


def without(text: str, categories: Set[str], *, but: str = "") -> str:
    """The text without the characters of these categories, `but` for those."""
    if text.isprintable():
        return text
    # A text has few that differ: looking at each of its characters takes a hundred times as long.
    for one in set(text) - set(but):
        if unicodedata.category(one) in categories:
            text = text.replace(one, "")
    return text


def without_invisible(text: str) -> str:
    """A text as its reader sees it, its lines and its emoji whole."""
    return without(text, INVISIBLE, but=MEANT)
