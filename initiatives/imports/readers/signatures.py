"""How files begin and what they hold that are sent as spreadsheets, and what they are."""

import re

# The main part of an XLSX, with or without macros, or of a template of one.
WORKBOOK = re.compile(rb"(?:spreadsheetml|ms-excel)\.(?:sheet|template)(?:\.macroEnabled)?\.main")
COMPOUND = b"\xd0\xcf\x11\xe0"
# The first record of a workbook of Excel 2 to 5, or of programs that write no more than its cells.
BARE_WORKBOOK = re.compile(rb"\x09[\0\2\4\x08][\x04-\x10]\0")
# What they are that are none.
ARCHIVE = "Ce fichier est une archive (dépliez-la, envoyez le tableau seul) ou un document, ou bien il est abîmé"
IMAGE = "Ce fichier est une image, pas un tableau"
NUMBERS = "Ce fichier est un classeur de Numbers (menu Fichier, Exporter vers, Excel)"
WEB_PAGE = "Ce fichier est une page web, quel que soit son nom (ouvrez-la dans un tableur)"
# What a compound file is, by the names of its streams.
STREAMS = {
    "EncryptedPackage": "protected",
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "Ce fichier est un document Word (.doc), pas un tableau",
    "PowerPoint Document": "Ce fichier est une présentation (.ppt), pas un tableau",
}
# What an archive is, by the names of its members.
MEMBERS = {
    "word/document.xml": "Ce fichier est un document Word (.docx), pas un tableau",
    "ppt/presentation.xml": "Ce fichier est une présentation (.pptx), pas un tableau",
    "index/document.iwa": NUMBERS,
    "index.zip": NUMBERS,
}
# What else people send, by how it begins.
OTHERS = {
    rb"%PDF": "Ce fichier est un PDF, pas un tableau",
    COMPOUND: "Ce fichier est un ancien document de Microsoft Office, ou il est abîmé",
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:heic|mif1)": IMAGE,
    rb"{\\rtf": "Ce fichier est un texte (.rtf), pas un tableau",
    rb"PK": ARCHIVE,
    rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh": ARCHIVE,
    rb"ID;P": "Ce fichier est un tableau au format SYLK (.slk)",
    rb"(?i:MIME-Version:)": WEB_PAGE,
    rb"[\[{]\s*[\[{\"]": "Ce fichier est au format JSON",
}
# What a text of tags is, by a word in its beginning; the first that is found says.
TAGS = {
    b"opendocument.spreadsheet": "fods",
    b"urn:schemas-microsoft-com:office:spreadsheet": "Ce fichier est un classeur « XML 2003 » d’Excel",
    b"<svg": IMAGE,
    b"<html": WEB_PAGE,
    b"<table": WEB_PAGE,
    b"<!doctype html": WEB_PAGE,
    b"<?xml": "Ce fichier est au format XML",
}
