"""The choices of an address: tidied, in the order of the contract."""

import unicodedata

from django.http import QueryDict

from initiatives.search.query import QUERY_LENGTH
from initiatives.text.characters import BREAKS, CONTROLS, HIDDEN, without

# The parameters of the filters, in the order in which links write them.
PARAMETERS = (
    *("q", "categorie", "theme", "region", "departement", "territoire", "type", "population"),
    *("libre", "enquete", "annee", "etat", "edition", "tri"),
)
REPEATABLE = {"theme", "departement"}
# More than there are of any: among so many one is unknown, and a page that offers to take each away is long enough.
MOST_VALUES = 150
# What a person may type otherwise than the codes are written.
SPELLINGS = {
    "region": lambda value: value.zfill(2),
    "departement": lambda value: value.upper().zfill(2),
    "q": lambda value: value[:QUERY_LENGTH],
}


def tidy(value: str) -> str:
    """The value without what nobody types: controls (NUL), invisible and broken characters."""
    blanks = CONTROLS | BREAKS
    spaced = "".join(" " if unicodedata.category(c) in blanks else c for c in value)
    return " ".join(without(spaced, HIDDEN).split())


class Selection:
    """The choices of an address, ready to become links.

    `chosen` maps each parameter that has a value to the list of its values; a parameter that is
    not repeatable keeps its last value.
    """

    def __init__(self, parameters: QueryDict):
        self.chosen: dict[str, list[str]] = {}
        for name in PARAMETERS:
            spell = SPELLINGS.get(name, str)
            values = [spell(value) for raw in parameters.getlist(name) if (value := tidy(raw))]
            values = list(dict.fromkeys(values))
            if values:
                self.chosen[name] = values[:MOST_VALUES] if name in REPEATABLE else values[-1:]

    def data(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in self.chosen.items():
            data.setlist(name, values)
        return data

    def query(self, *, without: str = "", value: str | None = None, **changes: str | list[str]) -> str:
        """The query string, « ?… » or empty, without a parameter (or one value of it), with others set."""
        data = self.data()
        if without:
            rest = [kept for kept in data.getlist(without) if value is not None and kept != value]
            data.setlist(without, rest) if rest else data.pop(without, None)
        for name, changed in changes.items():
            data.setlist(name, [changed] if isinstance(changed, str) else changed)
        encoded = data.urlencode()
        return f"?{encoded}" if encoded else ""

    @property
    def filters(self) -> dict[str, list[str]]:
        """The choices that narrow the list: all but the sort."""
        return {name: values for name, values in self.chosen.items() if name != "tri"}
