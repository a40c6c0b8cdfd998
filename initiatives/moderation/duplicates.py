"""Probable duplicates: entries of one territory whose titles say nearly the same words."""

from collections import defaultdict
from itertools import combinations

from django.db.models import Max

from initiatives.flights import once
from initiatives.models import Initiative
from initiatives.search import stems

# The share of common words from which two titles are close.
CLOSE = 0.6


def is_close(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and len(one & other) / len(one | other) >= CLOSE


def duplicates_of(*, title: str, territory, pk: int | None = None) -> list[Initiative]:
    """The other entries of the territory that may be the same."""
    typed = set(stems([title]).split())
    if territory is None or not typed:
        return []
    others = Initiative.objects.in_territory(territory).exclude(pk=pk).order_by("pk")
    return [other for other in others if is_close(typed, set(other.search_title.split()))]


def all_duplicates() -> set[int]:
    """The keys of the entries that have a probable duplicate, refused ones set aside. Kept until an entry changes."""
    last = Initiative.history.aggregate(last=Max("history_id"))["last"]
    return once(f"duplicates:{last}", _compare)


def _compare() -> set[int]:
    by_place, found = defaultdict(list), set()
    rows = Initiative.objects.exclude(status=Initiative.Status.REJECTED)
    for pk, town, epci, title in rows.values_list("pk", "town", "intercommunality", "search_title"):
        by_place[town or epci].append((pk, set(title.split())))
    for entries in by_place.values():
        for (one, words), (other, others) in combinations(entries, 2):
            if is_close(words, others):
                found |= {one, other}
    return found
