"""The two surveys of a comparison, each with its territories and their themes."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from initiatives.models import Initiative, Survey, Theme
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import tidy
from initiatives.public.vocabulary import Vocabulary
from towns.models import Territory

from .matrix import territories_of
from .overview import UnknownValue, selection_of, surveys_with_entries


def surveys_to_compare(parameters: QueryDict) -> tuple[Survey, Survey] | None:
    """The two surveys that the address names, or the last two; None while there are not two."""
    surveys = surveys_with_entries()
    by_slug = {survey.slug: survey for survey in surveys}
    asked = {name: tidy(parameters.get(name, "")) for name in ("avant", "apres")}
    for slug in asked.values():
        if slug and slug not in by_slug:
            raise UnknownValue(f"L’enquête « {slug[:80]} » est inconnue.")
    if len(surveys) < 2:
        return None
    before = by_slug.get(asked["avant"])
    after = by_slug.get(asked["apres"])
    after = after or next(one for one in reversed(surveys) if one != before)
    before = before or next(one for one in reversed(surveys) if one != after)
    if before == after:
        raise UnknownValue("Une enquête ne se compare pas à elle-même : choisissez-en deux.")
    return before, after


@dataclass(frozen=True)
class Side:
    """One of the two surveys: its entries, as pairs of a territory and a theme."""

    survey: Survey
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    @cached_property
    def filterset(self) -> InitiativeFilter:
        return InitiativeFilter(selection_of(QueryDict(f"edition={self.survey.slug}")), self.vocabulary)

    def query(self, **changes: str) -> str:
        return self.filterset.selection.query(**changes)

    @cached_property
    def territories(self) -> dict[str, Territory]:
        return territories_of(self.filterset.rows())

    @cached_property
    def themes(self) -> dict[str, set[int]]:
        """The themes of each territory that has some."""
        rows = self.filterset.rows().order_by().values("pk")
        through = Initiative.themes.through.objects.filter(initiative__in=rows)
        found = defaultdict(set)
        for territory, theme in through.values_list("initiative__territory", "theme").distinct():
            found[territory].add(theme)
        return found

    def having(self, theme: Theme | None) -> Set[str]:
        """The territories that have entries, or that have some about a theme."""
        if theme is None:
            return self.territories.keys()
        return {key for key, themes in self.themes.items() if theme.pk in themes}
