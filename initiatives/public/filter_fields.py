"""Filters of django-filter whose unknown values are errors that name them, in French."""

import django_filters
from django import forms
from django.db.models import Model

from initiatives.runtime.parsing import whole_number


class Choice(django_filters.ChoiceFilter):
    """One value of a known list; any other is an error that names it, never « everything »."""

    def __init__(self, *args, unknown: str, **kwargs):
        super().__init__(*args, error_messages={"invalid_choice": unknown}, null_label=None, **kwargs)


class Choices(django_filters.MultipleChoiceFilter):
    """Several values of a known list."""

    def __init__(self, *args, unknown: str, **kwargs):
        super().__init__(*args, error_messages={"invalid_choice": unknown}, **kwargs)


class SlugField(forms.CharField):
    """The slug of a row of a model; `is_trusted` takes it for one without looking."""

    def __init__(self, *args, model: type[Model], unknown: str, is_trusted: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.model, self.unknown, self.is_trusted = model, unknown, is_trusted

    def clean(self, value):
        value = super().clean(value)
        if value and not self.is_trusted and not self.model.objects.filter(slug=value).exists():
            raise forms.ValidationError(self.unknown % {"value": value})
        return value


class SlugFilter(django_filters.Filter):
    field_class = SlugField


class YearField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if value and (len(value) != 4 or whole_number(value) is None):
            raise forms.ValidationError(f"L’année « {value} » est inconnue : écrivez par exemple 2020.")
        return value


class YearFilter(django_filters.Filter):
    field_class = YearField
