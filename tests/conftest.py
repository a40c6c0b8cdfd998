import gc

import pytest

from tests.support.browsers import browser, page, plain_page  # noqa: F401 -- fixtures
from tests.support.imports import another, importer  # noqa: F401
from tests.support.servers import installation  # noqa: F401
from tests.support.staff import editor, moderator  # noqa: F401


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
    config.addinivalue_line("markers", "once: the database plays no part in it, so that one of them is enough")
    config.addinivalue_line("markers", "server: starts the server of `make run`, with a database of its own")


def pytest_collection_finish():
    """All that is imported stays: the collector of garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
