"""What somebody said of the cells and rows of a survey's files: it holds for its next file too."""

import hashlib
import json

from django.conf import settings
from django.db import models

from .initiative import Initiative
from .survey import Survey


class ImportDecisionQuerySet(models.QuerySet):
    def of_cells(self, survey: Survey, rows):
        """Those of a survey that repeat what cells of these rows say, or any cell that names a declarant."""
        return self.filter(models.Q(row__in=rows) | models.Q(field__in=Initiative.DECLARANT), survey=survey).exclude(
            before="", after=""
        )


class ImportDecision(models.Model):
    """One decision; `row` is what tells a row from the others of its file, whatever line it stands on."""

    class Kind(models.TextChoices):
        VALUE = "value", "toutes les cellules qui disent la même chose"
        CELL = "cell", "une cellule"
        ASIDE = "aside", "ligne laissée de côté"
        ENTRY = "entry", "c’est cette fiche"
        DIFFERENT = "different", "ce n’est pas cette fiche"
        CONFLICT = "conflict", "conflit tranché"

    # What may be decided of a conflict, whose `before` is what the entry says: the text of the file, or that one.
    MINE, STORED = "mine", "stored"

    survey = models.ForeignKey(Survey, models.CASCADE, verbose_name="enquête", related_name="+")
    kind = models.CharField("portée", max_length=9, choices=Kind)
    row = models.CharField("ligne", max_length=64, blank=True)
    field = models.CharField("champ", max_length=40, blank=True)
    # What the cell says, and what is to be read instead.
    before = models.TextField("avant", blank=True)
    after = models.TextField("après", blank=True)
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, verbose_name="fiche", related_name="+", null=True, blank=True
    )
    # All of it but `after`, in one: texts are too long for an index.
    digest = models.CharField("empreinte", max_length=64)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="décidé par", related_name="+")
    said_at = models.DateTimeField("décidé le", auto_now=True)

    objects = ImportDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision d’import"
        verbose_name_plural = "décisions d’import"
        constraints = [models.UniqueConstraint(fields=["survey", "digest"], name="import_decision_once")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.survey}"

    @property
    def words(self) -> str:
        """What was decided of its text."""
        sides = {self.MINE: "celui du fichier", self.STORED: "celui de la base"}
        return sides[self.after] if self.kind == self.Kind.CONFLICT else f"lu « {self.after or 'rien'} »"

    @property
    def digest_of_asked(self) -> str:
        asked = [self.kind, self.row, self.field, self.before, self.initiative_id]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def save(self, **kwargs):
        self.digest = self.digest_of_asked
        super().save(**kwargs)
