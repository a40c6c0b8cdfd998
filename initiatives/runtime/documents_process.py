"""The process that makes documents beside the server: started again when it dies, ended with the server.

The master of gunicorn watches it, in a thread: it has no hook for a child that is not a worker.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
# Seconds before it is started again: twice as many each time, until it lives for longer than the most.
FEWEST, MOST = 1, 60


class DocumentsProcess:
    """`build_documents --wait` as a child of the server, from `start` until `stop`."""

    def __init__(self):
        self._process, self._guard, self._over = None, threading.Lock(), threading.Event()

    def start(self, log):
        """Have it run from now on; `log` is told when it ends by itself."""
        # A worker that is forked in the middle of Popen would keep its pipe open, and Popen would wait for its end.
        os.register_at_fork(
            before=self._guard.acquire, after_in_parent=self._guard.release, after_in_child=self._guard.release
        )
        threading.Thread(target=self._watch, args=[log], daemon=True).start()

    def stop(self):
        with self._guard:
            self._over.set()
            if self._process:
                self._process.terminate()

    def _watch(self, log):
        pause = FEWEST
        while not self._over.is_set():
            begun = time.monotonic()
            try:
                self._run()
            except OSError as fault:
                log.error("build_documents could not be started: %s", fault.strerror)
            if time.monotonic() - begun > MOST:
                pause = FEWEST
            if not self._over.is_set():
                log.error("build_documents ended: it is started again in %s s.", pause)
            self._over.wait(pause)
            pause = min(2 * pause, MOST)

    def _run(self):
        """To its end. Whoever reaps it first, gunicorn or this thread, leaves no zombie."""
        with self._guard:
            if self._over.is_set():
                return
            # A session of its own: it is told to stop by us, not by the Ctrl-C of the terminal.
            command = [sys.executable, str(MANAGE), "build_documents", "--wait"]
            self._process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 -- every part is ours
        self._process.wait()
