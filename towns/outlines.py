"""The outlines of the départements, cut into the lines that neighbours share, and simplified.

A border is simplified once, not once a département: neighbours stay neighbours, without gap or overlap,
and a map writes it once.
"""

import functools
import heapq
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .projection import Point

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "departments.geojson"

# Points of the file, in degrees; the last of a closed line is its first.
Line = tuple[Point, ...]


@dataclass(frozen=True)
class Outlines:
    """The rings of each département, each ring being its lines in order."""

    rings: dict[str, list[list[Line]]]

    def lines(self, codes: Iterable[str]) -> tuple[list[list[Line]], list[Line]]:
        """The outside of some départements, as rings, and the borders between them."""
        used = [line for code in codes for ring in self.rings[code] for line in ring]
        times = Counter(map(_undirected, used))
        outside = [line for line in used if times[_undirected(line)] == 1]
        borders = {_undirected(line): line for line in used if times[_undirected(line)] > 1}
        return _chained(outside), list(borders.values())


@functools.cache
def outlines() -> Outlines:
    """Outlines of the fixture, read once a process."""
    rings = {
        feature["properties"]["code"]: list(_rings(feature["geometry"]))
        for feature in json.loads(FILE.read_bytes())["features"]
    }
    neighbours = defaultdict(set)
    for ring in (ring for drawn in rings.values() for ring in drawn):
        for one, other in itertools.pairwise(ring):
            neighbours[one].add(other)
            neighbours[other].add(one)
    # Where three lines meet, or a border meets the coast, one line ends and others begin.
    ends = {point for point, others in neighbours.items() if len(others) > 2}
    return Outlines({code: [_cut(ring, ends) for ring in drawn] for code, drawn in rings.items()})


def _rings(geometry: dict) -> Iterator[Line]:
    is_one = geometry["type"] == "Polygon"
    for polygon in [geometry["coordinates"]] if is_one else geometry["coordinates"]:
        for ring in polygon:
            yield tuple((longitude, latitude) for longitude, latitude in ring)


def _cut(ring: Line, ends: set[Point]) -> list[Line]:
    """The lines of a ring from end to end; a ring without an end, an island, is one line."""
    points = ring[:-1]
    start = next((at for at, point in enumerate(points) if point in ends), None)
    if start is None:
        start = points.index(min(points))
    turned = points[start:] + points[:start] + points[start : start + 1]
    cuts = [at for at, point in enumerate(turned) if point in ends or at in (0, len(turned) - 1)]
    return [turned[one : other + 1] for one, other in itertools.pairwise(cuts)]


def _undirected(line: Line) -> Line:
    return min(line, line[::-1])


def _chained(lines: list[Line]) -> list[list[Line]]:
    """Lines put end to end until they close."""
    after = defaultdict(list)
    for line in lines:
        after[line[0]].append(line)
    rings = []
    for first in lines:
        if first not in after[first[0]]:
            continue
        after[first[0]].remove(first)
        ring = [first]
        while ring[-1][-1] != first[0]:
            ring.append(after[ring[-1][-1]].pop())
        rings.append(ring)
    return rings


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """The points without those whose triangle with their neighbours is smaller than the tolerance (Visvalingam)."""
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    areas = {at: _area(points[at - 1], points[at], points[at + 1]) for at in range(1, len(points) - 1)}
    heap = [(area, at) for at, area in areas.items()]
    heapq.heapify(heap)
    while heap and heap[0][0] < tolerance:
        area, at = heapq.heappop(heap)
        if areas.get(at) != area:
            continue
        del areas[at]
        previous, following = before[at], after[at]
        after[previous], before[following] = following, previous
        for near in (previous, following):
            if near in areas:
                # Never less than what has gone: the order of going stays that of importance.
                areas[near] = max(area, _area(points[before[near]], points[near], points[after[near]]))
                heapq.heappush(heap, (areas[near], near))
    return [points[0], *(points[at] for at in sorted(areas)), points[-1]]


def _area(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
