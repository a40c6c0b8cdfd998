"""Errors of a backup or a restoration, with the sentence for whoever asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError


class Refusal(Exception):
    """A sentence for the administrator. Nothing was changed."""


@contextmanager
def told(outcome: str, file: Path) -> Iterator[None]:
    """Whatever stops the block is said in one line, after what it left undone."""
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError(f"Stopped. {outcome}", returncode=130)
    except Refusal as refused:
        raise CommandError(f"{outcome} {refused}")
    except OSError as fault:
        raise CommandError(f"{outcome} {fault.filename or file}: {fault.strerror}.")
    except (DatabaseError, InterfaceError) as fault:
        raise CommandError(f"{outcome} The database says: {str(fault).partition(chr(10))[0]}.")
