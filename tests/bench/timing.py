"""A request through the whole application in this process, and how long it takes."""

import io
import statistics
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

# A series ends with its time or its number of calls, whichever is first; it has three calls at least,
# one where a single call takes that long.
SECONDS, CALLS = 0.5, 200


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    size: int


def ask(application: WSGIHandler, address: str, **headers: str) -> Answer:
    """What a browser that knows Brotli is sent."""
    parts = urlsplit(address)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_ENCODING": "gzip, br",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    told = {}

    def start_response(status, sent, exc_info=None):
        told.update(status=int(status[:3]), headers=dict(sent))

    parts = application(environ, start_response)
    try:
        size = sum(map(len, parts))
    finally:
        parts.close()
    return Answer(size=size, **told)


@dataclass(frozen=True)
class Series:
    """Milliseconds of one call after the other."""

    durations: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.durations)

    @property
    def p99(self) -> float:
        return sorted(self.durations)[min(len(self.durations) * 99 // 100, len(self.durations) - 1)]


def series(call: Callable, *, before: Callable = lambda: None, warm_up: int = 2) -> Series:
    """Time a call again and again; `before` stands before each, outside of its time."""
    durations, end = [], None
    while True:
        before()
        start = perf_counter()
        call()
        took = perf_counter() - start
        if warm_up and took < SECONDS:
            warm_up -= 1
            continue
        end = end or start + SECONDS
        durations.append(took * 1000)
        if len(durations) >= CALLS or (perf_counter() > end and (len(durations) >= 3 or took > SECONDS)):
            return Series(durations)


def queries(call: Callable) -> int:
    """How many statements a call sends."""
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(note))
        call()
    return len(sent)
