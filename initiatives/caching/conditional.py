"""A public page is a function of (content version, address): this module says so to caches."""

import functools
import hashlib
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, urlencode
from django.views.decorators.http import require_safe

from initiatives.models import ContentVersion
from initiatives.runtime import concurrency
from initiatives.runtime.networks import network

from .encodings import compress, encoding_for
from .single_flight import get_or_make, kept


class Page(NamedTuple):
    """A page in the cache: its headers and its compressed body."""

    content_type: str
    body: bytes


class Inputs(NamedTuple):
    """All of a request that a public page may depend on: by this it is kept."""

    method: str
    scheme: str
    host: str
    script_name: str
    path: str
    query: str
    encoding: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Inputs":
        meta = request.META
        # Without a Host header Django writes addresses with these two.
        host = meta.get("HTTP_HOST", f"{meta.get('SERVER_NAME')}:{meta.get('SERVER_PORT')}")
        script_name, query = meta.get("SCRIPT_NAME", ""), meta.get("QUERY_STRING", "")
        return cls(request.method, request.scheme, host, script_name, request.path_info, query, encoding_for(request))


@functools.cache
def release() -> str:
    """A digest of the code, the templates and what pages say of the settings: another release makes other pages."""
    said = (settings.SECRET_KEY, settings.PUBLISHER, settings.CONTACT_EMAIL, settings.RETENTION_MONTHS)
    digest = hashlib.sha256("\n".join(map(str, said)).encode())
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


def _etag(request: HttpRequest, state: str, reads: tuple[str, ...] | None) -> str:
    """The name of what this request shows in this state, host and all: pages write out addresses.

    Neither the method nor the encoding changes what is shown: the ETag is weak.
    """
    inputs = Inputs.of(request)._replace(method="", encoding="")
    if reads is not None:
        values = {name: request.GET.getlist(name) for name in reads if name in request.GET}
        inputs = inputs._replace(query=urlencode(values, doseq=True))
    return f'W/"{release()}-{state}-{hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]}"'


def conditional(view):
    """Answer 304, without running the view, to a client that already has this content: one tiny query."""

    @require_safe
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        state = ContentVersion.state()
        etag = _etag(request, state, getattr(view, "reads", None))
        is_kept = getattr(view, "is_kept", False)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response = HttpResponseNotModified()
        elif is_kept:
            response = _fresh(view, request, etag, *args, **kwargs)
        else:
            response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Cache-Control"] = "public, no-cache"
            patch_vary_headers(response, ["Accept-Encoding"])
            if is_kept or response.status_code == 304:
                # For the page cache, which sends it again while this is the state.
                response.content_state = state
        return response

    # A page that only reads has no token to ask for: a refused method is a 405, not a 403.
    wrapper.csrf_exempt = True
    return wrapper


def public_page(view):
    """Decorator: `conditional`, and the page kept, compressed, by content version and address."""
    view.is_kept = True
    return conditional(view)


def page_reading(*names: str):
    """Decorator factory: `public_page` of a view that reads only these parameters, kept once whatever else is added."""

    def decorate(view):
        view.reads = names
        return public_page(view)

    return decorate


fixed_page = page_reading()


def public_turn(request: HttpRequest):
    """A turn among the expensive answers to the public: one visitor leaves places to those of other networks."""
    try:
        whose = network(request)
    except PermissionDenied:
        whose = "unknown"
    return concurrency.public.turn(of=whose)


def expensive_page(view):
    """Decorator: `public_page` of a page that takes long to make; its makers take turns (see concurrency.py)."""
    view.is_expensive = True
    return public_page(view)


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
    encoding = encoding_for(request)

    def make() -> HttpResponse | Page:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        return Page(response["Content-Type"], compress(response.content, encoding))

    key = f"page:{encoding}:{etag[3:-1]}"
    # Who waits for what another is making holds a thread, too.
    needs_turn = getattr(view, "is_expensive", False) and kept(key) is None
    with public_turn(request) if needs_turn else nullcontext():
        made = get_or_make(key, make, is_worth_keeping=lambda made: isinstance(made, Page))
    if not isinstance(made, Page):
        return made
    response = HttpResponse(made.body, content_type=made.content_type)
    if encoding:
        response["Content-Encoding"] = encoding
    return response
