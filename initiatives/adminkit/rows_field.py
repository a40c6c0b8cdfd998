"""The field of a form for rows of an entry's own: tools, links, key figures, sources."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Script

from initiatives.models import Initiative
from initiatives.models.record import check_rows, clean_row
from initiatives.models.record_table import BY_NAME, OWN

MORE_ROWS = 2
MOST_ROWS = 30


class RowInputs(forms.Widget):
    """A few rows of inputs: those that are filled in, and empty ones to add some."""

    template_name = "desk/rows.html"
    # What is to be said below a cell, by its column and what it holds.
    marks: dict[tuple[str, str], str] = {}

    class Media:
        js = [Script("js/rows.js", type="module")]

    def __init__(self, name: str, **options):
        super().__init__(**options)
        self.columns, self.most = OWN[name], BY_NAME[name].most
        self.fields = [_column(name, column) for column in self.columns]

    def get_context(self, name, value, attrs):
        rows = [list(row) for row in value or []]
        empty = max(min(MORE_ROWS, self.most - len(rows)), 0)
        rows += [[field.initial or "" for field in self.fields] for _ in range(empty)]
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "heads": [field.label for field in self.fields],
            "most": self.most,
            "rows": [
                [
                    self._cell(column, f"{name}-{at}-{column}", cell, f"{attrs['id']}_{at}_{column}", at + 1)
                    for column, cell in enumerate(row)
                ]
                for at, row in enumerate(rows)
            ],
        }
        return context

    def _cell(self, column: int, name: str, cell: str, key: str, line: int) -> dict:
        field, mark = self.fields[column], self.marks.get((self.columns[column], cell))
        attrs = {"id": key, "aria-label": f"{field.label}, ligne {line}"}
        if mark:
            attrs["aria-describedby"] = f"{key}_etat"
        return {**field.widget.get_context(name, cell, attrs)["widget"], "mark": mark}

    def value_from_datadict(self, data, files, name) -> list[list[str]]:
        """The rows that say something."""
        rows = []
        for at in range(MOST_ROWS):
            row = [(data.get(f"{name}-{at}-{column}") or "").strip() for column in range(len(self.fields))]
            if any(cell for cell, field in zip(row, self.fields, strict=True) if cell != (field.initial or "")):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data, files, name):
        return False

    def id_for_label(self, id_):
        return f"{id_}_0_0"


def _column(name: str, column: str) -> forms.Field:
    field = Initiative.part_model(name)._meta.get_field(column)
    made = field.formfield()
    made.initial = field.default if field.has_default() else ""
    made.label = str(field.verbose_name).capitalize()
    return made


class RowsField(forms.Field):
    """The rows of a field of OWN, as lists of texts."""

    def __init__(self, name: str, **options):
        super().__init__(required=False, widget=RowInputs(name), **options)
        self.name = name

    def clean(self, value) -> list[list[str]]:
        rows = [self._row(number, row) for number, row in enumerate(value, 1)]
        check_rows(self.name, rows)
        return rows

    def _row(self, number: int, row: list[str]) -> list[str]:
        try:
            return clean_row(self.name, row)
        except ValidationError as refused:
            raise ValidationError(f"Ligne {number}, {' '.join(refused.messages)}")

    def has_changed(self, initial, data):
        return [list(row) for row in initial or []] != data
