"""Charts of bars, drawn here: in the page, as an SVG that stands alone, and as a PNG made of that."""

import textwrap
from dataclasses import dataclass

import typst
from django.conf import settings
from django.template.loader import render_to_string

from initiatives.exports.attribution import Attribution
from initiatives.exports.typesetting import fonts
from initiatives.exports.values import clean
from initiatives.runtime.palette import LIGHT
from initiatives.text.french import typo

from .overview import Breakdown, Figure

SOURCE = settings.BASE_DIR / "templates" / "figures" / "chart.typ"
PIXELS_PER_INCH = 216
WIDTH = 400
PITCH = 34
# What fits beside the number on one line, and in the width of the whole.
LABEL = 54
LINE = 88


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    width: float
    y: int
    # The name of its colour in the palette, if it has one of its own, and the colour that it is drawn in.
    colour: str
    ink: str


@dataclass(frozen=True)
class Chart:
    """The places of everything in a drawing WIDTH units wide; a drawing that stands alone says its title and source."""

    breakdown: Breakdown
    attribution: Attribution | None = None
    subject: str = ""

    width = WIDTH

    @property
    def head(self) -> list[tuple[int, str]]:
        """(place, text) of the lines of the title."""
        if not self.attribution:
            return []
        lines = [self.breakdown.title, *textwrap.wrap(typo(clean(self.subject)), LINE - 26)]
        return [(24 + 18 * at, line) for at, line in enumerate(lines)]

    @property
    def top(self) -> int:
        return self.head[-1][0] + 14 if self.head else 0

    @property
    def bars(self) -> list[Bar]:
        most = self.breakdown.most or 1
        return [self._bar(row, at, most) for at, row in enumerate(self.breakdown.rows)]

    def _bar(self, row: Figure, at: int, most: int) -> Bar:
        return Bar(
            typo(textwrap.shorten(clean(row.label), LABEL, placeholder="…")),
            row.count,
            round(self.width * row.count / most, 1),
            self.top + at * PITCH,
            row.colour,
            LIGHT[row.colour or "accent"],
        )

    @property
    def foot(self) -> list[tuple[int, str]]:
        """(place, text) of the lines that say where the figures come from."""
        if not self.attribution:
            return []
        bottom = self.top + len(self.breakdown.rows) * PITCH
        lines = textwrap.wrap(typo(clean(self.attribution.full_sentence)), LINE, break_on_hyphens=False)
        return [(bottom + 14 + 13 * at, line) for at, line in enumerate(lines)]

    @property
    def height(self) -> int:
        return self.foot[-1][0] + 10 if self.foot else len(self.breakdown.rows) * PITCH

    def svg(self) -> str:
        return render_to_string("figures/chart.svg", {"chart": self})

    def png(self) -> bytes:
        """A chart as PNG: typst draws its SVG, with the fonts of our documents and no other."""
        return typst.compile(
            str(SOURCE),
            format="png",
            ppi=PIXELS_PER_INCH,
            sys_inputs={"svg": self.svg()},
            font_paths=fonts(),
        )
