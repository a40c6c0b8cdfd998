"""Where a declarant is still written."""

import json

from django.db import connection

SECRET = "zzsecretzz"


def tables_with(text: str) -> set[str]:
    """The tables of which some row holds this text in some column, as text, as JSON or as bytes."""
    found, spelt = set(), {text, json.dumps(text)[1:-1], repr(text.encode())[2:-1], repr(text.encode("cp1252"))[2:-1]}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            cells = [str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor for cell in row]
            if any(one in cell for cell in cells for one in spelt):
                found.add(table)
    return found
