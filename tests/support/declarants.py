"""Where a declarant is still written."""

import json

from django.db import connection

SECRET = "zzsecretzz"


def columns_with(text: str) -> set[str]:
    """« table.column » of each column of which some row holds this text, as text, as JSON or as bytes."""
    found, spelt = set(), {text, json.dumps(text)[1:-1], repr(text.encode())[2:-1], repr(text.encode("cp1252"))[2:-1]}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                cells = [str(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in row]
                told = [name for name, cell in zip(names, cells, strict=True) if any(one in cell for one in spelt)]
                found |= {f"{table}.{name}" for name in told}
    return found


def tables_with(text: str) -> set[str]:
    return {column.partition(".")[0] for column in columns_with(text)}
