"""The frames of a map of France: the mainland, Paris and its inner suburbs enlarged, each overseas département.

A frame knows which départements it shows, where a point of the earth stands in it, and the paths to draw.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .outlines import Line, outlines, simplified
from .projection import Point, Projection, conic, flat_at

MARGIN = 10
INNER_PARIS = ("75", "92", "93", "94")


@dataclass(frozen=True, eq=False)
class Frame:
    """A part of France fitted into `width` units; the height follows, or the shape is centred in a square."""

    key: str
    name: str
    departments: tuple[str, ...]
    projection: Projection
    width: int
    # Square units: smaller details are left out.
    tolerance: float = 2
    is_square: bool = True

    @cached_property
    def _rings(self) -> list[list[Line]]:
        return [ring for code in self.departments for ring in outlines().rings[code]]

    @cached_property
    def _fit(self) -> tuple[float, float, float, int]:
        """Scale, the two shifts, height."""
        points = [self.projection(*point) for ring in self._rings for line in ring for point in line]
        (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
        inside = self.width - 2 * MARGIN
        scale = inside / (max(right - left, bottom - top) if self.is_square else right - left)
        height = self.width if self.is_square else round((bottom - top) * scale) + 2 * MARGIN
        return (
            scale,
            (self.width - (left + right) * scale) / 2,
            (height - (top + bottom) * scale) / 2,
            height,
        )

    @property
    def height(self) -> int:
        return self._fit[3]

    def place(self, longitude: float, latitude: float) -> Point:
        scale, right, down, _ = self._fit
        x, y = self.projection(longitude, latitude)
        return x * scale + right, y * scale + down

    def holds(self, point: Point) -> bool:
        return 0 <= point[0] <= self.width and 0 <= point[1] <= self.height

    @cached_property
    def land(self) -> str:
        """The path of all its départements together."""
        return self._path(self._lines[0])

    @cached_property
    def borders(self) -> str:
        """The path of the borders between them."""
        return "".join(_written(self._drawn(line)) for line in self._lines[1])

    @functools.cache  # noqa: B019 -- the frames are few and stay
    def department(self, code: str) -> str:
        """The path of one of them."""
        return self._path(outlines().rings[code])

    @functools.cache  # noqa: B019
    def middle(self, code: str) -> Point:
        """Where a mark that speaks of a whole département stands: the centre of its largest part."""
        rings = [[self.place(*point) for line in ring for point in line] for ring in outlines().rings[code]]
        return max(map(_weighed, rings))[1]

    def box(self, codes: Iterable[str]) -> tuple[int, int, int, int]:
        """The rectangle around some départements: left, top, width, height."""
        points = [
            self.place(*point) for code in codes for ring in outlines().rings[code] for line in ring for point in line
        ]
        (left, right), (top, bottom) = ((round(min(axis)), round(max(axis))) for axis in zip(*points, strict=True))
        return left, top, right - left, bottom - top

    @cached_property
    def _lines(self):
        return outlines().lines(self.departments)

    def _path(self, rings: Iterable[list[Line]]) -> str:
        closed = (_joined([self._drawn(line) for line in ring]) for ring in rings)
        return "".join(f"{_written(ring)}z" for ring in closed if len(ring) > 3)

    @functools.cache  # noqa: B019
    def _drawn(self, line: Line) -> list[tuple[int, int]]:
        """A line as it is drawn here: simplified whichever way it runs, on whole units."""
        forwards = min(line, line[::-1])
        kept = simplified([self.place(*point) for point in forwards], self.tolerance)
        whole = [(round(x), round(y)) for x, y in kept]
        return whole if forwards == line else whole[::-1]


def _joined(lines: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return [point for line in lines for point in line[:-1]] + lines[-1][-1:]


def _written(points: list[tuple[int, int]]) -> str:
    """An SVG path: a place, then steps, without a byte too many."""
    (x, y), steps = points[0], []
    for after in points[1:]:
        if after != (x, y):
            steps += [after[0] - x, after[1] - y]
            x, y = after
    numbers = "".join(f" {step}" if step >= 0 else str(step) for step in steps)
    return f"M{points[0][0]} {points[0][1]}l{numbers.lstrip()}" if steps else ""


def _weighed(ring: list[Point]) -> tuple[float, Point]:
    """The area of a ring and its centre of gravity."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return abs(area) / 2, (x / (3 * area), y / (3 * area))


OVERSEAS = {
    "971": ("Guadeloupe", 16.2),
    "972": ("Martinique", 14.6),
    "973": ("Guyane", 4.0),
    "974": ("La Réunion", -21.1),
    "976": ("Mayotte", -12.8),
}


@functools.cache
def mainland(width: int, *, tolerance: float) -> Frame:
    codes = tuple(sorted(set(outlines().rings) - set(OVERSEAS)))
    return Frame("metropole", "France métropolitaine", codes, conic, width, tolerance, is_square=False)


@functools.cache
def insets(width: int) -> tuple[Frame, ...]:
    """Frames below the mainland: overseas, and what is too small on it."""
    paris = Frame("paris", "Paris et petite couronne", INNER_PARIS, conic, width)
    overseas = (Frame(code, name, (code,), flat_at(latitude), width) for code, (name, latitude) in OVERSEAS.items())
    return (paris, *overseas)
