"""The parts of an XLSX workbook beside its sheets: which sheets there are, the links, the texts, the styles.

Office Open XML (ECMA-376, part 1, chapter 18), in its transitional and its strict form.
"""

import posixpath
import re
from contextlib import suppress
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from initiatives.text.characters import UNWRITABLE

from .limits import Weight
from .markup import Package, XmlPart
from .number_formats import LONGEST
from .sheets import MOST_SHEETS

SPREADSHEET = frozenset(
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
)


class Book(XmlPart):
    """The sheets of a workbook: name, link, whether it is hidden; and the day dates count from."""

    namespaces = SPREADSHEET

    def __init__(self):
        super().__init__()
        self.sheets, self.epoch = [], WINDOWS_EPOCH

    def start(self, name, attributes):
        if name == "sheet" and len(self.sheets) < MOST_SHEETS:
            link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), link, is_hidden))
        elif name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true"):
            self.epoch = MAC_EPOCH


class Links(XmlPart):
    """Where the links of a part lead: the kind of part and its name, or a web address, by identifier and by kind."""

    namespaces = frozenset(("http://schemas.openxmlformats.org/package/2006/relationships",))
    # Far more than the parts of any workbook, and than the cells that lead anywhere.
    MOST = 20_000

    def __init__(self, folder: str):
        super().__init__()
        self.folder, self.by_id, self.of_kind = folder, {}, {}

    @classmethod
    def of(cls, package: Package, name: str) -> "Links":
        """Those of a part, or of the whole package; none where it has no list of them."""
        folder, base = posixpath.split(name)
        links, listed = cls(folder), posixpath.join(folder, "_rels", f"{base}.rels")
        if listed in package:
            package.read(listed, links)
        return links

    def start(self, name, attributes):
        if name != "Relationship" or len(self.by_id) == self.MOST:
            return
        kind, target = attributes["Type"].rpartition("/")[2], attributes["Target"].replace("\\", "/")
        if attributes.get("TargetMode") == "External":
            self.by_id[attributes["Id"]] = kind, attributes["Target"]
            return
        target = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
        self.by_id[attributes["Id"]] = kind, target
        self.of_kind[kind] = target


class Phonetic(XmlPart):
    """A part with texts that are told in pieces, of which those that say how they are spoken are none of the text."""

    namespaces = SPREADSHEET
    _is_spoken = False

    def start(self, name, attributes):
        if name == "rPh":
            self._is_spoken = True
        elif name == "t":
            self.is_told = not self._is_spoken

    def end(self, name):
        if name == "rPh":
            self._is_spoken = False
        elif name == "t":
            self.is_told = False


class Strings(Phonetic):
    """The texts that cells refer to by number."""

    def __init__(self, weight: Weight):
        super().__init__()
        self.found, self._weight = [], weight

    def end(self, name):
        super().end(name)
        if name == "si":
            self.found.append(unescaped(self.taken()))
            self._weight.add(self.found[-1])


class Styles(XmlPart):
    """The formats of numbers, by style of cells."""

    namespaces = SPREADSHEET
    # As many as a workbook can have.
    MOST = 65_490

    def __init__(self):
        super().__init__()
        self.codes = []
        self._formats, self._is_of_cells = dict(BUILTIN_FORMATS), False

    def start(self, name, attributes):
        if name == "numFmt" and len(self._formats) < self.MOST:
            self._formats[int(attributes["numFmtId"])] = attributes["formatCode"][:LONGEST]
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells and len(self.codes) < self.MOST:
            self.codes.append(self._formats.get(int(attributes.get("numFmtId", 0)), "General"))

    def end(self, name):
        if name == "cellXfs":
            self._is_of_cells = False


def read_styles(package: Package, name: str | None) -> Styles:
    """What there is of them: where they are damaged, dates are the numbers that they are stored as."""
    styles = Styles()
    if name and name in package:
        with suppress(KeyError, ValueError, expat.ExpatError):
            package.read(name, styles)
    return styles


def unescaped(text: str) -> str:
    """The text without the escapes of ECMA-376, part 1, 22.9.2.19: the number of a UTF-16 unit, and of no half pair."""
    return re.sub(r"_x(?![Dd][89A-Fa-f])([\dA-Fa-f]{4})_", _escaped, text) if "_x" in text else text


def _escaped(match: re.Match) -> str:
    # The CR of CR LF, and what the catalogue could not keep, have no text.
    return UNWRITABLE.sub("", chr(int(match[1], 16)))
