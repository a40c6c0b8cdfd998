"""Spreadsheets as people send them: nobody is asked for what the file itself can say.

`read(data, wanted)` takes the bytes of a file and what somebody chose, if anything: the name of a sheet, or the codec
of an encoding. It returns a tables.Table, of which `other_sheets` (sheets.SheetSummary) were not taken and `readings`
({codec: lines}) show its accents in the encodings that may be chosen instead; or it raises, with a sentence in French:

- sheets.SheetToChoose: several sheets hold rows; `sheets` are their SheetSummary, and `wanted` the title of one;
- delimited.EncodingToChoose: several encodings are as likely; `samples` are three lines by codec, `wanted` a codec;
- tables.UnreadableFile, of which these are kinds: why there is no table, and what to do.

None is a format of django-import-export, whose own fail on `;`, Windows-1252, UTF-16 and ODS.
"""

import re
import zipfile
from io import BytesIO

from . import binary, delimited, ods, xlsx
from .errors import EmptyFile, ProtectedFile, UnreadableFile
from .markup import MAX_UNZIPPED
from .signatures import BARE_WORKBOOK, COMPOUND, MEMBERS, OTHERS, STREAMS, TAGS, WORKBOOK
from .tables import Table

MAX_BYTES = 30 * 2**20
# A workbook is a zip of some tens of parts: thirty megabytes of it could hold half a million.
MAX_MEMBERS = 10_000
# Of a text or of a part, among which its kind is looked for.
BEGINNING = 2**18
ADVICE = "Enregistrez le tableau au format Excel (.xlsx), ODS ou CSV."

READERS = {
    "xlsx": xlsx.read,
    "xls": binary.read_xls,
    "xlsb": binary.read_xlsb,
    "ods": ods.read,
    "fods": ods.read_flat,
    "csv": delimited.read,
}


def read(data: bytes, wanted: str = "") -> Table:
    """The table that a file holds, its format told by its content, as said above."""
    reader = READERS[kind_of(data)]
    try:
        return reader(data, wanted)
    except UnreadableFile:
        raise
    except Exception:  # a damaged workbook makes its reader raise nearly anything
        raise UnreadableFile(f"Ce fichier est abîmé ou protégé : ouvrez-le dans un tableur. {ADVICE}") from None


def kind_of(data: bytes) -> str:
    """One of READERS by the content, whatever the name; a file that is none of them is an UnreadableFile."""
    if not data.strip():
        raise EmptyFile("Le fichier est vide.")
    if len(data) > MAX_BYTES:
        size, limit = len(data) / 2**20, MAX_BYTES // 2**20
        raise UnreadableFile(f"Le fichier pèse {size:.0f} Mo, la limite est de {limit} Mo : découpez-le en plusieurs.")
    found = _kind_of_archive(data) or _kind_of_compound(data) or _kind_of_tags(data)
    if not found:
        found = next((what for start, what in OTHERS.items() if re.match(start, data, re.DOTALL)), "csv")
    if found == "protected":
        raise ProtectedFile()
    if found not in READERS:
        raise UnreadableFile(f"{found}. {ADVICE}")
    return found


def _kind_of_compound(data: bytes) -> str:
    if data.startswith(COMPOUND):
        named = data.lower()
        return next((kind for name, kind in STREAMS.items() if name.lower().encode("utf-16-le") in named), "")
    return "xls" if BARE_WORKBOOK.match(data) else ""


def _kind_of_tags(data: bytes) -> str:
    beginning = data[:BEGINNING].removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<")):
        beginning = beginning.decode("utf-16", "replace").encode()
    if not beginning.startswith(b"<"):
        return ""
    beginning = beginning.lower()
    return next((what for word, what in TAGS.items() if word in beginning), "")


def _kind_of_archive(data: bytes) -> str:
    members = _members(data)
    # No more than what is declared here can ever come out of stored and deflated members: zipfile stops there.
    if sum(member.file_size for member in members) > MAX_UNZIPPED:
        raise UnreadableFile(f"Décompressé, le fichier dépasse {MAX_UNZIPPED // 2**20} Mo : il n’a pas été ouvert.")
    named = {member.filename.replace("\\", "/").lower(): member for member in members}
    kind = _kind_of_workbook(data, named)
    if kind in READERS and not all(map(_is_readable, members)):
        raise UnreadableFile(f"Ce classeur est chiffré, ou compressé comme aucun tableur ne le fait. {ADVICE}")
    return kind or next((what for name, what in MEMBERS.items() if name in named), "")


def _members(data: bytes) -> list[zipfile.ZipInfo]:
    # An entry of its directory begins so: they are counted before zipfile makes objects of them.
    if not data.startswith(b"PK") or data.count(b"PK\1\2") > MAX_MEMBERS:
        return []
    try:
        return zipfile.ZipFile(BytesIO(data)).infolist()
    except Exception:  # a damaged archive makes it raise more than BadZipFile
        return []


def _kind_of_workbook(data: bytes, members: dict[str, zipfile.ZipInfo]) -> str:
    """The kind of an archive that is a workbook, by what it says of its parts, wherever they lie."""
    said = {
        name: _beginning(data, members[name])
        for name in ("[content_types].xml", "mimetype", "meta-inf/manifest.xml", "content.xml")
        if name in members
    }
    types = said.get("[content_types].xml", b"")
    if "xl/workbook.bin" in members or b"sheet.binary" in types:
        return "xlsb"
    if "xl/workbook.xml" in members or WORKBOOK.search(types):
        return "xlsx"
    if not any(b"opendocument.spreadsheet" in told or b"office:spreadsheet" in told for told in said.values()):
        return ""
    if "encrypted-package" in members or b"encryption-data" in said.get("meta-inf/manifest.xml", b""):
        return "protected"
    return "ods" if "content.xml" in members else ""


def _beginning(data: bytes, member: zipfile.ZipInfo) -> bytes:
    if not _is_readable(member):
        return b""
    try:
        with zipfile.ZipFile(BytesIO(data)).open(member) as stream:
            return stream.read(BEGINNING)
    except Exception:  # as for the list of its members
        return b""


def _is_readable(member: zipfile.ZipInfo) -> bool:
    """Not so of bzip2 and LZMA: zipfile decompresses a whole piece of them, however much comes of it."""
    is_encrypted = member.flag_bits & 1
    return member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not is_encrypted


def weight(data: bytes) -> int:
    """The bytes that there are to read, those of an archive once it is opened."""
    return sum(member.file_size for member in _members(data)) or len(data)
