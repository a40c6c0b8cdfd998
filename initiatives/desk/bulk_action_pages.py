"""The pages of a bulk action: what it would do to each entry, and what it did."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render

from initiatives.adminkit.pages import context
from initiatives.models import Initiative
from initiatives.runtime.parsing import keys_in
from initiatives.text.french import counted, noun, number, typo

from .bulk_actions import BULK_ACTIONS, MOST, Outcome, carry_out
from .dashboard import entries_url


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


def told_mailing(rows: list[Initiative]) -> str:
    """Who is written to of the declarants of these entries, and that nobody is where no address is left."""
    count = sum(bool(row.declarant_email) for row in rows)
    silent = len(rows) - count
    if not count:
        why = "aucune adresse de déclarant n’est connue, ou elle a été effacée"
        return typo(f"Personne ne recevra ce message : {why}. Il est gardé avec la fiche.")
    told = f"Ce message sera envoyé {noun(count, 'au déclarant,aux déclarants')} de {counted(count, 'fiche')}."
    if silent:
        told += f" Pour {counted(silent, 'fiche')} sans adresse, connue ou gardée, personne ne le recevra."
    return told


def _told(request, chosen, outcomes, gone: int = 0) -> dict:
    done = [one.initiative for one in outcomes if not one.refused]
    return context(
        request,
        chosen.label,
        bulk_action=chosen,
        done=done,
        mailing=told_mailing(done) if chosen.is_mailed and done else "",
        refused=[one for one in outcomes if one.refused],
        fiches=",".join(str(one.initiative.pk) for one in outcomes),
        gone=gone,
        list_url=entries_url(),
    )
