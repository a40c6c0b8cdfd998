"""What is wrong with a file, one fault a line, as the page and the command show it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .cells import CellError


@dataclass(frozen=True)
class CellFault:
    """A cell, its value and what was expected; `suggestions` and `unambiguous` are those of a CellError.

    `line` is the number that a spreadsheet shows beside the row; a fault of the whole file has none.
    """

    message: str
    line: int | None = None
    column: str = ""
    value: str = ""
    suggestions: tuple[str, ...] = ()
    unambiguous: bool = False

    def __str__(self):
        place = [f"ligne {self.line}"] if self.line else []
        place += [f"colonne « {self.column} »"] if self.column else []
        place += [f"valeur « {self.value} »"] if self.value else []
        where = ", ".join(place)
        return f"{where[0].upper()}{where[1:]} : {self.message}" if where else self.message


def faults(result, lines: list[int]) -> Iterator[CellFault]:
    """The faults of an import, in the order of the file."""
    for error in result.base_errors:
        yield from faults_of(error.error, None)
    for number, row in enumerate(result.rows):
        if row.validation_error:
            yield from faults_of(row.validation_error, lines[number])
        for error in row.errors:
            # Unforeseen. Its text may repeat private values, and means nothing to whoever imports.
            kind = type(error.error).__name__
            yield CellFault(f"Cette ligne n’a pas pu être enregistrée ({kind}).", lines[number])


def faults_of(error: Exception, line: int | None) -> Iterator[CellFault]:
    if not isinstance(error, ValidationError):
        yield CellFault(f"L’import n’a pas pu se faire ({type(error).__name__}).", line)
        return
    by_field = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    for one in (one for several in by_field for one in several):
        told = ()
        if isinstance(one, CellError):
            told = one.column, one.value, one.suggestions, one.unambiguous
        for message in one.messages:
            yield CellFault(message, line, *told)
