"""The pages of imports at the desk: one page an import, from its file to its report."""

import functools

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.models import ImportBatch, Initiative, Survey, retention
from initiatives.runtime.parsing import whole_number

from . import jobs
from .apply import may_go_on
from .decision_forms import DecisionForm
from .forms import AgreementForm, UploadForm
from .mapping_forms import MappingForm, fields_to_choose
from .reviewing import reviewed

State = ImportBatch.State
may = permission_required(
    ["initiatives.import_initiative", "initiatives.view_declarant_initiative"], raise_exception=True
)
LAST = 100
# Seconds until a page that shows work under way comes again.
REFRESH = 2
EXPIRED = "Rien n’a été fait : votre session avait peut-être expiré. Refaites l’action si elle est toujours voulue."
BUSY = "Un travail est déjà en cours sur cet import : rien n’a été fait de plus."


def shown(request, template: str, title: str, **values) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **values})


@may
def batches(request):
    """The imports there were, and the form that sends a new file."""
    form = UploadForm(request.POST or None, request.FILES or None, initial={"survey": Survey.objects.last()})
    if request.method == "POST" and form.is_valid():
        batch = form.save(by=request.user)
        jobs.start(batch, to=State.READING, among=[State.RECEIVED])
        return redirect("admin:import_batch", pk=batch.pk)
    past = ImportBatch.objects.select_related("sent_by", "survey").defer("choices").order_by("-pk")[:LAST]
    surveys = Survey.objects.order_by("-started_on", "-pk")
    statuses = Initiative.Status.choices
    return shown(
        request,
        "imports/imports.html",
        "Importer un tableau",
        form=form,
        batches=past,
        surveys=surveys,
        statuses=statuses,
    )


@require_safe
@may
def batch(request, pk):
    found = get_object_or_404(
        ImportBatch.objects.select_related("sent_by", "confirmed_by", "undone_by", "survey"), pk=pk
    )
    jobs.look_again(found)
    done, total = jobs.ImportJob(found).progress
    return shown(
        request,
        "imports/import_batch.html",
        f"Import n° {found.pk}",
        batch=found,
        **reviewed(found, request.GET),
        refresh=REFRESH,
        form=MappingForm(found),
        fields=fields_to_choose(),
        done=done,
        total=total,
        then=may_go_on(request.user),
        agreement=AgreementForm(label_suffix=""),
        told_of_declarants=retention.told_of_import(pk=found.survey_id) if found.names_declarants else "",
        left=found.rows.exclude(left="").count() if found.state == State.UNDONE else 0,
    )


@require_safe
@may
def progress(request, pk):
    """How far the work is, for the script that shows it."""
    found = get_object_or_404(ImportBatch, pk=pk)
    jobs.look_again(found)
    done, total = jobs.ImportJob(found).progress
    return JsonResponse({"running": found.is_running, "done": done, "total": total})


def action(view):
    """Something that a button of the page asks for; the page says afterwards what became of it."""

    @may
    @functools.wraps(view)
    def wrapper(request, pk):
        found = get_object_or_404(ImportBatch, pk=pk)
        if request.method != "POST":
            messages.warning(request, EXPIRED)
        else:
            try:
                jobs.look_again(found)
                if refused := view(request, found):
                    messages.error(request, refused)
            except jobs.ImportRunning:
                messages.error(request, BUSY)
        # Back to the same row, or the same place of the grid.
        line = whole_number(request.POST.get("ligne", ""))
        where = (
            reverse("admin:import_batch", args=[pk]) if line is None else reverse("admin:import_row", args=[pk, line])
        )
        return redirect(f"{where}?{request.GET.urlencode()}".rstrip("?"))

    return wrapper


def edition_of(request) -> int:
    return whole_number(request.POST.get("edition", ""), otherwise=-1)


def why_not(found: ImportBatch) -> str:
    """Why what was asked of an import cannot be done, now that somebody was faster."""
    found.refresh_from_db()
    if found.state in (State.WRITING, State.DONE) and found.confirmed_by:
        return f"Cet import a déjà été confirmé par {found.confirmed_by} : rien n’a été importé deux fois."
    if found.is_open:
        return "L’aperçu a changé depuis que vous l’avez affiché : rien n’a été fait. Relisez-le, puis recommencez."
    return f"Cet import est « {found.get_state_display()} » : rien n’a été fait."


@action
def correct(request, found):
    if not found.is_open or found.edition != edition_of(request):
        return why_not(found)
    DecisionForm(found, by=request.user).save(request.POST)
    return None if jobs.start(found, to=State.READING, among=ImportBatch.OPEN) else why_not(found)


@action
def check(request, found):
    return None if jobs.start(found, to=State.READING, among=ImportBatch.OPEN) else why_not(found)


@action
def stop(request, found):
    if not found.is_running:
        return "Ce travail venait de se terminer : il n’y a plus rien à arrêter."
    jobs.ImportJob(found).stop()
    return None


@action
def drop(request, found):
    return None if found.move(to=State.DROPPED, among=ImportBatch.OPEN) else why_not(found)
