"""The columns of a file: what each is, how that is known, and what must be asked before its rows are judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from initiatives.models.record_table import BY_NAME as FIELDS
from initiatives.models.record_table import FieldKind
from initiatives.text.characters import without_invisible

from .cells import CellError, one_line, text
from .column_matching import CHOSEN, LAST_NUMBER, SEVERAL, in_brackets, match
from .headings import TERRITORY, key
from .layouts import compared, is_ours
from .readers.merged_cells import is_blank
from .readers.tables import Table
from .survey_tools import OTHERS, made_by_tool
from .widgets import YesNoWidget

# How a column was recognised.
BY_NAME, BY_HAND, REMEMBERED, DERIVED, UNKNOWN, TWICE = "nom", "choix", "mémoire", "déduite", "inconnue", "double"
PROPOSED, OF_TOOL = "proposée", "outil"
# Nobody's guess.
UNSURE = {PROPOSED, TWICE}
# Of each column, so many cells are shown, and so much of each.
SAMPLES, SAMPLE = 3, 80
# Fields that are told by yes or no.
WHETHER = {"open_source", *(name for name, row in FIELDS.items() if row.kind is FieldKind.YES_NO)}
# Of an option that is written above a column of its own.
LONGEST_OPTION = 60


@dataclass
class FileColumn:
    """A column of a file, the field that it is (empty: none) and how that is known.

    Where its cells are ticks, they stand for `option`; `samples` are its first cells that differ.
    """

    heading: str
    field: str = ""
    how: str = UNKNOWN
    option: str = ""
    samples: tuple[str, ...] = ()

    def ticked(self, cell) -> bool | None:
        """Whether a cell says the option, by a tick or by its name; None where it says something else."""
        return True if key(_sample(cell)) == key(self.option) else _tick(cell)


def clean_headings(table: Table):
    """The headings on one line each, without what cannot be seen, and none twice."""

    def cleaned(heading: str) -> str:
        try:
            return one_line(heading)[:200]
        except CellError:
            return ""

    table.headers = told_apart([cleaned(heading) for heading in table.headers])


def told_apart(headings: list[str]) -> list[str]:
    """A heading that comes again as « Contexte (2) »: what is said of it is said of one column."""
    made, taken, numbers = [], set(headings), {}
    for heading in headings:
        name = heading
        if heading in numbers:
            while name in taken:
                numbers[heading] += 1
                name = f"{heading[:190]} ({numbers[heading]})"
            taken.add(name)
        elif heading:
            numbers[heading] = 1
        made.append(name)
    return made


def recognised(
    table: Table, by_hand: Mapping[str, str | None], remembered: Mapping[str, str | None]
) -> list[FileColumn]:
    """The columns of a table, one for each of its headings; what was said of them by hand prevails.

    `by_hand` is by heading, `remembered` by heading as layouts remember it; both say None of what is left aside.
    """
    own, rows = made_by_tool(table.headers), list(table)
    columns = []
    for at, heading in enumerate(table.headers):
        distinct = [cell for cell in dict.fromkeys(row[at] for row in rows) if not is_blank(cell)] if heading else []
        column = FileColumn(heading, samples=tuple(map(_sample, distinct[:SAMPLES])))
        if heading in by_hand:
            column.field, column.how = by_hand[heading] or "", BY_HAND
        elif not is_ours(heading) and compared(heading) in remembered:
            column.field, column.how = remembered[compared(heading)] or "", REMEMBERED
        elif heading in own:
            column.how = OF_TOOL
        else:
            _by_name(column)
        _tell_option(column, distinct)
        if not column.option and column.how in (BY_NAME, PROPOSED) and _is_whether(column.field, distinct):
            _doubt_whether(column)
        columns.append(column)
    _doubt(columns)
    return columns


def _by_name(column: FileColumn):
    found = match(column.heading)
    column.field = found.field
    if found.field:
        column.how = BY_NAME if found.is_sure else PROPOSED
    elif found.is_aside:
        column.how = DERIVED


def _sample(cell) -> str:
    try:
        read = text(cell)
    except CellError:
        read = without_invisible(str(cell))
    return read if len(read) <= SAMPLE else f"{read[:SAMPLE]}…"


@lru_cache(maxsize=4096)
def _tick(cell) -> bool | None:
    """Whether a cell ticks what stands above it; None where it says something else."""
    try:
        return YesNoWidget().clean(cell)
    except CellError:
        return None


def _is_whether(field: str, cells: list) -> bool:
    """Whether cells answer yes or no where the field is no such question: « Avez-vous des partenaires ? »"""
    answers = [cell for cell in cells if not _sample(cell).isdigit() and _tick(cell) is not None]
    return bool(answers) and len(answers) == len(cells) and field not in WHETHER


def _doubt_whether(column: FileColumn):
    """Whether respondents agreed is not when, which can be said of all rows; another such question is none of ours."""
    if column.field == "licence_agreed_on":
        column.how = PROPOSED
    elif column.how == PROPOSED:
        column.field, column.how = "", UNKNOWN


def _tell_option(column: FileColumn, cells: list):
    """Know the option of a column whose cells are ticks, or that option itself."""
    if column.field not in SEVERAL | CHOSEN:
        return
    found = match(column.heading)
    option = found.option if found.field == column.field else _written_above(column.heading)
    column.option = option
    if option and all(column.ticked(cell) is not None for cell in cells):
        return
    column.option = ""
    if column.how == BY_NAME and found.option and "[" in column.heading and not OTHERS.fullmatch(found.option):
        column.how = PROPOSED


def _written_above(heading: str) -> str:
    """What a tick means below a heading that was said by hand to be a field."""
    told = in_brackets(heading)[-1] if re.search(r"\[.*\]", heading) else heading.strip()
    return "" if "?" in told or len(told) > LONGEST_OPTION else told


def _doubt(columns: list[FileColumn]):
    """Two columns whose names say the same are to be asked about; a proposal for what another surely says is none."""
    named = set()
    for column in columns:
        # « Thème 2 », « Publics visés [Autre] »: one more of several.
        is_further = column.field in SEVERAL and (LAST_NUMBER.search(column.heading) or match(column.heading).option)
        if column.how == BY_NAME and not (column.option or is_further):
            column.how = TWICE if column.field in named else BY_NAME
            named.add(column.field)
    sure = {column.field for column in columns if column.how in (BY_NAME, BY_HAND, REMEMBERED)}
    if sure & set(TERRITORY):
        sure.add("territory_name")
    for column in columns:
        if column.how == PROPOSED and column.field in sure and not _is_joined(column.field):
            column.field, column.how = "", UNKNOWN


def _is_joined(field: str) -> bool:
    """Whether what several columns say of a field is said one after the other."""
    return field in SEVERAL or (field in FIELDS and FIELDS[field].kind is FieldKind.PROSE)
