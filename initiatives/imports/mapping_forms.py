"""What a person says of a file before its rows are judged: its sheet, its encoding, its columns, constants of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.models import Audience, Category, ImportBatch, Initiative, Theme

from .cells import CellError
from .choice_widgets import ThemesWidget
from .forms import AgreementField
from .headings import HEADINGS, IMPORTABLE, LABELS, PARTS
from .layouts import layout_of, remember
from .recognition import DERIVED, OF_TOOL, REMEMBERED, UNKNOWN, UNSURE
from .territory_widgets import TerritoryWidget

LEAVE_OUT = "-"
# Of a file of more columns, the others are left aside: a page of all choices for each would be megabytes.
MOST_SHOWN = 300
# Not proposed to the next file: its respondents may have agreed on another day, or not at all.
OF_ONE_FILE = {"licence_agreed_on"}


def fields_to_choose() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that a column may be, with their labels, by block of the record."""
    blocks = {"": [(LEAVE_OUT, "laisser de côté")], "Fiche": [("version", LABELS["version"])]}
    for row in IMPORTABLE:
        names = [name for name in (row.name, *PARTS.get(row.name, ())) if name in LABELS]
        blocks.setdefault(row.block or "Fiche", []).extend((name, LABELS[name]) for name in names)
    return list(blocks.items())


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the file as the form shows it."""

    name: str
    heading: str
    how: str
    samples: list[str]
    chosen: str

    @property
    def is_unsure(self) -> bool:
        return self.how in UNSURE

    @property
    def is_doubtful(self) -> bool:
        return self.is_unsure or self.how == UNKNOWN


class MappingForm(forms.Form):
    """One form for all that must or may be said of the file of an import; what nobody changed stays as understood."""

    category = forms.ModelChoiceField(Category.objects.all(), label="Catégorie", required=False, to_field_name="name")
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thèmes",
        required=False,
        to_field_name="name",
        widget=forms.CheckboxSelectMultiple,
    )
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.all(),
        label="Publics visés",
        required=False,
        to_field_name="name",
        widget=forms.CheckboxSelectMultiple,
    )
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "---------"), *((label, label) for label in Initiative.State.labels)],
    )
    licence_agreed_on = AgreementField(label="Tous ont accepté la diffusion le", required=False)
    territory_name = forms.CharField(label="Collectivité de toutes les lignes", required=False, max_length=200)

    def __init__(self, batch: ImportBatch, data=None):
        self.batch = batch
        self.layout = layout_of(column["heading"] for column in batch.headings)
        proposed = batch.constants or (self.layout.constants if self.layout else {})
        several = {name: proposed[name].split(SEPARATOR) for name in ("themes", "audiences") if name in proposed}
        super().__init__(data, initial=proposed | several, label_suffix="")

    # The file

    @property
    def sheets(self) -> list[dict]:
        return self.batch.choices.get("sheets", [])

    @property
    def encodings(self) -> list[dict]:
        return self.batch.choices.get("encodings", [])

    @cached_property
    def source(self) -> dict:
        """The sheet or the encoding that was chosen in place of what was read, by the fields of ImportBatch."""
        read = self.batch.choices.get("read")
        known = {"sheet": [one["title"] for one in self.sheets], "encoding": [one["codec"] for one in self.encodings]}
        chosen = {name: self.data.get(name) for name, values in known.items() if self.data.get(name) in values}
        # What was said of the columns and rows of another table says nothing of these.
        nothing = {"mapping": {}, "constants": {}}
        return chosen | nothing if set(chosen.values()) - {read} else {}

    # Its columns

    @cached_property
    def columns(self) -> list[ColumnChoice]:
        """The columns, those to be asked about first."""
        made = []
        for at, (column, samples) in enumerate(
            zip(self.batch.headings, self.batch.choices.get("samples") or [[]] * len(self.batch.headings), strict=True)
        ):
            name = f"colonne-{at}"
            chosen = self.data.get(name) or column["field"] or LEAVE_OUT
            made.append(ColumnChoice(name, column["heading"], column["how"], samples, chosen))
        return sorted(made, key=lambda column: not column.is_unsure)[:MOST_SHOWN]

    @property
    def unsure(self) -> list[ColumnChoice]:
        return [column for column in self.columns if column.is_unsure]

    @property
    def hidden_columns(self) -> int:
        return len(self.batch.headings) - len(self.columns)

    @property
    def left_out(self) -> list[str]:
        """The headings of columns that nobody knows or that somebody left aside."""
        follows = (DERIVED, OF_TOOL)
        return [one["heading"] for one in self.batch.headings if not one["field"] and one["how"] not in follows]

    @cached_property
    def said(self) -> dict[str, str | None]:
        """The field of each heading of which something was said, None where it is left aside."""
        return self.batch.mapping | dict(self._chosen())

    def _chosen(self) -> Iterator[tuple[str, str | None]]:
        understood = {column["heading"]: column["field"] for column in self.batch.headings}
        for column in self.columns:
            chosen = self.data.get(column.name)
            name = "" if chosen == LEAVE_OUT else chosen
            if (name in HEADINGS or chosen == LEAVE_OUT) and (column.is_unsure or name != understood[column.heading]):
                yield column.heading, name or None

    # What holds for all rows

    def clean_territory_name(self) -> str:
        if name := self.cleaned_data["territory_name"]:
            widget, parts = TerritoryWidget(), {"territory_name": name}
            widget.read_ahead([parts])
            try:
                widget.clean(None, parts=parts)
            except CellError as unknown:
                raise ValidationError(unknown.message)
        return name

    def clean(self):
        category, themes = self.cleaned_data.get("category"), self.cleaned_data.get("themes") or []
        if len(themes) > ThemesWidget.MOST:
            self.add_error("themes", f"Gardez {ThemesWidget.MOST} thèmes au plus : il y en a {len(themes)}.")
        elif category and (foreign := [theme for theme in themes if theme.category_id != category.pk]):
            self.add_error("themes", f"« {foreign[0]} » n’est pas un thème de la catégorie « {category} ».")

    @property
    def constants(self) -> dict[str, str]:
        """What holds for all rows, as cells would say it."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        for name in {"themes", "audiences"} & said.keys():
            said[name] = SEPARATOR.join(one.name.replace(SEPARATOR, BAR_IN_VALUE) for one in said[name])
        if "category" in said:
            said["category"] = said["category"].name
        if "licence_agreed_on" in said:
            said["licence_agreed_on"] = said["licence_agreed_on"].isoformat()
        return said

    def changes(self) -> dict:
        """What the import keeps of it, by the fields of ImportBatch."""
        return self.source or {"mapping": self.said, "constants": self.constants}

    def remember(self, *, by):
        """Keep what was said for the next file of the same headings."""
        if self.source:
            return
        known = {one["heading"]: one["field"] or None for one in self.batch.headings if one["how"] == REMEMBERED}
        constants = {name: value for name, value in self.constants.items() if name not in OF_ONE_FILE}
        remember([one["heading"] for one in self.batch.headings], known | self.said, constants, by=by)
