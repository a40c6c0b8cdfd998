"""The record of an entry as plain values: what forms, versions and revisions compare, propose and write.

A value is what JSON has: texts, true and false, dates as ISO, keys of rows, lists of them, and for
the rows of its own lists of rows.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, takewhile

from django.core.exceptions import ValidationError
from django.db import models, transaction

from initiatives.text.characters import without_invisible
from initiatives.text.french import moment, number

from .initiative import Initiative
from .record_table import BY_NAME, OWN, SHARED, TABLE
from .web_address import web_address, with_plain_scheme

# The record in its order, block by block.
BLOCKS = {block: tuple(row.name for row in rows) for block, rows in groupby(TABLE, lambda row: row.block) if block}
FIELDS = [name for names in BLOCKS.values() for name in names]
NOTHING = "–"
# Blanks and line ends, but for those that keep a number and its unit together.
BLANKS = re.compile(r"[^\S\u00a0\u202f]+")


def values_of(row, parts: dict) -> dict:
    """Of an entry or of one of its versions, with its parts."""
    return {name: parts.get(name, []) if name in (*SHARED, *OWN) else _plain(row, name) for name in FIELDS}


def stored_values(initiative: Initiative) -> dict:
    return values_of(initiative, Initiative.parts_of([initiative.pk])[initiative.pk])


def version_values(version) -> dict:
    return values_of(version, version.parts)


def _plain(row, name: str):
    value = getattr(row, Initiative._meta.get_field(name).attname)
    return value.isoformat() if isinstance(value, date) else value


def label(name: str) -> str:
    return BY_NAME[name].heading.lower() if name in OWN else str(Initiative._meta.get_field(name).verbose_name)


def written(name: str, value) -> str:
    """A value as a person reads it."""
    if value in (None, "", []):
        return NOTHING
    if name in OWN:
        return "\n".join(" · ".join(_word(name, column, part) for column, part in row) for row in _named(name, value))
    field = Initiative._meta.get_field(name)
    if name in SHARED:
        names = {row.pk: str(row) for row in field.related_model.objects.filter(pk__in=value)}
        return ", ".join(names.get(key, f"n° {key}, supprimé") for key in value)
    return read(field, value)


def read(field: models.Field, value) -> str:
    """The value of one column, of any table, as a person reads it."""
    if value in (None, "", b""):
        return NOTHING
    if isinstance(field, models.ForeignKey):
        return str(field.related_model.objects.filter(pk=value).first() or f"n° {value}, supprimé")
    if isinstance(field, models.BooleanField):
        return "oui" if value else "non"
    if isinstance(field, models.BinaryField):
        return f"fichier de {len(value)} octets"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(field, models.IntegerField):
        return number(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def _named(name: str, rows: Iterable) -> list[list[tuple]]:
    return [list(zip(OWN[name], row, strict=True)) for row in rows]


def _word(name: str, column: str, value: str) -> str:
    field = Initiative.part_model(name)._meta.get_field(column)
    if not field.choices:
        return value
    return f"{field.verbose_name} : {dict(field.flatchoices).get(value, value)}"


@dataclass(frozen=True)
class Difference:
    """One field, before and after."""

    name: str
    before: object
    after: object

    @property
    def label(self) -> str:
        return label(self.name)

    @property
    def texts(self) -> tuple[str, str]:
        return written(self.name, self.before), written(self.name, self.after)


def differences(before: dict, after: dict) -> list[Difference]:
    """In the order of the record; a field that one side does not tell of is not compared."""
    told = [name for name in FIELDS if name in before and name in after]
    return [Difference(name, before[name], after[name]) for name in told if before[name] != after[name]]


@transaction.atomic
def write(initiative: Initiative, values: dict):
    """Make the entry say these values, and nothing else of it change. ValidationError where the model refuses.

    What they name and is no more, a theme or the entry that inspired it, is left out.
    """
    (values,) = without_lost([values])
    for name, value in values.items():
        if name not in (*SHARED, *OWN):
            field = Initiative._meta.get_field(name)
            setattr(initiative, field.attname, field.to_python(value) if value is not None else None)
    initiative.full_clean(exclude=["search_text", *([] if initiative.reference else ["reference"])])
    initiative.save()
    for name in SHARED:
        if name in values:
            manager = getattr(initiative, name)
            rows = manager.model.objects.filter(pk__in=values[name])
            manager.set(rows.filter(category=initiative.category_id) if name == "themes" else rows)
    for name in OWN:
        if name in values:
            write_rows(initiative, name, values[name])


def without_lost(many: list[dict]) -> list[dict]:
    """These values without what they name and is no more: themes, audiences, the entry that inspired another."""
    named = defaultdict(set)
    for values in many:
        for name in SHARED:
            named[name].update(values.get(name, []))
        named["inspired_by"] |= {values.get("inspired_by")} - {None}
    there = {name: existing(name, keys) if keys else set() for name, keys in named.items()}
    return [
        values
        | {name: [key for key in values[name] if key in there[name]] for name in SHARED if name in values}
        | ({"inspired_by": None} if values.get("inspired_by") not in {None, *there["inspired_by"]} else {})
        for values in many
    ]


def existing(name: str, keys: set[int]) -> set[int]:
    """Which of these keys there are in the table that a field leads to."""
    model = Initiative._meta.get_field(name).related_model
    return set(model.objects.filter(pk__in=keys).values_list("pk", flat=True))


def clean_row(name: str, cells: Iterable[str]) -> list[str]:
    """A row of a field of OWN as its model stores it; ValidationError says of which column, in French."""
    columns, row = [Initiative.part_model(name)._meta.get_field(column) for column in OWN[name]], []
    for column, cell in zip(columns, cells, strict=True):
        cell = BLANKS.sub(" ", without_invisible(cell or "")).strip() or column.get_default()
        try:
            row.append(column.clean(with_plain_scheme(cell) if web_address in column.validators else cell, None))
        except ValidationError as refused:
            raise ValidationError(f"{column.verbose_name} : {' '.join(refused.messages)}")
    return row


def check_rows(name: str, rows: Sequence[Sequence[str]]):
    """Refuse, by a ValidationError in French, more rows than a field of OWN takes, and one that comes twice."""
    field = BY_NAME[name]
    if len(rows) > field.most:
        raise ValidationError(f"Il y en a {len(rows)} : gardez-en {field.most} au plus.")
    if len({tuple(cell.casefold() for cell in row[: field.distinct or None]) for row in rows}) < len(rows):
        raise ValidationError("La même ligne y est deux fois.")


def write_rows(initiative: Initiative, name: str, rows: Iterable):
    """The rows of a field of OWN, in their order. Those before the first that changes stay the same rows."""
    columns, wanted = OWN[name], [tuple(row) for row in rows]
    stored = {
        child: tuple(getattr(child, column) for column in columns) for child in getattr(initiative, name).order_by("pk")
    }
    kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(stored.values(), wanted, strict=False)))
    for child in list(stored)[kept:]:
        child.delete()
    for values in wanted[kept:]:
        getattr(initiative, name).create(**dict(zip(columns, values, strict=True)))
