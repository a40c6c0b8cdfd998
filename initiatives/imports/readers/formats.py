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
    if kind := _kind_of_workbook(data, {member.filename.replace("\\", "/").lower(): member for member in members}):
        if not all(map(_is_readable, members)):
            raise UnreadableFile(f"Ce classeur est chiffré, ou compressé comme aucun tableur ne le fait. {ADVICE}")
        return kind
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


def _kind_of_workbook(data: bytes, members: dict[str, zipfile.ZipInfo]) -> str:
    """« xlsx » or « ods » of an archive that is a workbook, by what it says of its parts, wherever they lie."""
    said = {
        name: _beginning(data, members[name])
        for name in ("[content_types].xml", "mimetype", "meta-inf/manifest.xml", "content.xml")
        if name in members
    }
    types = said.get("[content_types].xml", b"")
    if "xl/workbook.xml" in members or b"spreadsheetml.sheet.main" in types or b"sheet.macroEnabled.main" in types:
        return "xlsx"
    is_spreadsheet = any(b"opendocument.spreadsheet" in told or b"office:spreadsheet" in told for told in said.values())
    return "ods" if "content.xml" in members and is_spreadsheet else ""


def _beginning(data: bytes, member: zipfile.ZipInfo) -> bytes:
    if not _is_readable(member):
        return b""
    try:
        with zipfile.ZipFile(BytesIO(data)).open(member) as stream:
            return stream.read(2**18)
    except Exception:  # as for the list of its members
        return b""


def _is_readable(member: zipfile.ZipInfo) -> bool:
    """Not so of bzip2 and LZMA: zipfile decompresses a whole piece of them, however much comes of it."""
    is_encrypted = member.flag_bits & 1
    return member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not is_encrypted


def weight(data: bytes) -> int:
    """The bytes that there are to read, those of an archive once it is opened."""
    return sum(member.file_size for member in _members(data)) or len(data)


READERS = {"xlsx": xlsx.read, "ods": ods.read, "csv": delimited.read}


def read(data: bytes, wanted: str = "") -> Table:
    """The table that a file holds, its format told by its content; an UnreadableFile says why there is none.

    `wanted` is the sheet or the encoding that somebody chose; without it, readers say where one must be chosen.
    """
    reader = READERS[kind_of(data)]
    try:
        return reader(data, wanted)
    except UnreadableFile:
        raise
    except Exception:  # a damaged workbook makes its reader raise nearly anything
        raise UnreadableFile(f"Ce fichier est abîmé ou protégé : ouvrez-le dans un tableur. {ADVICE}") from None
