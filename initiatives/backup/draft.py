"""The archive of a backup while it is written."""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .archive import FORMAT, MANIFEST, SEAL, digest_before_seal
from .errors import Refusal


class Draft:
    """An archive that is being filled."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self.parts: dict[str, dict] = {}

    @contextmanager
    def part(self, name: str, *, is_compressed: bool = False) -> Iterator[Callable[[bytes], None]]:
        """Context manager that gives a function writing the bytes of one part."""
        digest, size = hashlib.sha256(), 0
        with self._archive.open(zipfile.ZipInfo(name) if is_compressed else name, "w", force_zip64=True) as file:

            def write(content: bytes):
                nonlocal size
                file.write(content)
                digest.update(content)
                size += len(content)

            yield write
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def describe(self, manifest: dict):
        """Write last what the archive is."""
        content = {"format": FORMAT} | manifest | {"parts": self.parts}
        self._archive.writestr(MANIFEST, json.dumps(content, indent=1, ensure_ascii=False))
        self._archive.comment = b"0" * SEAL


@contextmanager
def drafted(path: Path) -> Iterator[Draft]:
    """An archive for its owner alone, which gets its name once it is whole."""
    _check_free(path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as fault:
        raise Refusal(f"{path.parent}: {fault.strerror}.")
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Draft(archive)
            seal = digest_before_seal(file)
            file.seek(-SEAL, os.SEEK_END)
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
        _check_free(path)
        os.rename(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _check_free(path: Path):
    if path.is_symlink() or path.exists():
        raise Refusal(f"{path} is there already, and nothing is overwritten: choose another name.")
