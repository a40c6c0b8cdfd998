"""Error pages: in French, in the site's look, without a query."""

import codecs
import logging
import sys
from itertools import chain, islice

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from .concurrency import Busy
from .middleware import is_desk
from .writable import reason_of

logger = logging.getLogger("initiatives")

SENTENCES = {
    400: "Cette adresse n’a pas pu être comprise.",
    403: "Cette page est réservée.",
    404: "Cette page n’existe pas.",
    405: "Cette page ne reçoit pas de données.",
    413: "Ce que vous avez envoyé est trop long.",
    429: "Trop de demandes en peu de temps.",
    500: "Une erreur est survenue de notre côté.",
    503: "Le catalogue est momentanément indisponible.",
}


def bare(status: int) -> str:
    """The page of last resort, for a request that no template can answer."""
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Initiatives numériques des villes</title>'
        f'</head><body><h1>{SENTENCES[status]}</h1><p><a href="/">Aller à l’accueil</a></p></body></html>'
    )


def page(request: HttpRequest, status: int, context: dict | None = None) -> HttpResponse:
    try:
        return render(request, f"{status}.html", context, status=status)
    except Exception:
        # A refused host or a broken query string can break the page that says so.
        logger.exception("the page of status %s failed", status)
        return HttpResponse(bare(status), status=status)


def is_unavailable(exception: BaseException | None) -> bool:
    """Whether the database is away, locked or damaged (SQLite then says DatabaseError, no more), or nothing can be
    written."""
    if isinstance(exception, OperationalError | InterfaceError) or type(exception) is DatabaseError:
        return True
    return isinstance(exception, DatabaseError | OSError) and bool(reason_of(exception))


def is_readable(request: HttpRequest) -> bool:
    """Whether what is sent is in the encoding of our forms; Python knows some that no text can be in."""
    return not request.encoding or codecs.lookup(request.encoding).name == "utf-8"


def has_configured_script_name(request: HttpRequest) -> bool:
    """Whether the address begins where the site does: with another SCRIPT_NAME, every link would lead elsewhere."""
    return request.META.get("SCRIPT_NAME", "") == (settings.FORCE_SCRIPT_NAME or "")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Fields of a form of the desk that was refused for want of the database, for whoever typed it to send again."""
    if request.method != "POST" or not is_desk(request) or request.FILES:
        return []
    said = [(name, value) for name, values in request.POST.lists() for value in values]
    return [] if any("password" in name for name, _ in said) else said


def unavailable(request: HttpRequest, exception: BaseException) -> HttpResponse:
    # The first line has the reason; those after it may quote the statement with its values.
    reason = str(exception).partition("\n")[0]
    logger.error("database unavailable: %s: %s", type(exception).__name__, reason)
    unwritable = reason_of(exception)
    response = page(request, 503, {"typed": typed(request), "unwritable": unwritable})
    if not unwritable:
        response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    response = render(request, "busy.html", {"typed": typed(request)}, status=503)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


class ErrorPages:
    """Gives a refused method its page, and turns a database that is away or locked, or a crowd, into a 503."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (has_configured_script_name(request) and is_readable(request)):
            return page(request, 400)
        response = self.get_response(request)
        if response.streaming:
            return self._begun(request, response)
        if response.status_code == 405 and not response.content:
            refused = page(request, 405)
            refused["Allow"] = response["Allow"]
            return refused
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Busy):
            return busy(request)
        if is_unavailable(exception):
            return unavailable(request, exception)
        if isinstance(exception, DataError | OverflowError):
            # No column can hold what was asked for: a NUL on PostgreSQL, a number beyond all numbers on either.
            return page(request, 400)
        return None

    def _begun(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Make the first part before the status line leaves: until then a fault can have its page."""
        if isinstance(response, FileResponse):
            return response
        parts = iter(response.streaming_content)
        try:
            first = list(islice(parts, 1))
        except Exception as exception:
            response.close()
            if is_unavailable(exception):
                return unavailable(request, exception)
            raise
        response.streaming_content = chain(first, parts)
        return response


def bad_request(request, exception=None):
    too_long = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return page(request, 413 if too_long and request.method == "POST" else 400)


def forbidden(request, exception=None):
    return page(request, 403)


def csrf_failure(request, reason=""):
    return page(request, 403)


def not_found(request, exception=None):
    return page(request, 404)


def too_many_requests(request):
    response = page(request, 429)
    response["Retry-After"] = "300"
    return response


def server_error(request):
    """Django calls it while it handles the exception; one of a middleware passes by here only."""
    exception = sys.exc_info()[1]
    return unavailable(request, exception) if is_unavailable(exception) else page(request, 500)
