"""An edition cut to what a reader can open: page and PDF alike hold at most so many entries, in volumes."""

from dataclasses import dataclass
from functools import cached_property

from .edition import EditionContent, EditionPart, Index, SourceIndex, by_publisher, by_territory, by_theme
from .edition_entry import EditionEntry

# Typst holds the whole document in memory: 16,000 entries would take 7 GB, and their page 30 MB.
MOST_ENTRIES = 2_000


def count(frozen: EditionContent) -> int:
    return -(-len(frozen.entries) // MOST_ENTRIES)


@dataclass
class Volume:
    """Some of the entries in the order of the parts, with the indexes of these; the first has what opens the whole."""

    frozen: EditionContent
    number: int = 1

    @cached_property
    def of(self) -> int:
        return count(self.frozen)

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def name(self) -> str:
        """« volume 2 sur 3 », or nothing where there is only one."""
        return f"volume {self.number} sur {self.of}" if self.of > 1 else ""

    @cached_property
    def parts(self) -> list[EditionPart]:
        first, last = (self.number - 1) * MOST_ENTRIES, self.number * MOST_ENTRIES
        found, at = [], 0
        for part in self.frozen.parts:
            if here := part.entries[max(first - at, 0) : max(last - at, 0)]:
                found.append(EditionPart(part.category, here, part.number, part.total))
            at += part.total
        return found

    @cached_property
    def entries(self) -> list[EditionEntry]:
        return [entry for part in self.parts for entry in part.entries]

    @cached_property
    def territories(self) -> Index:
        return by_territory(self.entries)

    @cached_property
    def themes(self) -> Index:
        return by_theme(self.entries)

    @cached_property
    def sources(self) -> SourceIndex:
        return by_publisher(self.entries)
