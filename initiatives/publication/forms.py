"""The form of a publication: its selection, its logo, the contrast of its cover."""

from django import forms
from django.utils.html import escape
from django.utils.text import capfirst

from initiatives.adminkit.form_fields import CleanedTextForm
from initiatives.models import IllegalFreeze, Publication
from initiatives.models.publication import hex_colour

from .logos import checked
from .snapshot import listing_of, query_of

# Of the contrast of WCAG 2 for large text and for all text.
READABLE = 4.5


def luminance(colour: str) -> float:
    """The relative luminance of a colour written « #rrggbb », as WCAG 2 has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(name: str) -> forms.CharField:
    field = Publication._meta.get_field(name)
    # Judged here: the contrast is computed before the model looks.
    return forms.CharField(
        label=capfirst(field.verbose_name),
        initial=field.default,
        validators=[hex_colour],
        widget=forms.TextInput(attrs={"type": "color"}),
    )


class PublicationForm(CleanedTextForm, forms.ModelForm):
    logo_file = forms.FileField(label="Logo", required=False, help_text="SVG ou PNG, 300 ko au plus.")
    cover_ground, cover_ink = colour("cover_ground"), colour("cover_ink")
    no_logo = forms.BooleanField(label="Retirer le logo", required=False)

    class Meta:
        model = Publication
        fields = (
            "title subtitle slug foreword credits filters order licence cover_ground cover_ink logo_text"
            " with_figures with_map with_territories with_themes with_sources"
        ).split()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The admin takes it for HTML, in which « &region » begins with a sign.
        self.fields["filters"].help_text = escape(self.fields["filters"].help_text)

    def clean_filters(self):
        return query_of(self.cleaned_data["filters"])

    def clean_logo_file(self):
        if sent := self.cleaned_data["logo_file"]:
            self.logo = sent.read()
            self.logo_type = checked(self.logo)
        return sent

    def clean(self):
        cleaned = super().clean()
        if {"filters", "order"} <= cleaned.keys():
            self._check_selection(cleaned)
        if {"cover_ground", "cover_ink"} <= cleaned.keys():
            found = contrast(cleaned["cover_ground"], cleaned["cover_ink"])
            if found < READABLE:
                written = f"{found:.1f}".replace(".", ",")
                self.add_error(
                    "cover_ink", f"Ce texte se lit mal sur ce fond : contraste de {written}, il en faut 4,5."
                )
        return cleaned

    def _check_selection(self, cleaned: dict):
        try:
            found = listing_of(Publication(filters=cleaned["filters"], order=cleaned["order"])).total
        except IllegalFreeze as unknown:
            self.add_error("filters", unknown)
        else:
            if not found:
                self.add_error("filters", "Aucune fiche publiée ne répond à cette sélection.")

    def save(self, commit=True):
        if getattr(self, "logo", b""):
            self.instance.logo, self.instance.logo_type = self.logo, self.logo_type
        elif self.cleaned_data["no_logo"]:
            self.instance.logo, self.instance.logo_type = b"", ""
        return super().save(commit)
