"""The database locked, moved, damaged or stopped under a running server: a 503 page, and recovery by itself."""

import os
import re
import shutil
import signal
import sqlite3
import threading
import time
from functools import partial
from html import unescape
from http.client import HTTPException
from urllib.parse import urlencode

import pytest

from tests.support.servers import Server, eventually, free_port, manage

pytestmark = pytest.mark.server

PAGES = ["/", "/initiatives/", "/initiatives/?q=carte", "/export/initiatives.csv"]


def copied(installation, var):
    """A copy of the installation, to damage it."""
    shutil.copytree(installation.var, var, ignore=shutil.ignore_patterns("log-*", "static"))
    (var / "static").symlink_to(installation.var / "static")
    return var


@pytest.fixture
def var(installation, tmp_path):
    return copied(installation, tmp_path / "var")


@pytest.fixture
def database(var):
    return var / "catalogue.sqlite3"


@pytest.fixture(scope="module")
def mended(installation, tmp_path_factory):
    """A server whose database each test damages and puts back, and the path of that."""
    var = copied(installation, tmp_path_factory.mktemp("mended") / "var")
    with Server(var=var) as server:
        yield server, var / "catalogue.sqlite3"


def assert_serves(server):
    for address in PAGES:
        answer = server.get(address)
        assert answer.status == 200, (address, server.log)
    health = server.get("/sante")
    assert health.status == 200
    assert '"statut": "ok"' in health.text


def assert_says_so(server):
    for address in PAGES:
        answer = server.get(address)
        assert answer.status == 503, (address, answer.text[:300], server.log)
        assert "<h1>" in answer.text
        assert "momentanément" in answer.text
        assert answer.headers["Retry-After"] == "30"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Set-Cookie"] is None
    health = server.get("/sante")
    assert health.status == 503
    assert '"statut": "indisponible"' in health.text
    assert "Traceback" not in server.log


def test_writer_that_holds_the_lock_keeps_no_visitor_waiting(installation, var, database):
    password = re.search(r"password: (\S+)", installation.first.stdout).group(1)
    other = sqlite3.connect(database)
    with Server(var=var, DATABASE_URL=f"sqlite:///{database}?write_timeout=1") as server:
        assert_serves(server)
        other.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        assert_serves(server)
        assert time.monotonic() - start < 5
        # Who writes waits for a while, then learns it.
        cookie = server.get("/admin/login/").headers["Set-Cookie"].partition(";")[0]
        form = {"csrfmiddlewaretoken": cookie.partition("=")[2], "login": "admin", "password": password}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        log_in = partial(server.get, "/admin/login/", "POST", headers, urlencode(form))
        assert log_in().status == 503
        other.rollback()
        other.close()
        assert log_in().status == 302


def test_form_that_waits_for_an_import_in_vain_gives_back_what_was_typed(installation, var, database):
    password = re.search(r"password: (\S+)", installation.first.stdout).group(1)
    form = "application/x-www-form-urlencoded"
    with Server(var=var, DATABASE_URL=f"sqlite:///{database}?write_timeout=1") as server:
        token = server.get("/admin/login/").headers["Set-Cookie"].partition(";")[0]
        keys = {"csrfmiddlewaretoken": token.partition("=")[2]}
        said = urlencode(keys | {"login": "admin", "password": password})
        entered = server.get("/admin/login/", "POST", {"Cookie": token, "Content-Type": form}, said)
        cookies = [token, *(given.partition(";")[0] for given in entered.headers.get_all("Set-Cookie"))]
        keys["csrfmiddlewaretoken"] = dict(one.split("=", 1) for one in cookies)["csrftoken"]
        headers = {"Cookie": "; ".join(cookies), "Content-Type": form}
        typed = keys | {"terms": "vélo, « bicyclette »\r\n<b>", "_save": "Enregistrer"}
        other = sqlite3.connect(database)
        other.execute("BEGIN EXCLUSIVE")
        where = "/admin/initiatives/synonym/add/"
        refused = server.get(where, "POST", headers, urlencode(typed))
        other.rollback()
        other.close()
        assert refused.status == 503
        given = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', refused.text))
        assert {name: unescape(value) for name, value in given.items()} == typed
        assert "Envoyer à nouveau" in refused.text
        again = server.get(where, "POST", headers, urlencode(typed | {"terms": "vélo, bicyclette"}))
        assert again.status == 302


def test_reader_that_is_locked_out_learns_it_in_seconds(var, database):
    other = sqlite3.connect(database)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with Server(var=var, DATABASE_URL=f"sqlite:///{database}?timeout=1") as server:
        start = time.monotonic()
        assert server.get("/initiatives/").status == 503
        assert time.monotonic() - start < 4
        assert_says_so(server)
        other.rollback()
        other.close()
        assert_serves(server)


def test_file_that_is_moved_away_is_missed_not_made_again(mended):
    server, database = mended
    assert_serves(server)
    elsewhere = database.rename(database.with_name("elsewhere.sqlite3"))
    assert_says_so(server)
    assert not database.exists()
    elsewhere.rename(database)
    assert_serves(server)


