"""The cells of a vintage: each reader turns one into a value, or says in a ValueError what it expected."""

import re
from collections.abc import Callable, Container
from typing import Any

Reader = Callable[[str], Any]


def form(regex: str, expected: str, *, to: Callable[[str], Any] = str) -> Reader:
    """A cell of a given form."""
    compiled = re.compile(regex)

    def read(cell: str) -> Any:
        if not compiled.fullmatch(cell):
            raise ValueError(expected)
        return to(cell)

    return read


def optional(reader: Reader, *, empty: Any = None) -> Reader:
    """The same, or nothing."""

    def read(cell: str) -> Any:
        try:
            return reader(cell) if cell else empty
        except ValueError as error:
            raise ValueError(f"{error}, or an empty cell")

    return read


def one_of(values: list[str]) -> Reader:
    return form("|".join(map(re.escape, values)), f"one of {', '.join(values)}")


def known(codes: Container[str], file: str) -> Reader:
    """A code of another file of the same vintage."""

    def read(cell: str) -> str:
        if cell not in codes:
            raise ValueError(f"a code that {file} has")
        return cell

    return read


def name(length: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > length or not any(c.isalnum() for c in cell):
            raise ValueError(f"a name of 1 to {length} characters")
        return " ".join(cell.split())

    return read


def degrees(limit: int) -> Reader:
    expected = f"degrees with a decimal point, between -{limit} and {limit}"
    number = form(r"-?[0-9]{1,3}(\.[0-9]+)?", expected, to=float)

    def read(cell: str) -> float:
        value = number(cell)
        if abs(value) > limit:
            raise ValueError(expected)
        return value

    return read


REGION_CODE = form("[0-9]{2,3}", "a code of 2 or 3 digits, such as 01 or 984")
DEPARTMENT_CODE = form("[0-9]{2,3}|2[AB]", "a code of 2 or 3 characters, such as 01, 2A or 974")
SIREN = form("[0-9]{9}", "a SIREN, 9 digits")
INSEE_CODE = form("([0-9]{2}|2[AB])[0-9]{3}", "an INSEE code, 5 characters, such as 01004 or 2A004")
POPULATION = optional(form("[0-9]{1,9}", "a whole number", to=int))
# As many as the column holds: 33 codes and the bars between them are 197 characters.
POSTAL_CODES = optional(
    form(r"[0-9]{5}(\|[0-9]{5}){0,32}", "postal codes of 5 digits with a vertical bar between"), empty=""
)
LONGITUDE, LATITUDE = optional(degrees(180)), optional(degrees(90))
