"""The worker that makes PDF and archives outside of any request: `manage.py build_documents`."""

import errno
import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import IO

from django.utils import timezone

from initiatives.models import Document

from . import storage
from .archive import PDF, ZIP, members, write_zip
from .edition import EditionContent
from .pdf.report import report
from .volumes import count

logger = logging.getLogger("initiatives")
# Longer than one volume takes; after it a worker that says nothing is taken for dead.
LEASE = timedelta(minutes=2)


class NoLongerWanted(Exception):
    """The document was cancelled, or another worker has it."""


def build_next() -> Document | None:
    """Make the next document that waits, whatever comes of it; None where none does."""
    for document in Document.objects.waiting().order_by("asked_at", "pk"):
        if document.take(lease=str(uuid.uuid4()), until=timezone.now() + LEASE):
            _attempt(document)
            return document
    return None


def _attempt(document: Document):
    try:
        build(document)
    except NoLongerWanted:
        storage.tidy(document.edition_id)
    except OSError as fault:
        logger.error("document %s: %s", document.pk, fault.strerror)
        reason = "le disque est plein" if fault.errno == errno.ENOSPC else fault.strerror
        document.fail(fault=f"Les fichiers n’ont pas pu être écrits : {reason}. Réparez, puis relancez.")
        storage.tidy(document.edition_id)
    except KeyboardInterrupt:
        document.fail(fault="Interrompu : repris au prochain passage.", again=True)
        raise
    except Exception:
        logger.exception("document %s failed", document.pk)
        document.fail(fault="Le document n’a pas pu être composé : l’incident est dans le journal.", again=True)
    document.refresh_from_db()


def build(document: Document):
    """Make all the files of an edition and offer them together."""
    edition = document.edition
    frozen, made, contents = EditionContent(edition), [], []
    of = count(frozen)
    for volume in range(1, of + 1):
        name = PDF if of == 1 else PDF.replace(".", f"-{volume}.")
        _advance(document, (volume - 1) / (of + 1), f"PDF, volume {volume} sur {of}" if of > 1 else "PDF")
        content = report(frozen, volume)
        made.append(storage.put(edition.pk, name, _writer(content)))
        contents.append((name, content))
    _advance(document, of / (of + 1), "Archive")
    made.append(storage.put(edition.pk, ZIP, lambda file: write_zip(file, members(edition, frozen, contents))))
    if not document.finish(files=made, sha256=edition.sha256):
        raise NoLongerWanted
    storage.tidy(edition.pk)


def _writer(content: bytes) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]):
        file.write(content)

    return write


def _advance(document: Document, part: float, step: str):
    if not document.advance(percent=round(100 * part), step=step, until=timezone.now() + LEASE):
        raise NoLongerWanted


def ask_for_what_is_lost():
    """Have made anew what the table offers and the disk has lost."""
    for document in Document.objects.order_by("pk"):
        if not all(map(storage.is_there, document.files)):
            document.ask_again(dropping=True)
