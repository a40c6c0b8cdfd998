"""Encodings of pages and static files, as Accept-Encoding asks for them."""

import functools
import gzip
import re

import brotli
from django.http import HttpRequest

# Those that pages and static files are sent in, the best first.
ENCODINGS = ("br", "gzip")
QVALUE = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@functools.lru_cache(256)
def acceptable_encodings(accepted: str) -> tuple[str, ...]:
    """Our encodings that an Accept-Encoding header allows, the most wanted first (RFC 9110, 12.5.3)."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=") or "1"
        # A weight that is none is no permission: a page that is not compressed can be read by everybody.
        weights[name.strip()] = float(weight) if QVALUE.fullmatch(weight) else 0
    wanted = {name: weights.get(name, weights.get("*", 0)) for name in ENCODINGS}
    return tuple(sorted(filter(wanted.get, wanted), key=wanted.get, reverse=True))


def encoding_for(request: HttpRequest) -> str:
    """The encoding in which this request is answered; empty: none."""
    return next(iter(acceptable_encodings(request.META.get("HTTP_ACCEPT_ENCODING", ""))), "")


def compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        # So that the list and its stylesheet fit the first window of TCP; 1 ms more than 5, once a state.
        return brotli.compress(body, quality=8)
    if encoding == "gzip":
        # No time stamp: the same page gives the same bytes.
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body
