"""Keys of rows as forms and addresses name them: whatever can be the key of no row is left out."""

from collections.abc import Iterable


def keys_in(texts: Iterable[str]) -> list[int]:
    """In their order. A number that no column can hold is an error to a database."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
