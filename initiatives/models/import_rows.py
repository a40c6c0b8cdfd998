"""The rows of an import: what each would do, then what it did."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .record_table import BY_NAME
from .revision import Revision


class ImportRowQuerySet(models.QuerySet):
    def personal(self):
        """Those that say anything of a declarant, or repeat a cell that may."""
        names = Initiative.DECLARANT
        said = (f"{field}__has_any_keys" for field in ("before", "after", "values", "cells"))
        return self.filter(reduce(or_, (Q(**{one: names}) for one in said), ~Q(faults=[])))


class ImportRow(models.Model):
    """One row of a file: what it would do, then what it did."""

    class Kind(models.TextChoices):
        ERROR = "error", "à corriger"
        DUPLICATE = "duplicate", "doublon probable"
        NEW = "new", "nouvelle"
        CHANGED = "changed", "modifiée"
        REVISION = "revision", "révision à relire"
        UNCHANGED = "unchanged", "inchangée"
        ASIDE = "aside", "laissée de côté"

    # What a row is to become, as the page says it to other tools.
    STATES = {
        Kind.NEW: "new",
        Kind.CHANGED: "changed",
        Kind.REVISION: "changed",
        Kind.UNCHANGED: "same",
        Kind.DUPLICATE: "doubt",
        Kind.ERROR: "fault",
        Kind.ASIDE: "aside",
    }
    CREATED = frozenset({Kind.NEW, Kind.DUPLICATE})
    # What forgetting a declarant may change.
    FORGETTING = ("before", "after", "values", "previous", "cells", "faults", "corrected")
    WRITTEN = CREATED | {Kind.CHANGED, Kind.REVISION}

    batch = models.ForeignKey("ImportBatch", models.CASCADE, verbose_name="import", related_name="rows")
    line = models.PositiveIntegerField("ligne")
    # What tells it from the other rows of its file, whatever its line: decisions are found by it.
    key = models.CharField("clé", max_length=64, blank=True)
    kind = models.CharField("devient", max_length=9, choices=Kind)
    title = models.CharField("titre", max_length=200, blank=True)
    place = models.CharField("collectivité", max_length=200, blank=True)
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, verbose_name="fiche", related_name="+", null=True, blank=True
    )
    revision = models.ForeignKey(
        Revision, models.SET_NULL, verbose_name="révision", related_name="+", null=True, blank=True
    )
    # The version of the entry that the row was compared with, and the one that it made.
    seen = models.PositiveIntegerField("version lue", null=True)
    written = models.PositiveIntegerField("version écrite", null=True)
    # As record.py has values: all of them for a new entry, those that change for another.
    before = models.JSONField("avant", default=dict)
    after = models.JSONField("après", default=dict)
    # As a person reads them, by the columns of the open data: what will be written, and what the entry says instead.
    values = models.JSONField("valeurs", default=dict)
    previous = models.JSONField("valeurs de la fiche", default=dict)
    # What its cells say, by the fields of headings.py, where a value is not just that.
    cells = models.JSONField("cellules", default=dict)
    # {"field", "column", "value", "message", "code", "suggestions"}
    faults = models.JSONField("défauts", default=list)
    # {"field", "from", "to", "by"}: what was read otherwise than it is written; nobody said what is certain.
    corrected = models.JSONField("corrections", default=list)
    # The fields that it lacks to be published.
    lacks = models.JSONField("manque pour publier", default=list)
    # What may be the same: {"entry": its key, None for another row, "line": that of the row, "name"}.
    close = models.JSONField("proches", default=list)
    # Why undoing left the entry as it is.
    left = models.CharField("laissée telle quelle", max_length=200, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_row_once_a_line")]
        indexes = [
            models.Index(fields=["batch", "kind", "line"], name="import_row_by_kind"),
            models.Index(fields=["batch", "key"], name="import_row_by_key"),
        ]

    def __str__(self):
        return f"{self.batch}, ligne {self.line}"

    @property
    def state(self) -> str:
        return self.STATES[self.kind]

    @property
    def is_aside(self) -> bool:
        return self.kind == self.Kind.ASIDE

    def said(self, field: str) -> str:
        """What a cell of the file itself says, whatever was decided of it."""
        if decided := next((one for one in self.corrected if one["field"] == field and one.get("by")), None):
            return decided["from"]
        column = (BY_NAME[field].column or field) if field in BY_NAME else ""
        return self.cells.get(field, self.values.get(column, ""))

    def forget(self):
        """Drop what it says of a declarant; whoever calls it writes the row, by FORGETTING."""
        for values in (self.before, self.after, self.values, self.previous, self.cells):
            for name in Initiative.DECLARANT:
                values.pop(name, None)
        self.faults = []
        self.corrected = [one for one in self.corrected if one["field"] not in Initiative.DECLARANT]
