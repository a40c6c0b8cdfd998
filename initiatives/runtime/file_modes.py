"""Modes of the files of an installation: its account alone reads them, for they hold people's data and secrets."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

# What a process of the site takes from all that it makes. FILE_UPLOAD_PERMISSIONS says the same to Django's storages.
UMASK = 0o077
SQLITE_FILES = ["", "-wal", "-shm", "-journal"]


def close() -> list[str]:
    """Take from the other accounts of the machine what they may in VAR_DIR, and of a database that is elsewhere.

    Says what was open, and what stays so: it does not fail where a file belongs to somebody else, or where the file
    system knows no modes. Links are neither followed nor counted, but VAR_DIR itself may be one.
    """
    closed, refused = 0, []
    for path in _paths():
        try:
            mode = os.stat(path, follow_symlinks=path == settings.VAR_DIR).st_mode
            if stat.S_ISLNK(mode) or not mode & UMASK:
                continue
            os.chmod(path, stat.S_IMODE(mode) & ~UMASK)
            if os.stat(path).st_mode & UMASK:
                refused.append(f"{path}: the file system knows no modes")
            else:
                closed += 1
        except FileNotFoundError:
            continue  # it was another's for a moment
        except OSError as fault:
            refused.append(f"{path}: {fault.strerror}")
    lines = []
    if closed:
        lines.append(f"Files and folders closed to the other accounts of this machine: {closed}.")
    if refused:
        lines.append(f"Files and folders that stay open to the other accounts: {len(refused)} ({refused[0]}).")
    return lines


def _paths() -> Iterator[Path]:
    """The folder before what is in it: nobody else gets in any more."""
    for folder, _, files in os.walk(settings.VAR_DIR):
        yield Path(folder)
        yield from (Path(folder, name) for name in files)
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "initiatives.runtime.sqlite":
        yield from (Path(f"{database['NAME']}{suffix}") for suffix in SQLITE_FILES)
