"""The page of a revision: the difference with the published text, and the two decisions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from initiatives.adminkit.double_submit import has_just_decided
from initiatives.adminkit.pages import context, entry_url
from initiatives.adminkit.versions import readable_by
from initiatives.models import Initiative, Revision
from initiatives.models.history import Through, acting
from initiatives.models.initiative.moves import MOVES
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import typo

from .dashboard import entries_url

REVISION_GONE = "Cette fiche a été supprimée entre-temps, et sa révision avec elle : il n’y a plus rien à décider."


def revision(request, pk):
    """The difference side by side, and the two decisions."""
    if not request.user.has_perm("initiatives.view_revision"):
        raise PermissionDenied
    rows = Revision.objects.select_related("initiative", "proposed_by", "decided_by")
    if request.method == "POST":
        if found := rows.filter(pk=pk).first():
            return _decide(request, found)
        messages.error(request, typo(REVISION_GONE) + _had_written(request))
        return redirect(entries_url())
    found = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "desk/revision.html",
        context(
            request,
            "Révision d’une fiche publiée",
            revision=found,
            original=found.initiative,
            differences=readable_by(request.user, found.differences()),
            needs_other_eyes=found.needs_other_eyes(request.user),
        ),
    )


def _had_written(request) -> str:
    """What a message adds where the reason that was typed goes nowhere."""
    reason = request.POST.get("message", "").strip()
    return f" Vous aviez écrit\u00a0: «\u00a0{reason}\u00a0»." if reason else ""


def _decide(request, found: Revision):
    if not request.user.has_perm(MOVES["publish"].permission):
        raise PermissionDenied
    approves, reason = "approuver" in request.POST, request.POST.get("message", "")
    try:
        with transaction.atomic(), acting(by=request.user, through=Through.FORM):
            if approves:
                found.approve(by=request.user, seen=whole_number(request.POST.get("version", ""), otherwise=0))
            else:
                found.reject(by=request.user, reason=reason)
    except ValidationError as refused:
        found.refresh_from_db()
        asked = (Revision.Decision.APPROVED, "") if approves else (Revision.Decision.REJECTED, reason)
        if not has_just_decided(request.user, found, *asked):
            messages.error(request, " ".join(refused.messages) + _had_written(request))
            return redirect("admin:review_revision", pk=found.pk)
    entry = Initiative.objects.get(pk=found.initiative_id)
    told = "approuvée : le public lit le nouveau texte." if approves else "refusée : le texte publié ne change pas."
    messages.success(request, f"Révision de « {entry} » {told}")
    return redirect(entry_url(entry.pk))
