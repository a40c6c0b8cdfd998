"""The selection of the list as a file: asked in which format, written down where it names people, streamed."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone

from initiatives.adminkit.pages import context
from initiatives.exports.attribution import attribution
from initiatives.exports.formats import EXPORTS
from initiatives.exports.records import Entries
from initiatives.exports.spreadsheets import MAX_ROWS
from initiatives.imports import workbooks_to_fill
from initiatives.imports.files import XLSX, download
from initiatives.imports.private_columns import INTERNAL, MARK, PERSONAL, STAFF, STAFF_WITH_DECLARANTS
from initiatives.models import PersonalDataEvent
from initiatives.runtime.concurrency import desk
from initiatives.text.french import counted

Act = PersonalDataEvent.Act
# Workbooks first, then the CSV that Excel opens: it is people who ask.
_TABLES = [export for export in EXPORTS.values() if export.is_table]
FORMATS = [*(one for one in _TABLES if one.is_workbook), *(one for one in reversed(_TABLES) if not one.is_workbook)]
GONE = "Ces fiches n’existent plus : il n’y a rien à exporter."


class FormatForm(forms.Form):
    """Which file; a workbook is refused where nobody could read it."""

    format = forms.ChoiceField(
        label="Format",
        choices=[(export.filename, export.label) for export in FORMATS],
        initial=FORMATS[0].filename,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, count: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count

    def clean_format(self):
        wanted = EXPORTS[self.cleaned_data["format"]]
        if wanted.is_workbook and self.count > MAX_ROWS:
            raise ValidationError(f"Un classeur reçoit {counted(MAX_ROWS, 'fiche')} au plus : choisissez un CSV.")
        return wanted


class CorrectionForm(forms.Form):
    """There is one format that comes back."""

    def __init__(self, *args, count: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count

    def clean(self):
        if self.count > workbooks_to_fill.MOST:
            raise ValidationError(workbooks_to_fill.too_many())
        return super().clean()


@dataclass(frozen=True)
class ExportAction:
    """One way to take the selection out. `act` is what the journal calls it, where it names people."""

    name: str
    label: str
    permissions: tuple[str, ...]
    form: type[forms.Form]
    respond: Callable
    act: str = ""

    @property
    def warning(self) -> str:
        return PERSONAL if self.act else INTERNAL


def _table(columns, warning: str, prefix: str):
    def respond(request, rows, form):
        wanted = form.cleaned_data["format"]
        entries = Entries(rows, attribution(request), columns, warning)
        with desk.turn() if wanted.is_workbook else nullcontext():
            content = wanted.workbook(entries) if wanted.is_workbook else wanted.stream(entries)
        stem, day = wanted.stem.replace("initiatives", "fiches"), timezone.localdate().isoformat()
        return download(content, f"{prefix}{stem}-{day}.{wanted.ending}", wanted.content_type)

    return respond


def _for_correction(request, rows, form):
    return download(workbooks_to_fill.for_correction(rows), workbooks_to_fill.saved_as(), XLSX)


EXPORT_ACTIONS = (
    ExportAction(
        "export_selection",
        "Exporter la sélection",
        ("view",),
        FormatForm,
        _table(STAFF, INTERNAL, ""),
    ),
    ExportAction(
        "export_declarants",
        "Exporter la sélection avec les données personnelles",
        ("view_declarant",),
        FormatForm,
        _table(STAFF_WITH_DECLARANTS, PERSONAL, MARK),
        Act.EXPORT,
    ),
    ExportAction(
        "export_for_correction",
        "Exporter la sélection pour la corriger",
        ("correct_in_file",),
        CorrectionForm,
        _for_correction,
        Act.CORRECTION,
    ),
)


def as_action(selection: ExportAction):
    """A page that says what would leave and asks in which format, then the file; the list says which rows."""

    @admin.action(permissions=selection.permissions, description=f"{selection.label}…")
    def action(model_admin, request, queryset):
        count = queryset.count()
        if not count:
            messages.warning(request, GONE)
            return None
        form = selection.form(request.POST if "confirme" in request.POST else None, count=count)
        if form.is_bound and form.is_valid():
            if selection.act:
                # Before it leaves: what is broken off on the way has left too.
                PersonalDataEvent.objects.create(act=selection.act, by=request.user, entries=count)
            return selection.respond(request, queryset, form)
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        across = forms.BooleanField(required=False).clean(request.POST.get("select_across"))
        given = {
            "selection": selection,
            "form": form,
            "what": counted(count, "fiche"),
            "gone": 0 if across else len(set(chosen)) - count,
            # The list finds all of them again by its own filters: one is enough to say so.
            "chosen": chosen[:1] if across else chosen,
            "across": int(across),
        }
        return render(request, "desk/selection.html", context(request, selection.label, **given))

    action.__name__ = selection.name
    return action


ACTIONS = [as_action(selection) for selection in EXPORT_ACTIONS]
