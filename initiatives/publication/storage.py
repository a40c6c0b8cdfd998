"""The files of publications in Django's default storage: whole, or not at all, under the name of their digest.

A file is a dictionary that `put` returns and a Document keeps: `name` for the public, `stored` in the storage,
`size` in octets and `sha256`.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from initiatives.models import Document

FOLDER = "publications"
TYPES = {".pdf": "application/pdf", ".zip": "application/zip"}


def content_type(name: str) -> str:
    return TYPES[Path(name).suffix]


def place(file: dict) -> str:
    """Where a file stands in the storage."""
    return f"{FOLDER}/{file['stored']}"


def opened(file: dict) -> File:
    return default_storage.open(place(file))


def is_there(file: dict) -> bool:
    return default_storage.exists(place(file)) and default_storage.size(place(file)) == file["size"]


def stored(edition: int, name: str, digest: str) -> str:
    """The name of a file in the storage, which cannot lead elsewhere."""
    return f"{edition}-{digest}-{Path(name).name}"


class Draft(File):
    """What a storage on the disk moves, as it does a file that somebody sent, and any other copies."""

    def temporary_file_path(self) -> str:
        return self.name


def put(edition: int, name: str, write: Callable[[IO[bytes]], None]) -> dict:
    """Have a file written to a temporary one and moved under its name; one that fails half-way leaves nothing."""
    # Beside its place: between file systems a storage copies, and a kill leaves half a file under that name.
    folder = Path(settings.MEDIA_ROOT, FOLDER)
    folder.mkdir(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=f"{edition}-", suffix=".part", delete=False) as draft:
        try:
            write(draft)
            draft.flush()
            os.fsync(draft.fileno())
            draft.seek(0)
            digest = hashlib.file_digest(draft, "sha256").hexdigest()
            size = draft.seek(0, os.SEEK_END)
            file = {"name": name, "stored": stored(edition, name, digest), "size": size, "sha256": digest}
            if not is_there(file):
                default_storage.delete(place(file))
                default_storage.save(place(file), Draft(draft))
        finally:
            Path(draft.name).unlink(missing_ok=True)
    return file


def tidy(edition: int):
    """Drop what earlier attempts left of an edition."""
    kept = {file["stored"] for files in Document.objects.values_list("files", flat=True) for file in files}
    names = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    for name in names:
        if name.startswith(f"{edition}-") and name not in kept:
            default_storage.delete(f"{FOLDER}/{name}")
