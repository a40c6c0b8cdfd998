"""CSV as it comes out of spreadsheets: which encoding, which separator."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

from initiatives.imports.headings import named_by
from initiatives.text.french import counted

from .encodings import NAMES, OF_ONE_BYTE, encoding_of, named, samples
from .errors import UnreadableFile
from .heading_rows import FIRST
from .limits import MAX_COLUMNS
from .lines import LONGEST_LINE, lines
from .tables import SEPARATORS, Table

# Rows, and characters, among which the separator is looked for.
SAMPLE, LONGEST_SAMPLE = 20, LONGEST_LINE
# Excel's own line, which no other program expects: « sep=; ».
DECLARATION = re.compile(r'"?sep=([^\r\n"])"?\s*?(?:\r\n|\r|\n)', re.IGNORECASE)
# What no text has, but for one sent in the place of another: a picture, an archive.
CONTROLS = [chr(code) for code in (*range(9), *range(14, 32))]


class EncodingToChoose(UnreadableFile):
    """Several encodings are as likely: `samples` are lines of the file under each, by codec, the likeliest first."""

    def __init__(self, found: dict[str, list[str]]):
        self.samples = found
        super().__init__("Les accents de ce fichier peuvent se lire de plusieurs façons : choisissez la bonne.")


def read(data: bytes, wanted: str = "") -> Table:
    """The table, in the encoding whose codec is wanted, else in that which is found."""
    encoding = named(wanted) if wanted in NAMES else encoding_of(data)
    readings = samples(data) if encoding.codec in OF_ONE_BYTE else {}
    if not encoding.is_sure:
        raise EncodingToChoose(readings)
    text = data.decode(encoding.codec, encoding.errors)
    if sum(map(text.count, CONTROLS)) > len(text) // 100:
        raise UnreadableFile("Ce n’est pas un tableau : enregistrez-le au format Excel (.xlsx), ODS ou CSV.")
    declared = DECLARATION.match(text)
    separator = declared[1] if declared else find_separator(text)
    del text
    file = lines(TextIOWrapper(BytesIO(data), encoding.codec, encoding.errors, newline=""))
    if declared:
        # Excel does not count its line either.
        next(file)
    reader = csv.reader(file, delimiter=separator, strict=True, skipinitialspace=True)
    rows = enumerate(unwrapped(reader, separator), 1)
    try:
        return Table.of(rows, kind="CSV", encoding=encoding.name, separator=separator, readings=readings)
    except csv.Error as fault:
        raise UnreadableFile(f"Ligne {reader.line_num} du fichier : {_in_french(str(fault))}") from None


def find_separator(text: str) -> str:
    """The one that shows headings of ours, else that cuts the first rows into the same number of cells, and the most.

    A title above the headings is a row of another width, and may have commas.
    """

    def score(separator: str) -> tuple[int, bool, int]:
        if not (first := _first_rows(text, separator)):
            return 0, False, 0
        widths = [len(row) for row in first]
        known = max((len(named_by(row[:MAX_COLUMNS])) for row in first[:FIRST]), default=0)
        return known if known > 1 else 0, len(set(widths)) == 1 and widths[0] > 1, max(widths[:1], default=0)

    return max(SEPARATORS, key=score)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    """Those that are not blank; none where a quote makes it no CSV of this separator."""
    reader = csv.reader(StringIO(text[:LONGEST_SAMPLE], newline=""), delimiter=separator, skipinitialspace=True)
    try:
        return list(islice(filter(None, unwrapped(reader, separator)), SAMPLE))
    except csv.Error:
        return []


def unwrapped(rows: Iterable[list[str]], separator: str) -> Iterator[list[str]]:
    """The rows; of a line that stands in quotes as a whole, the cells.

    French Excel writes so what it opened as one column: a CSV of commas.
    """
    for row in rows:
        if len(row) == 1 and separator in row[0]:
            yield next(csv.reader(StringIO(row[0], newline=""), delimiter=separator, skipinitialspace=True))
        else:
            yield row


def _in_french(fault: str) -> str:
    if "unexpected end" in fault:
        return "un guillemet ouvert plus haut n’est jamais refermé, ou le fichier est coupé."
    if "field larger" in fault:
        limit = counted(csv.field_size_limit(), "caractère")
        return f"une cellule dépasse {limit}, ou un guillemet n’est jamais refermé."
    return "un guillemet à l’intérieur d’un texte entre guillemets doit être doublé."
