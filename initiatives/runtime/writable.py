"""Whether the installation can write: into its database, and into the folder of its files."""

import errno
import tempfile
import threading
import time
from contextlib import nullcontext

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

# Seconds that an answer holds.
PAUSE = 5
# Bytes: more than a page of the database and its entry in the log.
PROBE = 64 * 1024
FULL, READ_ONLY = "disque plein", "lecture seule"
# By the name of the error: of the system, of SQLite (https://www.sqlite.org/rescode.html), and the SQLSTATE of
# PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html).
REASONS = {
    **dict.fromkeys(["ENOSPC", "EDQUOT", "SQLITE_FULL", "53100"], FULL),
    **dict.fromkeys(["EROFS", "SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "25006"], READ_ONLY),
}
# Somebody else writes: that ends by itself.
BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03"}


def _name(fault: BaseException) -> str:
    if isinstance(fault, OSError):
        return errno.errorcode.get(fault.errno, "")
    cause = fault.__cause__
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""


def reason_of(fault: BaseException) -> str:
    """Why, in French, where the fault is that nothing can be written until somebody sees to it; else nothing."""
    return REASONS.get(_name(fault), "")


def _database() -> str:
    """Why the database takes no row; nothing where it takes one, or is busy with those of somebody else."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    try:
        with connection.waiting(0) if connection.vendor == "sqlite" else nullcontext(), connection.cursor() as cursor:
            # A row that nobody reads, and committed: what is rolled back never meets a full disk.
            cursor.execute(
                f"INSERT INTO {table} (cache_key, value, expires) VALUES ('sante', '', %s)"  # noqa: S608 -- a name of the settings
                " ON CONFLICT (cache_key) DO UPDATE SET expires = excluded.expires",
                [now],
            )
    except (DatabaseError, InterfaceError) as fault:
        return "" if _name(fault) in BUSY else f"écriture impossible dans la base : {reason_of(fault) or 'refusée'}"
    return ""


def _folder() -> str:
    try:
        with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
            file.write(bytes(PROBE))
    except OSError as fault:
        return f"écriture impossible dans VAR_DIR : {reason_of(fault) or 'refusée'}"
    return ""


class Probe:
    """Asked as often as one likes, it writes once in PAUSE seconds; whoever asks in between hears the last answer."""

    def __init__(self):
        self._turn, self._until, self._said = threading.Lock(), 0.0, ""

    def __call__(self) -> str:
        """Why nothing can be written, in French; nothing where it can."""
        if time.monotonic() >= self._until and self._turn.acquire(blocking=False):
            try:
                self._said = _database() or _folder()
                self._until = time.monotonic() + PAUSE
            finally:
                self._turn.release()
        return self._said
