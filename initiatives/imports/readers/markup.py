"""The XML of a workbook, which is mostly a zip of parts, read piece by piece: no part is ever whole in memory."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO
from xml.parsers import expat

from initiatives.text.french import number

from .errors import UnreadableFile
from .limits import LONGEST_CELL, too_long

PIECE = 2**16
# What reading a workbook may cost in all. Sixteen thousand rows of fifty cells, all filled, are 3.3 million elements.
MOST_ELEMENTS = 4_000_000
MAX_UNZIPPED = 200 * 2**20
# No program writes tags so long, so deep or of so many names: expat would keep them all.
LONGEST_TAG = 2**20
DEEPEST = 200
# Expat writes the namespace before each name: those of Office and OpenDocument have less than a hundred characters.
LONGEST_NAMESPACE = 100
MOST_NAMES = 5_000


class XmlPart:
    """What is made of one part: the parser calls `start`, `end` and `text`; `is_done` leaves the rest unread.

    Elements of the namespaces are told by their names in them, and what stands within others is not told.
    """

    namespaces: frozenset[str]
    is_done = False

    def __init__(self):
        # Whether the text that comes is part of a cell, and what has come.
        self.is_told, self._told, self._length = False, [], 0

    def name_of(self, name: str) -> str:
        """What `start` and `end` are told for « namespace}name », nothing for an element that is left out."""
        namespace, _, local = name.rpartition("}")
        return local if namespace in self.namespaces and local != "extLst" else ""

    def start(self, name: str, attributes: dict[str, str]):
        pass

    def end(self, name: str):
        pass

    def text(self, data: str):
        if self.is_told:
            self._length += len(data)
            if self._length > LONGEST_CELL:
                raise UnreadableFile(too_long())
            self._told.append(data)

    def taken(self) -> str:
        """The text of a cell, now that it is at its end."""
        told = "".join(self._told)
        self._told, self._length = [], 0
        return told


class Markup:
    """The XML of a workbook; reading all of it costs no more than what is said above, together."""

    def __init__(self):
        self._elements, self._bytes = MOST_ELEMENTS, MAX_UNZIPPED

    def parse(self, stream: BinaryIO, part: XmlPart):
        """Tell the part what stands there; it raises KeyError, ValueError or ExpatError where it is damaged."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.CharacterDataHandler = part.text
        parser.StartNamespaceDeclHandler = _refuse_long_namespace
        parser.StartDoctypeDeclHandler = _refuse_document_type
        # How deep the parser is, and how deep the element that is left out with all that it has.
        depth, left_out = 0, DEEPEST + 1

        def start(name, attributes):
            nonlocal depth, left_out
            depth += 1
            self._elements -= 1
            if depth > DEEPEST or self._elements < 0:
                raise self._too_much() if self._elements < 0 else ValueError("nested too deep")
            if depth < left_out:
                if told := part.name_of(name):
                    part.start(told, attributes)
                else:
                    left_out, parser.CharacterDataHandler = depth, None

        def end(name):
            nonlocal depth, left_out
            if depth < left_out:
                part.end(part.name_of(name))
            elif depth == left_out:
                left_out, parser.CharacterDataHandler = DEEPEST + 1, part.text
            depth -= 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        fed = 0
        for piece in _pieces(stream):
            fed += len(piece)
            self._bytes -= len(piece)
            if self._bytes < 0:
                raise self._too_much()
            parser.Parse(piece)
            if part.is_done:
                return
            if fed - parser.CurrentByteIndex > LONGEST_TAG or len(parser.intern) > MOST_NAMES:
                raise ValueError("no such tag in any workbook")
        parser.Parse(b"", True)

    @staticmethod
    def _too_much() -> UnreadableFile:
        return UnreadableFile(
            f"Le classeur contient plus de {number(MOST_ELEMENTS)} éléments (cellules, mises en forme, commentaires…) :"
            " copiez le tableau seul dans un classeur neuf, ou enregistrez-le au format CSV."
        )


class Package(Markup):
    """A workbook that is an archive of parts, as it was sent."""

    def __init__(self, data: bytes):
        super().__init__()
        self._archive = zipfile.ZipFile(BytesIO(data))
        # The case of their names is not always that of what refers to them; two may differ by it alone.
        names = self._archive.namelist()
        self._names = {name.replace("\\", "/").lower(): name for name in names} | {name: name for name in names}

    def __contains__(self, name: str) -> bool:
        return self._named(name) is not None

    def _named(self, name: str) -> str | None:
        return self._names.get(name) or self._names.get(name.lower())

    def read(self, name: str, part: XmlPart):
        """Tell the part what stands in the member of the archive; it raises as `parse` does."""
        with self._archive.open(self._named(name)) as stream:
            self.parse(stream, part)


def _pieces(stream) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _refuse_long_namespace(prefix: str | None, namespace: str | None):
    if len(namespace or "") > LONGEST_NAMESPACE:
        raise ValueError("no such namespace in any workbook")


def _refuse_document_type(*declared):
    raise ValueError("its entities and its attributes expand to anything, and no workbook has one")
