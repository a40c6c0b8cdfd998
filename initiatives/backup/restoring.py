"""A restoration: an empty base becomes the one of the archive, in one transaction, or stays empty."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError

from initiatives.models import Document
from initiatives.publication import storage
from initiatives.runtime.statistics import refresh_statistics

from . import base, tables
from .archive import Archive, document, opened
from .errors import Refusal


def restore(path: Path, *, say: Callable[[str], None]) -> dict:
    """Verify all of the archive, then write all of it; return its manifest."""
    with opened(path) as archive:
        _check_fits(archive)
        base.check_empty()
        archive.verify()
        with _files_with_rows() as put, base.replacing():
            _restore_rows(archive, say)
            _restore_documents(archive, put)
            refresh_statistics()
        ContentType.objects.clear_cache()
        return archive.manifest


def _check_fits(archive: Archive):
    """Its tables are those of this database: made by the same migrations, with the same columns."""
    here, there = set(base.migrations()), set(archive.manifest["migrations"])
    made_by = f"version {archive.manifest['version']}"
    if unknown := there - here:
        raise Refusal(
            f"{archive.path} was made by {made_by} of the application with {min(unknown)}, a migration that is not in"
            " this version: restore it with the code that made it."
        )
    if missing := here - there:
        raise Refusal(
            f"{archive.path} was made by {made_by} of the application, which lacks {min(missing)}. Restore it with"
            f" {made_by} into a new database, then install this version and run manage.py migrate."
        )
    columns = {tables.label(model): sorted(tables.names(model)) for model in tables.kept()}
    if columns != {label: sorted(table["columns"]) for label, table in archive.manifest["tables"].items()}:
        raise Refusal(f"{archive.path} has other tables or columns than this version: restore it with its own version.")


def _restore_rows(archive: Archive, say: Callable[[str], None]):
    models = tables.kept()
    for model in reversed(models):
        tables.empty(model)
    for model in models:
        label = tables.label(model)
        about = archive.manifest["tables"][label]
        try:
            tables.fill(model, about["columns"], archive.batches(label))
        except (DatabaseError, ValidationError, ValueError, TypeError, OverflowError) as fault:
            raise Refusal(f"The database refuses rows of {label}: {_first_line(fault)}.")
        tables.count_from(model, about["last_number"])
        if about["rows"]:
            say(f"{label}: {about['rows']:,}")


def _first_line(fault: Exception) -> str:
    """The rest may quote private values."""
    return str(fault).partition("\n")[0].rstrip(".") if isinstance(fault, DatabaseError) else type(fault).__name__


@contextmanager
def _files_with_rows() -> Iterator[list[str]]:
    """The files that the block puts into the list go when its transaction fails."""
    put = []
    try:
        yield put
    except BaseException:
        for name in put:
            default_storage.delete(name)
        raise


def _restore_documents(archive: Archive, put: list[str]):
    for row in Document.objects.order_by("pk"):
        for file in row.files:
            name = document(file["stored"])
            if file["stored"] != storage.stored(row.edition_id, file["name"], file["sha256"]):
                raise Refusal(f"{archive.path} is damaged: it tells of {file['stored']}, which is no file of ours.")
            if name not in archive.manifest["parts"]:
                continue  # lost before the backup: the worker makes it again

            def write(to, name=name):
                for block in archive.blocks(name):
                    to.write(block)

            was_there = storage.is_there(file)
            made = storage.put(row.edition_id, file["name"], write)
            if made != file or not was_there:
                put.append(storage.place(made))
            if made != file:
                raise Refusal(f"{archive.path} is damaged: {name} is not the file that its table tells of.")
