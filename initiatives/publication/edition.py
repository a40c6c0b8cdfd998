"""An edition read back: its records for the writers of files, its entries for the page and the PDF."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from initiatives.exports.attribution import Attribution
from initiatives.exports.columns import COLUMNS, NAMES, ColumnKind
from initiatives.exports.records import Record
from initiatives.models import Edition
from towns.names import sort_key

from .edition_entry import EditionEntry, SourcePage
from .figures import Figures
from .maps import EditionMap
from .markdown import to_html
from .snapshot import LICENCES, PARTS

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
        # Two categories could have one name.
        found = [(one, entries) for one in self.categories if (entries := by_category.pop(one["name"], []))]
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
SourceIndex = list[tuple[str, list[tuple[SourcePage, EditionEntry]]]]


def by_territory(entries: list[EditionEntry]) -> Index:
    """Each territory with its entries, in the alphabet of French indexes."""
    return _index((entry.place_in_index, entry) for entry in entries)


def by_theme(entries: list[EditionEntry]) -> Index:
    return _index((theme, entry) for entry in entries for theme in entry["themes"] or [])


def by_publisher(entries: list[EditionEntry]) -> SourceIndex:
    """The public pages that entries were written from, by who published them, each with its entry."""
    return _index(
        (source.publisher or "Sans éditeur", (source, entry)) for entry in entries for source in entry.sources
    )


def _index(pairs: Iterable[tuple]) -> list[tuple[str, list]]:
    found: dict[str, list] = {}
    for name, kept in pairs:
        found.setdefault(name, []).append(kept)
    return sorted(found.items(), key=lambda item: sort_key(item[0]))
