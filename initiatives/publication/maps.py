"""The map of an edition: a mark a territory, the mainland and the insets in one drawing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

from django.template.loader import render_to_string

from initiatives.text.french import counted, noun
from towns.frames import Frame, insets, mainland

WIDTH, INSET, GAP, CAPTION = 1000, 150, 20, 26
# At both sides: a caption is wider than its inset.
MARGIN = 16
TOLERANCE = 5
# Radii: of one entry, of the smallest and of the largest mark.
ONE, SMALLEST, LARGEST = 7, 4.5, 34


@dataclass(frozen=True)
class EditionMark:
    name: str
    count: int
    x: int
    y: int
    # As SVG writes numbers, not as French does.
    radius: str


@dataclass
class EditionFrame:
    """A frame, where it stands in the drawing, and the marks on it."""

    frame: Frame
    x: int
    y: int
    marks: list[EditionMark] = field(default_factory=list)


@dataclass
class EditionMap:
    """The territories of some entries, which are dictionaries under the names of the columns.

    `is_indexed` where an index beside it names them.
    """

    entries: Iterable[dict]
    is_indexed: bool = False

    @cached_property
    def sheets(self) -> list[EditionFrame]:
        main = mainland(WIDTH, tolerance=TOLERANCE)
        below = main.height + GAP
        rest = [EditionFrame(frame, at * (INSET + GAP), below) for at, frame in enumerate(insets(INSET))]
        sheets = [EditionFrame(main, 0, 0), *rest]
        for entry, count in self._territories():
            mark = (entry["longitude"], entry["latitude"])
            # Paris and its suburbs have an inset and stay on the mainland too.
            for sheet in sheets:
                if None not in mark and entry["departement_code"] in sheet.frame.departments:
                    x, y = map(round, sheet.frame.place(*mark))
                    sheet.marks.append(EditionMark(entry["territoire_nom"], count, x, y, self._radius(count)))
        return sheets

    def _territories(self) -> Iterator[tuple[dict, int]]:
        """(one of its entries, how many) of each territory, the most first so that small marks lie on top."""
        firsts = {}
        for entry in self.entries:
            firsts.setdefault(entry["territoire_code"], entry)
        counts = Counter(entry["territoire_code"] for entry in self.entries)
        return ((firsts[code], count) for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @staticmethod
    def _radius(count: int) -> str:
        return f"{min(max(SMALLEST, ONE * sqrt(count)), LARGEST):.1f}"

    @property
    def width(self) -> int:
        return WIDTH + 2 * MARGIN

    @property
    def margin(self) -> int:
        return MARGIN

    @property
    def height(self) -> int:
        return self.sheets[0].frame.height + GAP + INSET + CAPTION

    @property
    def caption_y(self) -> int:
        return INSET + CAPTION - 6

    @property
    def text(self) -> str:
        """Text alternative of the map."""
        count = len({entry["territoire_code"] for entry in self.entries})
        named = f", {noun(count, 'que l’index nomme,que l’index nomme toutes')}" if self.is_indexed else ""
        return f"Carte de France, outre-mer compris : {counted(count, 'collectivité')}{named}."

    def svg(self) -> str:
        return render_to_string("publications/map.svg", {"map": self})
