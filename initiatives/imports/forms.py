"""What a person says of a file: which one it is, what its columns are, what its cells should be."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.models import HeadingAlias, ImportBatch, ImportFile, ImportRow, Initiative, Survey, retention
from initiatives.runtime.parsing import whole_number

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
        help_text=f"Excel (.xlsx), OpenDocument (.ods) ou CSV, {MAX_BYTES // 2**20} Mo au plus. Rien n’est importé"
        " avant que vous ayez relu l’aperçu.",
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        past = Survey.objects.to_forget_by(timezone.localdate()).order_by("pk")
        told = [f"Données des déclarants de « {survey} » : {retention.told(survey)}." for survey in past]
        self.fields["survey"].help_text = " ".join([self.fields["survey"].help_text, *told])

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


class Corrections:
    """What was clicked or typed below the rows, added to what was said before."""

    MOST = 5_000

    def __init__(self, batch: ImportBatch):
        self.batch = batch
        self.said, self.aside = dict(batch.corrections), set(batch.aside)

    def take(self, data):
        self._typed(data)  # first: whoever clicks on one row may have typed in another
        if one := self._row(data.get("accepter", "")):
            row, rest = one
            fault, suggestion = ([*rest, "0", "0"])[:2]
            self._accept(row, _number(fault), _number(suggestion))
        elif one := self._row(data.get("fiche", "")):
            row, rest = one
            self._is_entry(row, _number(rest[0]) if rest else -1)
        elif "toutes" in data:
            for row in self.batch.rows.filter(kind=ImportRow.Kind.ERROR):
                for column, text in row.corrections.items():
                    self._say(row, column, text)
        elif data.get("cote"):
            self.aside |= {_number(data["cote"])} & set(self.batch.rows.values_list("line", flat=True))
        elif data.get("reprendre"):
            self.aside -= {_number(data["reprendre"])}

    def keep(self):
        self.batch.corrections, self.batch.aside = self.said, sorted(self.aside)
        self.batch.save(update_fields=["corrections", "aside"])

    def _row(self, clicked: str) -> tuple[ImportRow, list[str]] | None:
        number, *rest = clicked.split(":")
        row = self.batch.rows.filter(pk=_number(number)).first() if clicked else None
        return (row, rest) if row else None

    def _accept(self, row: ImportRow, fault: int, suggestion: int):
        try:
            told = row.faults[fault]
            text = told["suggestions"][suggestion]
        except IndexError:
            return
        self._say(row, told["column"], text)

    def _is_entry(self, row: ImportRow, pk: int):
        entry = Initiative.objects.filter(pk=pk).first()
        if entry is not None:
            named = [one["heading"] for one in self.batch.headings if one["field"] == "reference"]
            self._say(row, named[0] if named else LABELS["reference"], entry.reference)

    def _typed(self, data):
        rows = {row.pk: row for row in self.batch.rows.filter(kind=ImportRow.Kind.ERROR)}
        for name, text in data.items():
            prefix, _, place = name.partition("-")
            number, _, at = place.partition("-")
            row = rows.get(_number(number)) if prefix == "saisie" and text.strip() else None
            if row and 0 <= _number(at) < len(row.faults):
                self._say(row, row.faults[_number(at)]["column"], text[: self.MOST].replace("\0", ""))

    def _say(self, row: ImportRow, column: str, text: str):
        if column:
            self.said.setdefault(str(row.line), {})[column] = text


def _number(text: str) -> int:
    return whole_number(text, otherwise=-1)
