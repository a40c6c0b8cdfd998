"""Territories that are no more, or no more called so, and the SIREN of communes.

`reference/` has them, from the npm package @etalab/decoupage-administratif (INSEE Code officiel géographique and DGCL,
Licence Ouverte): communes and SIREN of version 6.0.0, the vintage of 2026; intercommunalities of the versions since
0.3.0, of 2019, each with the one where most inhabitants of its communes now live.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .names import EPCI_KIND, epci_sort_key, sort_key, words

REFERENCE = Path(__file__).parent / "reference"
# « Lyon 3e », « Paris 12ème arrondissement », « Marseille 1er arr. »: as words.
ORDINAL = re.compile(r"^(paris|lyon|marseille) (\d{1,2}) ?(?:er|e|eme|nd)?(?: arr(?:ondissement)?)?$")
DISTRICTS = {"75056", "69123", "13055"}


class Former(NamedTuple):
    """A code and a name, and the code of what has taken their place: the same one where the name alone has changed."""

    code: str
    name: str
    successor: str

    @property
    def is_town(self) -> bool:
        return len(self.code) == 5

    def became(self, successor) -> str:
        """« Annecy-le-Vieux (74011) a rejoint Annecy (74), 74010 »."""
        if self.code == self.successor:
            return f"« {self.name} » est l’ancien nom de {successor}, {successor.pk}."
        verb = "a rejoint" if self.is_town else "a fait place à"
        if self.successor in DISTRICTS and ORDINAL.search(words(self.name)):
            verb = "est un arrondissement de"
        return f"{self.name} ({self.code}) {verb} {successor}, {successor.pk}."


def _rows(name: str) -> list[list[str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def key_of(name: str) -> str:
    """By what a former name is found: that of a district without « arrondissement », however its number is written."""
    if EPCI_KIND.match(words(name)):
        # Its town may have the same name without the kind.
        return f"epci {epci_sort_key(name)}"
    return ORDINAL.sub(r"\1 \2", sort_key(name))


@cache
def _former() -> dict[str, Former]:
    return {code: Former(code, name, successor) for code, name, successor in _rows("former.csv") if code != successor}


@cache
def _by_name() -> dict[str, list[Former]]:
    named = defaultdict(list)
    for row in _rows("former.csv"):
        named[key_of(row[1])].append(Former(*row))
    return named


@cache
def _sirens() -> dict[str, str]:
    return dict(_rows("town_sirens.csv"))


def of_code(code: str) -> Former | None:
    return _former().get(code)


def of_name(name: str) -> list[Former]:
    """Those of a name, but for old codes of one and the same territory."""
    found = {one.successor: one for one in _by_name().get(key_of(name), ())}
    return list(found.values())


def is_district(name: str) -> bool:
    """Whether a name is that of an arrondissement of Paris, Lyon or Marseille, and not « Marseille 13 »."""
    found = ORDINAL.search(words(name))
    return bool(found and found[0] != "marseille 13" and of_name(name))


def successor_of(code: str) -> str | None:
    """The code of the territory that a code leads to: a former one, or the SIREN of a commune."""
    return _former()[code].successor if code in _former() else town_of_siren(code)


def town_of_siren(siren: str) -> str | None:
    """The INSEE code of the commune that has this SIREN: it cannot be told from the digits alone."""
    return _sirens().get(siren)
