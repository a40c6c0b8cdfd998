"""The addresses of the figures: request in, page, table or picture out."""

import functools

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from initiatives.caching.conditional import expensive_page, page_reading, public_page, shared
from initiatives.exports.attribution import attribution
from initiatives.exports.tables import csv_table
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import tidy

from .charts import Chart
from .compared_surveys import surveys_to_compare
from .comparison import HEADINGS, Comparison
from .matrix import SORTS, TERRITORY, Matrix
from .overview import KINDS, Overview, UnknownValue, selection_of, surveys_with_entries
from .tables import breakdown_csv

CSV = "text/csv; charset=utf-8"


def known(view):
    """Refuse, in French, a figure of something that the catalogue does not know."""

    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except UnknownValue as fault:
            return render(request, "figures/refused.html", {"reason": str(fault)}, status=400)

    return wrapper


@page_reading("edition")
@known
def figures(request):
    overview = Overview(selection_of(request.GET))
    charts = [(breakdown, Chart(breakdown) if breakdown.is_drawn else None) for breakdown in overview.breakdowns]
    context = {"overview": overview, "charts": charts, "attribution": attribution(request, overview.query)}
    return render(request, "figures/figures.html", context)


@shared
@public_page
@known
def figure_file(request, name, ending):
    if ending not in ("csv", "svg"):
        raise Http404
    return _figure(request, name, ending)


@shared
@expensive_page
@known
def figure_picture(request, name):
    return _figure(request, name, "png")


def _figure(request, name: str, ending: str) -> HttpResponse:
    kind = next((kind for kind in KINDS if kind.name == name), None)
    if kind is None or (ending != "csv" and not kind.is_drawn):
        raise Http404
    overview = Overview(selection_of(request.GET))
    if request.META.get("QUERY_STRING", "") != overview.query.removeprefix("?"):
        # A picture is drawn once, not once for every query string that means the same.
        return redirect(request.path + overview.query, permanent=True)
    breakdown, whose = overview.breakdown(kind), attribution(request, overview.query)
    if ending == "csv":
        return HttpResponse(breakdown_csv(breakdown, whose), content_type=CSV)
    chart = Chart(breakdown, whose, overview.survey.title if overview.survey else "")
    if ending == "svg":
        return HttpResponse(chart.svg(), content_type="image/svg+xml")
    return HttpResponse(chart.png(), content_type="image/png")


def _matrix(request) -> Matrix:
    filterset = InitiativeFilter(selection_of(request.GET))
    return Matrix(filterset, tidy(request.GET.get("tri", "")) or TERRITORY)


@page_reading("edition", "tri", "page")
@known
def matrix(request):
    found, surveys = _matrix(request), surveys_with_entries()
    edition = found.selection.chosen.get("edition", [""])[0]
    context = {
        "matrix": found,
        "page": found.page(request.GET.get("page", "")),
        "surveys": surveys,
        "edition": edition,
        "survey": next((survey for survey in surveys if survey.slug == edition), None),
        "sorts": [(label, found.sorted_by(sort), sort == found.sort) for sort, label in SORTS.items()],
        "columns": [(theme, found.sorted_by(theme.slug), theme.slug == found.sort) for theme in found.themes],
        "attribution": attribution(request, found.selection.query()),
    }
    return render(request, "figures/matrix.html", context)


@shared
@page_reading("edition", "tri")
@known
def matrix_file(request):
    found = _matrix(request)
    headings, rows = found.table()
    return HttpResponse(csv_table(headings, rows, attribution(request, found.selection.query())), content_type=CSV)


@page_reading("avant", "apres", "theme", "evolution", "page")
@known
def comparison(request):
    surveys = surveys_to_compare(request.GET)
    found = Comparison.of(*surveys, request.GET) if surveys else None
    context = {
        "comparison": found,
        "page": found and found.page(request.GET.get("page", "")),
        "surveys": surveys_with_entries(),
        "attribution": attribution(request),
    }
    return render(request, "figures/comparison.html", context)


@shared
@page_reading("avant", "apres", "theme", "evolution")
@known
def comparison_file(request):
    surveys = surveys_to_compare(request.GET)
    rows = Comparison.of(*surveys, request.GET).rows() if surveys else ()
    return HttpResponse(csv_table(HEADINGS, rows, attribution(request)), content_type=CSV)
