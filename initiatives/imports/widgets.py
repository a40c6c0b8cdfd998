"""Cells into values: each widget translates one kind of cell, or says what it expected."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property

from import_export.widgets import Widget

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.models import Initiative, Theme
from initiatives.text.french import counted, number
from towns.names import fold

from .cells import CellError, clipped, doubt, items, listed, one_line, plain, proposals, sign, text
from .headings import key


class TextWidget(Widget):
    """Text on one line, or on several where the field has room for them."""

    def __init__(self, *, lines: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.read = text if lines else one_line

    def clean(self, value, row=None, **kwargs) -> str:
        return self.read(value)


class AddressWidget(TextWidget):
    """A web address. Its scheme counts in lower case only: « Http:// » is what phones write."""

    SCHEME = re.compile(r"^https?://", re.IGNORECASE)

    def clean(self, value, row=None, **kwargs) -> str:
        return self.SCHEME.sub(lambda scheme: scheme[0].lower(), super().clean(value))


class LinesWidget(Widget):
    """A list of texts, kept as one a line."""

    def __init__(self, *, longest: int, **kwargs):
        super().__init__(**kwargs)
        self.longest = longest

    def clean(self, value, row=None, **kwargs) -> str:
        lines = "\n".join(dict.fromkeys(items(value)))
        if len(lines) > self.longest:
            raise CellError(f"La liste a {counted(len(lines), 'caractère')}, la limite est de {number(self.longest)}.")
        return lines


class YearOrMonthWidget(Widget):
    """« 2020 », « 2020-04 », « 04/2020 », « avril 2020 », or a date, of which the month is kept."""

    MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
    FORMS = [
        re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.]\d{1,2})?)?(?:[ t]\d\d:.*)?"),
        re.compile(r"(?:\d{1,2}[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
        re.compile(r"(?:(?:\d{1,2}|1er) )?(?P<month>[a-z]{3,9})\.? (?P<year>\d{4})"),
    ]

    def clean(self, value, row=None, **kwargs) -> str:
        read = value.isoformat() if isinstance(value, date) else plain(value)
        for form in self.FORMS:
            found = form.fullmatch(fold(read))
            if found and 1900 <= int(found["year"]) < 2100 and (month := self._month(found["month"])) is not None:
                return f"{int(found['year'])}{month}"
        if read:
            raise CellError("Écrivez une année (2020), ou un mois et une année (2020-04, 04/2020, avril 2020).")
        return ""

    def _month(self, written: str | None) -> str | None:
        """« -04 » for April, nothing where no month is written, None for what is not one."""
        if written is None:
            return ""
        numbers = [n for n, name in enumerate(self.MONTHS, 1) if name.startswith(written) or written == f"{n:02d}"]
        numbers += [int(written)] if written.isdigit() and 1 <= int(written) <= 9 else []
        return f"-{numbers[0]:02d}" if numbers else None


class DayWidget(Widget):
    """A day: a date cell, « 15/01/2021 » or « 2021-01-15 », whatever hour stands behind it."""

    FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")

    def clean(self, value, row=None, **kwargs) -> date | None:
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        if not (read := plain(value)):
            return None
        for form in self.FORMS:
            try:
                return datetime.strptime(re.split("[ T]", read)[0], form).date()
            except ValueError:
                continue
        raise CellError("Écrivez une date : jour/mois/année, par exemple 15/01/2021.")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.isoformat() if value else ""


