from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection

from initiatives.models import ContentVersion


class Loading(NamedTuple):
    """What the command of the entries said, and by how much it raised the content version."""

    said: str
    raised: int


@pytest.fixture(scope="package")
def real_catalogue(kept_rows):
    """The real territories and the 158 real entries, through the real commands; gone after this folder."""
    said = StringIO()
    with kept_rows():
        call_command("load_territories", verbosity=0, stdout=StringIO())
        before = ContentVersion.current().number
        call_command("load_initiatives", stdout=said)
        # Here, once: put off, PostgreSQL would check every row again at the end of each test, and undo that it did.
        connection.check_constraints()
        yield Loading(said.getvalue(), ContentVersion.current().number - before)
