"""Rows of every table as lines of JSON, whatever the database: what a backup keeps.

A new model is kept without being named here; what is left out is named.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, time
from graphlib import TopologicalSorter

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

# Who is logged in ends with the database. Besides models: the list of migrations, which the manifest
# has, and the shared cache, which counts the failures to log in of the last minutes.
LEFT_OUT = {Session}
# Read one at a time: files that were sent, logos, frozen editions. Of other tables many rows are small.
LARGE = {"initiatives.importfile", "initiatives.publication", "initiatives.edition"}
CHUNK = 500
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def kept() -> list[type[models.Model]]:
    """The models whose rows are kept, each after those that its foreign keys name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in LEFT_OUT
    ]
    sorter = TopologicalSorter({model: _named_by(model) - {model} for model in found})
    return [model for model in sorter.static_order() if model in found]


def _named_by(model) -> set[type[models.Model]]:
    return {field.related_model._meta.concrete_model for field in columns(model) if field.is_relation}


def label(model) -> str:
    return model._meta.label_lower


def columns(model) -> list[models.Field]:
    """Fields of a model that a backup keeps: all but what the database works out by itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def names(model) -> list[str]:
    return [field.attname for field in columns(model)]


def lines(model) -> Iterator[bytes]:
    """Each row as one line: its values, in the order of the columns."""
    rows = model._base_manager.order_by("pk").values_list(*names(model))
    # ASCII: half a surrogate pair, which JSON may hold, has no bytes in UTF-8.
    write = json.JSONEncoder(default=_plain, separators=(",", ":")).encode
    for row in rows.iterator(chunk_size=1 if label(model) in LARGE else CHUNK):
        yield write(row).encode() + b"\n"


def _plain(value) -> str:
    """As `Field.to_python` reads it back. Not DjangoJSONEncoder, which cuts moments to the millisecond."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in a backup yet")


def empty(model):
    """Delete all rows, and nothing else: no signal, no version."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 -- a name of ours


def fill(model, attnames: list[str], batches: Iterable[list[list]]):
    """Write the rows as they were: neither signal nor default nor `auto_now` touches them."""
    known, quote = {field.attname: field for field in columns(model)}, connection.ops.quote_name
    fields = [known[name] for name in attnames]
    into = f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    statement = f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 -- names of ours
    read = [(place, field) for place, field in enumerate(fields) if not _is_plain(field)]
    with connection.cursor() as cursor:
        for rows in batches:
            for row in rows:
                for place, field in read:
                    row[place] = field.get_db_prep_save(field.to_python(row[place]), connection)
            cursor.executemany(statement, rows)


def _is_plain(field: models.Field) -> bool:
    """Whether JSON and both databases have its values in the same way: they are nearly all, and need no reading."""
    while field.is_relation:
        field = field.target_field
    return isinstance(field, PLAIN)


def last_number(model) -> int:
    """The last key that the table gave by itself, to a row that may be gone: its history has it, nobody else may."""
    if not (counted := model._meta.auto_field):
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, counted.column])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
        else:
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        (number,) = cursor.fetchone()
    return number or 0


def count_from(model, number: int):
    """Have the table give the keys after this one, and after those that it has."""
    if not (counted := model._meta.auto_field):
        return
    table, column = model._meta.db_table, counted.column
    number = max(number, model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, %s)"
            cursor.execute(f"SELECT setval({sequence}, %s, %s)", [table, column, max(number, 1), number > 0])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
