"""Territories by names that are nearly theirs: to propose, never to take."""

import re
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import fuzz, process

from .models import Department, Intercommunality, Territory, Town
from .names import words

# How much alike two names are at least, of 100: of communes, 0.997 of those with one wrong letter are then among five.
TOWNS, INTERCOMMUNALITIES = 80, 75
SMALL = re.compile(r"\b(?:a|au|aux|d|de|des|du|en|et|l|la|le|les|s|sur) ")


class NearNames:
    """The names of all current territories of one kind, read at once."""

    def __init__(self, model: type[Town] | type[Intercommunality]):
        self.model = model

    @cached_property
    def rows(self) -> list[tuple]:
        """Each with its words, without the small ones for an EPCI."""
        named = self.model.objects.current().values_list("pk", "name", "department", "population", "sort_key")
        return [(self._bare(key), pk, name, department, people or 0) for pk, name, department, people, key in named]

    def _bare(self, key: str) -> str:
        return key if self.model is Town else SMALL.sub("", key)

    def close_to(self, name: str, department: Department | None = None) -> list[tuple[float, Territory]]:
        """The likest first, the largest of those that are as like; each with how like it is, of 100."""
        key = self._bare(self.model.sort_key_of(name))
        if not key:
            return []
        within = department and department.pk
        rows = [row for row in self.rows if within in (None, row[3])]
        likeness = self._alike(key, rows) | dict.fromkeys(self._holding(key, rows), 100)
        found = sorted(likeness, key=lambda at: (-likeness[at], not rows[at][0].startswith(key), -rows[at][4], at))
        # Not read from the database: a name and a code are all that is proposed.
        return [
            (likeness[at], self.model(code=rows[at][1], name=rows[at][2], department_id=rows[at][3])) for at in found
        ]

    def _alike(self, key: str, rows: list[tuple]) -> dict[int, float]:
        names = [row[0] for row in rows]
        least = TOWNS if self.model is Town else INTERCOMMUNALITIES
        found = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=least, limit=None)
        if not found and self.model is Intercommunality:
            found = process.extract(key, names, scorer=fuzz.token_set_ratio, score_cutoff=100, limit=None)
        return {at: score for _, score, at in found}

    def _holding(self, key: str, rows: list[tuple]) -> Iterable[int]:
        """Those of which every word typed begins a word."""
        typed = [f" {word}" for word in key.split()]
        return (at for at, row in enumerate(rows) if all(word in f" {row[0]}" for word in typed))


def is_like(name: str, other: str) -> bool:
    """Whether two names may well be of one territory: a word in common, or nearly the same."""
    one, two = SMALL.sub("", words(name)), SMALL.sub("", words(other))
    shared = {word for word in one.split() if len(word) > 2} & set(two.split()) - {"saint", "sainte", "ville"}
    return bool(shared) or fuzz.ratio(one, two) >= INTERCOMMUNALITIES
