"""CSV as it comes out of spreadsheets: which encoding, which separator."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from itertools import islice

from initiatives.imports.headings import named_by
from initiatives.text.french import counted

from .tables import FIRST, MAX_COLUMNS, SEPARATORS, Table, UnreadableFile

SAMPLE = 20
# Characters among which the separator is looked for, and which a line has at most.
LONGEST_SAMPLE = LONGEST_LINE = 2**20
BOMS = [
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
]
# Excel's own line, which no other program expects: « sep=; ».
DECLARATION = re.compile(r'"?sep=([^\r\n"])"?\s*?(?:\r\n|\r|\n)', re.IGNORECASE)
# What no text has, but for one sent in the place of another: a picture, an archive.
CONTROLS = [chr(code) for code in (*range(9), *range(14, 32))]


def encoding_of(data: bytes) -> tuple[str, str]:
    """The encoding of a file, for Python and for people.

    That of its BOM; else UTF-8 if it is valid; else UTF-16 if there are many NULs; else Windows-1252.
    A detector by frequencies reads « Œuvre » as Cyrillic. The NULs are looked at first all the same:
    UTF-16 without accents is valid UTF-8 as well.
    """
    for bom, encoding, name in BOMS:
        if data.startswith(bom):
            return encoding, name
    if (nuls := data.count(0)) > len(data) // 4:
        return "utf-16-le" if data[1::2].count(0) > nuls // 2 else "utf-16-be", "UTF-16"
    try:
        data.decode()
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252: what they stood for is lost, the rest is not.
        return "cp1252", "Windows-1252"
    return "utf-8", "UTF-8"


def find_separator(text: str) -> str:
    """The one that shows headings of ours, else that cuts the first rows into the same number of cells, and the most.

    A title above the headings is a row of another width, and may have commas.
    """

    def score(separator: str) -> tuple[int, bool, int]:
        rows = csv.reader(StringIO(text[:LONGEST_SAMPLE], newline=""), delimiter=separator)
        try:
            first = list(islice(filter(None, rows), SAMPLE))
        except csv.Error:
            return 0, False, 0
        widths = [len(row) for row in first]
        known = max((len(named_by(row[:MAX_COLUMNS])) for row in first[:FIRST]), default=0)
        return known if known > 1 else 0, len(set(widths)) == 1 and widths[0] > 1, max(widths[:1], default=0)

    return max(SEPARATORS, key=score)


def read(data: bytes) -> Table:
    codec, encoding = encoding_of(data)
    text = data.decode(codec, "replace")
    if sum(map(text.count, CONTROLS)) > len(text) // 100:
        raise UnreadableFile("Ce n’est pas un tableau : enregistrez-le au format Excel (.xlsx), ODS ou CSV.")
    declared = DECLARATION.match(text)
    separator = declared[1] if declared else find_separator(text)
    del text
    lines = _lines(TextIOWrapper(BytesIO(data), codec, "replace", newline=""))
    if declared:
        # Excel does not count its line either.
        next(lines)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    try:
        return Table.of(enumerate(rows, 1), kind="CSV", encoding=encoding, separator=separator)
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
