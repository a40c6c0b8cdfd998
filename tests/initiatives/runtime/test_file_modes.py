"""What another account of the machine may read of an installation: nothing, from the first run on or from the next."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from initiatives.runtime import file_modes
from tests.support.servers import Server, manage, manage_each

SAID = "closed to the other accounts of this machine: "


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat(follow_symlinks=False).st_mode)


def found(var: Path) -> dict[str, int]:
    """The files and folders of an installation that are not for their owner alone, links aside."""
    paths = [path for path in (var, *var.rglob("*")) if not path.is_symlink()]
    return {str(path): mode(path) for path in paths if mode(path) != (0o700 if path.is_dir() else 0o600)}


@pytest.fixture
def opened(installation, tmp_path) -> Path:
    """An installation as former releases left it, and something that is linked from it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    var = installation.copy(tmp_path / "var")
    (var / "imports").mkdir(exist_ok=True)
    (var / "link").symlink_to(outside)
    (var / "media" / "link").symlink_to(outside / "file")
    for path in (var, *var.rglob("*"), outside, outside / "file"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return var


@pytest.mark.server
def test_new_installation_is_closed_and_stays_so_while_it_is_served(installation, tmp_path):
    assert SAID not in installation.first.stdout
    names = {path.name for path in installation.var.rglob("*")}
    assert {"catalogue.sqlite3", "secret_key", "static", "media"} <= names
    var = installation.copy(tmp_path / "var")
    manage("prepare", VAR_DIR=var)
    with Server(var=var) as server:
        assert server.get("/initiatives/").status == 200
        assert server.get("/admin/mot-de-passe-oublie/", "POST").status == 403
        assert (var / "catalogue.sqlite3-wal").exists()
        assert found(var) == {}
    commands = [["backup", str(var / "backup.zip")], ["collectstatic", "--noinput", "--clear"], ["build_documents"]]
    assert {done.returncode for done in manage_each(commands, VAR_DIR=var)} == {0}
    assert found(var) == {}


@pytest.mark.server
def test_prepare_closes_what_is_there_and_says_so_once(opened, tmp_path):
    (line,) = manage("prepare", VAR_DIR=opened).stdout.splitlines()
    assert SAID in line
    assert int(line.rpartition(" ")[2].rstrip(".")) > 100
    assert found(opened) == {}
    assert (mode(tmp_path / "outside"), mode(tmp_path / "outside" / "file")) == (0o755, 0o644)
    assert manage("prepare", VAR_DIR=opened).stdout == ""


@pytest.mark.server
def test_server_closes_what_is_there_and_says_so_in_one_line(opened):
    with Server(var=opened) as server:
        assert server.get("/initiatives/").status == 200
        assert found(opened) == {}
        assert server.log.count(SAID) == 1


@pytest.mark.server
def test_database_outside_of_var_is_closed_and_its_folder_is_left_alone(opened, tmp_path):
    outside = tmp_path / "outside"
    shutil.move(opened / "catalogue.sqlite3", outside / "elsewhere.sqlite3")
    (outside / "elsewhere.sqlite3").chmod(0o644)
    url = f"sqlite:///{outside / 'elsewhere.sqlite3'}"
    with Server(var=opened, DATABASE_URL=url) as server:
        assert server.get("/initiatives/").status == 200
        modes = {path.name: mode(path) for path in outside.iterdir()}
    assert modes.pop("file") == 0o644
    assert modes == dict.fromkeys(modes, 0o600)
    assert {"elsewhere.sqlite3", "elsewhere.sqlite3-wal"} <= set(modes)
    assert mode(outside) == 0o755


def test_var_that_is_a_link_is_closed_where_it_leads(settings, tmp_path):
    (tmp_path / "real").mkdir(mode=0o755)
    (tmp_path / "real" / "file").touch(mode=0o644)
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.symlink_to(tmp_path / "real")
    (line,) = file_modes.close()
    assert SAID in line
    assert found(tmp_path / "real") == {}
    assert file_modes.close() == []


@pytest.mark.skipif(not Path("/proc/self/attr").is_dir(), reason="needs files whose modes nobody can change")
def test_what_cannot_be_closed_is_said_and_ends_nothing(settings):
    settings.VAR_DIR = Path("/proc/self/attr")
    (line,) = file_modes.close()
    assert line.startswith("Files and folders that stay open to the other accounts: ")
    assert f"({settings.VAR_DIR}: {os.strerror(1)})" in line
