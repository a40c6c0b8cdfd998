"""`manage.py prepare`, run for real: once it makes an installation, twice it changes nothing."""

import csv
import hashlib
import json
import re
import shutil
import signal
import socket
import sqlite3
from contextlib import closing

import psycopg
import pytest

from initiatives.management.commands.prepare import LOCK, WAITS
from tests.run import ROOT
from tests.support.servers import assert_one_sentence, free_port, manage, start

pytestmark = pytest.mark.server


def contents(database) -> str:
    """A digest of every row."""
    with closing(sqlite3.connect(database)) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def count(database, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def files(var) -> set[str]:
    return {str(path.relative_to(var)) for path in var.rglob("*") if not path.name.startswith(("log-", "catalogue"))}


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """The project somewhere else, to change its files; a path with spaces and accents."""
    kept = tmp_path_factory.mktemp("copie du dépôt") / "à essayer"
    ignored = shutil.ignore_patterns(".*", "var", "__pycache__")
    return shutil.copytree(ROOT, kept, ignore=ignored)


def test_first_run_tells_what_it_does_and_loads_everything(installation):
    said = installation.first.stdout
    assert re.findall(r"^(\w+) .* \.\.\. \d+\.\d s$", said, flags=re.MULTILINE) == [
        "Migrating",
        "Loading",
        "Loading",
        "Loading",
        "Indexing",
        "Freezing",
        "Making",
        "Compressing",
    ]
    assert count(installation.database, "towns_territory WHERE kind = ''") == 34_969
    assert count(installation.database, "initiatives_initiative") == 158
    assert count(installation.database, "initiatives_edition") == 1
    assert {path.suffix for path in (installation.var / "media" / "publications").iterdir()} == {".pdf", ".zip"}


def test_first_run_gives_one_account_with_a_password_of_its_own(installation):
    name, password = re.search(
        r"^Staff account: (\w+), password: (\S+) ", installation.first.stdout, re.MULTILINE
    ).groups()
    assert name == "admin"
    assert len(password) >= 16
    code = (
        "from django.contrib.auth import authenticate, get_user_model;"
        f"print(authenticate(username={name!r}, password={password!r}).is_superuser,"
        " get_user_model().objects.filter(is_superuser=True).count())"
    )
    assert manage("shell", "-v0", "-c", code, VAR_DIR=installation.var).stdout.split() == ["True", "1"]
    kept = [path for path in installation.var.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]
    assert installation.database in kept
    assert not [path for path in kept if password.encode() in path.read_bytes()]


def test_second_run_says_and_changes_nothing(installation):
    before = contents(installation.database), files(installation.var)
    second = manage("prepare", VAR_DIR=installation.var)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert (contents(installation.database), files(installation.var)) == before


def test_run_takes_up_only_what_is_not_done(installation):
    stamp = installation.var / "prepared.json"
    whole = stamp.read_text()
    done = json.loads(whole)
    del done["reindex"]
    stamp.write_text(json.dumps(done))
    again = manage("prepare", VAR_DIR=installation.var)
    assert [line.split(" ...")[0] for line in again.stdout.splitlines()] == ["Indexing the entries"]
    assert json.loads(stamp.read_text()) == json.loads(whole)


def test_changed_data_file_is_loaded_again_and_nothing_else_is_lost(installation, copy, tmp_path):
    var = shutil.copytree(installation.var, tmp_path / "moved", ignore=shutil.ignore_patterns("log-*", "static"))
    with sqlite3.connect(var / "catalogue.sqlite3") as connection:
        connection.execute("UPDATE initiatives_initiative SET internal_note = 'à garder'")
    fixture = copy / "fixtures" / "initiatives.csv"
    original = fixture.read_text()
    rows = list(csv.DictReader(original.splitlines()))
    rows.append(rows[0] | {"title": "Une initiative de plus"})
    with fixture.open("w") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    try:
        done = manage("prepare", cwd=copy, VAR_DIR=var)
    finally:
        fixture.write_text(original)
    assert done.returncode == 0, done.stderr
    assert [line.split(" ...")[0] for line in done.stdout.splitlines()] == ["Loading the initiatives"]
    with sqlite3.connect(var / "catalogue.sqlite3") as connection:
        ask = "SELECT internal_note, count(*) FROM initiatives_initiative GROUP BY internal_note ORDER BY 1"
        assert connection.execute(ask).fetchall() == [("", 1), ("à garder", 158)]


def test_vocabulary_that_staff_have_changed_is_not_loaded_again(installation, tmp_path):
    """Nor where nobody knows any more what was done: the folder is another."""
    staff = (
        "from initiatives.models import Category, Synonym; Synonym.objects.all().delete();"
        "Category.objects.filter(slug='economie-locale').update(short_name='Commerce')"
    )
    var = installation.copy(tmp_path / "var", people=staff)
    done = json.loads((var / "prepared.json").read_text())
    (var / "prepared.json").write_text(json.dumps({name: done[name] for name in done.keys() - {"load_vocabulary"}}))
    before = contents(var / "catalogue.sqlite3")
    assert manage("prepare", VAR_DIR=var).returncode == 0
    assert contents(var / "catalogue.sqlite3") == before
    assert json.loads((var / "prepared.json").read_text()) == done


def test_initial_data_is_left_out_where_the_setting_says_so(installation, tmp_path):
    var = shutil.copytree(installation.var, tmp_path / "var", ignore=shutil.ignore_patterns("log-*", "static"))
    stamp = var / "prepared.json"
    whole = json.loads(stamp.read_text())
    initial = {"load_vocabulary", "load_initiatives", "load_publication"}
    stamp.write_text(json.dumps({name: whole[name] for name in whole.keys() - initial}))
    before = contents(var / "catalogue.sqlite3"), stamp.read_bytes()
    done = manage("prepare", VAR_DIR=var, INITIAL_DATA="false")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (contents(var / "catalogue.sqlite3"), stamp.read_bytes()) == before
    said = manage("prepare", VAR_DIR=var, INITIAL_DATA="true").stdout
    assert [line.split(" ...")[0] for line in said.splitlines()] == [
        "Loading the vocabulary",
        "Loading the initiatives",
        "Freezing the publication",
    ]
    assert json.loads(stamp.read_text()) == whole


def test_database_of_other_code_is_said_and_left_as_it_is(installation, tmp_path):
    var = shutil.copytree(installation.var, tmp_path / "var", ignore=shutil.ignore_patterns("log-*", "static"))
    database = var / "catalogue.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '0002_database'")
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('initiatives', '0002_search_index', '2026-11-25')"
        )
    (var / "open").touch(0o644)
    before = contents(database), files(var)
    done = manage("prepare", VAR_DIR=var)
    assert_one_sentence(
        done, f"The database {database} was made by other code, whose migration initiatives.0002_search"
    )
    assert "begin a new database" in done.stderr
    assert (contents(database), files(var)) == before
    assert (var / "open").stat().st_mode & 0o777 == 0o644


