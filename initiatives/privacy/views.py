"""Erasure on request: found by name or address, shown, asked, then done by the code of the purge.

What is typed is posted: addresses are kept in logs and in the history of browsers.
"""

from collections.abc import Iterable
from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render

from initiatives.adminkit.pages import context, entry_url, may
from initiatives.imports import jobs
from initiatives.models import ImportBatch, Initiative, OutgoingMail, PersonalDataEvent
from initiatives.models.declarants import Forgotten, forget
from initiatives.runtime.parsing import keys_in
from initiatives.search.query import Query
from initiatives.text.french import counted

from .finding import Found, Person, find, of_entry

# Public texts that say the same words: how many are named.
MENTIONS = 20
FEWEST_LETTERS = 3
BUSY = "Un import est en cours : rien n’a été effacé. Recommencez quand il sera terminé."
NOTHING = "Rien n’était coché, ou rien de ce qui l’était n’existe encore : rien n’a été effacé."


class PersonForm(forms.Form):
    person = forms.CharField(
        label="Nom ou courriel",
        max_length=200,
        help_text="Par exemple : Camille Dupont, ou camille.dupont@ville.example. Les accents, les majuscules et"
        " l’ordre des mots ne comptent pas. Ce que vous écrivez n’est gardé nulle part.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_person(self):
        person = Person(self.cleaned_data["person"])
        if len("".join(person.words)) < FEWEST_LETTERS:
            raise ValidationError("Écrivez au moins trois lettres d’un nom, ou une adresse électronique.")
        return person


@may("purge")
def forget_person(request):
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, "Effacer les données d’une personne", form=form)
    person = form.cleaned_data["person"]
    if "confirme" in request.POST:
        _erase(request, names=[person.typed])
        return redirect("admin:forget_person")
    found = find(person)
    mentions = Initiative.objects.matching(Query(person.typed)).by_title()[:MENTIONS] if not person.address else []
    return _shown(request, "Effacer les données d’une personne", form=form, found=found, mentions=mentions)


@may("purge")
def forget_declarant(request, pk):
    entry = get_object_or_404(Initiative.objects.select_related("territory"), pk=pk)
    if request.method == "POST":
        _erase(request)
        return redirect(entry_url(pk))
    return _shown(request, "Effacer le déclarant", entry=entry, found=of_entry(entry), mentions=[])


def _shown(request, title: str, *, form=None, entry=None, found: Found | None = None, mentions=()):
    given = {"form": form, "entry": entry, "found": found, "mentions": mentions}
    return render(request, "privacy/forgetting.html", context(request, title, **given))


def _erase(request, *, names: Iterable[str] = ()):
    """Do what was ticked, and say how much of it there was; the journal keeps that, and no name."""
    for running in ImportBatch.objects.filter(state__in=ImportBatch.RUNNING):
        jobs.look_again(running)
    if ImportBatch.objects.filter(state__in=ImportBatch.RUNNING).exists():
        # Its rows are in no table yet, where this would find them.
        messages.error(request, BUSY)
        return
    with transaction.atomic():
        done = forget(
            _existing(request, "fiche"),
            notes=_existing(request, "note"),
            names=names,
            batches=_ticked(request, "import", ImportBatch.objects.personal()),
            mails=_ticked(request, "courriel", OutgoingMail.objects.all()),
        )
        if done:
            PersonalDataEvent.objects.create(act=PersonalDataEvent.Act.REQUEST, by=request.user, **asdict(done))
    if done:
        messages.success(request, _told(done))
    else:
        messages.warning(request, NOTHING)


def _told(done: Forgotten) -> str:
    parts = [(done.entries, "fiche"), (done.mails, "courriel"), (done.files, "import")]
    what = ", ".join(counted(count, word) for count, word in parts if count)
    return f"Effacé : {what}. Le journal le dit, sans nom."


def _ticked(request, name: str, rows: QuerySet) -> Iterable[int]:
    return rows.filter(pk__in=keys_in(request.POST.getlist(name))).values_list("pk", flat=True)


def _existing(request, name: str) -> set[int]:
    """Entries that are there, or that have been."""
    keys = keys_in(request.POST.getlist(name))
    return {
        *Initiative.objects.filter(pk__in=keys).values_list("pk", flat=True),
        *Initiative.history.filter(id__in=keys).order_by().values_list("id", flat=True).distinct(),
    }
