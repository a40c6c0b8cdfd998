"""What a person says of a file: which one it is, what its cells should be."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.models import ImportBatch, ImportFile, Initiative, Survey, retention

from .date_widgets import FIRST_YEAR, TO_COME
from .readers.errors import UnreadableFile
from .readers.formats import MAX_BYTES, kind_of


class UploadForm(forms.Form):
    """A spreadsheet, and what its entries are."""

    file = forms.FileField(
        label="Tableau",
        allow_empty_file=True,
        help_text=f"Excel (.xlsx, .xls, .xlsb), OpenDocument (.ods) ou CSV, {MAX_BYTES // 2**20}\u00a0Mo au plus. Rien"
        " n’est importé avant que vous ayez relu l’aperçu.",
        error_messages={"required": "Choisissez un fichier."},
    )
    survey = forms.ModelChoiceField(
        Survey.objects.order_by("-started_on", "-pk"),
        label="Enquête",
        empty_label=None,
        help_text="Celle dont les fiches nouvelles feront partie.",
    )
    origin = forms.ChoiceField(
        label="Origine des fiches nouvelles", choices=Initiative.Origin, initial=Initiative.Origin.SURVEY
    )
    told_of_retention = staticmethod(retention.told_of_import)

    def clean_file(self):
        sent = self.cleaned_data["file"]
        if sent.size > MAX_BYTES:
            raise ValidationError(
                f"Le fichier pèse {sent.size / 2**20:.0f} Mo, la limite est de {MAX_BYTES // 2**20} Mo : découpez-le"
                " en plusieurs. Il n’a pas été gardé."
            )
        self.content = sent.read()
        try:
            kind_of(self.content)
        except UnreadableFile as fault:
            raise ValidationError(f"{fault} Il n’a pas été gardé.")
        return sent

    @transaction.atomic
    def save(self, *, by) -> ImportBatch:
        sha256, survey = hashlib.sha256(self.content).hexdigest(), self.cleaned_data["survey"]
        before = ImportBatch.objects.filter(sha256=sha256, survey=survey).order_by("-pk").first()
        batch = ImportBatch.objects.create(
            name=self.cleaned_data["file"].name[:200],
            sha256=sha256,
            size=len(self.content),
            sent_by=by,
            survey=survey,
            origin=self.cleaned_data["origin"],
            # What was said of this very file holds.
            **{name: getattr(before, name) for name in ImportBatch.SAID_OF_FILE if before},
        )
        ImportFile.objects.create(batch=batch, content=self.content)
        return batch


class AgreementField(forms.DateField):
    """The day on which all who answered agreed that their answers be published; not one to come."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"required": "Dites le jour de l’accord.", "invalid": "Écrivez une date : 15/01/2021."}

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(TO_COME)
        if value and value.year < FIRST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")


class AgreementForm(forms.Form):
    agreed_on = AgreementField(label="Tous les répondants ont accepté la publication, le")
