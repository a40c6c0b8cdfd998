"""The sentences of a French text, and the summary that its first ones make."""

import re

SUMMARY_LENGTH = 500
# But for those that keep a number and its unit together.
BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
# Where a sentence may end: at its mark, with what closes a quotation or a parenthesis, or with its line.
ENDS = re.compile(r"[.!?…]+(?:[\u00a0\u202f ]?[»”\")\]])*(?=[ \n]|$)|(?=\n)")
LAST_WORD = re.compile(r"\w+$")
# After these a full stop ends no sentence; nor after a single letter.
ABBREVIATIONS = frozenset("art av bd cf dr env etc ex fig hab max min mm pr st ste tél".split())


def summary_of(text: str) -> str:
    """The first sentences of a text, as many as the summary of an entry takes, on one line.

    Where the first one is too long, its first words with « … »; where there is no text, nothing.
    """
    text = BLANKS.sub(lambda blank: "\n" if "\n" in blank[0] else " ", text).strip()
    if len(text) <= SUMMARY_LENGTH:
        return text.replace("\n", " ")
    ends = [end.end() for end in ENDS.finditer(text, 0, SUMMARY_LENGTH + 1) if _is_end(text, end)]
    if fitting := [end for end in ends if end <= SUMMARY_LENGTH]:
        return text[: fitting[-1]].replace("\n", " ")
    cut = text[:SUMMARY_LENGTH].replace("\n", " ")
    words = cut[: cut.rfind(" ")] if " " in cut else cut[:-1]
    return words.rstrip(" ,;:–—-(«\u00a0\u202f") + "…"


def _is_end(text: str, end: re.Match) -> bool:
    """Not within an abbreviation, nor before a word that goes on in lower case."""
    before, after = LAST_WORD.search(text[: end.start()]), text[end.end() :].lstrip(" ")
    if end[0] == "." and before and (len(before[0]) == 1 or before[0].lower() in ABBREVIATIONS):
        return False
    return not after[:1].islower()
