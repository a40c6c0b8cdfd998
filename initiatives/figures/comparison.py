"""Two surveys side by side: what is new in the second, what goes on, what has stopped.

The record links no entry to an entry of another survey. What can be compared is a territory and a
theme: a territory goes on with a theme when it has entries about it in both surveys.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from initiatives.catalogue.filters import InitiativeFilter, Vocabulary, tidy
from initiatives.models import Initiative, Survey, Theme
from towns.models import Territory, Town

from .matrix import key_of, territories_of
from .overview import UnknownValue, selection_of, surveys_with_entries

Key = tuple[type, str]
HEADINGS = ["territoire_type", "territoire_code", "territoire_nom", "theme", "evolution"]


@dataclass(frozen=True)
class Moves:
    """How many came, stayed and went, from one survey to the next."""

    new: int
    continued: int
    stopped: int

    @classmethod
    def between(cls, before: Set[Key], after: Set[Key]) -> "Moves":
        return cls(len(after - before), len(before & after), len(before - after))


@dataclass(frozen=True)
class ThemeLine:
    """One theme: how many territories have entries about it, in each survey, and how they moved."""

    theme: Theme
    before: int
    after: int
    before_query: str
    after_query: str
    moves: Moves


@dataclass(frozen=True)
class TerritoryLine:
    """One territory: its themes that are new, go on or have stopped, each with the list of its entries."""

    territory: Territory
    new: list[tuple[Theme, str]]
    continued: list[tuple[Theme, str]]
    stopped: list[tuple[Theme, str]]

    @property
    def is_town(self) -> bool:
        return isinstance(self.territory, Town)


def surveys_to_compare(parameters: QueryDict) -> tuple[Survey, Survey] | None:
    """Those that the address names, or the last two; None while there are not two."""
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
    def territories(self) -> dict[Key, Territory]:
        return territories_of(self.filterset.rows())

    @cached_property
    def themes(self) -> dict[Key, set[int]]:
        """The themes of each territory that has some."""
        rows = self.filterset.rows().order_by().values("pk")
        columns = ("initiative__town", "initiative__intercommunality", "theme")
        through = Initiative.themes.through.objects.filter(initiative__in=rows)
        found = defaultdict(set)
        for town, epci, theme in through.values_list(*columns).distinct():
            found[key_of(town, epci)].add(theme)
        return found

    def having(self, theme: Theme) -> set[Key]:
        """The territories that have entries about a theme."""
        return {key for key, themes in self.themes.items() if theme.pk in themes}


@dataclass(frozen=True)
class Comparison:
    before: Side
    after: Side

    @classmethod
    def of(cls, before: Survey, after: Survey) -> "Comparison":
        vocabulary = Vocabulary()
        return cls(Side(before, vocabulary), Side(after, vocabulary))

    @property
    def themes(self) -> list[Theme]:
        return self.before.vocabulary.themes

    @cached_property
    def territories(self) -> dict[Key, Territory]:
        return self.before.territories | self.after.territories

    @property
    def moves(self) -> Moves:
        """The territories of one survey, of both, of the other."""
        return Moves.between(self.before.territories.keys(), self.after.territories.keys())

    @cached_property
    def by_theme(self) -> list[ThemeLine]:
        return [self._theme(theme) for theme in self.themes]

    def _theme(self, theme: Theme) -> ThemeLine:
        before, after = self.before.having(theme), self.after.having(theme)
        queries = (side.query(theme=theme.slug) for side in (self.before, self.after))
        return ThemeLine(theme, len(before), len(after), *queries, Moves.between(before, after))

    @cached_property
    def by_territory(self) -> list[TerritoryLine]:
        ordered = sorted(self.territories.items(), key=lambda item: (item[1].sort_key, item[1].pk))
        return [self._territory(key, territory) for key, territory in ordered]

    def _territory(self, key: Key, territory: Territory) -> TerritoryLine:
        before, after = (side.themes.get(key, set()) for side in (self.before, self.after))

        def themes(side: Side, chosen: set) -> list[tuple[Theme, str]]:
            return [
                (theme, side.query(territoire=territory.slug, theme=theme.slug))
                for theme in self.themes
                if theme.pk in chosen
            ]

        return TerritoryLine(
            territory,
            themes(self.after, after - before),
            themes(self.after, before & after),
            themes(self.before, before - after),
        )

    def rows(self) -> Iterator[list]:
        """For HEADINGS: each pair of a territory and a theme, and how it moved."""
        for line in self.by_territory:
            kind = "ville" if line.is_town else "intercommunalité"
            for move, themes in (("nouveau", line.new), ("poursuivi", line.continued), ("arrêté", line.stopped)):
                for theme, _ in themes:
                    yield [kind, line.territory.code, line.territory.full_name, theme.name, move]
