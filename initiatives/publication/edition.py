"""An edition read back: its records for the writers of files, its entries for the page and the PDF."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlsplit

from django.utils import timezone

from initiatives.exports.attribution import Attribution
from initiatives.exports.columns import COLUMNS, NAMES, ColumnKind
from initiatives.exports.records import Record
from initiatives.models import Edition, Initiative
from initiatives.models.record_table import BY_NAME, PRINTED_FACTS
from initiatives.text.french import noun, number, year_or_month
from towns.names import sort_key

from .figures import Figures
from .maps import EditionMap
from .markdown import to_html
from .snapshot import LICENCES, PARTS

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
# The colours of the categories, by their address, in the editions that do not say them.
COLOURS = {"service-public": "teal", "economie-locale": "brick", "cohesion-sociale": "plum"}
# An edition was frozen without the columns that came after it: of these nothing is known.
UNKNOWN = {column.name: () if column.kind is ColumnKind.LIST else None for column in COLUMNS}


@dataclass(frozen=True)
class EditionRecords:
    """Records of an edition with the interface of `exports.records.Entries`, for the writers of files."""

    rows: list[Record]
    attribution: Attribution
    columns, warning = COLUMNS, ""

    def count(self) -> int:
        return len(self.rows)

    def records(self) -> Iterator[Record]:
        # A writer turns the values of its record into cells: each gets its own.
        return map(list, self.rows)


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
        told = [(BY_NAME[name].fact, self._told(name)) for name in PRINTED_FACTS]
        return [(noun(len(values), fact), ", ".join(values)) for fact, values in told if values]

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


@dataclass
class EditionPart:
    """A category and its entries."""

    category: dict
    entries: list[EditionEntry]
    number: int
    # Of the whole edition, of which `entries` may be those of one volume.
    total: int

    @property
    def introduction_html(self) -> str:
        return to_html(self.category["introduction"])


class EditionContent:
    """Everything that an edition shows, from its data alone."""

    def __init__(self, edition: Edition):
        contents = edition.contents
        self.contents, self.sha256 = contents, edition.sha256
        self.title, self.subtitle, self.publisher = contents["title"], contents["subtitle"], contents["publisher"]
        self.foreword, self.credits = contents["foreword"], contents["credits"]
        self.number, self.content_version = contents["number"], contents["content_version"]
        self.address, self.selection = contents["address"], contents["selection"]
        self.cover, self.logo = contents["cover"], contents["logo"]
        self.withdrawn = [one | {"on": date.fromisoformat(one["on"])} for one in contents["withdrawn"]]
        self.shows = {part: part in contents["parts"] for part in PARTS}

    @property
    def foreword_html(self) -> str:
        return to_html(self.foreword)

    @property
    def credits_html(self) -> str:
        return to_html(self.credits)

    @property
    def logo_address(self) -> str:
        """The logo as the address of an image: no script runs in one."""
        kinds = {"svg": "image/svg+xml", "png": "image/png"}
        kind = kinds.get(self.logo["type"])
        return f"data:{kind};base64,{self.logo['data']}" if kind else ""

    @property
    def frozen_at(self) -> datetime:
        return datetime.fromisoformat(self.contents["frozen_at"])

    @property
    def frozen_on(self):
        return timezone.localdate(self.frozen_at)

    @cached_property
    def attribution(self) -> Attribution:
        contents = self.contents
        return Attribution(
            site=contents["site"],
            address=contents["address"],
            updated_at=datetime.fromisoformat(contents["updated_at"]),
            title=contents["title"],
            licence=LICENCES[contents["licence"]],
            publisher=self.publisher,
        )

    @cached_property
    def entries(self) -> list[EditionEntry]:
        columns = self.contents["columns"]
        return [EditionEntry(UNKNOWN | dict(zip(columns, record, strict=True))) for record in self.contents["records"]]

    @cached_property
    def files(self) -> EditionRecords:
        """For the writers of files: the columns of today."""
        return EditionRecords([[entry[name] for name in NAMES] for entry in self.entries], self.attribution)

    @cached_property
    def categories(self) -> list[dict]:
        """As they were; an edition from before they had colours gets those that it was shown in."""
        return [{"colour": COLOURS.get(one["slug"], "")} | one for one in self.contents["categories"]]

    @cached_property
    def parts(self) -> list[EditionPart]:
        """One a category that has entries, in the order of the categories."""
        by_category = {category["name"]: [] for category in self.categories}
        for entry in self.entries:
            by_category[entry["categorie"]].append(entry)
        found = [(one, by_category[one["name"]]) for one in self.categories if by_category[one["name"]]]
        return [EditionPart(one, entries, at, len(entries)) for at, (one, entries) in enumerate(found, start=1)]

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.entries, self.categories)

    @cached_property
    def map(self) -> EditionMap:
        return EditionMap(self.entries, is_indexed=self.shows["territories"])

    @cached_property
    def territory_count(self) -> int:
        return len({entry["territoire_code"] for entry in self.entries})


Index = list[tuple[str, list[EditionEntry]]]


def by_territory(entries: list[EditionEntry]) -> Index:
    """Each territory with its entries, in the alphabet of French indexes."""
    return _index((entry.place_in_index, entry) for entry in entries)


def by_theme(entries: list[EditionEntry]) -> Index:
    return _index((theme, entry) for entry in entries for theme in entry["themes"] or [])


def by_publisher(entries: list[EditionEntry]) -> Index:
    """The public pages that entries were written from, by who published them."""
    return _index((entry["source_editeur"] or "Sans éditeur", entry) for entry in entries if entry["source_url"])


def _index(pairs: Iterable[tuple[str, EditionEntry]]) -> Index:
    found: dict[str, list[EditionEntry]] = {}
    for name, entry in pairs:
        found.setdefault(name, []).append(entry)
    return sorted(found.items(), key=lambda item: sort_key(item[0]))
