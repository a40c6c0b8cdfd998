"""A catalogue that can be read and not written to: /sante says no and why, and staff read what to do."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

import psycopg
import pytest

from tests.support.servers import Server as OfTwoWorkers
from tests.support.servers import eventually

pytestmark = pytest.mark.server

# What one worker knows, for a time: another one would answer for it.
Server = partial(OfTwoWorkers, GUNICORN_CMD_ARGS="--workers 1")


@pytest.fixture
def disk(tmp_path):
    """A small one of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("mounting a disk takes the rights of root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.fixture
def var(installation, empty_sqlite, tmp_path):
    """Static files, and a database with its tables."""
    place = tmp_path / "var"
    place.mkdir()
    (place / "static").symlink_to(installation.var / "static")
    shutil.copy(empty_sqlite, place / "base.sqlite3")
    return place


def moved(var, folder) -> str:
    """The address of the database, in another folder."""
    return f"sqlite:///{shutil.move(var / 'base.sqlite3', folder)}"


@contextmanager
def filled(place):
    """No byte more can be written there."""
    path = place / "filling"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 1):
            try:
                while os.write(descriptor, bytes(size)):
                    pass
            except OSError:
                continue
        yield
    finally:
        os.close(descriptor)
        path.unlink()


def health(server) -> tuple[int, dict]:
    answer = server.get("/sante")
    return answer.status, json.loads(answer.text)


def logging_in(server):
    """What somebody gets who logs in, which writes."""
    cookie = server.get("/admin/login/").headers["Set-Cookie"].partition(";")[0]
    form = {"csrfmiddlewaretoken": cookie.partition("=")[2], "login": "admin", "password": "une tisane"}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    return server.get("/admin/login/", "POST", headers, urlencode(form))


def assert_says_that_nothing_is_written(server, reason: str):
    assert eventually(lambda: health(server)[0] == 503)
    said = {"statut": "indisponible", "raison": f"écriture impossible dans {reason}"}
    assert health(server)[1].items() >= said.items()
    assert server.get("/initiatives/").status == 200


def assert_promises_nothing(page, reason: str):
    assert page.status == 503
    assert f"La cause&nbsp;: {reason}" in page.text
    assert "prévenez la personne qui s’occupe du serveur" in page.text
    assert "d’elles-mêmes" not in page.text
    assert page.headers["Retry-After"] is None


def test_full_disk_below_the_database(var, disk):
    with Server(var=var, DATABASE_URL=moved(var, disk)) as server:
        assert health(server)[0] == 200
        with filled(disk):
            assert_says_that_nothing_is_written(server, "la base : disque plein")
            assert_promises_nothing(logging_in(server), "disque plein")
        assert eventually(lambda: health(server)[0] == 200)
        assert logging_in(server).status == 200


def test_full_disk_below_the_files(var, disk):
    url = f"sqlite:///{var}/base.sqlite3"
    (disk / "static").symlink_to(var / "static")
    with Server(var=disk, DATABASE_URL=url) as server:
        assert health(server)[0] == 200
        with filled(disk):
            assert_says_that_nothing_is_written(server, "VAR_DIR : disque plein")
        assert eventually(lambda: health(server)[0] == 200)


def test_disk_that_is_only_read(var, disk):
    url = moved(var, disk)
    kept = sqlite3.connect(disk / "base.sqlite3")  # whose files beside it stay
    kept.execute("SELECT 1 FROM django_migrations").fetchone()
    place = var / "same"
    place.mkdir()
    for options in (["--bind", disk], ["-o", "remount,bind,ro"]):
        subprocess.run(["mount", *options, place], check=True)
    try:
        with Server(var=var, DATABASE_URL=url.replace(str(disk), str(place))) as server:
            assert_says_that_nothing_is_written(server, "la base : lecture seule")
            assert_promises_nothing(logging_in(server), "lecture seule")
    finally:
        subprocess.run(["umount", "-l", place], check=True)
    kept.close()


def test_postgresql_that_is_only_read(var, cluster, empty_postgresql):
    with Server(var=var, DATABASE_URL=empty_postgresql()) as server:
        assert health(server)[0] == 200
        with psycopg.connect(f"host={cluster.directory} user=postgres dbname=postgres", autocommit=True) as other:
            other.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            other.execute("SELECT pg_reload_conf()")
            try:
                assert_says_that_nothing_is_written(server, "la base : lecture seule")
                assert_promises_nothing(logging_in(server), "lecture seule")
            finally:
                other.execute("ALTER SYSTEM RESET default_transaction_read_only")
                other.execute("SELECT pg_reload_conf()")
        assert eventually(lambda: health(server)[0] == 200)


def test_database_that_somebody_writes_to_is_busy_and_not_broken(var):
    """An import of 16,000 rows holds it for some twenty seconds."""
    url = f"sqlite:///{var}/base.sqlite3"
    other = sqlite3.connect(var / "base.sqlite3")
    with Server(var=var, DATABASE_URL=url) as server:
        other.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + 7
        while time.monotonic() < end:
            asked = time.monotonic()
            assert health(server)[0] == 200
            assert time.monotonic() - asked < 1
            time.sleep(0.2)
    other.close()
