"""`manage.py backup` and `restore` as an administrator runs them: from each database to each, and cut short."""

import json
import shutil
import signal
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from initiatives.publication import storage
from tests.support.archives import forged, manifest, parts_of, replace, rows_of
from tests.support.servers import assert_one_sentence, free_port, libraries, manage, run, start

pytestmark = pytest.mark.server
DOCUMENTS = "initiatives.document"
# ETags are made of it too.
SECRET = "le secret de ces essais, qui est assez long pour en être un"


@dataclass(frozen=True)
class Place:
    """An installation: its folder and, on PostgreSQL, its database."""

    var: Path
    url: str = ""

    @property
    def variables(self) -> dict:
        return {"VAR_DIR": self.var, "SECRET_KEY": SECRET} | ({"DATABASE_URL": self.url} if self.url else {})

    def manage(self, *arguments: str) -> str:
        done = manage(*arguments, **self.variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def busy(self, what: str) -> str:
        variables = self.variables | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        done = libraries().run("-m", "tests.support.busy", what, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def one(self, question: str) -> int:
        with sqlite3.connect(self.var / "catalogue.sqlite3") as database:
            return database.execute(question).fetchone()[0]

    def backup(self) -> Path:
        path = self.var / "catalogue.zip"
        self.manage("backup", str(path), "-v0")
        return path

    def restored(self, archive: Path) -> "Place":
        self.manage("restore", str(archive), "-v0")
        return self


@pytest.fixture
def on_sqlite(empty_sqlite, tmp_path) -> Place:
    """An empty one."""
    place = Place(tmp_path / "sqlite")
    place.var.mkdir()
    shutil.copy(empty_sqlite, place.var)
    return place


@pytest.fixture(scope="module")
def busy(installation, tmp_path_factory) -> Place:
    """The real catalogue, in which everything has happened."""
    var = tmp_path_factory.mktemp("busy") / "var"
    shutil.copytree(installation.var, var, ignore=shutil.ignore_patterns("log*", "static"))
    place = Place(var)
    place.busy("make")
    return place


@pytest.fixture(scope="module")
def archive(busy) -> Path:
    return busy.backup()


@pytest.fixture(scope="module")
def pages(busy, archive) -> dict:
    """What it answers; asked after the backup, since a log-in is written down."""
    return json.loads(busy.busy("show"))


def contents(archive: Path) -> dict[str, list]:
    """All rows, and the digests of the documents. PostgreSQL has an order of its own within a JSON."""
    told, parts = manifest(archive), parts_of(archive)
    rows = {label: rows_of(parts, label) for label in told["tables"]}
    return rows | {name: part for name, part in told["parts"].items() if name.startswith("documents/")}


def assert_same(place: Place, archive: Path):
    again = place.backup()
    assert contents(again) == contents(archive)
    kept = ("tables", "migrations", "content_version", "prepared", "version")
    assert {name: manifest(again)[name] for name in kept} == {name: manifest(archive)[name] for name in kept}


def assert_shows(place: Place, pages: dict):
    shown = json.loads(place.busy("show"))
    assert len(shown) > 100
    assert {address: answer for address, answer in shown.items() if answer != pages.get(address)} == {}
    assert shown.keys() == pages.keys()


@pytest.fixture(scope="module")
def on_postgresql(archive, empty_postgresql, tmp_path_factory) -> Place:
    return Place(tmp_path_factory.mktemp("postgresql"), empty_postgresql()).restored(archive)


@pytest.fixture(scope="module")
def from_postgresql(on_postgresql) -> Path:
    return on_postgresql.backup()


class TestFromEachToEach:
    def test_everything_has_happened(self, archive):
        empty = [label for label, table in manifest(archive)["tables"].items() if not table["rows"]]
        assert empty == []

    def test_sqlite_to_postgresql_to_postgresql(self, archive, empty_postgresql, tmp_path, from_postgresql, pages):
        place = Place(tmp_path, empty_postgresql()).restored(from_postgresql)
        assert_same(place, archive)
        assert_shows(place, pages)

    def test_sqlite_to_postgresql_and_back(self, archive, on_sqlite, from_postgresql, pages):
        place = on_sqlite.restored(from_postgresql)
        assert_same(place, archive)
        assert_shows(place, pages)

    def test_killed_in_the_middle_nothing_is_restored_and_then_everything(self, archive, empty_sqlite, on_sqlite):
        place, found, everything = on_sqlite, None, (4, 26)
        while found in (None, everything):
            shutil.copy(empty_sqlite, place.var)
            with start("restore", str(archive), **place.variables) as process:
                process.stdout.readline()
                process.kill()
            found = place.one("SELECT count(*) FROM auth_user"), place.one("SELECT count(*) FROM towns_region")
            assert found in ((0, 0), everything)
        assert_same(place.restored(archive), archive)
        # What was done to these rows is not done again: an entry that staff removed stays away.
        done = json.loads((place.var / "prepared.json").read_text())
        assert {"load_territories", "load_initiatives", "account"} <= done.keys()
        assert not {"migrate", "collectstatic"} & done.keys()


class TestWhatGoesWrong:
    def test_second_restoration_is_refused(self, on_postgresql, archive):
        assert_one_sentence(manage("restore", str(archive), **on_postgresql.variables), "The database is not empty")

    @pytest.mark.parametrize(("signal", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
    def test_backup_that_is_stopped_is_none(self, busy, tmp_path, signal, status):
        path = tmp_path / "catalogue.zip"
        with start("backup", str(path), **busy.variables) as process:
            process.stdout.readline()
            process.send_signal(signal)
            _, complaint = process.communicate()
        assert process.returncode == status
        assert "Traceback" not in complaint
        assert not path.exists()
        # Nobody but its owner may read what is left by a process that could not tidy up.
        assert [left.stat().st_mode & 0o077 for left in tmp_path.iterdir()] == [0] * (status == -9)

    def test_backup_on_a_full_disk(self, busy, tmp_path):
        done = on_a_full_disk("backup", tmp_path / "catalogue.zip", busy)
        assert_one_sentence(done, "No backup was made.")
        assert list(tmp_path.iterdir()) == []

    def test_restoration_on_a_full_disk(self, archive, on_sqlite):
        place = on_sqlite
        assert_one_sentence(on_a_full_disk("restore", archive, place), "Nothing was restored.")
        assert place.one("SELECT count(*) FROM auth_user") == 0
        assert not list(place.var.rglob("*.pdf"))

    def test_database_that_does_not_answer(self, archive, tmp_path):
        told = {"VAR_DIR": tmp_path, "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nowhere"}
        assert_one_sentence(manage("restore", str(archive), **told), "Nothing was restored. The database says: ")

    def test_document_whose_row_leads_elsewhere(self, archive, tmp_path, no_vocabulary):
        """The public would be given whatever it names."""
        with forged(archive, tmp_path) as (path, parts, told):
            rows, at = rows_of(parts, DOCUMENTS), told["tables"][DOCUMENTS]["columns"].index("files")
            rows[0][at][0]["stored"] = "../../secret_key"
            replace(parts, told, DOCUMENTS, rows)
        with pytest.raises(CommandError, match=r"tells of ../../secret_key, which is no file of ours"):
            call_command("restore", str(path), verbosity=0)

    def test_document_that_the_disk_has_lost_is_left_out_and_made_again(
        self, on_postgresql, archive, tmp_path, no_vocabulary
    ):
        (lost,) = (on_postgresql.var / "media" / "publications").glob("1-*-publication.pdf")
        whole, path = lost.read_bytes(), tmp_path / "catalogue.zip"
        lost.write_bytes(whole[:-1])
        said = on_postgresql.manage("backup", str(path))
        lost.write_bytes(whole)
        assert f"{lost.name} is lost or damaged: left out" in said
        call_command("restore", str(path), verbosity=0)
        made = Path(default_storage.path(storage.FOLDER)) / lost.name
        assert not made.exists()
        call_command("build_documents", verbosity=0)
        assert made.read_bytes() == whole


def on_a_full_disk(command: str, archive: Path, place: Place):
    """No file may become larger than 400 blocks of 512 bytes."""
    words = [sys.executable, "manage.py", command, str(archive), "-v0"]
    return run("sh", "-c", 'ulimit -f 400; exec "$@"', "sh", *words, **place.variables)
