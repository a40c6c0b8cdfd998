"""A public page is a function of (content version, address): this module says so to caches."""

import functools
import gzip
import hashlib
import logging
from pathlib import Path

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from .models import ContentVersion

logger = logging.getLogger("initiatives")


@functools.cache
def release() -> str:
    """A digest of the code and templates: a page made by another release is another page."""
    digest = hashlib.sha256(settings.SECRET_KEY.encode())
    for folder, pattern in (
        ("initiatives", "**/*.py"),
        ("towns", "**/*.py"),
        ("templates", "**/*"),
        ("static", "**/*"),
        ("fixtures", "*.geojson"),
    ):
        for path in sorted(Path(settings.BASE_DIR, folder).glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _etag(request: HttpRequest) -> str:
    """The name of what this address shows now, host and all: pages write out addresses. One tiny query."""
    address = hashlib.sha256(request.build_absolute_uri().encode()).hexdigest()[:16]
    return f'W/"{release()}-{ContentVersion.current().number}-{address}"'


def conditional(view):
    """Answer 304, without running the view, to a client that already has this content."""

    @require_safe
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        etag = _etag(request)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        else:
            response = _fresh(view, request, etag, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Cache-Control"] = "public, no-cache"
            patch_vary_headers(response, ["Accept-Encoding"])
        return response

    # A page that only reads has no token to ask for: a refused method is a 405, not a 403.
    wrapper.csrf_exempt = True
    return wrapper


def public_page(view):
    """The same, and keep the page, compressed, for the next visitor: same version, same address, same bytes."""
    view.is_kept = True
    return conditional(view)


def shared(view):
    """Let the scripts of any other site read it too: open data is no secret, and no cookie is ever read."""

    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": "GET, HEAD, OPTIONS"})
            response["Access-Control-Allow-Methods"] = "GET, HEAD"
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        else:
            response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    return wrapper


def _fresh(view, request, etag, *args, **kwargs) -> HttpResponse:
    if not getattr(view, "is_kept", False):
        return view(request, *args, **kwargs)
    encoding = _encoding(request)
    key = f"page:{encoding}:{etag[3:-1]}"
    kept = recall(key)
    if kept is None:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        kept = (response["Content-Type"], _compress(response.content, encoding))
        keep(key, kept)
    response = HttpResponse(kept[1], content_type=kept[0])
    if encoding:
        response["Content-Encoding"] = encoding
    return response


def _encoding(request: HttpRequest) -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli.compress(body, quality=5)
    if encoding == "gzip":
        # No time stamp: the same page gives the same bytes.
        return gzip.compress(body, compresslevel=6, mtime=0)
    return body


def recall(key: str):
    try:
        return caches["pages"].get(key)
    except Exception as error:
        logger.warning("cache unavailable: %s", error.__class__.__name__)
        return None


def keep(key: str, value):
    try:
        caches["pages"].set(key, value, timeout=24 * 3600)
    except Exception as error:
        logger.warning("cache unavailable: %s", error.__class__.__name__)
