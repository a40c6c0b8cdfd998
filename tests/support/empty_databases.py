"""Migrated databases, of which the first is made and the others are copied."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
import pytest

from .postgresql import Cluster, binaries
from .servers import manage


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory) -> Path:
    """A file to copy, beside which stand the files of its migration."""
    return migrated(tmp_path_factory.mktemp("empty")) / "catalogue.sqlite3"


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL whose database « postgres » has no tables; who stops or changes it puts it back."""
    if not binaries():
        pytest.skip("no PostgreSQL on this machine")
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def empty_postgresql(cluster, tmp_path_factory) -> Callable[[], str]:
    """Makes a database of its own, and returns its URL."""
    numbers = count()

    def create(name: str, template: str) -> str:
        with psycopg.connect(f"host={cluster.directory} user=postgres dbname=postgres", autocommit=True) as one:
            one.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return cluster.url.replace("/postgres?", f"/{name}?")

    migrated(tmp_path_factory.mktemp("tables"), DATABASE_URL=create("tables", "template0"))
    return lambda: create(f"empty{next(numbers)}", "tables")


def migrated(var: Path, **variables: str) -> Path:
    made = manage("migrate", "-v0", VAR_DIR=var, **variables)
    assert made.returncode == 0, made.stderr
    return var
