"""What one process remembers: the most recently used, up to so many bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

# What one thing may take of the whole, so that a site map does not drive out a hundred pages.
LARGEST_SHARE = 1 / 16


class Memory:
    """A mapping bounded by the size that each thing is said to have; threads share it."""

    def __init__(self, capacity: int):
        self.capacity, self.size = capacity, 0
        self._things: OrderedDict[Hashable, tuple[int, object]] = OrderedDict()
        self._lock = Lock()

    def recall(self, key: Hashable):
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][1]

    def keep(self, key: Hashable, thing, *, size: int):
        with self._lock:
            self.size -= self._things.pop(key, (0, None))[0]
            if size > self.capacity * LARGEST_SHARE:
                return
            self._things[key] = (size, thing)
            self.size += size
            while self.size > self.capacity:
                self.size -= self._things.popitem(last=False)[1][0]
