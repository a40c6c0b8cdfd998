"""LRU memory of one process: what was used last, up to so many bytes."""

from collections.abc import Hashable
from operator import itemgetter
from threading import Lock

from cachetools import LRUCache

# What one thing may take of the whole, so that a site map does not drive out a hundred pages.
LARGEST_SHARE = 1 / 16


class Memory:
    """An LRUCache of things with the size that each is said to have; threads share it."""

    def __init__(self, capacity: int):
        self.capacity = capacity
        self._things = LRUCache(capacity, getsizeof=itemgetter(0))
        self._lock = Lock()

    @property
    def size(self) -> int:
        return self._things.currsize

    def recall(self, key: Hashable):
        with self._lock:
            return self._things.get(key, (0, None))[1]

    def keep(self, key: Hashable, thing, *, size: int):
        with self._lock:
            self._things.pop(key, None)
            if size <= self.capacity * LARGEST_SHARE:
                self._things[key] = (size, thing)
