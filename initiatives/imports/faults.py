"""What is wrong with a file, one fault a line, as the page and the command show it."""

from dataclasses import dataclass

from .cells import CellError


@dataclass(frozen=True)
class CellFault:
    """A cell, its value and what was expected; `suggestions` are those of a CellError.

    `line` is the number that a spreadsheet shows beside the row; a fault of the whole file has none.
    """

    message: str
    line: int | None = None
    column: str = ""
    # The name of the field, of one column of several; nothing for the row as a whole.
    field: str = ""
    value: str = ""
    suggestions: tuple[str, ...] = ()
    code: str = ""

    @classmethod
    def at(cls, line: int, error: CellError) -> "CellFault":
        return cls(error.message, line, error.column, error.field, error.value, error.suggestions, error.code)

    def __str__(self):
        place = [f"ligne {self.line}"] if self.line else []
        place += [f"colonne « {self.column} »"] if self.column else []
        place += [f"valeur « {self.value} »"] if self.value else []
        where = ", ".join(place)
        return f"{where[0].upper()}{where[1:]} : {self.message}" if where else self.message
