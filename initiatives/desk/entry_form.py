"""The form of an entry, in the order of the record, and what it does when somebody else was faster."""

from dataclasses import replace
from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Script
from django.utils import timezone
from django.utils.html import format_html

from initiatives.adminkit.double_submit import DOUBLE_CLICK, just_proposed
from initiatives.adminkit.form_fields import (
    CleanedTextForm,
    EntryField,
    MomentField,
    Prose,
    TerritoryField,
    ThemesField,
)
from initiatives.adminkit.rows_field import RowsField
from initiatives.links.verdicts import marks
from initiatives.models import Initiative, Revision, Survey
from initiatives.models.record import BLOCKS, FIELDS, differences, stored_values
from initiatives.models.record_table import (
    BY_NAME,
    NEEDED,
    OWN,
    SHARED,
    TABLE,
    WITH_ADDRESSES,
    FieldKind,
    RecordField,
)
from initiatives.text.french import typo
from initiatives.text.sentences import summary_of

from .conflicts import MINE, THEIRS, Conflict


def _declared(row: RecordField) -> forms.Field:
    if row.kind is FieldKind.MONTH:
        return MomentField(label=row.heading, required=False)
    return RowsField(row.name, label=row.heading)


# The fields that a form of a model does not make by itself.
RecordForm = type(
    "RecordForm",
    (forms.Form,),
    {row.name: _declared(row) for row in TABLE if row.kind in (FieldKind.MONTH, FieldKind.OWN)},
)


