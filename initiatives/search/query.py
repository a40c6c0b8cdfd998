"""The search: one folded and stemmed column, the same code and the same results on both databases.

The text of an entry becomes the set of its stems, a blank around each; a query becomes one
« contains » a word. It is a plain Q: it composes with every filter and has no syntax to get wrong.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import snowballstemmer
from django.db.models import Case, IntegerField, Q, Value, When

from towns.names import ABBREVIATIONS, fold

# The longest query that is looked at; a longer one is cut, and the page shows what was searched.
QUERY_LENGTH = 200
QUERY_WORDS = 12

WORD = re.compile(r"[a-z0-9]+")
ELISION = re.compile(r"\b(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)")
STOP_WORDS = frozenset(
    "a ai as au aux avec c ce ceci cela ces cet cette chez comme d dans de depuis des donc du elle elles en"
    " entre est et eu il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne ni nos notre nous"
    " on ont ou par pas plus pour qu que qui s sa sans se ses si son sont sous sur t ta te tes toi ton tu un"
    " une vers vos votre vous y".split()
)
# Plurals that Snowball's French leaves apart from their singular.
IRREGULAR = {
    "travaux": "travail",
    "yeux": "oeil",
    "cieux": "ciel",
    "baux": "bail",
    "emaux": "email",
    "coraux": "corail",
    "vitraux": "vitrail",
    "soupiraux": "soupirail",
}


@cache
def _stemmer():
    return snowballstemmer.stemmer("french")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word: « livraisons » and « livraison » give the same."""
    if word.isdigit():
        return word
    stemmed = _stemmer().stemWord(IRREGULAR.get(word, word))
    if len(stemmed) > 3 and stemmed[-1] in "sx":
        stemmed = stemmed[:-1]
    if len(stemmed) > 4 and stemmed[-1] == "e":
        stemmed = stemmed[:-1]
    return stemmed


def words(text: str) -> list[str]:
    """The folded words of a text that carry meaning, in order."""
    found = WORD.findall(ELISION.sub(" ", fold(text)))
    return [ABBREVIATIONS.get(word, word) for word in found if word not in STOP_WORDS]


def stems(texts: Iterable[str]) -> str:
    """Stems of texts as they are stored: distinct, sorted, a blank around each."""
    found = {stem(word) for text in texts if text for word in words(text)}
    return f" {' '.join(sorted(found))} " if found else ""


class Query:
    """A search as typed, understood once: words, synonyms, what it asks of a row, what to mark.

    `synonyms` are groups of equivalent expressions, each a list of texts. The last word typed also
    finds the words that it begins, since a visitor may not have finished it.
    """

    def __init__(self, text: str, synonyms: Iterable[Iterable[str]] = ()):
        self.text = text[:QUERY_LENGTH]
        self.words = words(self.text)[:QUERY_WORDS]
        self.units = list(self._units([stem(w) for w in self.words], synonyms))

    def __bool__(self) -> bool:
        return bool(self.units)

    def _units(self, typed: list[str], synonyms) -> Iterator[list[list[str]]]:
        """One unit a word or known expression: its alternatives, each a list of stems."""
        groups = [[[stem(w) for w in words(term)] for term in group] for group in synonyms]
        at = 0
        while at < len(typed):
            known = [
                (len(term), group) for group in groups for term in group if term and typed[at:][: len(term)] == term
            ]
            length = max((size for size, _ in known), default=1)
            alternatives = [typed[at : at + length]]
            for size, group in known:
                if size == length:
                    alternatives += [term for term in group if term and term not in alternatives]
            yield alternatives
            at += length

    @property
    def _prefix(self) -> str:
        """The beginning that the last word may be; numbers and short words only match whole."""
        last = self.words[-1] if self.words else ""
        return "" if last.isdigit() or len(last) < 3 else last

    def _unit(self, column: str, alternatives: list[list[str]], *, is_last: bool) -> Q:
        unit = Q()
        for alternative in alternatives:
            whole = Q()
            for one in alternative:
                whole &= Q(**{f"{column}__contains": f" {one} "})
            unit |= whole
        if is_last and self._prefix:
            begun = Q(**{f"{column}__contains": f" {self._prefix}"})
            for one in alternatives[0][:-1]:
                begun &= Q(**{f"{column}__contains": f" {one} "})
            unit |= begun
        return unit

    def _conditions(self, column: str) -> list[Q]:
        last = len(self.units) - 1
        return [self._unit(column, unit, is_last=at == last) for at, unit in enumerate(self.units)]

    def condition(self) -> Q:
        """Condition on rows: every word, or one of its synonyms, somewhere in their text."""
        found = Q()
        for condition in self._conditions("search_text"):
            found &= condition
        return found

    def rank(self):
        """How many of the words stand in the title: an expression to order by."""
        hits = [
            Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
            for condition in self._conditions("search_title")
        ]
        return sum(hits[1:], hits[0]) if hits else Value(0)

    def matches(self, word: str) -> bool:
        """Whether a word of a text is one of those that were found, so that the page can mark it."""
        folded = fold(word)
        if folded in STOP_WORDS:
            return False
        stemmed = stem(folded)
        if any(stemmed in alternative for unit in self.units for alternative in unit):
            return True
        return bool(self._prefix) and stemmed.startswith(self._prefix)
