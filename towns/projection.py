"""From longitude and latitude to a flat map, in kilometres eastwards and southwards."""

from collections.abc import Callable
from math import cos, log, pi, radians, sin, tan

Point = tuple[float, float]
Projection = Callable[[float, float], Point]

EARTH = 6371.0
# Those of Lambert-93: the parallels on which the map is true, and the meridian that stands upright.
PARALLELS = (radians(44), radians(49))
MERIDIAN = 3.0


def _stretch(latitude: float) -> float:
    return tan(pi / 4 + latitude / 2)


_SOUTH, _NORTH = PARALLELS
_CONE = log(cos(_SOUTH) / cos(_NORTH)) / log(_stretch(_NORTH) / _stretch(_SOUTH))
_RADIUS = EARTH * cos(_SOUTH) * _stretch(_SOUTH) ** _CONE / _CONE


def conic(longitude: float, latitude: float) -> Point:
    """Lambert's conformal conic for mainland France, on a sphere: the shapes that maps of France have."""
    distance = _RADIUS / _stretch(radians(latitude)) ** _CONE
    angle = _CONE * radians(longitude - MERIDIAN)
    return distance * sin(angle), distance * cos(angle)


def flat_at(parallel: float) -> Projection:
    """A map of a small country: true along one parallel, and along every meridian."""
    degree = radians(1) * EARTH

    def flat(longitude: float, latitude: float) -> Point:
        return longitude * degree * cos(radians(parallel)), -latitude * degree

    return flat
