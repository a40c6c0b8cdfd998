"""The process that makes documents beside the server: it is there as long as the server is, whatever kills it."""

import os
import shutil
import signal
import sqlite3
import subprocess

import pytest

from tests.support.servers import Server, eventually, is_alive, manage, start

pytestmark = pytest.mark.server


@pytest.fixture
def var(installation, tmp_path):
    """A copy of the installation, whose document waits."""
    copied = installation.copy(tmp_path / "var")
    shutil.rmtree(copied / "static", ignore_errors=True)
    (copied / "static").symlink_to(installation.var / "static")
    return copied


def makers(server: Server) -> dict[int, str]:
    """The makers of this server that there are, dead ones that nobody reaped too, and the state of each."""
    command = ["ps", "-eww", "-o", "pid=,ppid=,stat=,args="]
    rows = [line.split(None, 3) for line in subprocess.run(command, capture_output=True, text=True).stdout.splitlines()]
    return {
        int(pid): state
        for pid, parent, state, program in rows
        if int(parent) == server.process.pid and ("build_documents" in program or "defunct" in program)
    }


def another(server: Server, than: int) -> int | None:
    return next((pid for pid, state in makers(server).items() if pid != than and "Z" not in state), None)


def ask_again(var):
    code = "from initiatives.models import Document; Document.objects.get().ask_again()"
    done = manage("shell", "-v0", "-c", code, VAR_DIR=var)
    assert done.returncode == 0, done.stderr


def status(var) -> str:
    with sqlite3.connect(var / "catalogue.sqlite3", timeout=10) as database:
        return database.execute("SELECT status FROM initiatives_document").fetchone()[0]


def test_maker_that_is_killed_is_started_again_and_does_its_work(var):
    with Server(var=var) as server:
        first = eventually(lambda: another(server, than=0))
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: another(server, than=first))
        assert second
        os.kill(second, signal.SIGTERM)
        third = eventually(lambda: another(server, than=second))
        assert third
        ask_again(var)
        assert eventually(lambda: status(var) == "done")
        assert makers(server).keys() == {third}
        assert server.log.count("build_documents ended: it is started again in ") == 2
        assert server.get("/").status == 200
    assert eventually(lambda: not is_alive(third), 10)


def test_maker_makes_no_database_in_the_place_of_one_that_was_moved_away(tmp_path):
    with start("build_documents", "--wait", VAR_DIR=tmp_path) as maker:
        assert maker.stderr.readline().endswith("documents wait: OperationalError\n")
        assert not (tmp_path / "catalogue.sqlite3").exists()
        maker.terminate()


def test_maker_that_dies_at_once_is_not_started_again_and_again(var):
    """A command that cannot even begin: each time the pause is longer."""
    with Server(var=var) as server:
        for _ in range(3):
            killed = eventually(lambda: another(server, than=0))
            os.kill(killed, signal.SIGKILL)
            assert eventually(lambda pid=killed: not is_alive(pid), 5)
        assert [line.split()[-2] for line in server.log.splitlines() if "started again" in line] == ["1", "2", "4"]
        ended = server.interrupt()
    assert ended in (0, -2)
    assert not makers(server)
