"""Basket of a visitor: the entries ticked, as an address carries them from page to page; nothing else keeps it."""

from collections.abc import Iterable

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from initiatives.models import Initiative

from .selection import tidy

PARAMETER = "fiche"
MOST = 50


class Basket:
    """The entries that an address names, in its order."""

    def __init__(self, parameters: QueryDict):
        asked = dict.fromkeys(filter(None, map(tidy, parameters.getlist(PARAMETER))))
        # Beyond, the address is nobody's choice: it is read far enough to say that it is too long.
        self.asked = list(asked)[: MOST * 4]

    @cached_property
    def _current(self) -> dict[str, str]:
        """The slug that each has today, if it is published: two queries at most, none where nothing is ticked."""
        if not self.asked:
            return {}
        found = Initiative.objects.published().filter(slug__in=self.asked).values_list("slug", flat=True)
        current = {slug: slug for slug in found}
        if lost := [slug for slug in self.asked if slug not in current]:
            former = Initiative.objects.published().filter(former_slugs__slug__in=lost)
            current |= dict(former.values_list("former_slugs__slug", "slug"))
        return current

    @cached_property
    def slugs(self) -> list[str]:
        return list(dict.fromkeys(self._current[slug] for slug in self.asked if slug in self._current))

    @property
    def unknown(self) -> list[str]:
        return [slug for slug in self.asked if slug not in self._current]

    @property
    def most(self) -> int:
        return MOST

    @property
    def is_full(self) -> bool:
        return len(self.slugs) >= MOST

    @property
    def excess(self) -> int:
        return max(len(self.slugs) - MOST, 0)

    @property
    def query(self) -> str:
        """The query string that names the ticked entries and nothing else."""
        return named(self.slugs)

    @property
    def address(self) -> str:
        return reverse("selection") + self.query

    def address_with(self, slug: str) -> str:
        """The selection with one more entry."""
        return reverse("selection") + named([*self.slugs, slug])


def named(slugs: Iterable[str]) -> str:
    parameters = QueryDict(mutable=True)
    parameters.setlist(PARAMETER, dict.fromkeys(slugs))
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else ""
