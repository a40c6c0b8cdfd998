"""What a person says of a file: which one it is, what its columns are, what its cells should be."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.models import HeadingAlias, ImportBatch, ImportFile, Initiative, Survey, retention

from .headings import HEADINGS, LABELS
from .readers.formats import MAX_BYTES, kind_of
from .readers.tables import UnreadableFile
from .recognition import TWICE, key_to_remember

LEAVE_OUT = "-"


class UploadForm(forms.Form):
    """A spreadsheet, and what its entries are."""

    file = forms.FileField(
        label="Tableau",
        allow_empty_file=True,
        help_text=f"Excel (.xlsx, .xls, .xlsb), OpenDocument (.ods) ou CSV, {MAX_BYTES // 2**20} Mo au plus. Rien n’est"
        " importé avant que vous ayez relu l’aperçu.",
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
        batch = ImportBatch.objects.create(
            name=self.cleaned_data["file"].name[:200],
            sha256=hashlib.sha256(self.content).hexdigest(),
            size=len(self.content),
            sent_by=by,
            survey=self.cleaned_data["survey"],
            origin=self.cleaned_data["origin"],
        )
        ImportFile.objects.create(batch=batch, content=self.content)
        return batch


def fields_to_choose() -> list[tuple[str, str]]:
    return [(LEAVE_OUT, "laisser de côté"), *LABELS.items()]


def keep_columns(batch: ImportBatch, data, *, by):
    """What the person chose for each heading, where it is not what was understood; remembered for the next file
    where the heading is none of ours."""
    for at, described in enumerate(batch.headings):
        heading, field, how = described["heading"], described["field"], described["how"]
        chosen = data.get(f"colonne-{at}", "")
        if chosen not in HEADINGS and chosen != LEAVE_OUT:
            continue
        name = "" if chosen == LEAVE_OUT else chosen
        # Of two columns that say the same, the second is read as nothing, and yet is not left out.
        if name == field and how != TWICE:
            continue
        batch.mapping[heading] = name or None
        if one := key_to_remember(heading):
            HeadingAlias.objects.update_or_create(key=one, defaults={"field": name, "said_by": by})
    batch.save(update_fields=["mapping"])
