"""The territories that some entries come from, and how many come from each."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from initiatives.text.french import NBSP, counted
from towns.models import Department, Territory

# The territory and its département.
Key = tuple[str, str]


@dataclass(frozen=True)
class TerritoryCount:
    """A territory, or a whole département, its number of entries, and the address that shows them."""

    place: Territory | Department
    count: int
    url: str

    @classmethod
    def of(cls, place: Territory | Department, count: int):
        """With the page of the territory, or the list of the département."""
        if isinstance(place, Department):
            return cls(place, count, f"{reverse('initiative_list')}?departement={place.pk}")
        page = "town_detail" if place.is_town else "intercommunality_detail"
        return cls(place, count, reverse(page, args=[place.slug]))

    @property
    def is_intercommunality(self) -> bool:
        return not isinstance(self.place, Department) and not self.place.is_town

    @property
    def department(self) -> Department:
        return self.place if isinstance(self.place, Department) else self.place.department

    @property
    def name(self) -> str:
        return self.place.name if isinstance(self.place, Department) else self.place.full_name

    @property
    def where(self) -> str:
        """The département of a territory, the région of a département."""
        return self.place.region.name if isinstance(self.place, Department) else self.place.department.name

    @property
    def title(self) -> str:
        """« Beauvais (Oise) : 3 initiatives », as a screen reader says it."""
        return f"{self.name} ({self.where}){NBSP}: {counted(self.count, 'initiative')}"


def counts_by_territory(rows) -> dict[Key, int]:
    """How many of the rows each territory has: one query."""
    cells = rows.order_by().values_list("territory", "department").annotate(Count("pk"))
    return {(territory, department): count for territory, department, count in cells}


def territories(counts: dict[Key, int]) -> list[TerritoryCount]:
    """The territories counted, A to Z: one query."""
    places = Territory.objects.select_related("department__region").in_bulk([key for key, _ in counts])
    return _alphabetical([(places[key], count) for (key, _), count in counts.items()])


def departments(counts: dict[Key, int]) -> list[TerritoryCount]:
    """Départements with their counts: one query."""
    totals: dict[str, int] = {}
    for (_, code), count in counts.items():
        totals[code] = totals.get(code, 0) + count
    places = Department.objects.select_related("region").in_bulk(totals)
    return _alphabetical([(places[code], count) for code, count in totals.items()])


def _alphabetical(found: list[tuple[Territory | Department, int]]) -> list[TerritoryCount]:
    return [TerritoryCount.of(*one) for one in sorted(found, key=lambda one: (one[0].sort_key, one[0].pk))]
