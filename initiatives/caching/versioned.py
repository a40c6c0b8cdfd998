"""Cache of one process by content version: the vocabulary, the counts."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from weakref import WeakValueDictionary

from django.conf import settings

from initiatives.models import ContentVersion
from initiatives.runtime.lru import Memory

# What one thing known takes in memory, about.
SIZE = 20_000

_guard, _locks = Lock(), WeakValueDictionary()


@cache
def _memory() -> Memory:
    return Memory(settings.COUNTS_IN_MEMORY)


class VersionedCache:
    """Values cached for one content version, which is read here, before anything else is."""

    def __init__(self):
        self.state = ContentVersion.state()

    def __call__(self, what: str, find: Callable, *, of: Mapping | None = None):
        """Value of `find()`, cached by name and by the choices `of`, on which alone it depends; not to be changed."""
        # Within a process it is found once: those who ask meanwhile wait for it.
        key = f"{self.state} {what} {json.dumps(of or {}, sort_keys=True)}"
        if not _memory().capacity:
            return find()
        with _guard:
            lock = _locks.setdefault(key, Lock())
        with lock:
            found = _memory().recall(key)
            if found is None:
                found = find()
                _memory().keep(key, found, size=SIZE + len(key))
            return found
