"""The cells of an import that say the same, and that were found wrong or corrected for the same reason."""

from django.db import models


class ImportGroupQuerySet(models.QuerySet):
    def faults(self):
        return self.filter(kind=ImportGroup.Kind.FAULT)

    def corrections(self):
        return self.filter(kind=ImportGroup.Kind.CORRECTION)


class ImportGroup(models.Model):
    """One fault, or one correction, of all cells of a field that say the same; counted when the file is read."""

    class Kind(models.TextChoices):
        FAULT = "fault", "défaut"
        CORRECTION = "correction", "correction"

    # The code of the fault of a field that was changed in the file and in the entry.
    CONFLICT = "conflict"

    batch = models.ForeignKey("ImportBatch", models.CASCADE, verbose_name="import", related_name="groups")
    kind = models.CharField("genre", max_length=10, choices=Kind)
    # Those of one message stand together, the most frequent first.
    rank = models.PositiveIntegerField("rang")
    field = models.CharField("champ", max_length=40, blank=True)
    column = models.CharField("colonne", max_length=200, blank=True)
    # What the cells of the file say.
    value = models.TextField("valeur", blank=True)
    # Of a fault: what was expected, and texts that would be right.
    message = models.TextField("message", blank=True)
    code = models.CharField("code", max_length=10, blank=True)
    suggestions = models.JSONField("propositions", default=list)
    # Of a correction: what is read instead, and who said so; nobody said what is certain.
    after = models.TextField("après", blank=True)
    by = models.CharField("par", max_length=310, blank=True)
    lines = models.JSONField("lignes", default=list)
    size = models.PositiveIntegerField("nombre de lignes")

    objects = ImportGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe de cellules"
        verbose_name_plural = "groupes de cellules"
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "rank"], name="import_group_once_a_rank")]

    def __str__(self):
        return f"{self.batch}, {self.get_kind_display()} {self.rank}"

    @property
    def is_conflict(self) -> bool:
        return self.code == self.CONFLICT