class InitiativeForm(CleanedTextForm, RecordForm, forms.ModelForm):
    """`by` is the person at the desk; `is_done` that the entry already says all that was sent."""

    territory = TerritoryField()
    themes = ThemesField(label=BY_NAME["themes"].heading)
    inspired_by = EntryField(label=BY_NAME["inspired_by"].heading)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))

    by, is_revising = None, False

    class Meta:
        model = Initiative
        fields = [name for name in FIELDS if name not in OWN]
        widgets = {row.name: Prose({"rows": row.lines}) for row in TABLE if row.lines}
        widgets["audiences"] = forms.CheckboxSelectMultiple()

    class Media:
        # After those of the widgets: a draft is compared with the form as these have left it.
        js = [Script(f"js/{name}.js", type="module") for name in ("counters", "duplicates", "draft", "unsaved")]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        entry = self.instance
        self.is_done, self.choices = False, []
        self.fields["themes"].choices = self.fields["themes"].by_category()
        for name, field in self.fields.items():  # fewer where the entry may only be read
            if row := BY_NAME.get(name):
                field.help_text = format_html("{}{}", _marked(name), typo(row.help))
                if row.is_counted:
                    field.widget.attrs["data-counter"] = field.max_length
        if entry.pk:
            values = stored_values(entry)
            self.initial |= {"territory": entry.territory, "seen": entry.version, "inspired_by": entry.inspired_by}
            self.initial |= {name: values[name] for name in OWN}
            self._mark(values)
        elif "survey" in self.fields:
            self.initial.setdefault("survey", Survey.objects.order_by("-started_on", "-pk").first())

    def _mark(self, values: dict):
        """Say beside each stored address whether it answers."""
        addresses = {name: [row[OWN[name].index("url")] for row in values[name]] for name in WITH_ADDRESSES}
        found = marks([self.instance.source_url, *chain(*addresses.values())])
        for name in self.fields.keys() & addresses.keys():
            self.fields[name].widget.marks = {("url", url): mark for url, mark in found.items()}
        source = self.fields.get("source_url")
        if source and (mark := found.get(self.instance.source_url)):
            source.help_text = format_html("{} {}", source.help_text, mark)

    # What was typed, as values of the record

    def values(self) -> dict:
        """Those of the fields that the form has and that are valid."""
        return {name: _plain(self.cleaned_data[name]) for name in FIELDS if name in self.cleaned_data}

    # Cleaning

    def clean(self):
        data = super().clean()
        if self.instance.is_published and not data.get("summary"):
            data["summary"] = summary_of(data.get("solution", ""))
        category, themes = data.get("category"), data.get("themes")
        if category and themes and (others := [theme for theme in themes if theme.category_id != category.pk]):
            names = ", ".join(f"« {theme} »" for theme in others)
            self.add_error("themes", f"Ces thèmes ne sont pas de la catégorie « {category} » : {names}.")
        if not self.errors:
            if self.instance.pk:
                self._check_conflict()
                if self.is_revising and not self.is_done:
                    self._check_revision()
            else:
                self._check_double()
        elif self.instance.pk:
            self.choices = self._kept(self.instance, self.values())
        return data

    def _check_revision(self):
        """Refuse a second pending revision; a double click finds the one that it made, one without a change is done."""
        if revision := just_proposed(self.by, self.instance, self.values()):
            self.instance.revision, self.is_done = revision, True
            return
        if Revision.objects.pending().filter(initiative=self.instance.pk).exists():
            raise ValidationError("Une révision de cette fiche attend déjà une décision : relisez-la d’abord.")
        if not differences(stored_values(Initiative.objects.get(pk=self.instance.pk)), self.values()):
            self.is_done = True

    def _check_conflict(self):
        """Refuse to overwrite what was saved since this form was opened. The row stays locked until the save."""
        stored = Initiative.objects.select_for_update(of=("self",)).select_related("territory")
        stored = stored.get(pk=self.instance.pk)
        self.instance.copy_readonly_from(stored)
        seen, typed = self.cleaned_data.get("seen") or 0, self.values()
        if seen == stored.version:
            self._see_that_all_is_chosen(stored, typed)
            self._keep_theirs(stored)
            return
        self._keep_theirs(stored)
        conflict = Conflict(stored, self.values(), seen=seen, by=self.by)
        if conflict.changes_nothing:
            self.is_done = True
        elif choices := conflict.choices:
            asked = {choice.field for choice in choices}
            self._ask(
                conflict.sentence,
                stored,
                choices + [one for one in self._kept(stored, typed) if one.field not in asked],
            )

    def _ask(self, sentence: str, stored: Initiative, choices: list):
        """Show both texts; what comes back is a form of the version that is shown now."""
        self.choices = choices
        self.data = self.data.copy()
        self.data["seen"] = stored.version
        raise ValidationError(sentence)

    # What was chosen on the page that showed both texts

    def _chosen(self) -> dict[str, str]:
        """The side of each field that was asked about; nothing where none was chosen."""
        sides = {name: self.data.get(f"choix-{name}") for name in self.data.getlist("conflit")}
        return {name: side if side in (MINE, THEIRS) else "" for name, side in sides.items()}

    def _kept(self, stored: Initiative, typed: dict) -> list:
        """The choices as they were made: the form still holds the text that was not kept."""
        if not (chosen := self._chosen()):
            return []
        choices = Conflict(stored, typed, seen=0, by=None).choices
        return [replace(one, chosen=chosen[one.field]) for one in choices if one.field in chosen]

    def _see_that_all_is_chosen(self, stored: Initiative, typed: dict):
        if "" in self._chosen().values():
            self._ask("Choisissez l’un des deux textes pour chaque champ.", stored, self._kept(stored, typed))

    def _keep_theirs(self, stored: Initiative):
        """Take the stored side of the fields for which it was chosen, on a second click as on the first."""
        values = stored_values(stored)
        for name, side in self._chosen().items():
            if name in self.fields and side == THEIRS:
                self.cleaned_data[name] = _stored(stored, name, values)

    def _check_double(self):
        """Find the entry that a double click of this person has just made, word for word."""
        survey = self.cleaned_data.get("survey")
        if survey is None:
            return
        Survey.objects.select_for_update().get(pk=survey.pk)  # whoever adds to this survey waits for the other
        recent = Initiative.objects.filter(
            title=self.cleaned_data["title"],
            territory=self.cleaned_data["territory"],
            created_at__gte=timezone.now() - DOUBLE_CLICK,
        ).order_by("-pk")
        for entry in recent:
            if entry.history.filter(history_type="+", history_user=self.by).exists():
                self.instance, self.is_done = entry, True

    def _post_clean(self):
        if not self.is_done:
            super()._post_clean()

    def _save_m2m(self):
        if not self.is_done:
            super()._save_m2m()


def fieldsets(*, private: bool, fate: str) -> list[tuple]:
    """The blocks of the record as the admin shows them; `fate` is what becomes of the declarant."""
    made = []
    for title, names in BLOCKS.items():
        if title == "Déclarant" and not private:
            continue
        options = {"fields": [*names, "seen"] if title == "Suivi" else names}
        made.append((title, options | {"description": fate} if title == "Déclarant" else options))
    return made


def _marked(name: str) -> str:
    """What the help of a field begins with that publishing asks for; nothing for another."""
    for needed in NEEDED.values():
        if name in needed.fields:
            instead = [f", ou bien « {BY_NAME[other].heading} »" for other in needed.fields if other != name]
            return format_html("<strong>{}</strong> ", typo(f"Nécessaire pour publier{''.join(instead)}."))
    return ""


def _plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "order_by"):
        return sorted(row.pk for row in value)
    return getattr(value, "pk", value)


def _stored(entry: Initiative, name: str, values: dict):
    """A stored value as the form cleans it."""
    if name in OWN:
        return values[name]
    value = getattr(entry, name)
    return value.all() if name in SHARED else value
