"""What a file is before its rows are judged: its table, its columns, and what a person must say of them first."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from initiatives.models import Category, ImportBatch, ImportFile, Initiative, Survey
from initiatives.text.characters import without_invisible
from initiatives.text.french import noun

from .cells import clipped
from .file_headings import missing_columns
from .headings import IMPORTABLE, LABELS, key
from .joined_columns import one_a_field
from .layouts import known_fields, layout_of
from .readers import encodings, formats
from .readers.delimited import EncodingToChoose
from .readers.errors import UnreadableFile
from .readers.sheets import MOST_TOLD, SheetSummary, SheetToChoose
from .readers.tables import Table
from .recognition import UNSURE, FileColumn, clean_headings, recognised

DAMAGED = "Le fichier gardé ne correspond plus à son empreinte : il est abîmé. Envoyez-le à nouveau."
GONE = "Le fichier a été effacé avec les données des déclarants qu’il nommait. Envoyez-le à nouveau."
MERGED_HEADINGS = (
    "La ligne des titres a des cellules fusionnées : dans le tableur, annulez la fusion et écrivez un titre par"
    " colonne, sur une seule ligne."
)
NO_HEADINGS = (
    "La première ligne est une réponse, non des titres de colonnes : ajoutez au-dessus une ligne qui dit ce qu’est"
    " chaque colonne (Commune, Titre, Catégorie…), puis envoyez à nouveau le fichier."
)
ONE_COLUMN = (
    "Le fichier n’a qu’une colonne : si le tableau en a plusieurs, enregistrez-le à nouveau, au format Excel (.xlsx),"
    " ODS ou CSV à points-virgules."
)
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# Of a line of a text file, to tell its encoding by.
LONGEST_LINE = 160
# References among which known ones are looked for.
MOST_ASKED = 500


@dataclass
class Understanding:
    """What an import keeps of a file, by the fields of ImportBatch, and its table where rows can be judged.

    The table has a column a field; `mapping` says which, by its headings.
    """

    understanding: str = ""
    headings: list[dict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    choices: dict = field(default_factory=dict)
    table: Table | None = None
    mapping: dict[str, str | None] = field(default_factory=dict)

    @property
    def kept(self) -> dict:
        return {name: value for name, value in vars(self).items() if name not in ("table", "mapping")}


def understand(batch: ImportBatch) -> Understanding:
    sent = ImportFile.objects.filter(batch=batch).first()
    if sent is None:
        return Understanding(faults=[GONE])
    content = bytes(sent.content)
    if hashlib.sha256(content).hexdigest() != batch.sha256:
        return Understanding(faults=[DAMAGED])
    try:
        table = formats.read(content, batch.sheet or batch.encoding)
    except SheetToChoose as unsure:
        return Understanding(asks=["sheet"], choices={"sheets": list(map(asdict, unsure.sheets))})
    except EncodingToChoose as unsure:
        return Understanding(asks=["encoding"], choices={"encodings": _shown(unsure.samples)})
    except UnreadableFile as fault:
        return Understanding(faults=[str(fault)])
    clean_headings(table)
    return _of_table(table, content, batch)


def _of_table(table: Table, content: bytes, batch: ImportBatch) -> Understanding:
    layout = layout_of(table.headers)
    columns = recognised(table, batch.mapping, known_fields(layout))
    # What was said of all rows of another file is proposed: it may not be so of these.
    proposed = layout.constants if layout and not batch.constants else {}
    said = {one.field for one in columns} | batch.constants.keys()
    named = [column for column in columns if column.heading]
    found = Understanding(
        understanding=_told(table)[:300],
        headings=[{"heading": one.heading, "field": one.field, "how": one.how} for one in named],
        missing=[LABELS[one.name] for one in IMPORTABLE if one.name in LABELS and one.name not in said],
        faults=[] if _is_of_corrections(table, columns) else list(missing_columns(said | proposed.keys())),
        choices=_others(table, content) | {"samples": [column.samples for column in named]},
    )
    if found.faults and _is_answer(table.headers):
        # Headings are kept longer than what rows say of people: these are none.
        return Understanding(faults=[NO_HEADINGS])
    if found.faults and table.has_merged_headings:
        found.faults.append(MERGED_HEADINGS)
    if found.faults and len(named) == 1:
        found.faults.append(ONE_COLUMN)
    if found.faults or proposed or any(column.how in UNSURE for column in columns):
        found.asks = ["columns"]
    else:
        found.table, found.mapping = one_a_field(table, columns, batch.constants)
    return found


def _is_answer(headings: list[str]) -> bool:
    """Whether a row that is taken for headings has an address, or one of our categories."""
    categories = {key(name) for name in Category.objects.values_list("name", flat=True)}
    return any(ADDRESS.fullmatch(one) or key(one) in categories for one in headings)


def _is_of_corrections(table: Table, columns: list[FileColumn]) -> bool:
    """Whether a file names entries that there are, and so need not repeat what each cannot do without.

    The numbers that a survey tool gave to its answers name none.
    """
    places = [at for at, column in enumerate(columns) if column.field == "reference"]
    references = {clipped(row[at]) for row in table[:MOST_ASKED] for at in places} - {""}
    ours = tuple(f"{prefix}-" for prefix in Survey.objects.values_list("prefix", flat=True))
    known = Initiative.objects.filter(reference__in=references)
    return any(reference.startswith(ours) for reference in references) or known.exists()


def _told(table: Table) -> str:
    """What the table was understood as, and the sheets that were not read."""
    others = list(map(str, table.other_sheets))
    return (
        f"{table.understanding} (non {noun(len(others), 'lue')} : {', '.join(others)})"
        if others
        else table.understanding
    )


def _others(table: Table, content: bytes) -> dict:
    """The sheets there are beside the one that was read, and the encodings in which the file might be read."""
    if table.other_sheets:
        headings = tuple(filter(None, table.headers))
        read = SheetSummary(
            table.title, len(table), headings[:MOST_TOLD], table.is_hidden, len(headings), known=table.known
        )
        return {"read": table.title, "sheets": list(map(asdict, [read, *table.other_sheets]))}
    for codec, name in encodings.OF_ONE_BYTE.items():
        if table.encoding == name:
            return {"read": codec, "encodings": _shown(encodings.samples(content))}
    return {}


def _shown(samples: dict[str, Iterable[str]]) -> list[dict]:
    """Lines as each encoding reads them, around their first accents."""
    return [
        {
            "codec": codec,
            "name": encodings.NAMES[codec],
            "lines": [_around_accent(without_invisible(line)) for line in lines],
        }
        for codec, lines in samples.items()
    ]


def _around_accent(line: str) -> str:
    first = next((at for at, letter in enumerate(line) if not letter.isascii()), 0)
    start = max(0, first - LONGEST_LINE // 2)
    return f"{'…' if start else ''}{line[start : start + LONGEST_LINE]}"
