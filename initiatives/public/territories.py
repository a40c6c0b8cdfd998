"""The territories that some entries come from, and how many come from each."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from initiatives.text.french import NBSP, counted
from towns.models import Department, Intercommunality, Territory, Town

# Town or intercommunality, and département.
Key = tuple[str | None, str | None, str]


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
        page = "town_detail" if isinstance(place, Town) else "intercommunality_detail"
        return cls(place, count, reverse(page, args=[place.slug]))

    @property
    def is_intercommunality(self) -> bool:
        return isinstance(self.place, Intercommunality)

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
    columns = ("town", "intercommunality", "department")
    cells = rows.order_by().values_list(*columns).annotate(Count("pk"))
    return {(town, epci, department): count for town, epci, department, count in cells}


def territories(counts: dict[Key, int]) -> list[TerritoryCount]:
    """The territories counted, A to Z: two queries at most."""
    towns = _in_bulk(Town, [town for town, *_ in counts if town])
    epcis = _in_bulk(Intercommunality, [epci for _, epci, _ in counts if epci])
    found = [(towns[town] if town else epcis[epci], count) for (town, epci, _), count in counts.items()]
    return _alphabetical(found)


def departments(counts: dict[Key, int]) -> list[TerritoryCount]:
    """The same by département: one query."""
    totals: dict[str, int] = {}
    for (*_, code), count in counts.items():
        totals[code] = totals.get(code, 0) + count
    places = Department.objects.select_related("region").in_bulk(totals)
    return _alphabetical([(places[code], count) for code, count in totals.items()])


def _in_bulk(model: type[Territory], keys: list[str]) -> dict[str, Territory]:
    return model.objects.select_related("department__region").in_bulk(keys)


def _alphabetical(found: list[tuple[Territory | Department, int]]) -> list[TerritoryCount]:
    return [TerritoryCount.of(*one) for one in sorted(found, key=lambda one: (one[0].sort_key, one[0].pk))]
