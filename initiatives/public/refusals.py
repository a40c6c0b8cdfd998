"""Refusals of what is made of the list, for an address with an unknown filter: never another list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .filters import InitiativeFilter


def refused(
    request: HttpRequest, filterset: InitiativeFilter, what: str, *, reasons: list[str] | None = None, status: int = 404
) -> HttpResponse:
    """A page that says why `what` (« Ce flux ») is not possible, and leads to the list; unknown filters by default."""
    context = {
        "what": what,
        "status": status,
        "reasons": reasons or [message for _, message in filterset.unknown],
        "query": filterset.selection.query(),
    }
    return render(request, "initiatives/refused.html", context, status=status)
