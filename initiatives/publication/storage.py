"""The files of publications in Django's default storage: whole, or not at all, under the name of their digest.

A file is a dictionary that `put` returns and a Document keeps: `name` for the public, `stored` in the storage,
`size` in octets and `sha256`.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

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
    return default_storage.exists(place(file))


def stored(edition: int, name: str, digest: str) -> str:
    """The name of a file in the storage, which cannot lead elsewhere."""
    return f"{edition}-{digest}-{Path(name).name}"


def put(edition: int, name: str, write: Callable[[IO[bytes]], None]) -> dict:
    """Have a file written to a temporary one and moved under its name; one that fails half-way leaves nothing."""
    with TemporaryUploadedFile(name, content_type(name), 0, None) as draft:
        write(draft.file)
        draft.seek(0)
        digest = hashlib.file_digest(draft, "sha256").hexdigest()
        draft.size = draft.seek(0, 2)
        file = {"name": name, "stored": stored(edition, name, digest), "size": draft.size, "sha256": digest}
        if not (is_there(file) and default_storage.size(place(file)) == draft.size):
            default_storage.delete(place(file))
            default_storage.save(place(file), draft)
    return file


def tidy(edition: int):
    """Drop what earlier attempts left of an edition."""
    kept = {file["stored"] for files in Document.objects.values_list("files", flat=True) for file in files}
    names = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    for name in names:
        if name.startswith(f"{edition}-") and name not in kept:
            default_storage.delete(f"{FOLDER}/{name}")