def test_lost_database_is_made_again_and_an_interruption_is_no_disaster(installation, tmp_path):
    """The stamp speaks of a database; a new one under its name has nothing of it."""
    shutil.copy(installation.var / "prepared.json", tmp_path)
    making = start("prepare", VAR_DIR=tmp_path)
    assert making.stdout.read(8) == "Migratin"
    making.send_signal(signal.SIGINT)
    said, complaint = making.communicate()
    assert making.returncode == 130
    assert "Stopped" in complaint
    assert "Traceback" not in complaint
    assert "Staff account" not in said


def lines_of(process) -> list[str]:
    said, complaint = process.communicate(timeout=240)
    assert process.returncode == 0, complaint
    return said.splitlines()


def test_of_two_at_once_one_waits_and_finds_everything_done(installation, tmp_path):
    people = "from django.contrib.auth.models import User; User.objects.update(is_superuser=False)"
    var = installation.copy(tmp_path / "var", people=people)
    done = json.loads((var / "prepared.json").read_text())
    kept = done.keys() - {"migrate", "load_territories", "account"}
    (var / "prepared.json").write_text(json.dumps({name: done[name] for name in kept}))
    first = start("prepare", VAR_DIR=var)
    assert first.stdout.read(8) == "Migratin"
    second = start("prepare", VAR_DIR=var)
    assert second.stdout.readline() == f"{WAITS}\n"
    assert len([line for line in lines_of(first) if line.startswith("Staff account")]) == 1
    assert lines_of(second) == []
    assert count(var / "catalogue.sqlite3", "auth_user WHERE is_superuser") == 1