def test_file_that_is_restored_is_the_one_that_is_read(mended):
    server, database = mended
    with sqlite3.connect(database) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup = shutil.copy(database, database.with_name("backup"))
    with sqlite3.connect(backup) as other:
        other.execute("UPDATE initiatives_contentversion SET number = 4321")
    other.close()
    assert "4321" not in server.get("/sante").text
    database.with_name("backup").replace(database)
    assert '"version": 4321' in server.get("/sante").text


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\xff" * 8192, b"no database at all " * 500])
def test_damaged_file_is_a_fault_too(mended, content):
    server, database = mended
    assert_serves(server)
    good = database.rename(database.with_name("good"))
    for left in database.parent.glob("catalogue.sqlite3-*"):
        left.unlink()
    database.write_bytes(content)
    assert_says_so(server)
    good.replace(database)
    assert_serves(server)


def workers_of(server) -> list[int]:
    """The processes that serve, once there are two."""
    eventually(lambda: server.log.count("Booting worker") >= 2)
    return [int(line.rsplit(" ", 1)[1]) for line in server.log.splitlines() if "Booting worker" in line]


def test_lost_worker_is_replaced(installation):
    with Server(var=installation.var) as server:
        workers = workers_of(server)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        assert eventually(lambda: server.log.count("Booting worker") == 3)
        assert_serves(server)


class Visitor(threading.Thread):
    """Asks for the list again and again; notes when it asked, and what came."""

    def __init__(self, server, end: float):
        super().__init__()
        self.server, self.end, self.seen, self.errors = server, end, [], 0

    def run(self):
        while (asked := time.monotonic()) < self.end:
            try:
                answer = self.server.get("/initiatives/")
            except (OSError, HTTPException):
                self.errors += 1
                continue
            self.errors += answer.status != 200
            self.seen.append((asked, "Titre tout nouveau" in answer.text))
            time.sleep(0.1)


@pytest.mark.parametrize("cache", ["locmem://", "file"])
def test_worker_killed_under_load_costs_nobody_more_than_an_error_and_nothing_is_stale(var, database, tmp_path, cache):
    with Server(var=var, CACHE_URL=cache if "//" in cache else f"file://{tmp_path}/cache") as server:
        workers = workers_of(server)
        visitors = [Visitor(server, time.monotonic() + 3) for _ in range(8)]
        for visitor in visitors:
            visitor.start()
        assert eventually(lambda: all(visitor.seen for visitor in visitors))
        os.kill(workers[0], signal.SIGKILL)
        time.sleep(0.3)
        with sqlite3.connect(database, timeout=10) as other:
            other.execute(
                "UPDATE initiatives_initiative SET title = 'Titre tout nouveau' WHERE id ="
                " (SELECT id FROM initiatives_initiative WHERE status = 'published'"
                " ORDER BY published_at DESC, started DESC, sort_key, id LIMIT 1)"
            )
            other.execute("UPDATE initiatives_contentversion SET number = number + 1")
        other.close()
        changed = time.monotonic()
        for visitor in visitors:
            visitor.join()
        assert server.log.count("Booting worker") == 3
    assert max(visitor.errors for visitor in visitors) <= 1
    seen = [one for visitor in visitors for one in visitor.seen]
    assert [is_new for asked, is_new in seen if asked > changed].count(False) == 0
    assert {is_new for _, is_new in seen} == {False, True}


def test_cache_server_that_is_away_slows_nobody_down_and_is_in_the_log(installation):
    with Server(var=installation.var, CACHE_URL=f"redis://127.0.0.1:{free_port()}/0") as server:
        start = time.monotonic()
        for _ in range(5):
            assert_serves(server)
        assert time.monotonic() - start < 10
        assert "cache unavailable: ConnectionError" in server.log
        assert server.log.count("cache unavailable") <= 4  # a line in ten seconds from each worker
        assert "Traceback" not in server.log


def test_postgresql_that_stops_and_starts(installation, cluster, empty_postgresql, tmp_path):
    (tmp_path / "static").symlink_to(installation.var / "static")
    with Server(var=tmp_path, DATABASE_URL=empty_postgresql()) as server:
        assert_serves(server)
        assert "postgresql" in server.get("/sante").text
        cluster.stop()
        try:
            assert_says_so(server)
        finally:
            cluster.start()
        assert_serves(server)


def test_serving_gives_up_a_statement_that_a_command_may_take(cluster, tmp_path):
    ask = (
        "from django.db import connection; cursor = connection.cursor();"
        " cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])"
    )
    told = {"VAR_DIR": tmp_path, "DATABASE_URL": cluster.url}
    assert manage("shell", "-v0", "-c", ask, **told).stdout.strip() == "0"
    assert manage("shell", "-v0", "-c", f"import initiatives.wsgi; {ask}", **told).stdout.strip() == "30s"
