"""Workbooks that come back: entries to correct, and the model that the answers of the survey are typed in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest
from tempfile import TemporaryDirectory
from typing import IO

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_formula
from xlsxwriter.worksheet import Worksheet

from initiatives.exports.columns import BY_NAME, Column, ColumnKind
from initiatives.exports.csv_writers import joined
from initiatives.exports.spreadsheets import INTERNAL_NOTICE, NO_DATE, NOTICE_WIDTHS, temporary_file
from initiatives.exports.values import clean
from initiatives.exports.xlsx_writer import fitted
from initiatives.models import Audience, Category, Initiative, Theme
from initiatives.models.record_table import TABLE
from initiatives.runtime.concurrency import desk
from initiatives.text.french import counted

from .headings import LABELS
from .private_columns import DECLARANT, MARK, PERSONAL

SHEET, PERSONAL_SHEET, LISTS = "Fiches", "Fiches, données personnelles", "Listes"
# How far down the lists of choices go: the most rows that an import reads.
MOST = 20_000
# A row that begins so is an example, and no import takes it.
EXAMPLE = "Exemple : "
# What a cell holds of a value that is not text.
CELLS = {ColumnKind.LIST: joined, ColumnKind.INTEGER: int, ColumnKind.DATE: date.fromisoformat}
# As XlsxWriter has them: @ is text, 3 thousands, 14 the short date of the reader's country.
NUMBERS = {ColumnKind.CODE: "@", ColumnKind.INTEGER: 3, ColumnKind.DATE: 14}
FORMATS = {kind: {"num_format": number} for kind, number in NUMBERS.items()}
TEXT, WRAPPED = {"quote_prefix": True}, {"text_wrap": True, "valign": "top"}
HEADING = {"num_format": "@", "bold": True}
# Of a character, as wide as a digit of Calibri.
PIXELS = 7

# What tells the entry and the version that was exported: hidden, and read back.
HIDDEN = (
    Column("reference", LABELS["reference"], "", "", "reference", ColumnKind.CODE),
    Column("version", LABELS["version"], "", "", "version", ColumnKind.INTEGER),
)
# It is no field of the public here: an entry may be corrected that takes after one which is not published.
INSPIRED_BY = replace(BY_NAME["inspiree_de"], name="inspired_by", reads="inspired_by__reference", width=16)


def _typed() -> Iterator[Column]:
    """The columns of all that an import takes and that people write, in the order of the record."""
    for row in TABLE:
        if row.is_importable and row.is_public and row.block not in ("", "Suivi"):
            if row.column:
                yield INSPIRED_BY if row.name == "inspired_by" else BY_NAME[row.column]
            yield from (BY_NAME[name] for name in row.beside)


TYPED = (*_typed(), *DECLARANT)
# Of those that an answer to the survey does not have, and of what the model does not show an example of.
NOT_IN_MODEL = {"inspired_by", "outils_libres", "liens_intitules"} | {
    row.column for row in TABLE if row.block == "Source"
}
MODEL = tuple(column for column in TYPED if column.name not in NOT_IN_MODEL)
SEVERAL = {"themes", "publics"}
CHOOSE, SEPARATE = "Choisissez dans la liste.", "Plusieurs valeurs : séparez-les par une barre |"


def choices() -> dict[str, list[str]]:
    """What a cell of each column may say; of those in SEVERAL, what it may list."""
    return {
        "categorie": [str(one) for one in Category.objects.order_by("position", "pk")],
        "themes": [str(one) for one in Theme.objects.order_by("category__position", "position", "pk")],
        "publics": [str(one) for one in Audience.objects.order_by("position", "pk")],
        "etat": Initiative.State.labels,
        "initiative_libre": Initiative.OpenSource.labels,
        "cout_investissement": Initiative.Cost.labels,
        "cout_annuel": Initiative.Cost.labels,
        "delai": Initiative.LeadTime.labels,
    }


def too_many() -> str:
    return f"Un import reçoit {counted(MOST, 'fiche')} au plus : choisissez une enquête, un statut ou un autre filtre."


def saved_as() -> str:
    """The name of that file: it says what is in it, and when it was taken."""
    return f"{MARK}fiches-a-corriger-{timezone.localdate().isoformat()}.xlsx"


def for_correction(rows) -> IO[bytes]:
    """The entries with all that may be corrected, declarants included: a file for staff."""
    return _workbook((*HIDDEN, *TYPED), _records(rows, (*HIDDEN, *TYPED)), notice=NOTICE_LINES)


def model() -> IO[bytes]:
    """The headings, the lists of choices, and a row that shows how."""
    row = [_example(column) for column in MODEL]
    return _workbook(MODEL, iter([row]))


def _example(column: Column) -> str | int | date:
    if column.name == "titre":
        return f"{EXAMPLE}{column.example}"
    is_typed = column.kind in (ColumnKind.INTEGER, ColumnKind.DATE)
    return CELLS[column.kind](column.example) if is_typed else column.example


def _records(rows, columns: tuple[Column, ...]) -> Iterator[list]:
    paths = list(dict.fromkeys(path for column in columns for path in column.paths))
    for values in rows.for_export().values_list(*paths).iterator(chunk_size=500):
        given = dict(zip(paths, values, strict=True))
        yield [_cell(column, *(given[path] for path in column.paths)) for column in columns]


def _cell(column: Column, *given) -> str | int | date | None:
    value = column.convert(*given) if column.convert else given[0]
    return CELLS[column.kind](value) if column.kind in CELLS and value is not None else value


@desk.turn()
def _workbook(columns: tuple[Column, ...], records: Iterator[list], *, notice=()) -> IO[bytes]:
    """Rows to type in; the headings stand in the first line, where an import looks for them, and a notice elsewhere."""
    file, lists = temporary_file(), choices()
    headings, widths = [column.heading for column in columns], [column.characters for column in columns]
    formats = [FORMATS.get(column.kind, TEXT) for column in columns]
    # Rows wait in a file: nearly twice the time, a tenth of the memory. It names people, and goes with its folder.
    folder = TemporaryDirectory()
    options = {"constant_memory": True, "tmpdir": folder.name}
    with ExitStack() as unfinished, folder, Workbook(file, options) as book:
        unfinished.push(file)
        # The same bytes at another hour.
        book.set_properties({"created": datetime(*NO_DATE)})
        sheet = _add_sheet(book, PERSONAL_SHEET if notice else SHEET, widths, formats, records, headings)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            if column in HIDDEN:
                sheet.set_column_pixels(place, place, widths[place] * PIXELS, None, {"hidden": True})
            if column.name in lists:
                sheet.data_validation(1, place, MOST, place, _validation(column, lists))
        headings, rows = [BY_NAME[name].heading for name in lists], zip_longest(*lists.values())
        _add_sheet(book, LISTS, [40] * len(lists), [TEXT] * len(lists), rows, headings).hide()
        if notice:
            _add_sheet(book, INTERNAL_NOTICE, NOTICE_WIDTHS, [HEADING, WRAPPED], notice)
        unfinished.pop_all()
    file.seek(0)
    return file


def _add_sheet(
    book: Workbook, name: str, widths: Sequence[int], formats: list[dict], rows: Iterable, headings: Sequence[str] = ()
) -> Worksheet:
    """A sheet of these rows, one format a column, under the headings where there are any."""
    sheet = book.add_worksheet(name)
    for place, width in enumerate(widths):
        sheet.set_column_pixels(place, place, width * PIXELS)
    made = [book.add_format(one) for one in formats]
    _write(sheet, 0, headings, [book.add_format(HEADING)] * len(headings))
    for line, row in enumerate(rows, 1 if headings else 0):
        _write(sheet, line, row, made)
    return sheet


def _write(sheet: Worksheet, line: int, row: Iterable[str | int | date | None], formats: list[Format]):
    """Cells of the type of their value: the `write` of XlsxWriter makes formulas, addresses, numbers of texts."""
    for place, (value, format_) in enumerate(zip(row, formats, strict=True)):
        match value:
            case int():
                sheet.write_number(line, place, value, format_)
            case date():
                sheet.write_datetime(line, place, value, format_)
            case str() if value:
                text = fitted(clean(value))
                # XlsxWriter takes such a text for markup of its own; an import drops the blank again.
                is_markup = text.startswith("<r>") and text.endswith("</r>")
                sheet.write_string(line, place, f"{text} " if is_markup else text, format_)


def _validation(column: Column, lists: dict[str, list[str]]) -> dict:
    """A list for one value refuses another; one for several only proposes, since they stand in one cell."""
    place, is_several = list(lists).index(column.name), column.name in SEVERAL
    return {
        "validate": "list",
        "source": xl_range_formula(LISTS, 1, place, len(lists[column.name]), place),
        "show_error": not is_several,
        "error_title": "Valeur inconnue",
        "error_message": CHOOSE,
        "input_title": column.heading,
        "input_message": SEPARATE if is_several else CHOOSE,
    }


NOTICE_LINES = (
    ("À savoir", PERSONAL),
    ("Mode d’emploi", "Corrigez la première feuille, puis renvoyez ce fichier à la page des imports."),
)
