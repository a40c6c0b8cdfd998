"""The one file: a ZIP of the tables, the documents, and a manifest with the size and the digest of each.

Its comment, which is the end of the file, is the digest of all bytes before it: one that has changed
anywhere is seen. Digests tell an accident, not a forger: so what comes out is counted, and no name in
it becomes a path.
"""

import hashlib
import io
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
NAME = re.compile(r"(?:tables|documents)/\w[\w.-]*")
# Characters of the digest at the end.
SEAL = 64
BLOCK = 2**20
# Bytes: of the manifest, of one row, of the rows that are written at once; and how many these are.
LARGEST_MANIFEST, LONGEST_LINE, LARGEST_BATCH, BATCH = 2**24, 2**28, 2**22, 500
# What the manifest says at least.
SHAPE = {
    **dict.fromkeys(("version", "made_at"), str),
    **dict.fromkeys(("tables", "parts", "prepared"), dict),
    "migrations": list,
    "content_version": int,
}
SHAPE_OF_TABLE = {"columns": list, "rows": int, "last_number": int}
# All that reading a damaged ZIP, and JSON within it, is known to raise.
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, TypeError, ValueError),
    *(NotImplementedError, RuntimeError, OverflowError, AttributeError),
)


def table(label: str) -> str:
    return f"tables/{label}.jsonl"


def document(stored: str) -> str:
    return f"documents/{stored}"


def digest_before_seal(file: IO[bytes]) -> bytes:
    digest, left = hashlib.sha256(), file.seek(0, os.SEEK_END) - SEAL
    file.seek(0)
    while left > 0 and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest().encode()


class Archive:
    """An archive that was found to be whole."""

    def __init__(self, path: Path, archive: zipfile.ZipFile):
        self.path, self._archive = path, archive
        with self._reading():
            if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise ValueError("manifest")
            self.manifest = json.loads(archive.read(MANIFEST))
            is_newer = self.manifest["format"] > FORMAT
        if is_newer:
            raise Refusal(
                f"{path} is of format {self.manifest['format']}, and this version of the application reads format"
                f" {FORMAT} at most: restore it with version {self.manifest.get('version')}, which made it."
            )
        with self._reading():
            self._check_shape()
            self._check_parts()

    @contextmanager
    def _reading(self):
        try:
            yield
        except DAMAGES:
            raise Refusal(f"{self.path} is damaged: take another copy of it, or another backup.")

    def _check_shape(self):
        for name, kind in SHAPE.items():
            if not isinstance(self.manifest[name], kind):
                raise TypeError(name)
        for about in self.manifest["tables"].values():
            if any(type(about[name]) is not kind for name, kind in SHAPE_OF_TABLE.items()):
                raise TypeError("tables")
        if any(table(label) not in self.manifest["parts"] for label in self.manifest["tables"]):
            raise ValueError("tables")

    def _check_parts(self):
        """Refuse an archive whose parts differ from its manifest in name, number or size."""
        parts, found = self.manifest["parts"], self._archive.infolist()
        if sorted(info.filename for info in found) != sorted([*parts, MANIFEST]):
            raise ValueError("names")
        # Parts that share their bytes could unpack to any size.
        if sum(info.compress_size for info in found) > self.path.stat().st_size:
            raise ValueError("overlap")
        for name, part in parts.items():
            if not NAME.fullmatch(name) or self._archive.getinfo(name).file_size != part["bytes"]:
                raise ValueError(name)

    def verify(self):
        """Read everything once, against the digests and the numbers of rows of the manifest."""
        with self._reading():
            rows = {table(label): about["rows"] for label, about in self.manifest["tables"].items()}
            for name, part in self.manifest["parts"].items():
                digest, size, count = hashlib.sha256(), 0, 0
                for block in self.blocks(name):
                    digest.update(block)
                    size += len(block)
                    count += block.count(b"\n")
                if (size, digest.hexdigest()) != (part["bytes"], part["sha256"]) or count != rows.get(name, count):
                    raise ValueError(name)

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part in pieces; zipfile gives no more of it than its size."""
        with self._archive.open(name) as file:
            while block := file.read(BLOCK):
                yield block

    def batches(self, label: str) -> Iterator[list[list]]:
        """The rows of a table, some at a time."""
        with self._reading(), self._archive.open(table(label)) as part, io.BufferedReader(part, BLOCK) as file:
            rows, size = [], 0
            while line := file.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise ValueError("line")
                rows.append(json.loads(line))
                size += len(line)
                if len(rows) == BATCH or size > LARGEST_BATCH:
                    yield rows
                    rows, size = [], 0
            if rows:
                yield rows


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive, of which no byte has changed since it was made."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\3\4":
            raise Refusal(f"{path} is not a backup of this application.")
        seal = digest_before_seal(file)
        if file.read(SEAL) != seal:
            raise Refusal(
                f"{path} is damaged or cut off, or is no backup: its digest is not what it says. Take another copy of"
                " it, or another backup."
            )
        file.seek(0)
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGES:
            raise Refusal(f"{path} is not a backup of this application.")
        with archive:
            yield Archive(path, archive)
