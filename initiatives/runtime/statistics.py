"""Statistics of tables, by which a database chooses an index."""

from django.db import connection


def refresh_statistics():
    """SQLite never asks by itself; PostgreSQL a minute after a load, in which an entry's page may take ten seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
