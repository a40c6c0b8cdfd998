"""Every command of ours, with a database that cannot serve: a sentence, and no traceback."""

import pkgutil

import pytest

import initiatives.management.commands
import towns.management.commands
from tests.support.servers import free_port, manage, manage_each

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


def assert_says_so(done):
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("CommandError: "), done.stderr
    assert "Traceback" not in done.stderr
    assert "the database" in done.stderr.lower() or "archive.zip" in done.args[-1]


def ask_each(folder, commands: dict[str, list[str]], **variables) -> dict:
    """What each command answers, by its name."""
    lines = [[name, *(str(folder / one) if "." in one else one for one in given)] for name, given in commands.items()]
    return dict(zip(commands, manage_each(lines, VAR_DIR=folder, **variables), strict=True))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """Folder and answers, by the damage to the database."""
    made = {}
    for damage, content in DAMAGED.items():
        folder = tmp_path_factory.mktemp(damage)
        (folder / "catalogue.sqlite3").write_bytes(content)
        made[damage] = folder, ask_each(folder, COMMANDS)
    return made


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_database_is_said(damaged, name, damage):
    folder, answers = damaged[damage]
    assert_says_so(answers[name])
    assert (folder / "catalogue.sqlite3").read_bytes() == DAMAGED[damage]


@pytest.fixture(scope="module")
def without_tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    (folder / "catalogue.sqlite3").touch()
    return ask_each(folder, OF_TABLES)


@pytest.mark.parametrize("name", OF_TABLES)
def test_database_without_tables_is_said(without_tables, name):
    assert_says_so(without_tables[name])


def test_postgresql_without_tables_is_said(tmp_path, cluster):
    answers = ask_each(tmp_path, OF_TABLES, DATABASE_URL=cluster.url)
    assert answers.keys() == OF_TABLES.keys()
    for done in answers.values():
        assert_says_so(done)


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nowhere"
    return ask_each(tmp_path_factory.mktemp("away"), COMMANDS, DATABASE_URL=url)


@pytest.mark.parametrize("name", COMMANDS)
def test_postgresql_that_is_away_is_said(away, name):
    assert_says_so(away[name])


def test_fault_can_be_read_whole(tmp_path):
    """Whoever looks for it says so, as Django has them say it."""
    (tmp_path / "catalogue.sqlite3").touch()
    assert "Traceback" in manage("check_links", "--traceback", VAR_DIR=tmp_path).stderr
