"""« Ma sélection »: the entries that a visitor has ticked, and those that filters find to be added."""

from django.http import QueryDict
from django.utils.functional import cached_property

from initiatives.models import Initiative
from initiatives.public.listing import Listing

# Entries offered beside those that are chosen.
OFFERED = 50


class BasketPage:
    """The entries that an address names, in its order, and those that its filters offer to add."""

    def __init__(self, parameters: QueryDict):
        self.listing = Listing(parameters)
        self.ticks = self.listing.ticks

    @cached_property
    def entries(self) -> list[Initiative]:
        rows = Initiative.objects.published().for_cards().filter(slug__in=self.ticks.slugs)
        found = {entry.slug: entry for entry in rows}
        return [found[slug] for slug in self.ticks.slugs if slug in found]

    @property
    def is_printable(self) -> bool:
        return bool(self.ticks.slugs) and not self.ticks.excess

    @cached_property
    def offered(self) -> list[Initiative]:
        """Entries that the filters find and that are not chosen yet; none without a filter."""
        if not self.listing.is_filtered:
            return []
        rows = self.listing.filterset.ordered_rows().exclude(slug__in=self.ticks.slugs)
        return list(rows.for_cards()[:OFFERED])

    @property
    def kept_filters(self) -> list[tuple[str, str]]:
        """(name, value) of the filters other than the search, which stay when the form is sent."""
        filters = self.listing.selection.chosen
        return [(name, value) for name, values in filters.items() if name != "q" for value in values]

    @property
    def words(self) -> str:
        return self.listing.selection.chosen.get("q", [""])[0]
