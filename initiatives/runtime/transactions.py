"""Reading a database as it is at one moment."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def consistent_read():
    """Whatever is read inside is one state of the database, and no writer waits for the reader.

    A file that takes a minute to download must not count one entry more than it lists.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        # A transaction also keeps the cursor at the server: outside of one it would compute, and
        # store, the last row before giving the first.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not atomic(), which takes the write lock of SQLite from its beginning.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
