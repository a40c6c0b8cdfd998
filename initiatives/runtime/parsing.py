"""Whole numbers as forms and addresses bring them: keys of rows, pages, sizes, whatever somebody typed."""

from collections.abc import Iterable

# Every key of a row is smaller; a larger number is an error to a database, and thousands of digits are one to Python.
LARGEST = 10**18 - 1


def whole_number(text: str, *, least: int = 0, most: int = LARGEST, otherwise: int | None = None) -> int | None:
    """The number that a text of ASCII digits says, from `least` to `most`; `otherwise` for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return otherwise
    return number if least <= (number := int(text)) <= most else otherwise


def keys_in(texts: Iterable[str]) -> list[int]:
    """In their order, whatever can be the key of no row left out."""
    return [key for text in texts if (key := whole_number(text)) is not None]
