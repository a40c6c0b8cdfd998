"""Cells that name something: a choice, a row of a short table or several of them, another entry."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from import_export.widgets import Widget

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.models import Category, Initiative, Theme

from .cells import CellError, clipped, doubt, items, listed, plain, proposals, sign
from .headings import key


class ChoiceWidget(Widget):
    """One of the choices of a field, by its label or its code."""

    # Whether a label that is spelt nearly like the cell may be meant.
    nearly = True

    def __init__(self, choices, *, empty: str = "", **kwargs):
        super().__init__(**kwargs)
        self.choices, self.empty = choices, empty

    def clean(self, value, row=None, **kwargs) -> str:
        if not (read := plain(value)):
            return self.empty
        for choice in self.choices:
            if read in (choice.label, choice.value):
                return choice.value
        labels = self.choices.labels
        raise CellError(
            f"{doubt(read, labels)}Attendu : {listed(labels)}.", **proposals(read, labels, nearly=self.nearly)
        )

    def render(self, value, obj=None, **kwargs) -> str:
        return self.choices(value).label if value else ""


class OneOfWidget(Widget):
    """A row of a short table, by any of its names."""

    def __init__(self, model, *names: str, **kwargs):
        super().__init__(**kwargs)
        self.model, self.names = model, names

    @cached_property
    def rows(self) -> list:
        return list(self.model.objects.order_by("position", "pk"))

    @cached_property
    def exactly(self) -> dict:
        return {getattr(row, name): row for row in reversed(self.rows) for name in self.names}

    @cached_property
    def known(self) -> dict:
        return {key(getattr(row, name)): row for row in reversed(self.rows) for name in self.names}

    def clean(self, value, row=None, **kwargs):
        if not (read := plain(value)):
            return None
        return self.exactly.get(read) or self.refuse(read, **self.proposed(read))

    def proposed(self, read: str) -> dict:
        """What a CellError proposes for a text that is none of the names: the row that has it, otherwise written."""
        row = self.known.get(key(read))
        if row and not sign(read, *(getattr(row, name) for name in self.names)):
            return {"suggestions": [str(row)], "unambiguous": True}
        return proposals(read, map(str, self.rows))

    def refuse(self, read: str, **proposed):
        doubtful = doubt(read, map(str, self.rows))
        about = f"{doubtful}Attendu" if doubtful else f"« {clipped(read)} » est inconnu ; attendu"
        raise CellError(f"{about} : {listed(self.rows)}.", **proposed)


class CategoryWidget(OneOfWidget):
    """A category; the desk calls it by its short name, the open data by its name."""

    def __init__(self, **kwargs):
        super().__init__(Category, "slug", "name", "short_name", **kwargs)

    def spread(self, value: Category) -> dict[str, str]:
        return {"categorie": value.name}


class SomeOfWidget(OneOfWidget):
    """Several rows of a short table."""

    # The longest cell that is written again to correct one of its names.
    LONGEST = 1_000

    def clean(self, value, row=None, **kwargs) -> tuple:
        names = list(self.names_in(value))
        found = {self.exactly.get(name) or self.refuse(name, **self.instead(name, names)) for name in names}
        return tuple(sorted(found, key=self.rows.index))

    def instead(self, wrong: str, names: list[str]) -> dict:
        """The whole cell, once with each name that was probably meant by the wrong one: the others stay."""
        proposed, cells = self.proposed(wrong), []
        for right in proposed.get("suggestions", ()):
            corrected = dict.fromkeys(right if name == wrong else name for name in names)
            cells.append(SEPARATOR.join(name.replace(SEPARATOR, BAR_IN_VALUE) for name in corrected))
        return proposed | {"suggestions": [cell for cell in cells if len(cell) <= self.LONGEST]}

    def names_in(self, value) -> Iterator[str]:
        """The names listed. A name may hold commas: they separate only where that makes names of what is none."""
        for part in items(value):
            shorter = [one.strip() for one in part.split(",")]
            yield from [part] if key(part) in self.known or len(shorter) == 1 else shorter

    def render(self, value, obj=None, **kwargs) -> str:
        return SEPARATOR.join(str(row) for row in value or ())


class ThemesWidget(SomeOfWidget):
    """Up to three themes, all of the category of the entry."""

    MOST = 3

    def __init__(self, **kwargs):
        super().__init__(Theme, "name", "slug", **kwargs)

    def clean(self, value, row=None, *, values: dict, **kwargs) -> tuple:
        found = super().clean(value)
        category = values.get("category")
        own = [theme for theme in self.rows if category and theme.category_id == category.pk]
        if foreign := [theme for theme in found if category and theme not in own]:
            raise CellError(
                f"{listed(foreign)} n’est pas un thème de la catégorie « {category} » ; attendu : {listed(own)}."
            )
        if len(found) > self.MOST:
            raise CellError(f"Gardez {self.MOST} thèmes au plus : il y en a {len(found)}.")
        return found


class EntryWidget(Widget):
    """Another entry, by its reference."""

    LONGEST = 40

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.known: dict[str, Initiative] = {}

    def read_ahead(self, rows: Iterable[dict]):
        """Read together the entries that many rows name; each row is its cells by part."""
        asked = set()
        for cell in (cell for row in rows for cell in row.values()):
            with suppress(CellError):  # told with its row
                asked.add(plain(cell)[: self.LONGEST])
        if asked := asked - {"", *self.known}:
            self.known |= Initiative.objects.only("reference").in_bulk(list(asked), field_name="reference")

    def clean(self, value, row=None, **kwargs) -> Initiative | None:
        if not (read := plain(value)):
            return None
        if found := self.known.get(read[: self.LONGEST]):
            return found
        raise CellError(f"Aucune fiche n’a la référence « {clipped(read)} ».")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.reference if value else ""
