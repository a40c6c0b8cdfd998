"""Which entry a row is: its reference if it has one, else its territory and its title."""

from collections import defaultdict
from typing import NamedTuple

from initiatives.models import Initiative, Survey

from .headings import key


class Identity(NamedTuple):
    """What tells a row from the others; titles count folded, so that ’ and ' are the same."""

    reference: str
    place: tuple[str, str] | None

    @classmethod
    def of(cls, reference: str, territory: str | None, title: str) -> "Identity":
        return cls(reference, (territory, key(title) or title) if territory and title else None)

    @property
    def names(self) -> set:
        """All that the entry answers to."""
        return {name for name in self if name}


class EntryIndex:
    """The entries there are, and the rows that have named one."""

    def __init__(self):
        self._by_reference, self._by_place = {}, defaultdict(list)
        rows = Initiative.objects.values_list("pk", "reference", "survey", "territory", "title")
        for pk, reference, survey, territory, title in rows.iterator():
            self._by_reference[reference] = pk, survey, territory
            self._by_place[territory, key(title) or title].append(pk)
        self._ours = tuple(f"{prefix}-" for prefix in Survey.objects.values_list("prefix", flat=True))
        self._lines = {}

    def find(self, identity: Identity) -> list[int]:
        """The keys of the entries that the row may be: none for a new one, several if nothing tells them apart."""
        if identity.reference:
            return [known[0]] if (known := self._by_reference.get(identity.reference)) else []
        return self._by_place.get(identity.place, [])

    def is_ours(self, reference: str) -> bool:
        """Whether only we give such references: an unknown one is a mistake, not the number of a new answer."""
        return reference.startswith(self._ours)

    def within(self, survey: Survey, identity: Identity) -> str:
        """The reference of a row in this survey: each survey numbers its answers from 1 on.

        A number that another territory answered to in another survey gets the prefix of this one.
        """
        reference, place = identity.reference, identity.place
        if place is None or reference not in self._by_reference or self.is_ours(reference):
            return reference
        _, given_in, given_to = self._by_reference[reference]
        return reference if survey.pk == given_in or place[0] == given_to else f"{survey.prefix}/{reference}"

    def line_before(self, identity: Identity, pk: int | None) -> int | None:
        """The line of the row that has already named this entry."""
        asked = {pk, identity.reference or identity.place} - {None}
        return next((self._lines[name] for name in asked if name in self._lines), None)

    def enter(self, identity: Identity, pk: int | None, line: int):
        for name in {pk, *identity.names} - {None}:
            self._lines.setdefault(name, line)
