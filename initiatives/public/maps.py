"""The map of some entries: a mark a territory, on the mainland or in an inset, and the list that says the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import sqrt

from django.http import QueryDict
from django.urls import reverse

from initiatives.models import Initiative
from towns.frames import Frame, insets, mainland
from towns.models import Department, Territory
from towns.projection import Point

from .listing import Listing
from .selection import Selection
from .territories import TerritoryCount, counts_by_territory, departments, territories

# Units of the drawing: about a kilometre on the mainland.
WIDTH, INSET, LOCATOR = 1000, 150, 240
TOLERANCE, LOCATOR_TOLERANCE = 5, 2
# Radii: of one entry, of the largest mark, of the smallest that one still sees.
ONE, LARGEST, SMALLEST = 6.5, 36, 4.5
# Beyond, the marks would hide each other and the page would weigh: a mark a département then.
MOST_MARKS = 300


@dataclass(frozen=True)
class Mark:
    present: TerritoryCount
    x: int
    y: int
    radius: str


@dataclass
class MapFrame:
    """A frame and the marks on it, the largest first, so that a small one lies on top."""

    frame: Frame
    # Of the départements that the filters have chosen.
    chosen: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(mark.present.count for mark in self.marks)

    def place(self, present: TerritoryCount, most: int) -> bool:
        """Put a mark where the place is; say whether it is in this frame."""
        point = _point(present.place, self.frame)
        if point is None or not self.frame.holds(point):
            return False
        radius = max(SMALLEST, min(ONE, LARGEST / sqrt(most)) * sqrt(present.count))
        x, y = map(round, point)
        # An intercommunality stands where its largest town does: beside it, so that both can be reached.
        while under := next((mark for mark in self.marks if (mark.x, mark.y) == (x, y)), None):
            x += max(round((float(under.radius) + radius) * 0.75), 1)
        self.marks.append(Mark(present, x, y, f"{radius:.1f}".removesuffix(".0")))
        return True


class Map:
    """The entries of a selection, by place. Four queries at most, whatever the number of entries.

    `within` are the codes of the départements that the selection is confined to, `colour` is that of its category.
    """

    def __init__(self, rows, selection: Selection, *, within: Iterable[str] = (), colour: str = ""):
        counts = counts_by_territory(rows)
        self.territory_count = len(counts)
        self.is_by_department = len(counts) > MOST_MARKS
        self.colour = colour
        self.main = MapFrame(mainland(WIDTH, tolerance=TOLERANCE))
        self.insets = [MapFrame(frame) for frame in insets(INSET)]
        # What the inset of Paris shows, at its size on the mainland: seen there, reached in the inset.
        self.echoes = MapFrame(self.main.frame)
        for sheet in [self.main, *self.insets]:
            sheet.chosen = [sheet.frame.department(code) for code in within if code in sheet.frame.departments]
        found = departments(counts) if self.is_by_department else territories(counts)
        self.places = [_narrowed(present, selection) for present in found] if selection.filters else found
        self.off_the_map = list(self._draw())

    def _draw(self) -> Iterator[TerritoryCount]:
        """Put the marks on their sheets; give those that have no place there."""
        most = max((present.count for present in self.places), default=0)
        for present in sorted(self.places, key=lambda present: -present.count):
            code = present.department.code
            sheet = next((one for one in [*self.insets, self.main] if code in one.frame.departments), None)
            if sheet is None or not sheet.place(present, most):
                yield present
            elif sheet is self.paris:
                self.echoes.place(present, most)

    @property
    def paris(self) -> MapFrame:
        return self.insets[0]

    @property
    def paris_box(self) -> tuple[int, int, int, int]:
        """Where the inset of Paris is on the mainland: left, top, width, height."""
        return self.main.frame.box(self.paris.frame.departments)

    @property
    def has_intercommunalities(self) -> bool:
        return any(present.is_intercommunality for present in self.places)

    @property
    def unit(self) -> str:
        return "département" if self.is_by_department else "collectivité"


def map_of_everything() -> Map:
    return Map(Initiative.objects.published(), Selection(QueryDict()))


def map_of(listing: Listing) -> Map:
    """The map of the entries of a list, all its pages."""
    chosen = listing.selection.chosen
    words = listing.filterset.vocabulary
    colours = (category.colour for category in words.categories if category.slug in chosen.get("categorie", ()))
    within = [
        department.code
        for department in words.departments
        if department.code in chosen.get("departement", ()) or department.region_id in chosen.get("region", ())
    ]
    return Map(listing.filterset.rows(), listing.selection, within=within, colour=next(colours, ""))


def _narrowed(present: TerritoryCount, selection: Selection) -> TerritoryCount:
    """With the list narrowed to the place, so that its count is found again behind the mark."""
    place = present.place
    narrowed = {"departement": place.pk} if isinstance(place, Department) else {"territoire": place.slug}
    return replace(present, url=reverse("initiative_list") + selection.query(**narrowed))


def _point(place: Territory | Department, frame: Frame) -> Point | None:
    if isinstance(place, Department):
        return frame.middle(place.code)
    return None if place.longitude is None else frame.place(place.longitude, place.latitude)


@dataclass(frozen=True)
class Locator:
    """A small map that shows one territory: its département, and its point where it is known."""

    frame: Frame
    department: str
    point: tuple[int, int] | None


def locator(territory: Territory) -> Locator | None:
    """None for the collectivities that the outlines lack."""
    code = territory.department_id
    frames = [mainland(LOCATOR, tolerance=LOCATOR_TOLERANCE), *insets(LOCATOR)]
    frame = next((frame for frame in frames if code in frame.departments), None)
    if frame is None:
        return None
    point = _point(territory, frame)
    is_known = point is not None and frame.holds(point)
    return Locator(frame, frame.department(code), (round(point[0]), round(point[1])) if is_known else None)
