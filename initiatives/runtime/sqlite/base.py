"""SQLite as a site needs it; the name of this module is Django's rule for a database backend.

- A file that was moved, replaced or restored is noticed at the next request (CONN_HEALTH_CHECKS): a
  connection left open would read the old file for ever.
- Serving makes no database. An empty one would hide the fault, and opening it would throw away the
  write-ahead log that the real one left beside it.
- Writers wait for their turn, readers do not: under WAL nothing but a fault makes a reader wait.
"""

import os
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    # Commands may make the database; wsgi.py, which serves it, may not.
    creates = True

    def get_connection_params(self):
        params = super().get_connection_params()
        self.write_timeout = params.pop("write_timeout")
        self.read_timeout = params["timeout"]
        if not self.creates and not self.is_in_memory_db():
            params["database"] = f"{Path(params['database']).absolute().as_uri()}?mode=rw"
        return params

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        self.opened_file = self._file()
        return connection

    def is_usable(self):
        return self._file() == self.opened_file

    def _file(self) -> tuple[int, int] | None:
        """Which file the name means now: the one held open keeps its number, so no other can have it."""
        if self.is_in_memory_db():
            return None
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _start_transaction_under_autocommit(self):
        with self.waiting(self.write_timeout):
            super()._start_transaction_under_autocommit()

    @contextmanager
    def waiting(self, seconds: int):
        """Context manager: how long the writes of the block wait for the lock."""
        self.ensure_connection()
        self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000}")
        try:
            yield
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {self.read_timeout * 1000}")
