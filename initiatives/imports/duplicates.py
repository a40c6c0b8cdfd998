"""Probable duplicates: entries of one territory whose titles say nearly the same words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from heapq import merge
from itertools import groupby, product
from typing import Any

from django.db.models import Max

from initiatives.caching.single_flight import get_or_make
from initiatives.models import Initiative
from initiatives.search.query import stems

# The share of common words from which two titles are close.
CLOSE = 0.6


def is_close(one: Set[str], other: Set[str]) -> bool:
    return bool(one and other) and len(one & other) / len(one | other) >= CLOSE


@cache
def least_shared(one: int, other: int) -> int:
    """The fewest common words that make titles of so many words close."""
    return next(count for count in range(1, one + other) if count / (one + other - count) >= CLOSE)


class Titles:
    """The titles of one territory by their rarest words: what is close to another is found without reading all.

    Two close titles share so many words that the first that they share, in whatever order words are taken
    as long as it is one for all, stands near the beginning of both. The rarest first leave the fewest to
    compare; where it stands tells those apart that have it too late.
    """

    def __init__(self, frequency: Counter):
        self._frequency = frequency
        self._rows: list[tuple[Any, Set[str]]] = []
        # By word, number of words of the title, and place of the word in it.
        self._numbers = defaultdict(list)
        self._lengths = set()

    def add(self, key, words: Set[str]):
        if words:
            for place, word in enumerate(self._in_order(words)):
                self._numbers[word, len(words), place].append(len(self._rows))
            self._rows.append((key, words))
            self._lengths.add(len(words))

    def close_to(self, words: Set[str]) -> Iterator:
        """The keys of those that are close to these words, in the order that they were added."""
        for number, _ in groupby(merge(*self._promising(words))):
            key, others = self._rows[number]
            if is_close(words, others):
                yield key

    def _promising(self, words: Set[str]) -> Iterator[list[int]]:
        """Those that have a word where the first common one must stand for enough others to follow."""
        mine = self._in_order(words)
        for length in self._lengths if words else ():
            least = least_shared(len(mine), length)
            for word, place in product(mine[: max(len(mine) - least + 1, 0)], range(length - least + 1)):
                if (word, length, place) in self._numbers:
                    yield self._numbers[word, length, place]

    def _in_order(self, words: Set[str]) -> list[str]:
        return sorted(words, key=lambda word: (self._frequency[word], word))


@dataclass(frozen=True)
class CloseTitle:
    """An entry, or an earlier row of a file, whose title says nearly the same as another."""

    pk: int | None
    name: str
    line: int | None = None


def titles_by_territory() -> dict[str, Titles]:
    """The titles of all entries but the refused ones, by the key of their territory; each is a CloseTitle."""
    entries = Initiative.objects.exclude(status=Initiative.Status.REJECTED).order_by("pk")
    rows = list(entries.values_list("pk", "territory", "title", "search_title"))
    frequency = Counter(word for *_, words in rows for word in words.split())
    titles = defaultdict(lambda: Titles(frequency))
    for pk, territory, title, words in rows:
        titles[territory].add(CloseTitle(pk, f"la fiche « {title} »"), set(words.split()))
    return titles


def duplicates_of(*, title: str, territory, pk: int | None = None) -> list[Initiative]:
    """The other entries of the territory that may be the same."""
    typed = set(stems([title]).split())
    if territory is None or not typed:
        return []
    others = Initiative.objects.filter(territory=territory).exclude(pk=pk).order_by("pk")
    return [other for other in others if is_close(typed, set(other.search_title.split()))]


def all_duplicates() -> set[int]:
    """The keys of the entries that have a probable duplicate, refused ones set aside. Kept until an entry changes."""
    last = Initiative.history.aggregate(last=Max("history_id"))["last"]
    return get_or_make(f"duplicates:{last}", _compare)


def _compare() -> set[int]:
    by_place, found = defaultdict(lambda: defaultdict(set)), set()
    rows = Initiative.objects.exclude(status=Initiative.Status.REJECTED)
    for pk, territory, title in rows.values_list("pk", "territory", "search_title"):
        by_place[territory][frozenset(title.split())].add(pk)
    for entries in by_place.values():
        titles = Titles(Counter(word for words in entries for word in words))
        for words in entries:
            titles.add(words, words)
        for words, keys in entries.items():
            if words and len(keys) > 1:
                found |= keys
            elif not found.issuperset(keys):
                other = next((other for other in titles.close_to(words) if other != words), frozenset())
                found |= keys | entries[other] if other else set()
    return found
