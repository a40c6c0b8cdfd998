"""Where the work is done: at once for a small file, else in a process of its own that outlives the request.

Whoever works on an import holds a lock on a file, which the system lets go of however the process
ends: a running state whose lock is free was interrupted, and what it wrote is undone with its
transaction. The same file says how far the work is, which a database in the middle of a
transaction cannot; another, beside it, asks it to stop.
"""

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from initiatives.models import ImportBatch, ImportFile

from .apply import ImportRefused, Stopped, write
from .entry_values import Outdated
from .readers.formats import weight
from .reading import read
from .undo import undo

logger = logging.getLogger("initiatives")
State = ImportBatch.State
# Bytes of a file, and rows of a table, that a person waits for without a progress bar.
SMALL_FILE, SMALL_TABLE = 1_000_000, 300
# Seconds that a process which has said its result may take to go.
LEAVING = 10
STEPS = {State.READING: read, State.WRITING: write, State.UNDOING: undo}

STOPPED = "Arrêté à votre demande : rien n’a changé dans le catalogue."
INTERRUPTED = "Le travail a été interrompu (arrêt du serveur, coupure…) : rien n’a changé dans le catalogue."
OUTDATED = (
    "Le catalogue a changé depuis l’aperçu : rien n’a été importé. L’aperçu vient d’être refait, relisez-le avant"
    " de confirmer."
)
FAILED = "Le travail n’a pas pu se faire ({fault}) : rien n’a changé dans le catalogue. Vérifiez à nouveau le fichier."


class ImportRunning(Exception):
    """Somebody works on this import already."""


class ImportJob:
    """The files of one import in `var/imports/`: its lock, which says how far, and the wish to stop."""

    def __init__(self, batch: ImportBatch):
        self.batch = batch
        self.path = settings.VAR_DIR / "imports" / f"{batch.pk}-{batch.sha256[:12]}.lock"
        self.wish = self.path.with_suffix(".stop")

    @contextmanager
    def held(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(descriptor)
            self.wish.unlink(missing_ok=True)
            self.beat(0, 0)
            yield descriptor
        finally:
            # Not LOCK_UN, which would let go for the process that has inherited it too.
            os.close(descriptor)

    def _take(self, descriptor: int):
        """The lock: at once where it is free, a moment later where its holder has nothing left to do."""
        end = time.monotonic() + LEAVING
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end or ImportBatch.objects.filter(
                    pk=self.batch.pk, state__in=ImportBatch.RUNNING
                ):
                    raise ImportRunning
            time.sleep(0.05)

    @property
    def is_alive(self) -> bool:
        try:
            with self.path.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False
        return False

    def beat(self, done: int, total: int):
        """Say how far the work is; raise Stopped where somebody asked to stop."""
        self.path.write_text(f"{done} {total}")
        if self.wish.exists():
            raise Stopped

    def stop(self):
        self.wish.touch()

    @property
    def progress(self) -> tuple[int, int]:
        try:
            done, total = map(int, self.path.read_text().split())
        except (OSError, ValueError):
            return 0, 0
        return done, total


def start(batch: ImportBatch, *, to: State, among, edition: int | None = None, **changes) -> bool:
    """Go to a running state and do its work, or hand it to a process; not done where somebody was faster."""
    run = ImportJob(batch)
    with run.held() as descriptor:
        if not batch.move(to=to, among=among, edition=edition, note="", **changes):
            return False
        if _is_small(batch):
            work(batch, run)
        else:
            _detach(batch, descriptor)
    return True


def _is_small(batch: ImportBatch) -> bool:
    if batch.state != State.READING or batch.total:
        return batch.total <= SMALL_TABLE
    sent = ImportFile.objects.filter(batch=batch).first()
    return sent is None or weight(bytes(sent.content)) <= SMALL_FILE


def _detach(batch: ImportBatch, descriptor: int):
    command = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), "run_import", str(batch.pk)]
    # The lock goes with the descriptor: at no moment does nobody hold it.
    process = subprocess.Popen(  # noqa: S603 -- nothing of it was typed by anybody
        [*command, "--lock", str(descriptor)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,
    )
    # Somebody must wait for it, or it stays in the table of processes.
    threading.Thread(target=process.wait, daemon=True).start()


def work(batch: ImportBatch, run: ImportJob):
    """One step, to its end. Whatever goes wrong, the import says so and the catalogue is as it was."""
    step = State(batch.state)
    back = ImportBatch.RUNNING[step]
    try:
        STEPS[step](batch, run.beat)
    except Stopped:
        batch.move(to=back, among=[step], note=STOPPED)
    except ImportRefused as why:
        batch.move(to=back, among=[step], note=str(why))
    except Outdated:
        logger.info("%s: the catalogue has changed since the preview", batch)
        batch.move(to=State.READING, among=[step])
        try:
            read(batch, run.beat)
        except Stopped:
            batch.move(to=State.RECEIVED, among=[State.READING], note=STOPPED)
        else:
            batch.move(to=State.READY, among=[State.READY], note=OUTDATED)
    except Exception as fault:
        # Its text may repeat private values.
        logger.error("%s failed: %s", batch, type(fault).__name__, exc_info=settings.DEBUG)
        batch.move(to=back, among=[step], note=FAILED.format(fault=type(fault).__name__))
    batch.refresh_from_db()


def look_again(batch: ImportBatch):
    """Notice a process that ended without a word."""
    if batch.is_running and not ImportJob(batch).is_alive:
        batch.refresh_from_db()
        if batch.is_running:
            batch.move(to=ImportBatch.RUNNING[batch.state], among=[batch.state], note=INTERRUPTED)
