"""Fictitious entries into the database: COPY on PostgreSQL, bulk inserts on SQLite."""

import sys
from collections.abc import Iterator
from itertools import islice

import django
from django.apps import apps

if not apps.ready:  # as a program
    django.setup()

from django.db import connection, transaction
from django.db.models import Max

from initiatives.models import ContentVersion, Initiative

from .fictitious import SEED, Fictions

BATCH = 5_000
TRIGRAMS = "initiative_search_text_trigrams"
# From here on, keeping the index of the search up while rows come in costs more than making it again.
MANY = 100_000


def add(count: int, *, seed: int = SEED):
    """Add so many fictitious entries, in one transaction, and raise the content version."""
    last = Initiative.objects.aggregate(last=Max("pk"))["last"] or 0
    is_postgresql = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgresql and count >= MANY:
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            # The rows point where they say, and have themes of their category: no trigger needs to look.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [TRIGRAMS])
            (trigrams,) = cursor.fetchone()
            cursor.execute(f"DROP INDEX {TRIGRAMS}")
        for batch in _batches(Fictions(last + 1, count, seed=seed).rows()):
            for model in Fictions.TABLES:
                rows = [row for entry in batch for row in entry[model]]
                _copy(cursor, model, rows) if is_postgresql else model.objects.bulk_create(model(**row) for row in rows)
        if is_postgresql:
            _follow(cursor)
            if count >= MANY:
                cursor.execute(trigrams)
        ContentVersion.bump()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgresql and not connection.in_atomic_block else "ANALYZE")


def _batches(rows: Iterator) -> Iterator[list]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _copy(cursor, model, rows: list[dict]):
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{model._meta.get_field(name.removesuffix("_id")).column}"' for name in names)
    with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def _follow(cursor):
    """The next entry that someone saves takes the number after ours."""
    table = Initiative._meta.db_table
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def main(size: int):
    """Fill up to `size` entries; the real ones count among them."""
    missing = size - Initiative.objects.count()
    if missing > 0:
        add(missing)
    print(Initiative.objects.count())


if __name__ == "__main__":
    main(int(sys.argv[1]))
