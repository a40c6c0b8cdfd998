"""Entries close to another one, each with the reason that makes them close."""

from dataclasses import dataclass

from initiatives.models import Initiative

SAME_THEME = "même thème"
COMPARABLE_TOWN = "collectivité comparable"
# A territory is comparable within this share of the population.
TOLERANCE = 0.30
COUNT = 3


@dataclass(frozen=True)
class Related:
    initiative: Initiative
    reason: str


def comparable_population(population: int | None) -> tuple[int, int] | None:
    """The bounds of a comparable population, 30 % below and above; None when it is not known."""
    if not population:
        return None
    return round(population * (1 - TOLERANCE)), round(population * (1 + TOLERANCE))


def related_to(initiative: Initiative) -> list[Related]:
    """Published entries on the same themes, then of territories of comparable population; each once."""
    others = Initiative.objects.published().exclude(pk=initiative.pk).for_cards().most_recent()
    # Their themes would be two more queries, for words that the page has already said.
    others = others.prefetch_related(None)
    same_theme = list(others.sharing_theme_with(initiative)[:COUNT])
    comparable = []
    if bounds := comparable_population(initiative.territory.population):
        comparable = list(
            others.filter(is_of_town=initiative.is_of_town, territory__population__range=bounds)
            .exclude(pk__in=[other.pk for other in same_theme])
            .exclude(territory=initiative.territory_id)
            .filter(category=initiative.category_id)[:COUNT]
        )
    return [Related(other, SAME_THEME) for other in same_theme] + [
        Related(other, COMPARABLE_TOWN) for other in comparable
    ]
