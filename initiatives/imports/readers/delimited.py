"""CSV as it comes out of spreadsheets: which encoding, which separator."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

from initiatives.imports.headings import named_by
from initiatives.text.french import counted

from .encodings import NAMES, encoding_of, named, samples
from .heading_rows import FIRST
from .tables import MAX_COLUMNS, SEPARATORS, Table, UnreadableFile

SAMPLE = 20
# Characters among which the separator is looked for, and which a line has at most.
LONGEST_SAMPLE = LONGEST_LINE = 2**20
# Excel's own line, which no other program expects: « sep=; ».
DECLARATION = re.compile(r'"?sep=([^\r\n"])"?\s*?(?:\r\n|\r|\n)', re.IGNORECASE)
# What no text has, but for one sent in the place of another: a picture, an archive.
CONTROLS = [chr(code) for code in (*range(9), *range(14, 32))]


class EncodingToChoose(UnreadableFile):
    """Several encodings are as likely; `samples` are lines of the file under each, by codec."""

    def __init__(self, data: bytes):
        self.samples = samples(data)
        super().__init__("Les accents de ce fichier peuvent se lire de plusieurs façons : choisissez la bonne.")


def first_rows(text: str, **options) -> list[list[str]]:
    """Those of its beginning that are not blank; none where it is no CSV of these options."""
    try:
        return list(islice(filter(None, csv.reader(StringIO(text[:LONGEST_SAMPLE], newline=""), **options)), SAMPLE))
    except csv.Error:
        return []


def find_separator(text: str) -> str:
    """The one that shows headings of ours, else that cuts the first rows into the same number of cells, and the most.

    A title above the headings is a row of another width, and may have commas.
    """

    def score(separator: str) -> tuple[int, bool, int]:
        if not (first := first_rows(text, delimiter=separator, skipinitialspace=True)):
            return 0, False, 0
        widths = [len(row) for row in first]
        known = max((len(named_by(row[:MAX_COLUMNS])) for row in first[:FIRST]), default=0)
        return known if known > 1 else 0, len(set(widths)) == 1 and widths[0] > 1, max(widths[:1], default=0)

    return max(SEPARATORS, key=score)


def is_wrapped(text: str) -> bool:
    """Whether each whole line stands in quotes, as some exports write them: headings of ours appear within."""
    rows = first_rows(text, delimiter="\x01", strict=True)
    inner = "\n".join(row[0] for row in rows)
    outer = first_rows(text, delimiter=find_separator(text))
    return {len(row) for row in outer} == {1} and len(
        named_by(first_rows(inner, delimiter=find_separator(inner))[0])
    ) > 1


def read(data: bytes, wanted: str = "") -> Table:
    encoding = named(wanted) if wanted in NAMES else encoding_of(data)
    if not encoding.is_sure:
        raise EncodingToChoose(data)
    text = data.decode(encoding.codec, encoding.errors)
    if sum(map(text.count, CONTROLS)) > len(text) // 100:
        raise UnreadableFile("Ce n’est pas un tableau : enregistrez-le au format Excel (.xlsx), ODS ou CSV.")
    declared = DECLARATION.match(text)
    if not declared and is_wrapped(text):
        text = "\n".join(row[0] if row else "" for row in csv.reader(StringIO(text, newline=""), delimiter="\x01"))
        data = text.encode(encoding.codec, encoding.errors)
    separator = declared[1] if declared else find_separator(text)
    del text
    lines = _lines(TextIOWrapper(BytesIO(data), encoding.codec, encoding.errors, newline=""))
    if declared:
        # Excel does not count its line either.
        next(lines)
    rows = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        return Table.of(enumerate(rows, 1), kind="CSV", encoding=encoding.name, separator=separator)
    except csv.Error as fault:
        raise UnreadableFile(f"Ligne {rows.line_num} du fichier : {_in_french(str(fault))}") from None


def _lines(file) -> Iterator[str]:
    """The lines of a file. Of one without end the beginning comes first: what it has may say better what is wrong."""
    while line := file.readline(LONGEST_LINE):
        yield line
        if len(line) == LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise UnreadableFile(f"Une ligne du fichier dépasse {counted(LONGEST_LINE, 'caractère')} : il est abîmé.")


def _in_french(fault: str) -> str:
    if "unexpected end" in fault:
        return "un guillemet ouvert plus haut n’est jamais refermé, ou le fichier est coupé."
    if "field larger" in fault:
        limit = counted(csv.field_size_limit(), "caractère")
        return f"une cellule dépasse {limit}, ou un guillemet n’est jamais refermé."
    return "un guillemet à l’intérieur d’un texte entre guillemets doit être doublé."
