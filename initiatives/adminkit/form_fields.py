"""The fields of the entry's form that Django has not: a territory, another entry, themes by category."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Script
from django.urls import reverse_lazy

from initiatives.imports.date_widgets import YearOrMonthWidget
from initiatives.models import Category, Initiative, Theme
from initiatives.text.characters import without_invisible
from towns.gazetteer import Gazetteer, UnknownPlace
from towns.models import Territory

CODE_AT_THE_END = re.compile(r"(?:^|[,\s])(\d[\dABab]\d{3}|\d{9})\s*$")
REFERENCE = re.compile(r"^\s*([^\s,]+)")


class Prose(forms.Textarea):
    """A text of several lines. Browsers end them with two characters: neither stored texts nor counters do."""

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        return typed and typed.replace("\r\n", "\n")


class Suggested(forms.TextInput):
    """A text that can be typed whole; with JavaScript, what it may be is proposed below it."""

    template_name = "desk/suggested.html"

    class Media:
        js = [Script("js/combobox.js", type="module")]

    def __init__(self, address, **attrs):
        super().__init__({"class": "vTextField", "data-suggestions": address, "autocomplete": "off", **attrs})


class TerritoryField(forms.CharField):
    """« Beauvais », « Beauvais (60) », « 60057 » or a SIREN, as the import reads them."""

    def __init__(self, **options):
        super().__init__(
            label="Collectivité",
            max_length=200,
            widget=Suggested(reverse_lazy("admin:suggest_territories")),
            **options,
        )

    def prepare_value(self, value):
        return f"{value}, {value.pk}" if isinstance(value, Territory) else value

    def clean(self, value) -> Territory | None:
        text = super().clean(value)
        code = CODE_AT_THE_END.search(text)
        try:
            return Gazetteer().find(code=code[1]) if code else Gazetteer().find(name=text)
        except UnknownPlace as unknown:
            meant = ", ".join(f"{one}, {one.pk}" for one in unknown.candidates)
            raise ValidationError(f"{unknown} Peut-être : {meant}." if meant else str(unknown))

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != data


class CleanedTextForm:
    """A form that leaves out of its texts what a pasted one hides in them."""

    def clean(self):
        cleaned = super().clean()
        # In place: a form that goes on to clean reads its own values.
        cleaned |= {name: without_invisible(text) for name, text in cleaned.items() if isinstance(text, str)}
        return cleaned


class MomentField(forms.CharField):
    """A year, or a year and a month, in each of the ways in which the import reads one."""

    def __init__(self, **options):
        super().__init__(max_length=30, **options)

    def to_python(self, value) -> str:
        return YearOrMonthWidget().clean(super().to_python(value))


class EntryField(forms.CharField):
    """Another entry, by its reference."""

    def __init__(self, **options):
        super().__init__(
            required=False, max_length=200, widget=Suggested(reverse_lazy("admin:suggest_entries")), **options
        )

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Initiative.objects.filter(pk=value).first()
        return f"{value.reference}, {value}" if isinstance(value, Initiative) else value

    def clean(self, value) -> Initiative | None:
        text = super().clean(value)
        if not text:
            return None
        found = Initiative.objects.filter(reference__iexact=REFERENCE.match(text)[1]).first()
        if found is None:
            raise ValidationError(f"Aucune fiche n’a la référence « {text} ».")
        return found

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "")


class ThemeCheckboxes(forms.CheckboxSelectMultiple):
    """The themes under the name of their category; with JavaScript, only those of the one that is chosen."""

    template_name = "desk/themes.html"

    class Media:
        js = [Script("js/themes.js", type="module")]


class ThemesField(forms.ModelMultipleChoiceField):
    """At most three themes."""

    MOST = 3

    def __init__(self, **options):
        super().__init__(Theme.objects.order_by("position", "pk"), required=False, widget=ThemeCheckboxes(), **options)

    def by_category(self):
        """The choices, under their category."""
        themes = Theme.objects.order_by("position", "pk")
        names = Category.objects.order_by("position", "pk")
        return [
            (category, [(theme.pk, theme.name) for theme in themes if theme.category_id == category.pk])
            for category in names
        ]

    def clean(self, value):
        themes = super().clean(value)
        if len(themes) > self.MOST:
            raise ValidationError(f"Choisissez {self.MOST} thèmes au plus : il y en a {len(themes)}.")
        return themes
