"""The territories that some entries come from, and how many come from each."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from towns.models import Department, Intercommunality, Territory, Town

# Town or intercommunality, and département.
Key = tuple[str | None, str | None, str]


@dataclass(frozen=True)
class Present:
    """A territory, or a whole département, and its number of entries."""

    place: Territory | Department
    count: int

    @property
    def is_intercommunality(self) -> bool:
        return isinstance(self.place, Intercommunality)

    @property
    def department(self) -> Department:
        return self.place if isinstance(self.place, Department) else self.place.department


def counts_by_territory(rows) -> dict[Key, int]:
    """How many of the rows each territory has: one query."""
    columns = ("town", "intercommunality", "department")
    cells = rows.order_by().values_list(*columns).annotate(Count("pk"))
    return {(town, epci, department): count for town, epci, department, count in cells}


def territories(counts: dict[Key, int]) -> list[Present]:
    """The territories counted, A to Z: two queries at most."""
    towns = Town.objects.select_related("department__region").in_bulk([town for town, *_ in counts if town])
    epcis = Intercommunality.objects.select_related("department__region").in_bulk(
        [epci for _, epci, _ in counts if epci]
    )
    found = [Present(towns[town] if town else epcis[epci], count) for (town, epci, _), count in counts.items()]
    return _alphabetical(found)


def departments(counts: dict[Key, int]) -> list[Present]:
    """The same by département: one query."""
    totals: dict[str, int] = {}
    for (*_, code), count in counts.items():
        totals[code] = totals.get(code, 0) + count
    places = Department.objects.select_related("region").in_bulk(totals)
    return _alphabetical([Present(places[code], count) for code, count in totals.items()])


def _alphabetical(found: list[Present]) -> list[Present]:
    return sorted(found, key=lambda present: (present.place.sort_key, present.place.pk))


def address_of(territory: Territory) -> str:
    """The page of a territory."""
    return reverse("town_detail" if isinstance(territory, Town) else "intercommunality_detail", args=[territory.slug])
