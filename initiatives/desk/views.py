"""The pages of the desk that belong to no table of the admin. The desk lets in staff only; each asks its permission."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from initiatives.adminkit.double_submit import has_just_decided
from initiatives.adminkit.form_fields import TerritoryField
from initiatives.adminkit.pages import context, entry_url, may
from initiatives.adminkit.versions import EntryHistory, deleted_entries, refusal, restore_version
from initiatives.imports.duplicates import duplicates_of
from initiatives.models import Initiative, Revision
from initiatives.models.history import Through, acting
from initiatives.public.navigation import Navigation
from initiatives.runtime.parsing import keys_in, whole_number
from initiatives.text.french import counted, number, typo
from towns.models import Intercommunality, Town

from .bulk_actions import BULK_ACTIONS, MOST, Outcome, carry_out
from .dashboard import entries_url

EACH = 6
REVISION_GONE = "Cette fiche a été supprimée entre-temps, et sa révision avec elle : il n’y a plus rien à décider."


# What is being typed


@require_safe
@may("view")
def suggest_territories(request):
    typed = request.GET.get("q", "")[:200]
    found = [
        {"value": f"{one}, {one.pk}", "detail": _detail(one)}
        for model in (Town, Intercommunality)
        for one in model.objects.current()
        .select_related("department__region")
        .found_by(typed)
        .by_relevance(typed)[:EACH]
    ]
    return JsonResponse({"suggestions": found})


def _detail(territory) -> str:
    population = f"{territory.population:,} habitants".replace(",", "\u202f") if territory.population else ""
    department = territory.department
    return " · ".join(filter(None, [department.name, department.region.name, population]))


@require_safe
@may("view")
def suggest_entries(request):
    typed = request.GET.get("q", "")[:200].strip()
    rows = Initiative.objects.filter(reference__icontains=typed) if typed else Initiative.objects.none()
    rows = rows | Initiative.objects.filter(search_title__contains=f" {typed.lower()}") if typed else rows
    found = rows.select_related("territory").order_by("sort_key", "pk")[:EACH]
    return JsonResponse(
        {"suggestions": [{"value": f"{one.reference}, {one}", "detail": str(one.territory)} for one in found]}
    )


@require_safe
@may("view")
def suggest_duplicates(request):
    try:
        territory = TerritoryField().clean(request.GET.get("collectivite", ""))
    except ValidationError:
        territory = None
    found = duplicates_of(
        title=request.GET.get("titre", "")[:200],
        territory=territory,
        pk=whole_number(request.GET.get("fiche", "")),
    )
    return JsonResponse(
        {
            "territory": _detail(territory) if territory else "",
            "duplicates": [
                {"title": one.title, "status": one.get_status_display(), "url": entry_url(one.pk)}
                for one in found[:EACH]
            ],
        }
    )


# What is done to entries


def bulk_action(request, name):
    """Ask with GET or a POST from the list, do with a POST that confirms."""
    if name not in BULK_ACTIONS:
        raise Http404
    chosen = BULK_ACTIONS[name]
    if not request.user.has_perm(chosen.permission):
        raise PermissionDenied
    asked = _keys(request)
    if not asked:
        # Whoever had to log in again comes back with the address alone.
        messages.warning(request, "Rien n’a été fait : choisissez à nouveau les fiches dans la liste.")
        return redirect(entries_url())
    if len(asked) > MOST:
        return too_many(request, len(asked))
    rows = Initiative.objects.select_related("territory", "category")
    rows = list(rows.filter(pk__in=asked).order_by("sort_key", "pk"))
    gone = len(asked) - len(rows)
    form = chosen.form(request.POST if {"choisi", "confirme"} & request.POST.keys() else None)
    if "confirme" in request.POST and form.is_valid():
        outcomes = carry_out(chosen, rows, by=request.user, given=form.cleaned_data)
        written = [value for value in form.cleaned_data.values() if isinstance(value, str)]
        return render(
            request, "desk/bulk_action_done.html", _told(request, chosen, outcomes, gone) | {"written": written}
        )
    return told_before(request, chosen, rows, form, gone)


def told_before(request, chosen, rows: list[Initiative], form, gone: int = 0):
    """What it would do to each, and a form that confirms; where that depends on a choice, first the choice alone."""
    if not chosen.depends_on_a_choice:
        outcomes = carry_out(chosen, rows, by=request.user, given=chosen.example(), really=False)
        return render(request, "desk/bulk_action.html", _told(request, chosen, outcomes, gone) | {"form": form})
    if not form.is_valid():
        outcomes = [Outcome(row) for row in rows]
        return render(request, "desk/bulk_action_choice.html", _told(request, chosen, outcomes, gone) | {"form": form})
    outcomes = carry_out(chosen, rows, by=request.user, given=form.cleaned_data, really=False)
    choices = [(form[name], value) for name, value in form.cleaned_data.items()]
    return render(request, "desk/bulk_action.html", _told(request, chosen, outcomes, gone) | {"choices": choices})


def _keys(request) -> set[int]:
    typed = request.POST.get("fiches") or request.GET.get("fiches", "")
    return set(keys_in(typed.split(",")))


def too_many(request, count: int):
    """Back to the list with a sentence, rather than a page that nobody reads and a minute that nobody can write in."""
    messages.error(
        request,
        f"{counted(count, 'fiche')} choisies : {number(MOST)} au plus à la fois. Filtrez la liste, par exemple par"
        " catégorie ou par région, puis recommencez.",
    )
    return redirect(entries_url())


def _told(request, chosen, outcomes, gone: int = 0) -> dict:
    return context(
        request,
        chosen.label,
        bulk_action=chosen,
        done=[one.initiative for one in outcomes if not one.refused],
        refused=[one for one in outcomes if one.refused],
        fiches=",".join(str(one.initiative.pk) for one in outcomes),
        gone=gone,
        list_url=entries_url(),
    )


# The page that the public would read


@require_safe
@may("view")
def preview(request, pk):
    initiative = get_object_or_404(Initiative.objects.for_page(), pk=pk)
    given = {
        "initiative": initiative,
        "related": [],
        "navigation": Navigation(),
        "publisher": settings.PUBLISHER,
        "contact_email": settings.CONTACT_EMAIL,
    }
    return render(request, "desk/preview.html", given)


# Revisions


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
            needs_other_eyes=found.needs_other_eyes(request.user),
        ),
    )


def _had_written(request) -> str:
    """What a message adds where the reason that was typed goes nowhere."""
    reason = request.POST.get("message", "").strip()
    return f" Vous aviez écrit\u00a0: «\u00a0{reason}\u00a0»." if reason else ""


def _decide(request, found: Revision):
    if not request.user.has_perm("initiatives.publish_initiative"):
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


# The past


@require_safe
@may("view")
def versions(request, pk):
    history = EntryHistory(pk, before=request.GET.get("avant"), after=request.GET.get("apres"))
    if not history.versions:
        raise Http404
    if not request.user.has_perm("initiatives.view_declarant_initiative"):
        history.hide_declarant()
    given = {
        "history": history,
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
