"""Turns of the requests to one host."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One request at a time to a host, and a pause between two of them, whoever asks and through whatever redirect."""

    def __init__(self, pause: float):
        self.pause = pause
        self._guard, self._locks, self._last = threading.Lock(), {}, {}

    @contextmanager
    def of(self, host: str) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(host, threading.Lock())
        with lock:
            time.sleep(max(0.0, self._last.get(host, -self.pause) + self.pause - time.monotonic()))
            try:
                yield
            finally:
                self._last[host] = time.monotonic()
