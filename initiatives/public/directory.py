"""The directory of the territories that have published entries: by région, A to Z, and by name."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict
from django.utils.functional import cached_property

from initiatives.models import Initiative
from initiatives.search.query import QUERY_LENGTH
from towns.models import Department, Intercommunality, Region, Town
from towns.names import fold

from .selection import SPELLINGS, tidy
from .territories import TerritoryCount, counts_by_territory, territories

# Up to so many the page shows them all; beyond, one letter at a time.
MOST = 600
# How many territories without entries a search that finds nothing names.
NEAR = 5
# Where « CC des 4B » stands: after Z, as nobody looks there first.
DIGITS = "0-9"


@dataclass(frozen=True)
class DirectoryChoice:
    """A région or a letter, how many territories it has, and the address that shows them."""

    label: str
    count: int
    query: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Letter:
    name: str
    territories: list[TerritoryCount]


def letter_of(present: TerritoryCount) -> str:
    first = present.place.sort_key[:1].upper()
    return first if first.isalpha() else DIGITS


class Directory:
    """Everything that /collectivites/ shows for one query string. Nine queries at most."""

    def __init__(self, parameters: QueryDict):
        self.text, region, letter = (
            tidy(parameters.get(name, ""))[:QUERY_LENGTH] for name in ("q", "region", "lettre")
        )
        self.region = SPELLINGS["region"](region) if region else ""
        self.letter = fold(letter).upper()
        self.all = territories(counts_by_territory(Initiative.objects.published()))

    @property
    def town_count(self) -> int:
        return len(self.all) - self.intercommunality_count

    @property
    def intercommunality_count(self) -> int:
        return sum(present.is_intercommunality for present in self.all)

    @cached_property
    def _named(self) -> list[TerritoryCount]:
        """Territories that the words typed name, or whose département or région they name."""
        if not self.text:
            return self.all
        named, departments, regions = (
            {pk for model in models for pk in model.objects.found_by(self.text).values_list("pk", flat=True)}
            for models in ((Town, Intercommunality), (Department,), (Region,))
        )
        return [
            present
            for present in self.all
            if present.place.pk in named
            or present.department.pk in departments
            or present.department.region_id in regions
        ]

    @cached_property
    def found(self) -> list[TerritoryCount]:
        """Territories of the région chosen, among those named."""
        if not self.region:
            return self._named
        return [present for present in self._named if present.department.region_id == self.region]

    @cached_property
    def letters(self) -> list[Letter]:
        """Letters that the page shows: all while they fit, or the one chosen, or the first."""
        found = sorted(self.found, key=lambda present: letter_of(present) == DIGITS)
        letters = [Letter(name, list(group)) for name, group in groupby(found, letter_of)]
        if self.letter:
            return [letter for letter in letters if letter.name == self.letter]
        return letters if self.fits else letters[:1]

    @property
    def fits(self) -> bool:
        return len(self.found) <= MOST

    @cached_property
    def regions(self) -> list[DirectoryChoice]:
        """The régions of the territories named; where one is chosen, the way back to all of them stands first."""
        places = {present.department.region for present in self._named}
        counts = Counter(present.department.region_id for present in self._named)
        ordered = sorted(places, key=lambda region: (region.sort_key, region.pk))
        return [DirectoryChoice("Toutes les régions", len(self._named), self._query(region=""), not self.region)] + [
            DirectoryChoice(region.name, counts[region.pk], self._query(region=region.pk), region.pk == self.region)
            for region in ordered
        ]

    @cached_property
    def alphabet(self) -> list[DirectoryChoice]:
        """The letters that have territories: a place on this page, or a page of their own."""
        counts = Counter(sorted(map(letter_of, self.found), key=lambda name: (name == DIGITS, name)))
        shown = {letter.name for letter in self.letters}
        return [
            DirectoryChoice(name, count, f"#{name}" if name in shown else self._query(lettre=name), name == self.letter)
            for name, count in counts.items()
        ]

    @property
    def unknown(self) -> str:
        """Messages on values that the directory does not know; it then shows nothing, never everything."""
        if self.region and not Region.objects.filter(pk=self.region).exists():
            return f"La région « {self.region} » est inconnue."
        if self.letter and not re.fullmatch(f"[A-Z]|{DIGITS}", self.letter):
            return f"La lettre « {self.letter} » est inconnue."
        return ""

    @cached_property
    def without_entries(self) -> list[TerritoryCount]:
        """Where nothing is found: territories of that name that have no entry yet."""
        if self.letters or not self.text:
            return []
        present = {territory.place.pk for territory in self.all}
        known = [
            TerritoryCount.of(territory, 0)
            for model in (Town, Intercommunality)
            for territory in model.objects.current()
            .found_by(self.text)
            .by_relevance(self.text)
            .select_related("department")[:NEAR]
            if territory.pk not in present
        ]
        return known[:NEAR]

    def _query(self, **changes: str) -> str:
        chosen = {"q": self.text, "region": self.region} | changes
        data = QueryDict(mutable=True)
        data.update({name: value for name, value in chosen.items() if value})
        return f"?{data.urlencode()}" if data else "?"
