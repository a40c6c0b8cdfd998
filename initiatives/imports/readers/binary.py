"""XLS and XLSB: the sheets that a process of its own finds in a binary workbook."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from tempfile import TemporaryFile

from django.conf import settings
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from initiatives.text.french import counted, noun

from .errors import ProtectedFile, UnreadableFile
from .limits import MAX_COLUMNS, MAX_ROWS, Limits
from .lines import lines
from .merged_cells import MOST, Area
from .number_formats import shown
from .sheets import MOST_SHEETS, Sheet, table_of
from .tables import Table

# As JSON has them, under the names of their types.
TYPES = {
    "date": datetime.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}
UNREADABLE = (
    "Ce classeur est abîmé, ou demande trop de mémoire pour être lu : ouvrez-le dans un tableur et enregistrez le"
    " tableau au format Excel (.xlsx)."
)


def read_xls(data: bytes, wanted: str = "") -> Table:
    with messages("xls", data) as told:
        return table_of(_sheets(told), kind="Excel 97-2003 (.xls)", wanted=wanted)


def read_xlsb(data: bytes, wanted: str = "") -> Table:
    with messages("xlsb", data) as told:
        return table_of(_sheets(told), kind="Excel binaire (.xlsb)", wanted=wanted)


@contextmanager
def messages(kind: str, data: bytes) -> Iterator[Iterable[dict]]:
    """What the process says of a workbook, hidden sheets included, one key at a time; it ends with the block."""
    command = [sys.executable, "-m", f"{__package__}.binary_process", kind]
    with TemporaryFile() as sent:
        sent.write(data)
        sent.seek(0)
        with subprocess.Popen(  # noqa: S603 -- nothing of it was typed by anybody
            command,
            cwd=settings.BASE_DIR,
            stdin=sent,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        ) as process:
            try:
                yield map(json.loads, lines(process.stdout))
            finally:
                process.kill()


def _sheets(told: Iterable[dict]) -> list[Sheet]:
    """The sheets up to one with a fault; an UnreadableFile where the process did not come to its end."""
    sheets, limits, epoch = [], Limits(), WINDOWS_EPOCH
    for message in told:
        ((key, value),) = message.items()
        match key:
            case "end":
                return sheets
            case "fault":
                raise ProtectedFile() if value == "password" else UnreadableFile(_errors(value))
            case "sheet":
                title, is_hidden, is_1904 = value
                sheets.append(Sheet(title, limits, is_hidden))
                epoch = MAC_EPOCH if is_1904 else WINDOWS_EPOCH
            case "row":
                number, cells = value
                sheets[-1].add(number, [_value(cell, epoch) for cell in cells])
            case "area" if len(sheets[-1].areas) < MOST:
                sheets[-1].areas.append(Area(*value))
            case "link" if value[1] <= MAX_COLUMNS and len(sheets[-1].links) < MAX_ROWS:
                sheets[-1].links[value[0], value[1]] = [value[2]]
        if sheets[-1].fault or len(sheets) > MOST_SHEETS:
            return sheets
    raise UnreadableFile(UNREADABLE)


def _value(cell, epoch: datetime):
    if not isinstance(cell, dict):
        return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    ((kind, told),) = cell.items()
    return shown(*told, epoch) if kind == "number" else TYPES[kind](told)


def _errors(count: int) -> str:
    return (
        f"Ce classeur a {counted(count, 'cellule')} en erreur (#N/A, #REF!…), que le format .xlsb fait lire comme"
        f" {noun(count, 'vide')} : enregistrez le tableau au format Excel (.xlsx)."
    )
