"""A vintage of the COG: four CSV files, read and checked as a whole before anything is written."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from . import cells
from .models import Department, Intercommunality, Place, Region, Town, Zone

# Controls, NUL among them, and bytes that are not UTF-8, which `surrogateescape` lets through so
# that the fault can name their cell.
UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

# Heading in the file, attribute of the model, reader of the cell.
Column = tuple[str, str, cells.Reader]


class MalformedVintage(Exception):
    """Why a vintage cannot be loaded: file, line, column, value, and what was expected instead."""

    @classmethod
    def at(cls, path: Path, line: int, column: str, value: str, expected: str):
        legible = value[:60].encode(errors="surrogateescape").decode(errors="backslashreplace")
        legible = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in legible)
        return cls(f'{path.name}, line {line}, column {column}: "{legible}" where {expected} was expected.')


def lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file that are not blank, each with the number of the line where it begins."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            rows, line = csv.reader(file, strict=True), 1
            for row in rows:
                if row:
                    yield line, [cell.strip() for cell in row]
                line = rows.line_num + 1
    except csv.Error as error:
        raise MalformedVintage(
            f"{path.name}, line {line}: cells separated by commas, each opened quote closed, were expected ({error})."
        )
    except OSError as error:
        raise MalformedVintage(f"{path} cannot be read: {error.strerror}.")


def records(path: Path, columns: list[Column]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows as cells by heading, each with its line. Columns that nobody asked for may be there."""
    rows = lines(path)
    line, headings = next(rows, (1, []))
    for heading, *_ in columns:
        if headings.count(heading) != 1:
            found = ",".join(headings)
            raise MalformedVintage.at(path, line, heading, found, "a first line with this heading, once,")
    for line, row in rows:
        if len(row) != len(headings):
            column = headings[len(row)] if len(row) < len(headings) else str(len(headings) + 1)
            raise MalformedVintage.at(path, line, column, ",".join(row), f"a line of {len(headings)} cells")
        record = dict(zip(headings, row, strict=True))
        if UNFIT.search("".join(row)):
            heading, cell = next((heading, cell) for heading, cell in record.items() if UNFIT.search(cell))
            raise MalformedVintage.at(path, line, heading, cell, "UTF-8 text without control characters")
        yield line, record


def places(
    path: Path, model: type[Place], columns: list[Column], *, unique: tuple[str, ...] = ()
) -> Iterator[tuple[int, Place]]:
    """The rows as objects that are not saved, each with its line.

    The first column is the key; `unique` names attributes that no two rows share together.
    """
    key, headings = columns[0][1:2], {attribute: heading for heading, attribute, _ in columns}
    first_lines: dict[tuple, int] = {}
    for line, record in records(path, columns):
        values = {}
        for heading, attribute, read in columns:
            try:
                values[attribute] = read(record[heading])
            except ValueError as error:
                raise MalformedVintage.at(path, line, heading, record[heading], str(error))
        for shared in filter(None, (key, unique)):
            first = first_lines.setdefault((shared, *(values[attribute] for attribute in shared)), line)
            if first != line:
                expected = f"another value than in line {first}"
                raise MalformedVintage.at(path, line, headings[shared[-1]], values[shared[-1]], expected)
        yield line, model(**values)
    if not first_lines:
        # A file cut after its headings would remove every place.
        raise MalformedVintage(f"{path.name}, line 2: at least one row under the headings was expected.")


class Vintage:
    """The places of a directory, by code, as objects that are not saved; a fault is a MalformedVintage."""

    def __init__(self, directory: Path):
        self.regions = self._read(
            directory / "regions.csv",
            Region,
            [
                ("code", "code", cells.REGION_CODE),
                ("name", "name", cells.name(80)),
                ("zone", "zone", cells.one_of(Zone.values)),
            ],
        )
        self.departments = self._read(
            directory / "departments.csv",
            Department,
            [
                ("code", "code", cells.DEPARTMENT_CODE),
                ("name", "name", cells.name(80)),
                ("region_code", "region_id", cells.known(self.regions, "regions.csv")),
                ("zone", "zone", cells.one_of(Zone.values)),
            ],
        )
        department = ("department_code", "department_id", cells.known(self.departments, "departments.csv"))
        self.intercommunalities = self._read(
            directory / "intercommunalities.csv",
            Intercommunality,
            [
                ("siren", "code", cells.SIREN),
                ("name", "name", cells.name(120)),
                ("kind", "kind", cells.one_of(Intercommunality.Kind.values)),
                department,
                ("population", "population", cells.POPULATION),
            ],
        )
        membership = cells.optional(cells.known(self.intercommunalities, "intercommunalities.csv"))
        self.towns = self._read(
            directory / "communes.csv",
            Town,
            [
                ("insee_code", "code", cells.INSEE_CODE),
                ("name", "name", cells.name(120)),
                department,
                ("population", "population", cells.POPULATION),
                ("intercommunality_siren", "intercommunality_id", membership),
                ("postal_codes", "postal_codes", cells.POSTAL_CODES),
                ("longitude", "longitude", cells.LONGITUDE),
                ("latitude", "latitude", cells.LATITUDE),
            ],
            unique=("department_id", "name"),
        )
        self._give_points()

    def _give_points(self):
        """The COG gives an EPCI no point: its most populated commune stands for it."""
        for town in sorted(self.towns.values(), key=lambda town: (-(town.population or 0), town.pk)):
            epci = self.intercommunalities.get(town.intercommunality_id)
            if epci and epci.longitude is None:
                epci.longitude, epci.latitude = town.longitude, town.latitude

    def _read(self, path: Path, model: type[Place], columns: list[Column], **options) -> dict[str, Place]:
        read = {}
        for line, place in places(path, model, columns, **options):
            if isinstance(place, Town) and (place.longitude is None) != (place.latitude is None):
                missing, other = ("longitude", "latitude") if place.longitude is None else ("latitude", "longitude")
                raise MalformedVintage.at(path, line, missing, "", f"a number beside the {other}")
            read[place.pk] = place
        return read
