import gc

import pytest
from django.core.management import call_command
from django.db import connection

from initiatives.backup import tables
from initiatives.management.commands import load_vocabulary

# They have fixtures; what they and the other helpers assert is explained as in a test.
pytest.register_assert_rewrite("tests.support")
pytest_plugins = [f"tests.support.{name}" for name in ("browsers", "imports", "servers", "staff")]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the tests has the vocabulary, and has it again after a test that empties it."""
    with django_db_blocker.unblock():
        call_command("load_vocabulary", verbosity=0)
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def _database(db, django_db_serialized_rollback):
    """Every test has the database, with the rows that it has from the start: those of a browser empty it."""


@pytest.fixture
def no_vocabulary():
    """The database as the migrations make it."""
    for model in reversed(load_vocabulary.MODELS):
        tables.empty(model.history.model)
        tables.empty(model)


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
