"""The cache that all processes share: what one of them is making, the others wait for instead of making it too.

It is a help, never a need: where it is away, full or slow, everything is made each time, and the log says so.
"""

import logging
import time
from collections.abc import Callable

from django.core.cache import caches

logger = logging.getLogger("initiatives")

DAY = 24 * 3600
# Seconds that others wait for what is being made; whoever was making it may have died.
PATIENCE = 10
GLANCE = 0.02
# Seconds without the cache after a fault of it: a server that is away must not slow down each request.
REST = 10
# What the cache answers when it does not.
AWAY = object()


class _Shared:
    """The cache, asked so that its faults are an answer."""

    def __init__(self):
        self.away_until = 0.0

    def ask(self, method: str, *arguments, **options):
        if time.monotonic() < self.away_until:
            return AWAY
        try:
            return getattr(caches["pages"], method)(*arguments, **options)
        except Exception as error:
            self.away_until = time.monotonic() + REST
            logger.warning("cache unavailable: %s; the site does without for %d s", type(error).__name__, REST)
            return AWAY


_shared = _Shared()


def kept(key: str):
    """Value of the cache under this key; None where it has none, or is away."""
    found = _shared.ask("get", key)
    return None if found is AWAY else found


def get_or_make(key: str, make: Callable, *, is_worth_keeping: Callable[..., bool] = lambda made: True):
    """Value of the cache under this key; else that of `make`, called once for all who ask meanwhile, and kept."""
    found = _shared.ask("get", key)
    if found is AWAY:
        return make()
    if found is not None:
        return found
    if not _shared.ask("add", f"{key}:taken", 1, timeout=PATIENCE):
        found = _wait_for(key)
        return make() if found is None else found
    try:
        made = make()
        if is_worth_keeping(made):
            _shared.ask("set", key, made, timeout=DAY)
        return made
    finally:
        _shared.ask("delete", f"{key}:taken")


def _wait_for(key: str):
    """Value that another request is making; None when that fails, takes too long, or its maker is gone."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(GLANCE)
        found = _shared.ask("get", key)
        if found is AWAY:
            return None
        if found is not None:
            return found
        if not _shared.ask("get", f"{key}:taken"):
            # Kept between the two questions, perhaps.
            found = _shared.ask("get", key)
            return None if found is AWAY else found
    return None
