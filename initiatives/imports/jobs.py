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

from initiatives.models import Intake, SentFile

from .apply import Outdated, Refused, Stopped, write
from .readers.formats import weight
from .reading import read
from .undo import undo

logger = logging.getLogger("initiatives")
State = Intake.State
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


class Busy(Exception):
    """Somebody works on this import already."""


class Run:
    """The files of one import in `var/imports/`: its lock, which says how far, and the wish to stop."""

    def __init__(self, intake: Intake):
        self.intake = intake
        self.path = settings.VAR_DIR / "imports" / f"{intake.pk}-{intake.sha256[:12]}.lock"
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
                if time.monotonic() > end or Intake.objects.filter(pk=self.intake.pk, state__in=Intake.RUNNING):
                    raise Busy
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


def start(intake: Intake, *, to: State, among, edition: int | None = None, **changes) -> bool:
    """Go to a running state and do its work, or hand it to a process; not done where somebody was faster."""
    run = Run(intake)
    with run.held() as descriptor:
        if not intake.move(to=to, among=among, edition=edition, note="", **changes):
            return False
        if _is_small(intake):
            work(intake, run)
        else:
            _detach(intake, descriptor)
    return True


def _is_small(intake: Intake) -> bool:
    if intake.state != State.READING or intake.total:
        return intake.total <= SMALL_TABLE
    sent = SentFile.objects.filter(intake=intake).first()
    return sent is None or weight(bytes(sent.content)) <= SMALL_FILE


def _detach(intake: Intake, descriptor: int):
    command = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), "run_import", str(intake.pk)]
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


def work(intake: Intake, run: Run):
    """One step, to its end. Whatever goes wrong, the import says so and the catalogue is as it was."""
    step = State(intake.state)
    back = Intake.RUNNING[step]
    try:
        STEPS[step](intake, run.beat)
    except Stopped:
        intake.move(to=back, among=[step], note=STOPPED)
    except Refused as why:
        intake.move(to=back, among=[step], note=str(why))
    except Outdated:
        logger.info("%s: the catalogue has changed since the preview", intake)
        intake.move(to=State.READING, among=[step])
        try:
            read(intake, run.beat)
        except Stopped:
            intake.move(to=State.RECEIVED, among=[State.READING], note=STOPPED)
        else:
            intake.move(to=State.READY, among=[State.READY], note=OUTDATED)
    except Exception as fault:
        # Its text may repeat private values.
        logger.error("%s failed: %s", intake, type(fault).__name__, exc_info=settings.DEBUG)
        intake.move(to=back, among=[step], note=FAILED.format(fault=type(fault).__name__))
    intake.refresh_from_db()


def look_again(intake: Intake):
    """Notice a process that ended without a word."""
    if intake.is_running and not Run(intake).is_alive:
        intake.refresh_from_db()
        if intake.is_running:
            intake.move(to=Intake.RUNNING[intake.state], among=[intake.state], note=INTERRUPTED)
