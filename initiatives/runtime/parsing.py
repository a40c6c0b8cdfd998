"""Keys of rows, and other whole numbers, as forms and addresses bring them: anything that somebody typed."""

from collections.abc import Iterable

# Digits. Every key has fewer; a longer number is an error to a database, and one of thousands to Python.
MOST = 18


def whole_number(text: str, *, otherwise: int | None = None) -> int | None:
    """The number that a text is; something else where no row could have it for a key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST else otherwise


def keys_in(texts: Iterable[str]) -> list[int]:
    """In their order, whatever can be the key of no row left out."""
    return [key for text in texts if (key := whole_number(text)) is not None]
