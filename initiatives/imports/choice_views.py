"""The page where a sheet, an encoding or the columns of a file are chosen, and that of what layouts are remembered."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from initiatives.models import FileLayout, ImportBatch
from initiatives.runtime.parsing import whole_number

from . import jobs
from .headings import LABELS
from .layouts import compared
from .mapping_forms import MappingForm, fields_to_choose
from .views import BUSY, edition_of, may, shown, why_not


@require_http_methods(["GET", "HEAD", "POST"])
@may
def columns(request, pk):
    """What was understood of a file, to be said otherwise; what nobody has touched since is read again so."""
    found = get_object_or_404(ImportBatch.objects.select_related("sent_by", "survey"), pk=pk)
    jobs.look_again(found)
    form = MappingForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound:
        edition = edition_of(request)
        if not found.is_open or found.edition != edition:
            messages.error(request, why_not(found))
            return redirect("admin:import_batch", pk=pk)
        if form.is_valid():
            form.remember(by=request.user)
            states = {"to": ImportBatch.State.READING, "among": ImportBatch.OPEN}
            try:
                if not jobs.start(found, **states, edition=edition, **form.changes()):
                    messages.error(request, why_not(found))
            except jobs.ImportRunning:
                messages.error(request, BUSY)
            return redirect("admin:import_batch", pk=pk)
    elif found.is_running or not (found.headings or found.asks):
        return redirect("admin:import_batch", pk=pk)
    return shown(
        request,
        "imports/import_columns.html",
        f"Colonnes de l’import n° {found.pk}",
        batch=found,
        form=form,
        fields=fields_to_choose(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may
def layouts(request):
    """What is remembered of the columns of files, by whom and since when; a POST forgets one."""
    if request.method == "POST":
        key = whole_number(request.POST.get("disposition", ""), otherwise=-1)
        forgotten, _ = FileLayout.objects.filter(pk=key).delete()
        messages.info(request, "C’est oublié." if forgotten else "Ce n’était déjà plus retenu.")
        return redirect("admin:import_layouts")
    newest = FileLayout.objects.select_related("said_by").order_by("-said_at", "-pk")
    known = [(layout, *told(layout)) for layout in newest]
    return shown(request, "imports/layouts.html", "Colonnes mémorisées", known=known)


def told(layout: FileLayout) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is remembered of a layout: headings and labels of fields, then labels and values for all rows."""
    said = {heading: layout.mapping.get(compared(heading), "") for heading in layout.headings}
    columns = [(heading, LABELS.get(name, "laissée de côté")) for heading, name in said.items() if name != ""]
    return columns, [(LABELS[name], value) for name, value in layout.constants.items() if name in LABELS]
