from .places import Department, Place, PlaceQuerySet, Region, Zone
from .territories import (
    Intercommunality,
    Territory,
    TerritoryQuerySet,
    Town,
    slug_is_given,
    territories_changed,
)

__all__ = [
    "Department",
    "Intercommunality",
    "Place",
    "PlaceQuerySet",
    "Region",
    "Territory",
    "TerritoryQuerySet",
    "Town",
    "Zone",
    "slug_is_given",
    "territories_changed",
]
