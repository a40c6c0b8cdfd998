"""« Ma sélection »: entries that a visitor ticks, kept in the address and nowhere else."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from initiatives.catalogue.filters import tidy
from initiatives.catalogue.listing import Listing
from initiatives.models import FormerSlug, Initiative

MOST = 50
# Entries offered beside those that are chosen.
OFFERED = 50
PARAMETER = "fiche"


class Chosen:
    """The entries that an address names, in its order, and those that its filters offer to add."""

    def __init__(self, parameters: QueryDict):
        self.listing = Listing(parameters)
        asked = dict.fromkeys(filter(None, map(tidy, parameters.getlist(PARAMETER))))
        # Beyond, the address is nobody's choice: it is read far enough to say that it is too long.
        self.asked = list(asked)[: MOST * 4]

    @cached_property
    def _found(self) -> dict[str, Initiative]:
        """The published entries by the slug that was asked for, perhaps a former one."""
        found = {entry.slug: entry for entry in Initiative.objects.published().for_cards().filter(slug__in=self.asked)}
        if lost := [slug for slug in self.asked if slug not in found]:
            current = dict(FormerSlug.objects.for_published().filter(slug__in=lost).values_list("slug", "initiative"))
            moved = Initiative.objects.published().for_cards().in_bulk(set(current.values()))
            found |= {slug: moved[pk] for slug, pk in current.items()}
        return found

    @cached_property
    def entries(self) -> list[Initiative]:
        found = (self._found[slug] for slug in self.asked if slug in self._found)
        return list({entry.pk: entry for entry in found}.values())

    @property
    def unknown(self) -> list[str]:
        return [slug for slug in self.asked if slug not in self._found]

    @property
    def excess(self) -> int:
        return max(len(self.entries) - MOST, 0)

    @property
    def is_printable(self) -> bool:
        return 0 < len(self.entries) <= MOST

    @property
    def most(self) -> int:
        return MOST

    @cached_property
    def offered(self) -> list[Initiative]:
        """What the filters find and is not chosen yet; nothing without a filter."""
        if not self.listing.is_filtered:
            return []
        rows = self.listing.filterset.ordered_rows().exclude(pk__in=[entry.pk for entry in self.entries])
        return list(rows.for_cards()[:OFFERED])

    @property
    def kept_filters(self) -> list[tuple[str, str]]:
        """(name, value) of the filters other than the search, which stay when the form is sent."""
        filters = self.listing.selection.chosen
        return [(name, value) for name, values in filters.items() if name != "q" for value in values]

    @property
    def words(self) -> str:
        return self.listing.selection.chosen.get("q", [""])[0]

    @property
    def query(self) -> str:
        """The query string that names the chosen entries and nothing else."""
        named = QueryDict(mutable=True)
        named.setlist(PARAMETER, [entry.slug for entry in self.entries])
        return f"?{named.urlencode()}" if self.entries else ""

    @property
    def address(self) -> str:
        return reverse("selection") + self.query
