"""The outlines and the frames that show them: shapes of France, light enough to be written into a page."""

import re
from itertools import pairwise

import pytest

from towns.frames import insets, mainland
from towns.outlines import outlines, simplified
from towns.projection import conic

pytestmark = pytest.mark.no_database


@pytest.fixture(scope="module")
def france():
    return mainland(1000, tolerance=5)


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    """The points of a path, from its places and steps."""
    rings = []
    for ring in re.findall(r"M(\d+) (\d+)l([-\d ]+)", path):
        x, y, points = int(ring[0]), int(ring[1]), []
        numbers = [int(number) for number in re.findall(r"-?\d+", ring[2])]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            points.append((x, y))
        rings.append([(int(ring[0]), int(ring[1])), *points])
    return rings


def test_every_departement_is_in_a_frame(france):
    shown = {code for frame in [france, *insets(150)] for code in frame.departments}
    assert len(shown) == 101
    assert shown == set(outlines().rings)


def test_outside_closes_and_borders_are_written_once(france):
    rings = rings_of(france.land)
    assert len(rings) > 5
    assert all(ring[0] == ring[-1] for ring in rings)
    lines = [frozenset(step) for line in rings_of(france.borders) for step in pairwise(line)]
    coast = {frozenset(step) for ring in rings for step in pairwise(ring)}
    assert len(lines) > 1_000
    # Whole units may let two steps fall on one another; a border written twice would be hundreds.
    assert len(lines) - len(set(lines)) < 5
    assert len(coast & set(lines)) < 5


def test_neighbours_share_their_simplified_border(france):
    oise, somme = (
        {frozenset(step) for ring in rings_of(france.department(code)) for step in pairwise(ring)}
        for code in ("60", "80")
    )
    assert len(oise & somme) > 3


def test_outlines_are_light(france):
    frames = insets(150)
    assert len(france.land + france.borders) < 20_000
    assert all(len(frame.land + frame.borders) < 1_500 for frame in frames)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "x", "y"),
    [
        ("Dunkerque", 2.377, 51.034, (430, 520), (0, 40)),
        ("Brest", -4.486, 48.39, (10, 90), (220, 320)),
        ("Bonifacio", 9.159, 41.387, (930, 1000), (880, 940)),
    ],
)
def test_places_stand_where_maps_have_them(france, place, longitude, latitude, x, y):
    right, down = france.place(longitude, latitude)
    assert x[0] < right < x[1]
    assert y[0] < down < y[1]


def test_the_mainland_is_upright_on_its_meridian():
    assert conic(3, 49)[0] == conic(3, 43)[0] == 0
    assert conic(3, 49)[1] < conic(3, 43)[1]
    # A degree of latitude is 111 km, to the scale of a conformal map.
    assert conic(3, 46)[1] - conic(3, 47)[1] == pytest.approx(111.2, rel=0.01)


def test_middle_of_a_departement_is_inside_its_rectangle(france):
    left, top, width, height = france.box(["60"])
    x, y = france.middle("60")
    assert left + width / 4 < x < left + 3 * width / 4
    assert top + height / 4 < y < top + 3 * height / 4


def test_simplified_line_keeps_its_ends_and_its_corners():
    line = [(0, 0), (1, 0.01), (2, 0), (3, 5), (4, 0)]
    assert simplified(line, 1) == [(0, 0), (2, 0), (3, 5), (4, 0)]
    assert simplified(line, 100) == [(0, 0), (4, 0)]
