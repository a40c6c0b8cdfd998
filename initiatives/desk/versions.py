"""The versions of an entry, the way back to one, and the entries that were deleted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from initiatives.adminkit.pages import context, entry_url, may
from initiatives.adminkit.versions import (
    EntryHistory,
    deleted_entries,
    may_read_declarants,
    readable_by,
    refusal,
    restore_version,
)
from initiatives.imports.corrections import corrections_of
from initiatives.models.history import Through, acting


@require_safe
@may("view")
def versions(request, pk):
    history = EntryHistory(pk, before=request.GET.get("avant"), after=request.GET.get("apres"))
    if not history.versions:
        raise Http404
    given = {
        "history": history,
        "differences": readable_by(request.user, history.differences),
        "corrections": list(corrections_of(pk, with_declarant=may_read_declarants(request.user))),
        "may_import": request.user.has_perm("initiatives.import_initiative"),
        "original": history.entry,
        "restoring": reverse("admin:restore_version", args=[pk]),
        "may_restore": request.user.has_perm("initiatives.change_initiative")
        and not refusal(history.entry, request.user),
    }
    return render(request, "desk/versions.html", context(request, "Historique", **given))


@require_POST
@may("change")
def restore(request, pk):
    try:
        with transaction.atomic(), acting(by=request.user, through=Through.FORM):
            done = restore_version(pk, request.POST.get("version", ""), by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("admin:versions", pk=pk)
    messages.success(request, done)
    return redirect(entry_url(pk))


@require_safe
@may("delete")
def deleted(request):
    return render(request, "desk/deleted.html", context(request, "Fiches supprimées", versions=deleted_entries()))
