"""Spreadsheets as people send them: nobody is ever asked for an encoding or a separator.

Each reader turns bytes into a Table, or says with an UnreadableFile, in French, why it cannot. None is a
format of django-import-export, whose own fail on `;`, Windows-1252, UTF-16 and ODS.
"""

import zipfile
from io import BytesIO

from . import delimited, ods, xlsx
from .markup import MAX_UNZIPPED
from .tables import EmptyFile, Table, UnreadableFile

MAX_BYTES = 30 * 2**20
# A workbook is a zip of some tens of parts: thirty megabytes of it could hold half a million.
MAX_MEMBERS = 10_000
# What else people send, by how it begins.
OTHERS = {
    b"%PDF": "Ce fichier est un PDF",
    b"\xd0\xcf\x11\xe0": "Ce fichier est un ancien classeur Excel (.xls), ou il est protégé par un mot de passe",
    b"\x89PNG": "Ce fichier est une image",
    b"\xff\xd8\xff": "Ce fichier est une image",
    b"GIF8": "Ce fichier est une image",
    b"<": "Ce fichier est une page web",
    b"{\\rtf": "Ce fichier est un texte (.rtf)",
    b"PK": "Ce fichier est une archive ou un document, ou bien il est abîmé",
}
ADVICE = "Enregistrez le tableau au format Excel (.xlsx), ODS ou CSV."


def kind_of(data: bytes) -> str:
    """« xlsx », « ods » or « csv » by the content, whatever the name; a file that is none of them is refused."""
    if not data.strip():
        raise EmptyFile("Le fichier est vide.")
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 2**20, MAX_BYTES // 2**20
        raise UnreadableFile(f"Le fichier pèse {size:.0f} Mo, la limite est de {limit} Mo : découpez-le en plusieurs.")
    members = _members(data)
    # No more than what is declared here can ever come out of stored and deflated members: zipfile stops there.
    if sum(member.file_size for member in members) > MAX_UNZIPPED:
        raise UnreadableFile(f"Décompressé, le fichier dépasse {MAX_UNZIPPED // 2**20} Mo : il n’a pas été ouvert.")
    names = {member.filename for member in members}
    is_xlsx = "xl/workbook.xml" in names
    if is_xlsx or ("content.xml" in names and b"opendocument.spreadsheet" in data[:200]):
        if not all(map(_is_readable, members)):
            raise UnreadableFile(f"Ce classeur est chiffré, ou compressé comme aucun tableur ne le fait. {ADVICE}")
        return "xlsx" if is_xlsx else "ods"
    for beginning, what in OTHERS.items():
        if data.startswith(beginning):
            raise UnreadableFile(f"{what}, pas un tableau. {ADVICE}")
    return "csv"


def _members(data: bytes) -> list[zipfile.ZipInfo]:
    # An entry of its directory begins so: they are counted before zipfile makes objects of them.
    if not data.startswith(b"PK") or data.count(b"PK\1\2") > MAX_MEMBERS:
        return []
    try:
        return zipfile.ZipFile(BytesIO(data)).infolist()
    except Exception:  # a damaged archive makes it raise more than BadZipFile
        return []


def _is_readable(member: zipfile.ZipInfo) -> bool:
    """Not so of bzip2 and LZMA: zipfile decompresses a whole piece of them, however much comes of it."""
    is_encrypted = member.flag_bits & 1
    return member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not is_encrypted


def weight(data: bytes) -> int:
    """The bytes that there are to read, those of an archive once it is opened."""
    return sum(member.file_size for member in _members(data)) or len(data)


READERS = {"xlsx": xlsx.read, "ods": ods.read, "csv": delimited.read}


def read(data: bytes) -> Table:
    """The table that a file holds, its format told by its content; an UnreadableFile says why there is none."""
    reader = READERS[kind_of(data)]
    try:
        return reader(data)
    except UnreadableFile:
        raise
    except Exception:  # a damaged workbook makes its reader raise nearly anything
        raise UnreadableFile(f"Ce fichier est abîmé ou protégé : ouvrez-le dans un tableur. {ADVICE}") from None
