"""The JSON API: the JSON export, page by page, with the filters of the list."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import cached_property

from initiatives.exports.attribution import Attribution
from initiatives.exports.json_writers import entry, header
from initiatives.exports.records import Entries
from initiatives.public.filters import InitiativeFilter
from initiatives.runtime.parsing import whole_number
from initiatives.runtime.transactions import consistent_read
from initiatives.text.french import counted, number

PAGE_SIZE = 100
MAX_PAGE_SIZE = 500
LAST_PAGE = 999_999_999


class Unusable(ValueError):
    """A request of the API that has no answer: the sentences that say why, by parameter."""

    def __init__(self, status: int, faults: list[tuple[str, str]]):
        super().__init__(faults)
        self.status, self.faults = status, faults


@dataclass(frozen=True)
class Window:
    """Which entries of the list: the page and how many on each."""

    page: int = 1
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, parameters: Mapping[str, str], filterset: InitiativeFilter) -> "Window":
        """The window that the address asks for; Unusable, with every fault of the address, where it is none."""
        page = whole_number(typed_page := parameters.get("page", "1"), least=1, most=LAST_PAGE)
        size = whole_number(typed_size := parameters.get("page_size", str(PAGE_SIZE)), least=1, most=MAX_PAGE_SIZE)
        faults = list(filterset.unknown)
        if page is None:
            faults.append(
                ("page", f"La page est un nombre entier de 1 à {number(LAST_PAGE)}, pas « {typed_page[:50]} ».")
            )
        if size is None:
            faults.append(
                (
                    "page_size",
                    f"Le nombre de fiches par page est un entier de 1 à {MAX_PAGE_SIZE}, pas « {typed_size[:50]} ».",
                )
            )
        if faults:
            raise Unusable(400, faults)
        return cls(page, size)


@dataclass(frozen=True)
class ApiPage:
    """One page of the entries that an address asks for."""

    filterset: InitiativeFilter
    attribution: Attribution
    window: Window
    address: str

    @cached_property
    def count(self) -> int:
        return self.filterset.rows().order_by().count()

    @property
    def pages(self) -> int:
        return max(-(-self.count // self.window.size), 1)

    def link(self, page: int) -> str | None:
        """The address of another page of the same list; None where there is none."""
        if not 1 <= page <= self.pages:
            return None
        window = {"page": str(page), "page_size": str(self.window.size)}
        return self.address + self.filterset.selection.query(**window)

    def entries(self) -> list[dict]:
        """Entries of the page: their keys first, then the rows, whatever stands before them."""
        rows = self.filterset.ordered_rows()
        start = (self.window.page - 1) * self.window.size
        chosen = list(rows.values_list("pk", flat=True)[start : start + self.window.size])
        return [entry(record) for record in Entries(rows.filter(pk__in=chosen), self.attribution).records()]

    def document(self) -> dict:
        with consistent_read():
            if self.window.page > self.pages:
                raise Unusable(404, [("page", self._beyond)])
            return header(self.attribution) | {
                "count": self.count,
                "page": self.window.page,
                "page_size": self.window.size,
                "pages": self.pages,
                "next": self.link(self.window.page + 1),
                "previous": self.link(self.window.page - 1),
                "initiatives": self.entries(),
            }

    @property
    def _beyond(self) -> str:
        pages, entries = counted(self.pages, "page"), counted(self.count, "fiche")
        return f"La page {number(self.window.page)} n’existe pas : cette liste a {pages} ({entries})."
