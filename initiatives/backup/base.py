"""The database as a whole: at one moment, of which migrations, whether there is anything in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from . import tables
from .errors import Refusal

# The tables in which the migrations make rows: those of an empty base are replaced.
MADE_BY_MIGRATIONS = {
    *("contenttypes.contenttype", "auth.permission", "auth.group", "auth.group_permissions"),
    "initiatives.contentversion",
}
OURS = {"initiatives", "towns"}


def unknown_migration(loader: MigrationLoader) -> str:
    """One of ours that the database has and this code has not, since older or newer code made it; or nothing."""
    found = (
        f"{app}.{name}" for app, name in loader.applied_migrations.keys() - loader.disk_migrations.keys() if app in OURS
    )
    return min(found, default="")


def migrations() -> list[str]:
    """Names of the applied migrations; a Refusal where they are not those of this code."""
    loader = MigrationLoader(connection)
    if unknown := unknown_migration(loader):
        raise Refusal(
            f"The database was made by other code, whose migration {unknown} is not in this version: use that code."
        )
    if not loader.graph.nodes.keys() <= loader.applied_migrations.keys():
        raise Refusal(
            "The database is not that of this version: run manage.py migrate first. If it already holds a catalogue,"
            " back it up before, with the version that it was used with."
        )
    return sorted(f"{app}.{name}" for app, name in loader.graph.nodes)


@contextmanager
def replacing() -> Iterator[None]:
    """The transaction that fills an empty base: whoever writes meanwhile waits, and everything holds at its end."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            quoted = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables.kept())
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {quoted} IN EXCLUSIVE MODE")
        check_empty()
        yield
        connection.check_constraints()


def check_empty():
    """Refuse a base where somebody has worked: with an account, an entry, a territory, a row of anything else."""
    found = [
        label
        for model in tables.kept()
        if (label := tables.label(model)) not in MADE_BY_MIGRATIONS and model._base_manager.exists()
    ]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise Refusal(
            f"The database is not empty: there are rows in {', '.join(sorted(found)[:3])}{more}. Nothing is"
            " overwritten: restore into a new database, made by manage.py migrate and by nothing else."
        )
