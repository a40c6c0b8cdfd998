"""Two surveys side by side: what is new in the second, what goes on, what has stopped.

The record links no entry to an entry of another survey. What can be compared is a territory and a
theme: a territory goes on with a theme when it has entries about it in both surveys.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.http import urlencode

from initiatives.models import Survey, Theme
from initiatives.public.listing import nearest_page
from initiatives.public.selection import tidy
from initiatives.public.vocabulary import Vocabulary
from towns.models import Territory

from .compared_surveys import Side
from .matrix import PAGE_SIZE
from .overview import UnknownValue

HEADINGS = ["territoire_type", "territoire_code", "territoire_nom", "theme", "evolution"]


@dataclass(frozen=True)
class Evolution:
    """Evolution from one survey to the next: its value in an address, its word, whom it is said of."""

    slug: str
    word: str
    territories: str
    of: Callable[[Set, Set], Set]


MOVES = (
    Evolution(
        "nouveau", "nouveau", "collectivité nouvelle,collectivités nouvelles", lambda before, after: after - before
    ),
    Evolution(
        "poursuivi",
        "poursuivi",
        "collectivité présente dans les deux,collectivités présentes dans les deux",
        lambda before, after: before & after,
    ),
    Evolution(
        "arrete",
        "arrêté",
        "collectivité absente de la seconde,collectivités absentes de la seconde",
        lambda before, after: before - after,
    ),
)

# How many territories moved in one way, and the query string of the list of them.
Moved = tuple[Evolution, int, str]


@dataclass(frozen=True)
class ThemeLine:
    """One theme: how many territories have entries about it, in each survey, and how they moved."""

    theme: Theme
    before: int
    after: int
    before_query: str
    after_query: str
    moves: list[Moved]


@dataclass(frozen=True)
class TerritoryLine:
    """One territory: its themes by how they moved, in the order of MOVES, each with the list of its entries."""

    territory: Territory
    themes: list[list[tuple[Theme, str]]]


@dataclass(frozen=True)
class Comparison:
    """Two surveys, and the territories to list: all, or those of a theme, of a move, of both."""

    before: Side
    after: Side
    theme: Theme | None = None
    move: Evolution | None = None

    @classmethod
    def of(cls, before: Survey, after: Survey, parameters: QueryDict) -> "Comparison":
        vocabulary = Vocabulary()
        themes = {theme.slug: theme for theme in vocabulary.themes}
        moves = {move.slug: move for move in MOVES}
        slug, name = (tidy(parameters.get(name, "")) for name in ("theme", "evolution"))
        if slug and slug not in themes:
            raise UnknownValue(f"Le thème « {slug[:80]} » est inconnu.")
        if name and name not in moves:
            raise UnknownValue(f"L’évolution « {name[:80]} » est inconnue.")
        return cls(Side(before, vocabulary), Side(after, vocabulary), themes.get(slug), moves.get(name))

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.before, self.after

    @property
    def themes(self) -> list[Theme]:
        return self.before.vocabulary.themes

    @cached_property
    def territories(self) -> dict[str, Territory]:
        return self.before.territories | self.after.territories

    def query(self, *, theme: Theme | None = None, move: Evolution | None = None) -> str:
        """The query string of this comparison with the territories that moved so."""
        chosen = {"avant": self.before.survey.slug, "apres": self.after.survey.slug}
        if theme:
            chosen["theme"] = theme.slug
        if move:
            chosen["evolution"] = move.slug
        return f"?{urlencode(chosen)}"

    @property
    def own_query(self) -> str:
        return self.query(theme=self.theme, move=self.move)

    def moves(self, theme: Theme | None = None) -> list[Moved]:
        before, after = (side.having(theme) for side in self.sides)
        return [(move, len(move.of(before, after)), self.query(theme=theme, move=move)) for move in MOVES]

    @property
    def headline(self) -> list[Moved]:
        """The territories of one survey, of both, of the other."""
        return self.moves()

    @cached_property
    def by_theme(self) -> list[ThemeLine]:
        return [self._theme(theme) for theme in self.themes]

    def _theme(self, theme: Theme) -> ThemeLine:
        counts = (len(side.having(theme)) for side in self.sides)
        queries = (side.query(theme=theme.slug) for side in self.sides)
        return ThemeLine(theme, *counts, *queries, self.moves(theme))

    @cached_property
    def chosen(self) -> list[tuple[str, Territory]]:
        """The territories to list, by name."""
        before, after = (side.having(self.theme) for side in self.sides)
        keys = self.move.of(before, after) if self.move else before | after
        found = ((key, self.territories[key]) for key in keys)
        return sorted(found, key=lambda item: (item[1].sort_key, item[1].pk))

    def page(self, typed: str):
        """The territories of the page asked for, or of the nearest that exists; a line for each."""
        page = Paginator(self.chosen, PAGE_SIZE).get_page(nearest_page(typed))
        page.object_list = [self._line(*item) for item in page.object_list]
        return page

    def _line(self, key: str, territory: Territory) -> TerritoryLine:
        before, after = (side.themes.get(key, set()) for side in self.sides)
        return TerritoryLine(
            territory,
            [self._themes(territory, move, move.of(before, after)) for move in MOVES],
        )

    def _themes(self, territory: Territory, move: Evolution, chosen: Set[int]) -> list[tuple[Theme, str]]:
        # What has stopped has its entries in the first survey only.
        side = self.after if move is not MOVES[-1] else self.before
        return [
            (theme, side.query(territoire=territory.slug, theme=theme.slug))
            for theme in self.themes
            if theme.pk in chosen
        ]

    def rows(self) -> Iterator[list]:
        """For HEADINGS: each pair of a territory and a theme, and how it moved."""
        for key, territory in self.chosen:
            kind = "ville" if territory.is_town else "intercommunalité"
            before, after = (side.themes.get(key, set()) for side in self.sides)
            for move in MOVES:
                moved = move.of(before, after)
                for theme in self.themes:
                    if theme.pk in moved:
                        yield [kind, territory.code, territory.full_name, theme.name, move.word]
