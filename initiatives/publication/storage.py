"""Where the files that a worker has made stand: whole, or not at all."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings

from initiatives.models import Document

TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "publications"


def content_type(name: str) -> str:
    return TYPES[Path(name).suffix]


def opened(file: dict) -> IO[bytes]:
    return (folder() / file["stored"]).open("rb")


def stored(edition: int, name: str, digest: str) -> str:
    """The name of a file on the disk, which cannot lead elsewhere."""
    return f"{edition}-{digest}-{Path(name).name}"


def put(edition: int, name: str, write: Callable[[IO[bytes]], None]) -> dict:
    """Have a file written and stood under the name of its digest; one that fails half-way leaves nothing."""
    folder().mkdir(parents=True, exist_ok=True)
    draft = folder() / f"{edition}-{os.getpid()}-{name}.part"
    try:
        with draft.open("w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.seek(0, os.SEEK_END)
        place = stored(edition, name, digest)
        draft.replace(folder() / place)
    finally:
        draft.unlink(missing_ok=True)
    return {"name": name, "stored": place, "size": size, "sha256": digest}


def is_there(file: dict) -> bool:
    return (folder() / file["stored"]).is_file()


def tidy(edition: int):
    """Drop what earlier attempts left of an edition."""
    kept = {file["stored"] for files in Document.objects.values_list("files", flat=True) for file in files}
    for path in folder().glob(f"{edition}-*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
