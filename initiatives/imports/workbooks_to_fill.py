"""Workbooks that come back: entries to correct, and the model that the answers of the survey are typed in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import IO
from xml.sax.saxutils import escape

from django.utils import timezone

from initiatives.exports.columns import BY_NAME, Column, ColumnKind
from initiatives.exports.spreadsheets import INTERNAL_NOTICE, archive, temporary_file
from initiatives.exports.xlsx_writer import (
    HEADING,
    MAIN,
    OFFICE,
    PLAIN_VIEW,
    TEXT,
    XML,
    cell_writer,
    fixed_parts,
    frozen,
    letters,
    notice_sheet,
    row_of,
    sheet_head,
    text_cell,
)
from initiatives.models import Audience, Category, Initiative, Theme
from initiatives.models.record_table import TABLE
from initiatives.runtime.concurrency import desk
from initiatives.text.french import counted

from .headings import LABELS
from .private_columns import DECLARANT, MARK, PERSONAL

SHEET, PERSONAL_SHEET, LISTS = "Fiches", "Fiches, données personnelles", "Listes"
# How far down the lists of choices go: the most rows that an import reads.
MOST = 20_000
LAST_LINE = MOST + 1
# A row that begins so is an example, and no import takes it.
EXAMPLE = "Exemple : "


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


def choices() -> dict[str, list[str]]:
    """What a cell of each column may say; of those in SEVERAL, what it may list."""
    return {
        "categorie": [str(one) for one in Category.objects.order_by("position", "pk")],
        "themes": [str(one) for one in Theme.objects.order_by("category__position", "position", "pk")],
        "publics": [str(one) for one in Audience.objects.order_by("position", "pk")],
        "etat": Initiative.State.labels,
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


def _example(column: Column):
    if column.kind is ColumnKind.LIST:
        return column.example.split("|")
    return f"{EXAMPLE}{column.example}" if column.name == "titre" else column.example


def _records(rows, columns: tuple[Column, ...]) -> Iterator[list]:
    paths = list(dict.fromkeys(path for column in columns for path in column.paths))
    for values in rows.for_export().values_list(*paths).iterator(chunk_size=500):
        given = dict(zip(paths, values, strict=True))
        yield [_value(column, [given[path] for path in column.paths]) for column in columns]


def _value(column: Column, given: list):
    return column.convert(*given) if column.convert else given[0]


@desk.turn()
def _workbook(columns: tuple[Column, ...], records: Iterator[list], *, notice=()) -> IO[bytes]:
    """Rows to type in; the headings stand in the first line, where an import looks for them, and a notice elsewhere."""
    file = temporary_file()
    places = [letters(number) for number in range(1, len(columns) + 1)]
    cells = [cell_writer(place, column) for place, column in zip(places, columns, strict=True)]
    widths = [0 if column in HIDDEN else column.characters for column in columns]
    lists = choices()
    with archive(file) as package:
        for name, text in fixed_parts(sheets=3 if notice else 2).items():
            package.write(name, XML + text)
        with package.part("xl/worksheets/sheet1.xml") as sheet:
            sheet.write(sheet_head(widths, frozen(1)).encode())
            headings = [column.heading for column in columns]
            sheet.write(row_of(1, [text_cell(place, HEADING) for place in places], headings).encode())
            for line, record in enumerate(records, 2):
                sheet.write(row_of(line, cells, record).encode())
            sheet.write(f"</sheetData>{_validations(columns, places, lists)}</worksheet>".encode())
        package.write("xl/worksheets/sheet2.xml", _lists_sheet(lists))
        if notice:
            package.write("xl/worksheets/sheet3.xml", notice_sheet(notice))
        package.write("xl/workbook.xml", _book(has_notice=bool(notice)))
        package.write("docProps/core.xml", PROPERTIES)
    return file


def _lists_sheet(lists: dict[str, list[str]]) -> str:
    cells = [text_cell(letters(number), TEXT) for number in range(1, len(lists) + 1)]
    longest = max(map(len, lists.values()))
    padded = [[*values, *[""] * (longest - len(values))] for values in lists.values()]
    titles = [text_cell(letters(number), HEADING) for number in range(1, len(lists) + 1)]
    rows = [row_of(1, titles, [BY_NAME[name].heading for name in lists])]
    rows += [row_of(line, cells, row) for line, row in enumerate(zip(*padded, strict=True), 2)]
    return f"{sheet_head([40] * len(lists), PLAIN_VIEW)}{''.join(rows)}</sheetData></worksheet>"


def _validations(columns: tuple[Column, ...], places: list[str], lists: dict[str, list[str]]) -> str:
    """A list for one value refuses another; one for several only proposes, since they stand in one cell."""
    made = []
    for number, (name, values) in enumerate(lists.items(), 1):
        for place, column in zip(places, columns, strict=True):
            if column.name == name:
                refuses = 0 if name in SEVERAL else 1
                title = escape(column.heading)
                hint = (
                    "Plusieurs valeurs : séparez-les par une barre |"
                    if name in SEVERAL
                    else "Choisissez dans la liste."
                )
                made.append(
                    f'<dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="{refuses}"'
                    f' errorTitle="Valeur inconnue" error="Choisissez dans la liste." promptTitle="{title}"'
                    f' prompt="{escape(hint)}" sqref="{place}2:{place}{LAST_LINE}">'
                    f"<formula1>{LISTS}!${letters(number)}$2:${letters(number)}${len(values) + 1}</formula1>"
                    "</dataValidation>"
                )
    return f'<dataValidations count="{len(made)}">{"".join(made)}</dataValidations>'


def _book(*, has_notice: bool) -> str:
    notice = f'<sheet name="{INTERNAL_NOTICE}" sheetId="3" r:id="rId3"/>' if has_notice else ""
    return (
        f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
        f'<sheet name="{PERSONAL_SHEET if has_notice else SHEET}" sheetId="1" r:id="rId1"/>'
        f'<sheet name="{LISTS}" sheetId="2" state="hidden" r:id="rId2"/>{notice}</sheets></workbook>'
    )


NOTICE_LINES = (
    ("À savoir", PERSONAL),
    ("Mode d’emploi", "Corrigez la première feuille, puis renvoyez ce fichier à la page des imports."),
)
PROPERTIES = (
    f'{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>fr</dc:language></cp:coreProperties>'
)
