"""The addresses of the open data: request in, page or document out."""

import copy

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.caching.conditional import fixed_page, public_page, shared
from initiatives.exports.attribution import attribution
from initiatives.exports.columns import CHANGES, COLUMNS
from initiatives.exports.records import Entries
from initiatives.models import Initiative
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import Selection

from .api import ApiPage, Unusable, Window
from .data_package import data_package
from .dataset import DESCRIPTION, Dataset
from .dcat import SERIALISATIONS, serialised
from .json_ld import structured
from .openapi import openapi, parameters
from .preview import preview
from .table_schema import EXAMPLES, example, table_schema

COMPACT = {"ensure_ascii": False, "separators": (",", ":")}
READABLE = {"ensure_ascii": False, "indent": 2}


def _dataset(request) -> Dataset:
    return Dataset(attribution(request))


@fixed_page
def open_data(request):
    dataset = _dataset(request)
    context = {
        "dataset": dataset,
        "description": DESCRIPTION,
        "count": Initiative.objects.published().count(),
        "preview": preview(Entries(Initiative.objects.published().most_recent(), dataset.attribution)),
        "columns": COLUMNS,
        "parameters": parameters(),
        "changes": CHANGES,
        "structured": structured(dataset),
    }
    return render(request, "opendata/open_data.html", context)


@shared
@fixed_page
def schema(request):
    return JsonResponse(table_schema(_dataset(request)), json_dumps_params=READABLE)


@shared
@fixed_page
def schema_example(request, kind):
    if kind not in EXAMPLES:
        raise Http404
    return HttpResponse(example(kind), content_type="text/csv; charset=utf-8")


@shared
@fixed_page
def package(request):
    return JsonResponse(data_package(_dataset(request)), json_dumps_params=READABLE)


@shared
@public_page
def api(request):
    filterset = InitiativeFilter(Selection(request.GET))
    whose = attribution(request, filterset.selection.query())
    address = request.build_absolute_uri(reverse("api"))
    try:
        page = ApiPage(filterset, whose, Window.of(request.GET, filterset), address)
        return JsonResponse(page.document(), json_dumps_params=COMPACT)
    except Unusable as refusal:
        return _unusable(refusal)


def _unusable(refusal: Unusable) -> JsonResponse:
    """A refusal that a program can read, and whoever wrote it (RFC 9457)."""
    problem = {
        "title": "Cette demande n’a pas de réponse",
        "status": refusal.status,
        "detail": " ".join(message for _, message in refusal.faults),
        "erreurs": [{"parametre": name, "message": message} for name, message in refusal.faults],
    }
    return JsonResponse(
        problem, status=refusal.status, content_type="application/problem+json", json_dumps_params=READABLE
    )


@shared
@fixed_page
def openapi_document(request):
    return JsonResponse(openapi(_dataset(request)), json_dumps_params=READABLE)


@shared
@fixed_page
def dcat_file(request, ending):
    if ending not in SERIALISATIONS:
        raise Http404
    content_type, _ = SERIALISATIONS[ending]
    return HttpResponse(serialised(_dataset(request), ending), content_type=f"{content_type}; charset=utf-8")


@csrf_exempt
@vary_on_headers("Accept")
@shared
@require_safe
def dcat_catalogue(request):
    """The form that `Accept` asks for, which is the page of the data set for a browser."""
    offered = {content_type: ending for ending, (content_type, _) in SERIALISATIONS.items()}
    wanted = request.get_preferred_type([*offered, "text/html"])
    if wanted is None:
        return render(request, "opendata/not_acceptable.html", {"offered": SERIALISATIONS}, status=406)
    if wanted == "text/html":
        return HttpResponseRedirect(reverse("open_data"), status=303)
    # Answered as the address of that form would be: its bytes and its ETag, which no other form shares.
    chosen = copy.copy(request)
    chosen.path = chosen.path_info = reverse("dcat_file", args=[offered[wanted]])
    response = dcat_file(chosen, offered[wanted])
    response["Content-Location"] = chosen.path
    return response
