import gc
from contextlib import contextmanager
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.template import RequestContext, Template

from initiatives.backup import tables
from initiatives.management.commands import load_vocabulary

# They have fixtures; what they and the other helpers assert is explained as in a test.
pytest.register_assert_rewrite("tests.support")
pytest_plugins = [f"tests.support.{name}" for name in ("browsers", "empty_databases", "imports", "servers", "staff")]
_numbers = count()
_render = Template._render


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages(django_test_environment):
    """The test client keeps the context of a page, and not of each widget and included template, which costs time."""
    noted = Template._render

    def render(self, context):
        is_page = context.template is self and isinstance(context, RequestContext)
        return (noted if is_page else _render)(self, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the tests has the vocabulary, and has it again after a test that empties it."""
    with django_db_blocker.unblock():
        call_command("load_vocabulary", verbosity=0)
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path_factory):
    """Files that a test makes are its own."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media" / str(next(_numbers))


@pytest.fixture
def no_vocabulary(db):
    """The database as the migrations make it."""
    for model in reversed(load_vocabulary.MODELS):
        tables.empty(model.history.model)
        tables.empty(model)


@pytest.fixture(scope="session")
def kept_rows(django_db_setup, django_db_blocker):
    """with kept_rows(): … for a fixture of several tests: what it and they write is gone when it ends."""

    @contextmanager
    def keep():
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return keep


def pytest_addoption(parser):
    parser.addoption("--thorough", action="store_true", help="throw all that is hostile at every address")


def pytest_configure(config):
    config.addinivalue_line("markers", "both_databases: what SQL does is looked at, so that PostgreSQL runs it, too")
    config.addinivalue_line("markers", "no_database: neither a database nor files play a part in it")
    config.addinivalue_line("markers", "server: starts the server of `make run`, with a database of its own")


def pytest_collection_finish():
    """All that is imported stays, and what a request leaves is little: the collector of garbage seldom need look."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Every other test has the database, with the rows that it has from the start: those of a browser empty it."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
        if not any(map(item.get_closest_marker, ["no_database", "server"])):
            asked = getattr(item.get_closest_marker("django_db"), "kwargs", {})
            item.add_marker(pytest.mark.django_db(**asked | {"serialized_rollback": True}), append=False)
