import io

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.browsers import browser, page, plain_page  # noqa: F401 -- fixtures
from tests.servers import installation  # noqa: F401


@pytest.fixture(autouse=True)
def _database(db, django_db_serialized_rollback):
    """Every test has the database, with the rows that the migrations make: those of a browser empty it."""


def pytest_configure(config):
    config.addinivalue_line("markers", "server: starts the server of `make run`, with a database of its own")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