def test_one_that_waits_goes_on_where_the_other_is_killed(tmp_path):
    first = start("prepare", VAR_DIR=tmp_path)
    assert first.stdout.read(8) == "Migratin"
    second = start("prepare", VAR_DIR=tmp_path)
    assert second.stdout.readline() == f"{WAITS}\n"
    first.kill()
    first.communicate()
    assert second.stdout.read(8) == "Migratin"
    second.send_signal(signal.SIGINT)
    assert "Traceback" not in second.communicate()[1]


def test_one_of_another_machine_is_waited_for_too(tmp_path, empty_postgresql):
    """They share the database and no folder. Whoever is cut off lets go."""
    url = empty_postgresql()
    other = psycopg.connect(url.replace("postgres://", "postgresql://"))
    other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = start("prepare", VAR_DIR=tmp_path, DATABASE_URL=url)
    assert waiting.stdout.readline() == f"{WAITS}\n"
    with psycopg.connect(other.info.dsn, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s)", [other.info.backend_pid])
    assert waiting.stdout.read(8) == "Migratin"
    with psycopg.connect(other.info.dsn, autocommit=True) as server:
        assert server.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone() == (False,)
    waiting.send_signal(signal.SIGINT)
    assert "Traceback" not in waiting.communicate()[1]
    other.close()


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_that_is_taken_is_said_before_anything_is_made(tmp_path, taken):
    assert_one_sentence(manage("prepare", "--port", str(taken), VAR_DIR=tmp_path), f"Port {taken} is taken")
    assert {path.name for path in tmp_path.iterdir()} <= {"secret_key"}


@pytest.mark.parametrize("port", ["0", "65536", "abc", "", "-1", "٣", "8000 "])
def test_port_that_is_none_is_said(tmp_path, port):
    assert_one_sentence(manage("prepare", f"--port={port}", VAR_DIR=tmp_path), f"not '{port}'")


@pytest.mark.parametrize("name", ["fixtures/communes.csv", "fixtures/initiatives.csv"])
def test_data_file_that_is_missing_is_named_before_anything_is_made(copy, tmp_path, name):
    hidden = (copy / name).rename(copy / "hidden")
    try:
        assert_one_sentence(manage("prepare", cwd=copy, VAR_DIR=tmp_path), f"The file {name} is missing")
    finally:
        hidden.rename(copy / name)
    assert {path.name for path in tmp_path.iterdir()} <= {"secret_key"}


def test_database_that_does_not_answer_is_said(tmp_path):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nowhere"
    assert_one_sentence(manage("prepare", VAR_DIR=tmp_path, DATABASE_URL=url), "The database does not answer: ")


def test_var_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    done = manage("prepare", VAR_DIR=tmp_path / "file" / "var", SECRET_KEY="x" * 50)
    assert_one_sentence(done, "Not a directory")


def test_key_is_changed_in_two_runs_and_a_lost_one_is_said(installation, tmp_path):
    """Under the former key, then with it as a fallback, then without."""
    people = (
        "from django.contrib.auth.models import User; from allauth.mfa.totp.internal.auth import TOTP;"
        "TOTP.activate(User.objects.get(username='admin'), 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP')"
    )
    var = installation.copy(tmp_path / "var", people=people)
    former, present = (var / "secret_key").read_text(), "une autre clé de cinquante caractères ou davantage"
    fallback = manage("prepare", VAR_DIR=var, SECRET_KEY=present, SECRET_KEY_FALLBACKS=former)
    assert fallback.stdout == "Second factors encrypted under the present SECRET_KEY: 1.\n"
    without = manage("prepare", VAR_DIR=var, SECRET_KEY=present)
    assert (without.returncode, without.stdout) == (0, "")
    lost = manage("prepare", VAR_DIR=var, SECRET_KEY=former)
    assert lost.returncode == 0
    assert lost.stdout.startswith("Second factors that no key opens: 1.")
