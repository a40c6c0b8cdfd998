"""The list as a page shows it: rows of one page, facets, chips, and words when there is nothing."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.functional import cached_property

from initiatives.caching.versioned import VersionedCache
from initiatives.exports.formats import EXPORTS
from initiatives.models import Initiative, Survey
from initiatives.runtime.parsing import whole_number
from towns.models import Territory

from .basket import PARAMETER, Basket
from .facets import Facets
from .filters import SORTS, InitiativeFilter
from .selection import Selection
from .vocabulary import Vocabulary

PAGE_SIZE = 24
# The parameters of the list that no facet offers: its form carries them on.
CARRIED = ("territoire", "etat", "edition")


@dataclass(frozen=True)
class Chip:
    """A chosen filter, and the address of the list without it."""

    name: str
    label: str
    value: str
    query: str


@dataclass(frozen=True)
class Suggestion:
    """A filter to drop when nothing is found, and how many entries that gives."""

    label: str
    value: str
    query: str
    count: int


def nearest_page(typed: str) -> int:
    """The page number meant: 1 for what is no number or below it; the paginator bounds it above."""
    return whole_number(typed, least=1, otherwise=1)


class Listing:
    """Everything that /initiatives/ shows for one query string."""

    exports = EXPORTS.values()

    def __init__(self, parameters: QueryDict):
        self.selection = Selection(parameters)
        known = VersionedCache()
        self.filterset = InitiativeFilter(self.selection, known("vocabulary", Vocabulary))
        self.facets = Facets(self.filterset, known)
        self.ticks = Basket(parameters)
        self._page = nearest_page(parameters.get("page", ""))

    @property
    def query(self):
        return self.filterset.query

    @property
    def is_searched_for_nothing(self) -> bool:
        """Whether what was typed has no word that means something: it leaves out no entry, and the page says so."""
        return self.query is not None and not self.query

    @property
    def total(self) -> int:
        return self.facets.total

    @property
    def territory_count(self) -> int:
        return self.facets.territory_count

    @cached_property
    def page(self):
        """The page asked for; the nearest that exists when it does not."""
        rows = self.filterset.ordered_rows().for_cards() if self.total else Initiative.objects.none()
        paginator = Paginator(rows, PAGE_SIZE)
        paginator.count = self.total  # the cube knows it: no further query
        return paginator.get_page(self._page)

    @property
    def entries(self) -> list[tuple[Initiative, str]]:
        """The entries of the page, each with the query string that leads back to its place in this list."""
        first = self.page.start_index()
        return [(entry, self._query(rang=str(first + at))) for at, entry in enumerate(self.page)]

    @cached_property
    def page_links(self) -> list[tuple[int | None, str]]:
        """(number, query string) of the pages to offer; (None, "") where some are left out."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [(number, self.page_query(number)) if isinstance(number, int) else (None, "") for number in numbers]

    def page_query(self, number: int) -> str:
        return self._query(page=str(number)) if number > 1 else self._query()

    def _query(self, **changes) -> str:
        """The query string of a neighbouring list: what is ticked stays so."""
        return self.selection.query(**changes, **{PARAMETER: self.ticks.slugs})

    @property
    def previous_query(self) -> str | None:
        return self.page_query(self.page.number - 1) if self.page.has_previous() else None

    @property
    def next_query(self) -> str | None:
        return self.page_query(self.page.number + 1) if self.page.has_next() else None

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(name, self.filterset.filters[name].label, self._value_label(name, value), query)
            for name, values in self.selection.filters.items()
            for value in values
            for query in [self._query(without=name, value=value)]
        ]

    def _value_label(self, name: str, value: str) -> str:
        if name == "q":
            return f"« {value} »"
        if name == "territoire":
            return self._territory_name or value
        if name == "edition":
            return self._survey_title or value
        labels = dict(self.filterset.filters[name].extra.get("choices", []))
        return labels.get(value, value)

    @cached_property
    def _territory_name(self) -> str:
        territory = Territory.objects.filter(slug=self.selection.chosen["territoire"][0]).first()
        return territory.name if territory else ""

    @cached_property
    def _survey_title(self) -> str:
        survey = Survey.objects.filter(slug=self.selection.chosen["edition"][0]).first()
        return survey.title if survey else ""

    @property
    def carried(self) -> list[tuple[str, str]]:
        return [(name, value) for name in CARRIED for value in self.selection.chosen.get(name, [])]

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """Where nothing is found: each filter whose absence would give something, the most first."""
        if self.total or not self.filterset.is_valid():
            return []
        found = [
            Suggestion(
                self.filterset.filters[name].label,
                " ou ".join(self._value_label(name, value) for value in values),
                self._query(without=name),
                count,
            )
            for name, values in self.selection.filters.items()
            if (count := self.facets.total_without(name))
        ]
        return sorted(found, key=lambda suggestion: -suggestion.count)

    @property
    def unknown(self) -> list[Suggestion]:
        """Each value that the catalogue does not know: what to say, and the address without it."""
        return [Suggestion(message, "", self._query(without=name), 0) for name, message in self.filterset.unknown]

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the orders; relevance only means something for a search."""
        return [
            (value, label, value == self.filterset.sort)
            for value, label in SORTS.items()
            if value != "pertinence" or self.query
        ]

    @property
    def is_filtered(self) -> bool:
        return bool(self.selection.filters)

    @property
    def ticked_elsewhere(self) -> list[str]:
        """Slugs ticked that are not on this page: the form carries them on."""
        here = {entry.slug for entry in self.page}
        return [slug for slug in self.ticks.slugs if slug not in here]

    @property
    def kept_query(self) -> str:
        """Query string of this list with its ticks, without the page."""
        return self._query()

    @property
    def back_query(self) -> str:
        """Query string of this list without ticks: for exports and feeds."""
        return self.selection.query()
