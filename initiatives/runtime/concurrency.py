"""How many expensive things (PDF, pictures, workbooks, passwords) one process does at a time: others are served."""

from collections import Counter
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class Busy(Exception):
    """The refusal of a turn: there are too many already, and the visitor is asked to come back."""


class Limit:
    """`with limit.turn(): …` for at most `running` at a time; `waiting` more wait `patience` seconds for theirs.

    Whoever comes beyond, or waits in vain, gets `Busy` and holds no thread. `of` says whose turn it is: of one, there
    are `of_one` at most. `@limit.turn()` makes a whole function take turns.
    """

    def __init__(self, *, running: int, waiting: int, patience: float, of_one: int | None = None):
        self._places, self._turns = BoundedSemaphore(running + waiting), BoundedSemaphore(running)
        self._patience, self._of_one = patience, of_one or running + waiting
        self._whose, self._lock = Counter(), Lock()

    @contextmanager
    def turn(self, *, of: str = ""):
        with self._place(of):
            if not self._turns.acquire(timeout=self._patience):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()

    @contextmanager
    def _place(self, of: str):
        with self._lock:
            if (of and self._whose[of] >= self._of_one) or not self._places.acquire(blocking=False):
                raise Busy
            self._whose[of] += 1
        try:
            yield
        finally:
            with self._lock:
                self._whose[of] -= 1
                if not self._whose[of]:
                    del self._whose[of]
            self._places.release()


# Of the eight threads of a worker. One runs at a time: two would leave a list a third of a processor.
public = Limit(running=1, waiting=3, patience=5, of_one=2)
desk = Limit(running=1, waiting=1, patience=5)
passwords = Limit(running=1, waiting=3, patience=5, of_one=3)
