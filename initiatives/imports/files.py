"""The files that the pages of imports give: the one that was sent, the model, entries to correct."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from initiatives.models import ImportBatch, Initiative, PersonalDataEvent
from initiatives.runtime.parsing import keys_in

from . import workbooks_to_fill
from .views import may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NONE = "Aucune fiche ne répond à ce choix : il n’y a rien à corriger."


def download(content, name: str, content_type: str) -> FileResponse:
    response = FileResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@may
def sent_file(request, pk):
    """The file as it came, whatever it calls itself: to save, not to show."""
    found = get_object_or_404(ImportBatch, pk=pk, file__isnull=False)
    return download([bytes(found.file.content)], found.name, "application/octet-stream")


@require_safe
@may
def model(request):
    return download(workbooks_to_fill.model(), "modele-initiatives.xlsx", XLSX)


@require_safe
@may
def for_correction(request):
    """Entries of a survey, of a status, or named by their keys; all of them by default. The journal says so."""
    rows = Initiative.objects.order_by("sort_key", "pk")
    for name, field in (("enquete", "survey__slug"), ("statut", "status")):
        if value := request.GET.get(name):
            rows = rows.filter(**{field: value[:100]})
    if named := request.GET.get("fiches"):
        rows = rows.filter(pk__in=keys_in(named.split(",")))
    count = rows.count()
    if not 0 < count <= workbooks_to_fill.MOST:
        messages.warning(request, NONE if not count else workbooks_to_fill.too_many())
        return redirect("admin:imports")
    PersonalDataEvent.objects.create(act=PersonalDataEvent.Act.CORRECTION, by=request.user, entries=count)
    return download(workbooks_to_fill.for_correction(rows), workbooks_to_fill.saved_as(), XLSX)
