"""A backup: all that cannot be made again, as it stood at one moment."""

import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from initiatives.models import ContentVersion, Document
from initiatives.publication import storage
from initiatives.runtime.transactions import consistent_read

from . import archive, base, tables
from .draft import Draft, drafted


def take(path: Path, *, prepared: dict[str, str], say: Callable[[str], None]) -> dict:
    """Write the archive and return its manifest. `prepared` is what `manage.py prepare` has done to the database."""
    with drafted(path) as draft, consistent_read():
        manifest = {
            "application": "initiatives",
            "version": version(),
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": base.migrations(),
            "content_version": ContentVersion.current().number,
            "prepared": prepared,
        }
        # First: a worker may replace them meanwhile.
        _keep_documents(draft, say)
        manifest["tables"] = {}
        for model in tables.kept():
            rows = _keep_rows(draft, model)
            number = tables.last_number(model)
            label = tables.label(model)
            manifest["tables"][label] = {"columns": tables.names(model), "rows": rows, "last_number": number}
            if rows:
                say(f"{label}: {rows:,}")
        draft.describe(manifest)
    return manifest


def version() -> str:
    return tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())["project"]["version"]


def _keep_documents(draft: Draft, say: Callable[[str], None]):
    for files in Document.objects.order_by("pk").values_list("files", flat=True):
        for file in files:
            if _is_intact(file):
                with (
                    draft.part(archive.document(file["stored"]), is_compressed=True) as write,
                    storage.opened(file) as read,
                ):
                    while block := read.read(archive.BLOCK):
                        write(block)
            else:
                say(f"{file['stored']} is lost or damaged: left out, build_documents makes it again.")


def _is_intact(file: dict) -> bool:
    if not storage.is_there(file):
        return False
    with storage.opened(file) as read:
        return hashlib.file_digest(read, "sha256").hexdigest() == file["sha256"]


def _keep_rows(draft: Draft, model) -> int:
    rows = 0
    with draft.part(archive.table(tables.label(model))) as write:
        for line in tables.lines(model):
            write(line)
            rows += 1
    return rows
