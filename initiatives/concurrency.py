"""How many expensive answers (PDF, pictures, workbooks) one process makes at a time, so that others are served."""

from contextlib import contextmanager
from threading import BoundedSemaphore


class Busy(Exception):
    """The refusal of a turn: there are too many already, and the visitor is asked to come back."""


class Limit:
    """`with limit.turn(): …` for at most `running` at a time; `waiting` more wait `patience` seconds for theirs.

    Whoever comes beyond, or waits in vain, gets `Busy` and holds no thread. `@limit.turn()` makes a whole function take
    turns.
    """

    def __init__(self, *, running: int, waiting: int, patience: float):
        self._places, self._turns = BoundedSemaphore(running + waiting), BoundedSemaphore(running)
        self.patience = patience

    @contextmanager
    def turn(self):
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turns.acquire(timeout=self.patience):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


# One at a time: two would leave a list a third of a processor. Three of the eight threads of a worker at most.
expensive = Limit(running=1, waiting=2, patience=5)
