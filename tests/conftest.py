import io

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.browsers import browser, page, plain_page  # noqa: F401 -- fixtures
from tests.initiatives.intakes import another, importer  # noqa: F401
from tests.servers import installation  # noqa: F401


@pytest.fixture(autouse=True)
def _database(db, django_db_serialized_rollback):
    """Every test has the database, with the rows that the migrations make: those of a browser empty it."""


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Files that a test makes are its own."""
    settings.MEDIA_ROOT = tmp_path.with_name(f"{tmp_path.name}-media")


def pytest_addoption(parser):
    parser.addoption("--strings", type=int, default=150, help="bad query strings thrown at each public address")


def pytest_configure(config):
    config.addinivalue_line("markers", "server: starts the server of `make run`, with a database of its own")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(scope="module")
def real_catalogue(django_db_setup, django_db_blocker):
    """The real territories and the 158 real entries, through the real commands; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_territories", verbosity=0, stdout=io.StringIO())
        call_command("load_initiatives", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)
