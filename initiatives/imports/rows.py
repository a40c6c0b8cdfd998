"""A row of a file on its way into the catalogue: as it was read, then as it was judged."""

from dataclasses import dataclass, field

from initiatives.models import ImportRow, Initiative

from .cells import CellError
from .duplicates import CloseTitle
from .faults import CellFault
from .matching import Identity


@dataclass(eq=False)
class SourceRow:
    """A row as it was read: its cells, the entry that it is, what it says of it and what is wrong with it.

    `cells` are by heading; `stored` and `values` by column, in the values of the columns: what the entry says
    and what it is to say.
    """

    line: int
    key: str
    cells: dict
    is_aside: bool
    # What stands under no heading.
    stray: list = field(default_factory=list)
    identity: Identity | None = None
    # The keys of the entries that it may be, and the one that it is.
    matches: list[int] = field(default_factory=list)
    entry: Initiative | None = None
    stored: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    errors: dict[str, list[CellError]] = field(default_factory=dict)
    # What was read although it is otherwise written: field, from, to.
    corrected: list[dict] = field(default_factory=list)
    # The fields of cells that nothing is to correct by itself.
    as_written: set[str] = field(default_factory=set)
    # The fields that the entry, as the row makes it, lacks to be published.
    lacks: list[str] = field(default_factory=list)

    def add_error(self, name: str, error: CellError):
        self.errors.setdefault(name, []).append(error)

    @property
    def faults(self) -> list[CellFault]:
        return [CellFault.at(self.line, error) for errors in self.errors.values() for error in errors]


@dataclass
class JudgedRow:
    """What a row would do.

    `before` and `after` are as record.py has values: those that change, all of a new entry. `values`, `previous`
    and `cells` are texts, as ImportRow has them.
    """

    line: int
    key: str
    kind: ImportRow.Kind
    title: str = ""
    place: str = ""
    entry: Initiative | None = None
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    corrected: list[dict] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    close: list[CloseTitle] = field(default_factory=list)

    def to_apply(self) -> ImportRow:
        """The row as it is shown, kept and applied; not saved."""
        return ImportRow(
            line=self.line,
            key=self.key,
            kind=self.kind,
            title=self.title,
            place=self.place,
            initiative=self.entry,
            seen=self.entry.version if self.entry else None,
            before=self.before,
            after=self.after,
            values=self.values,
            previous=self.previous,
            cells=self.cells,
            corrected=self.corrected,
            lacks=self.lacks,
            faults=[
                {
                    "field": one.field,
                    "column": one.column,
                    "value": one.value,
                    "message": one.message,
                    "code": one.code,
                    "suggestions": list(one.suggestions),
                }
                for one in self.faults
            ],
            close=[{"entry": one.pk, "line": one.line, "name": one.name} for one in self.close],
        )
