"""`manage.py prepare`: tables, reference data, entries and static files; nothing, when nothing changed since."""

import fcntl
import hashlib
import json
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from initiatives.accounts import encryption
from initiatives.backup.base import unknown_migration
from initiatives.runtime import file_modes
from initiatives.runtime.parsing import whole_number
from towns.models import Town

# Command, what it is called while it works, the files whose change makes it run again. The code of
# a loading is not among them: an entry that staff removed must not come back with a release.
STEPS = [
    (
        "migrate",
        "Migrating the database",
        [
            "*/migrations/*.py",
            # What they make once the migrations are done
            "initiatives/accounts/groups.py",
            "initiatives/models/triggers.py",
            "requirements.txt",
        ],
    ),
    (
        "load_territories",
        "Loading the territories",
        [
            "fixtures/regions.csv",
            "fixtures/departments.csv",
            "fixtures/intercommunalities.csv",
            "fixtures/communes.csv",
        ],
    ),
    ("load_vocabulary", "Loading the vocabulary", ["fixtures/vocabulary.toml"]),
    ("load_initiatives", "Loading the initiatives", ["fixtures/initiatives.csv"]),
    (
        "reindex",
        "Indexing the entries",
        [
            "initiatives/models/bands.py",
            "initiatives/models/derived.py",
            "initiatives/models/record_table.py",
            "initiatives/search/query.py",
            "initiatives/text/sentences.py",
            "towns/names.py",
            "requirements.txt",
        ],
    ),
    ("load_publication", "Freezing the publication", ["fixtures/publication.toml"]),
    ("build_documents", "Making its documents", ["fixtures/publication.toml"]),
    ("collectstatic", "Compressing the static files", ["static/**/*", "requirements.txt"]),
]
# What an installation has from the start where INITIAL_DATA says so.
INITIAL_DATA = {"load_vocabulary", "load_initiatives", "load_publication"}
OPTIONS = {"collectstatic": {"interactive": False}}
WAITS = "Another prepare is at work: waiting for it to end."
# What is done again in an installation whose rows come from elsewhere.
OF_THE_INSTALLATION = {"database", "migrate", "collectstatic"}


# Any number, as long as nobody else takes it: that of the lock in PostgreSQL.
LOCK = 0x1717_2020


