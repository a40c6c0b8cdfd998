"""An entry of an edition, for its page and its PDF."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from initiatives.models import Initiative
from initiatives.models.record_table import BY_NAME, PRINTED_FACTS
from initiatives.text.french import number, year_or_month

# What the name of an EPCI begins with: its kind, and the article.
EPCI = re.compile(
    r"^(Communauté (?:de communes|d[’']agglomération|urbaine)"
    r"(?: de la\b| de l[’']| des\b| du\b| de\b| d[’'])?)\s*(.+)$",
    re.IGNORECASE,
)
# A block of the story: the column that it reads, its heading, and what it is to the reader.
BLOCKS = (
    ("besoin", "Le besoin de départ", ""),
    ("solution", "La solution", ""),
    ("resultats", "Les résultats", ""),
    ("conseils", "Bonnes pratiques et conseils", "practice"),
    ("points_de_vigilance", "Points de vigilance", "caution"),
)


class SourcePage(NamedTuple):
    """A public page that an entry was written from."""

    title: str
    publisher: str
    url: str


class EditionEntry(dict):
    """One entry under the names of the columns, and what a page makes of them."""

    @property
    def anchor(self) -> str:
        return f"fiche-{self['reference'].lower()}"

    @property
    def path(self) -> str:
        """Where its page is on the site that shows it."""
        return urlsplit(self["adresse"]).path

    @property
    def blocks(self) -> list[tuple[str, str, str]]:
        """(heading, kind, text) of what the entry tells."""
        return [(heading, kind, self[column]) for column, heading, kind in BLOCKS if self[column]]

    @property
    def place(self) -> str:
        return f"{self['territoire_nom']} ({self['departement_nom']})"

    @property
    def place_in_index(self) -> str:
        """« Beauvaisis (communauté d’agglomération du) (Oise) »: as indexes put what a name begins with after it."""
        name = EPCI.sub(
            lambda found: f"{found[2]} ({found[1][:1].lower()}{found[1][1:].strip()})", self["territoire_nom"]
        )
        return f"{name} – {self['departement_nom']}"

    @property
    def links(self) -> list[tuple[str, str]]:
        return list(zip(self["liens_intitules"] or [], self["liens"] or [], strict=True))

    @property
    def sources(self) -> list[SourcePage]:
        """The first has columns of its own; the others are read back from how a file writes them."""
        first = SourcePage(self["source_titre"] or "", self["source_editeur"] or "", self["source_url"])
        field, others = BY_NAME["more_sources"], self["autres_sources"] or ()
        read = (re.fullmatch(field.pattern, text, re.DOTALL) for text in others)
        return [*([first] if first.url else []), *(SourcePage(**found.groupdict()) for found in read if found)]

    @property
    def trace(self) -> str:
        """Origin of the entry, at the end of the line of its reference."""
        said = ""
        if self["cite_par_enquete"]:
            is_answer = self["origine"] == Initiative.Origin.SURVEY.label
            said = ", réponse à l’enquête" if is_answer else ", citée par l’enquête"
        if self["verifie_le"]:
            said += ", vérifiée le {2}/{1}/{0}".format(*self["verifie_le"].split("-"))
        return said

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(name, value) of the facts that stand below the story."""
        told = [(BY_NAME[name], self._told(name)) for name in PRINTED_FACTS]
        # The label of a figure may have a comma.
        return [
            (field.fact_of(len(values)), (" ; " if field.name == "key_figures" else ", ").join(values))
            for field, values in told
            if values
        ]

    def _told(self, name: str) -> list[str]:
        """What the column of a field says, each of its values as the facts say it."""
        value = self[BY_NAME[name].column]
        match name:
            case "tools":
                return [f"{tool} (logiciel libre)" if is_free else tool for tool, is_free in self.tools]
            case "contact_service":
                return [one for one in (value, self["contact_courriel"]) if one]
            case "state" if value == Initiative.State.UNKNOWN.label:
                return []
            case "ended" if value:
                return [year_or_month(value)]
        if value is None or value == "":
            return []
        if isinstance(value, int):
            return [number(value)]
        return [value] if isinstance(value, str) else list(value)

    @property
    def tools(self) -> list[tuple[str, bool]]:
        """(name, whether it is known to be free software)."""
        free = self["outils_libres"] or []
        return [(name, name in free) for name in self["outils"] or []]
