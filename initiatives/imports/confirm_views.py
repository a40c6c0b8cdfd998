"""What becomes of an import that is ready: written, submitted, published; and taken back."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from initiatives.models import ImportBatch

from . import jobs
from .apply import may_go_on
from .forms import AgreementForm
from .undo import prospect
from .views import action, edition_of, may, shown, why_not

State, Then = ImportBatch.State, ImportBatch.Then


@action
def agree(request, found):
    """Note the agreement of all who answered: every row that names no source of its own, and no other day, has it."""
    form = AgreementForm(request.POST)
    if not form.is_valid():
        return " ".join(form.errors["agreed_on"])
    constants = found.constants | {"licence_agreed_on": form.cleaned_data["agreed_on"].isoformat()}
    states = {"to": State.READING, "among": ImportBatch.OPEN}
    started = jobs.start(found, **states, edition=edition_of(request), constants=constants)
    return None if started else why_not(found)


@action
def confirm(request, found):
    if found.is_open and found.edition == edition_of(request) and not found.may_be_confirmed:
        return "Il reste des lignes à corriger ou à laisser de côté : rien n’a été importé."
    then = request.POST.get("ensuite") or Then.DRAFT
    if then not in may_go_on(request.user):
        return "Vous ne pouvez pas publier ces fiches vous-même : rien n’a été importé. Importez-les et soumettez-les."
    who = {"confirmed_by": request.user, "then": then}
    started = jobs.start(found, to=State.WRITING, among=[State.READY], edition=edition_of(request), **who)
    return None if started else why_not(found)


@may
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, pk):
    """What undoing the import would do, in numbers; and doing it."""
    if request.method == "POST":
        return undo_now(request, pk)
    found = get_object_or_404(ImportBatch.objects.select_related("survey"), pk=pk)
    would = prospect(found, by=request.user) if found.is_done else None
    return shown(request, "imports/import_undo.html", f"Annuler l’import n° {found.pk}", batch=found, prospect=would)


@action
def undo_now(request, found):
    started = jobs.start(found, to=State.UNDOING, among=[State.DONE], undone_by=request.user)
    return None if started else why_not(found)