@contextmanager
def alone(say: Callable[[str], None]) -> Iterator[None]:
    """The block, while no other process prepares this installation; one that does is waited for.

    A file is locked for whoever shares the folder, and PostgreSQL for whoever shares the database: in a transaction
    of its own that stays open, because PgBouncer may give a session that is in none to somebody else. The system and
    the database let go of both, however the process ends.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "prepare.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(WAITS)
            fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        other = connection.copy()
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
                if not cursor.fetchone()[0]:
                    say(WAITS)
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            yield
        finally:
            other.close()


def check_port(port: str):
    if whole_number(port, least=1, most=65535) is None:
        raise CommandError(f"PORT is a number from 1 to 65535, not '{port}'.")
    with socket.socket() as probe:
        # As the server does: a connection that is only just closed does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            raise CommandError(f"Port {port} is kept for the system: take one above 1023 (make run PORT=8000).")
        except OSError:
            raise CommandError(f"Port {port} is taken: stop what listens there, or take another (make run PORT=8001).")


def check_files():
    for _, _, patterns in STEPS:
        for pattern in patterns:
            if "*" not in pattern and not (settings.BASE_DIR / pattern).is_file():
                raise CommandError(f"The file {pattern} is missing: take it from the repository again.")


def check_migrations():
    if unknown := unknown_migration(MigrationLoader(connection)):
        raise CommandError(
            f"The database {settings.DATABASE['NAME']} was made by other code, whose migration {unknown} is not in this"
            " version. Nothing was changed: use that code, or begin a new database, with this one moved away or with"
            " VAR_DIR or DATABASE_URL naming another place."
        )


def digest(patterns: list[str]) -> str:
    found = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            if path.is_file():
                found.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


class Stamp:
    """Record of what was done, to which database, from which files; kept in var/."""

    def __init__(self):
        self.path = settings.VAR_DIR / "prepared.json"
        database = settings.DATABASES["default"]
        # Told from var/ on: a folder that was moved is the same installation.
        name = str(database["NAME"]).removeprefix(f"{settings.VAR_DIR}/")
        self.database = ":".join([database["HOST"], str(database["PORT"]), name])
        try:
            self.done = json.loads(self.path.read_text())
        except (OSError, ValueError):
            self.done = {}
        if not self._is_filled() or self.done.get("database") != self.database:
            # The static files do not depend on the database, but are not worth an exception.
            self.done = {"database": self.database}

    def _is_filled(self) -> bool:
        """Whether the database is the one that was prepared, not a new one under its name."""
        try:
            return Town.objects.exists()
        except OperationalError:
            if connection.vendor == "sqlite":
                return False
            raise
        except DatabaseError:
            return False

    @property
    def of_rows(self) -> dict[str, str]:
        """Digest of what was done to the rows: it goes with them in a backup."""
        return {step: value for step, value in self.done.items() if step not in OF_THE_INSTALLATION}

    def write(self, **steps: str):
        self.done |= steps
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(self.done, indent=2))
        draft.replace(self.path)


class Command(BaseCommand):
    help = "Bring the installation up to date: database, reference data, initiatives, static files, first account."
    # The checks read all code, twice, for a second; `make test` has run them.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", help="check first that this port is free")

    def handle(self, *, port, **options):
        if port is not None:
            check_port(port)
        check_files()
        try:
            with alone(self._say):
                self._prepare({"load_publication": {"port": port}} if port else {})
        except (OperationalError, InterfaceError) as fault:
            raise CommandError(f"The database does not answer: {str(fault).partition(chr(10))[0]}.")
        except OSError as fault:
            raise CommandError(f"{fault.filename or settings.VAR_DIR}: {fault.strerror}.")
        except KeyboardInterrupt:
            self.stderr.write("\nStopped. The next run takes up the work where it was.")
            sys.exit(130)
        if port is not None:
            self._say(f"Serving http://127.0.0.1:{port}/ (Ctrl-C stops it)")

    def _say(self, line: str):
        self.stdout.write(line)
        self.stdout.flush()

    def _prepare(self, options: dict[str, dict]):
        check_migrations()
        for line in file_modes.close():
            self._say(line)
        stamp = Stamp()
        for command, label, patterns in STEPS:
            current = digest(patterns)
            if stamp.done.get(command) == current or (command in INITIAL_DATA and not settings.INITIAL_DATA):
                continue
            self.stdout.write(f"{label} ...", ending="")
            self.stdout.flush()
            start = perf_counter()
            try:
                call_command(command, verbosity=0, **(OPTIONS | options).get(command, {}))
            except BaseException:
                self.stdout.write()  # the sentence that follows has a line of its own
                raise
            self.stdout.write(f" {perf_counter() - start:.1f} s")
            stamp.write(**{command: current})
        self._renew_secrets()
        if "account" not in stamp.done:
            self._create_account()
            stamp.write(account="created")

    def _renew_secrets(self):
        """Second factors under the present SECRET_KEY, so that its fallbacks may go."""
        written, unreadable = encryption.rewrite()
        if written:
            self.stdout.write(f"Second factors encrypted under the present SECRET_KEY: {written}.")
        if unreadable:
            self.stdout.write(
                f"Second factors that no key opens: {unreadable}. Add the SECRET_KEY of then to SECRET_KEY_FALLBACKS,"
                " or delete them at /admin/initiatives/secondfactor/."
            )

    def _create_account(self):
        """The first account, unless someone can already give accounts. Its password is shown this once."""
        users = get_user_model().objects
        if users.filter(is_superuser=True, is_active=True).exists():
            return
        name, number = "admin", 1
        while users.filter(username=name).exists():
            number += 1
            name = f"admin{number}"
        password = secrets.token_urlsafe(12)
        users.create_superuser(name, password=password)
        self.stdout.write(f"Staff account: {name}, password: {password} (shown this once)")
        self.stdout.write(f"Change it at /admin/compte/. Lost: manage.py changepassword {name}, or createsuperuser.")
