"""Where an entry stands in the list that the visitor comes from: back to it, previous, next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from initiatives.models import Initiative
from initiatives.runtime.parsing import whole_number

from .basket import PARAMETER
from .filters import InitiativeFilter
from .listing import PAGE_SIZE
from .selection import Selection

# The deepest place in a list for which neighbours are looked up: beyond, only the way back is offered.
DEEPEST = 20_000


@dataclass(frozen=True)
class Neighbour:
    initiative: Initiative
    query: str


@dataclass(frozen=True)
class Navigation:
    """`back` is the query string of the list, on the page that holds the entry; None without a list."""

    back: str | None = None
    previous: Neighbour | None = None
    next: Neighbour | None = None


def navigation(parameters: QueryDict, initiative: Initiative, ticked: Sequence[str] = ()) -> Navigation:
    """Read the list and the place in it (`rang`, from 1) off the address of an entry.

    An address typed by hand, or older than the last change of the list, has a place that is not the
    entry's: it still leads back, and shows no neighbours. What is `ticked` stays so on the way.
    """
    selection = Selection(parameters)
    kept = {PARAMETER: list(ticked)}
    rank = whole_number(parameters.get("rang", ""), least=1, most=DEEPEST)
    if rank is None:
        return Navigation(back=selection.query(**kept) if selection.chosen or ticked else None)
    page = (rank - 1) // PAGE_SIZE + 1
    back = selection.query(**({"page": str(page)} if page > 1 else {}), **kept)
    first = max(rank - 2, 0)
    ordered = InitiativeFilter(selection, trusting=True).ordered_rows()
    rows = list(ordered.only("slug", "title", "status")[first : rank + 1])
    at = rank - 1 - first
    if at >= len(rows) or rows[at].pk != initiative.pk:
        return Navigation(back=back)

    def neighbour(step: int) -> Neighbour | None:
        if not 0 <= at + step < len(rows):
            return None
        return Neighbour(rows[at + step], selection.query(rang=str(rank + step), **kept))

    return Navigation(back=back, previous=neighbour(-1), next=neighbour(1))
