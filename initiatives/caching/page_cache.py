"""The shortest way to a page: what this process has answered before, it answers again before all else runs.

Each request reads the state of the content, so that nothing is stale; what is sent again is what the
whole stack sent the first time, headers and all. A request that was not answered with a page, by this
method, for this host, by this scheme, in this encoding, is not known here and takes the long way; nor is
one that answers by anything else that is asked. The desk always takes the long way.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from initiatives.models import ContentVersion
from initiatives.runtime.lru import Memory
from initiatives.runtime.middleware import is_desk

from .conditional import Inputs

# What an answer takes in memory beside its key and its body.
OVERHEAD = 2_000


@dataclass(frozen=True)
class CachedAnswer:
    """An answer as it left the whole stack, and the state of the content that it shows."""

    state: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


class PageCache:
    """The first middleware."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.pages, self.unchanged = Memory(settings.PAGES_IN_MEMORY), Memory(settings.PAGES_IN_MEMORY // 8)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.pages.capacity or request.method not in ("GET", "HEAD") or is_desk(request):
            return self.get_response(request)
        key = Inputs.of(request)
        return self._again(request, key) or self._first(request, key)

    def _again(self, request: HttpRequest, key: Inputs) -> HttpResponse | None:
        page, unchanged = self.pages.recall(key), self.unchanged.recall(key)
        if not (page or unchanged):
            return None
        try:
            state = ContentVersion.state()
        except (DatabaseError, InterfaceError, ContentVersion.DoesNotExist):
            return None  # the long way meets the same fault, and has a page for it
        held = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
        if page and page.state == state and page.etag not in held:
            return HttpResponse(page.body, headers=page.headers)
        if unchanged and unchanged.state == state and unchanged.etag in held:
            return HttpResponseNotModified(headers=unchanged.headers)
        return None

    def _first(self, request: HttpRequest, key: Inputs) -> HttpResponseBase:
        response = self.get_response(request)
        if (state := getattr(response, "content_state", None)) and not response.cookies and _is_of_its_key(response):
            kept = CachedAnswer(state, dict(response.items()), response.content)
            memory = self.unchanged if response.status_code == 304 else self.pages
            memory.keep(key, kept, size=OVERHEAD + sum(map(len, key)) + len(kept.body))
        return response


def _is_of_its_key(response: HttpResponseBase) -> bool:
    """Whether the encoding is all that the answer varies on beside its address."""
    return {name.strip().lower() for name in response.get("Vary", "").split(",")} <= {"", "accept-encoding"}
