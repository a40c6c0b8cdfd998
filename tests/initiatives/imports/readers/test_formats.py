"""What is sent in the place of a table: a sentence says what it is, and how to save it otherwise."""

import pytest

from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from tests.support.binary_workbooks import compound
from tests.support.hostile_files import zipped

pytestmark = pytest.mark.no_database

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = b'<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:media-type="%s"/>' % ODS
SPREADSHEET_ML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>"""


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "est un PDF"),
        (b"\x89PNG\r\n\x1a\n\0", "est une image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "est une image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "est une image"),
        (b"\0\0\0\x18ftypheic", "est une image"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "est une image"),
        (b"<!DOCTYPE html><html><body><p>a", "est une page web"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>a", "est une page web"),
        ("<table><tr><td>Titre".encode("utf-16"), "est une page web"),
        (b"  <TABLE border=1><tr><td>a", "est une page web"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "est une page web"),
        (SPREADSHEET_ML.encode(), "est un classeur « XML 2003 » d’Excel"),
        (SPREADSHEET_ML.encode("utf-8-sig"), "est un classeur « XML 2003 » d’Excel"),
        (b'<?xml version="1.0"?><rows/>', "est au format XML"),
        (b'[{"titre": "A"}]', "est au format JSON"),
        (b'{"titre": "A"}', "est au format JSON"),
        (b"{\\rtf1\\ansi", "est un texte"),
        (b"ID;PWXL;N;E\r\nP;PGeneral", "est un tableau au format SYLK"),
        (zipped({"word/document.xml": b"<w/>"}), "est un document Word"),
        (zipped({"ppt/presentation.xml": b"<p/>"}), "est une présentation"),
        (zipped({"content.xml": b"<o/>"}, first=b"application/vnd.oasis.opendocument.text"), "est une archive"),
        (zipped({"Index/Document.iwa": b"\0"}), "est un classeur de Numbers"),
        (zipped({"Index.zip": b"\0", "preview.jpg": b"\0"}), "est un classeur de Numbers"),
        (zipped({"réponses.csv": b"Titre\nA\n"}), "est une archive"),
        (b"\x1f\x8b\x08\0", "est une archive"),
        (b"7z\xbc\xaf\x27\x1c", "est une archive"),
        (compound({"WordDocument": b"a"}), "est un document Word"),
        (compound({"PowerPoint Document": b"a"}), "est une présentation"),
        (compound({"Notes": b"a"}), "est un ancien document de Microsoft Office"),
        (compound({"EncryptionInfo": b"a", "EncryptedPackage": b"a"}), "est protégé par un mot de passe"),
        (
            zipped(
                {"content.xml": b"\x8a", "META-INF/manifest.xml": MANIFEST + b"<manifest:encryption-data/>"}, first=ODS
            ),
            "est protégé par un mot de passe",
        ),
        (zipped({"encrypted-package": b"\x8a"}, first=ODS), "est protégé par un mot de passe"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_file_that_is_no_table_says_what_it_is(data, what):
    with pytest.raises(UnreadableFile) as refused:
        formats.read(data)
    assert what in str(refused.value)
    assert "nregistrez" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["<Titre>;Commune\nA;Creil\n", "[Titre];Commune\nA;Creil\n", "ID;Titre\n1;A\n", "BM,Titre\n1,A\n"]
)
def test_table_that_begins_like_something_else(text):
    assert len(formats.read(text.encode())) == 1
