"""Every command of ours, with a database that cannot serve: a sentence, and no traceback."""

import pkgutil

import pytest

import initiatives.management.commands
import towns.management.commands
from tests.support.postgresql import Cluster, binaries
from tests.support.servers import free_port, manage

pytestmark = pytest.mark.server

COMMANDS = {
    "backup": ["archive.zip"],
    "build_documents": [],
    "check_links": [],
    "load_initiatives": [],
    "load_publication": [],
    "load_territories": [],
    "load_vocabulary": [],
    "prepare": [],
    "purge_declarants": [],
    "reindex": [],
    "restore": ["archive.zip"],
    "run_import": ["1"],
    "send_outbox": [],
}
# Not prepare: it makes what an empty one lacks.
OF_TABLES = {name: arguments for name, arguments in COMMANDS.items() if name != "prepare"}
DAMAGED = {
    "garbage": b"no database at all " * 500,
    "cut": b"SQLite format 3\0" + b"\xff" * 8192,
}


def test_each_command_is_here():
    ours = (initiatives.management.commands, towns.management.commands)
    assert {module.name for package in ours for module in pkgutil.iter_modules(package.__path__)} == COMMANDS.keys()


def assert_says_so(folder, name: str, arguments: list[str], **variables):
    done = manage(name, *(str(folder / one) if "." in one else one for one in arguments), **variables)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("CommandError: "), done.stderr
    assert "Traceback" not in done.stderr
    assert "the database" in done.stderr.lower() or arguments == ["archive.zip"]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_database_is_said(tmp_path, name, damage):
    (tmp_path / "catalogue.sqlite3").write_bytes(DAMAGED[damage])
    assert_says_so(tmp_path, name, COMMANDS[name], VAR_DIR=tmp_path)
    assert (tmp_path / "catalogue.sqlite3").read_bytes() == DAMAGED[damage]


@pytest.mark.parametrize("name", OF_TABLES)
def test_database_without_tables_is_said(tmp_path, name):
    (tmp_path / "catalogue.sqlite3").touch()
    assert_says_so(tmp_path, name, OF_TABLES[name], VAR_DIR=tmp_path)


@pytest.mark.skipif(not binaries(), reason="no PostgreSQL on this machine")
def test_postgresql_without_tables_is_said(tmp_path):
    with Cluster() as cluster:
        for name, arguments in OF_TABLES.items():
            assert_says_so(tmp_path, name, arguments, VAR_DIR=tmp_path, DATABASE_URL=cluster.url)


@pytest.mark.parametrize("name", COMMANDS)
def test_postgresql_that_is_away_is_said(tmp_path, name):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nowhere"
    assert_says_so(tmp_path, name, COMMANDS[name], VAR_DIR=tmp_path, DATABASE_URL=url)


def test_fault_can_be_read_whole(tmp_path):
    """Whoever looks for it says so, as Django has them say it."""
    (tmp_path / "catalogue.sqlite3").touch()
    assert "Traceback" in manage("check_links", "--traceback", VAR_DIR=tmp_path).stderr