class YesNoWidget(Widget):
    """« oui » or « non », their English, initials and figures, or the « x » that ticks; empty is no."""

    WORDS = {
        **dict.fromkeys("oui o yes y vrai true 1 x".split(), True),
        **dict.fromkeys("non n no faux false 0".split(), False),
    }

    def clean(self, value, row=None, **kwargs) -> bool:
        read = plain(value)
        if read and (key(read) not in self.WORDS or sign(read)):
            raise CellError(f"{doubt(read, ())}Écrivez oui ou non.", suggestions=["oui", "non"])
        return self.WORDS.get(key(read), False)

    def render(self, value, obj=None, **kwargs) -> str:
        return "oui" if value else "non"


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
            # A code counts as it is written: « 110 » is an amount, not the band « 1-10 ».
            if read.lower() == choice.value.lower():
                return choice.value
            if key(read) == key(choice.label) and not sign(read, choice.label):
                return choice.value
        labels = self.choices.labels
        raise CellError(
            f"{doubt(read, labels)}Attendu : {listed(labels)}.", **proposals(read, labels, nearly=self.nearly)
        )

    def render(self, value, obj=None, **kwargs) -> str:
        return self.choices(value).label if value else ""


class BandWidget(ChoiceWidget):
    """One of the bands of an amount or of a duration: another number, in figures or in words, is another one."""

    nearly = False
    # « 10,00 », unlike « 10.000 », which some write for « 10 000 ».
    DECIMALS = re.compile(r"\d[.,](?!\d{3}(?!\d))\d")
    # A minus, also the accountants' brackets, and what makes two numbers of one.
    NEGATIVE = re.compile(r"[-‐‑–—]\s*\d|[(/:;)…]")

    def clean(self, value, row=None, **kwargs) -> str:
        read, labels = plain(value), self.choices.labels
        if self.DECIMALS.search(read):
            raise CellError(f"Attendu : {listed(labels)}.")
        if read not in self.choices.values and (found := self.NEGATIVE.search(read)):
            raise CellError(
                f"Le signe « {found[0][0]} » peut changer le nombre : écrivez la tranche sans lui."
                f" Attendu : {listed(labels)}.",
                suggestions=proposals(read, labels, nearly=False)["suggestions"],
            )
        return super().clean(value)


class OneOfWidget(Widget):
    """A row of a short table, by any of its names."""

    def __init__(self, model, *names: str, **kwargs):
        super().__init__(**kwargs)
        self.model, self.names = model, names

    @cached_property
    def rows(self) -> list:
        return list(self.model.objects.order_by("position", "pk"))

    @cached_property
    def known(self) -> dict:
        return {key(getattr(row, name)): row for row in reversed(self.rows) for name in self.names}

    def clean(self, value, row=None, **kwargs):
        if not (read := plain(value)):
            return None
        return self.named(read) or self.refuse(read, **proposals(read, map(str, self.rows)))

    def named(self, read: str):
        """The row that a text names, None if there is none or a sign in the text may say another thing."""
        row = self.known.get(key(read))
        return row if row and not sign(read, *(getattr(row, name) for name in self.names)) else None

    def refuse(self, read: str, **proposed):
        doubtful = doubt(read, map(str, self.rows))
        about = f"{doubtful}Attendu" if doubtful else f"« {clipped(read)} » est inconnu ; attendu"
        raise CellError(f"{about} : {listed(self.rows)}.", **proposed)


class SomeOfWidget(OneOfWidget):
    """Several rows of a short table."""

    # The longest cell that is written again to correct one of its names.
    LONGEST = 1_000

    def clean(self, value, row=None, **kwargs) -> tuple:
        names = list(self.names_in(value))
        found = {self.named(name) or self.refuse(name, **self.instead(name, names)) for name in names}
        return tuple(sorted(found, key=self.rows.index))

    def instead(self, wrong: str, names: list[str]) -> dict:
        """The whole cell, once with each name that was probably meant by the wrong one: the others stay."""
        proposed, cells = proposals(wrong, map(str, self.rows)), []
        for right in proposed["suggestions"]:
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

    def clean(self, value, row=None, *, instance: Initiative, **kwargs) -> tuple:
        found = super().clean(value)
        category = instance.category if instance.category_id else None
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

    def clean(self, value, row=None, **kwargs) -> Initiative | None:
        if not (read := plain(value)):
            return None
        if found := Initiative.objects.filter(reference=read[:40]).first():
            return found
        raise CellError(f"Aucune fiche n’a la référence « {clipped(read)} ».")

    def render(self, value, obj=None, **kwargs) -> str:
        return value.reference if value else ""
