from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from initiatives.text.french import moment

from .survey import Survey


class PersonalDataEvent(models.Model):
    """One thing that was done with the data of declarants: erased, or taken out of the desk. Never whose."""

    class Act(models.TextChoices):
        RETENTION = "retention", "effacement, fin de la durée de conservation"
        MAILS = "mails", "effacement des courriels anciens"
        REQUEST = "request", "effacement sur demande"
        EXPORT = "export", "export avec les données personnelles"
        CORRECTION = "correction", "export pour correction"

    at = models.DateTimeField("date", default=timezone.now)
    act = models.CharField("ce qui a été fait", max_length=10, choices=Act)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+", null=True, blank=True
    )
    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name="enquête", related_name="+", null=True, blank=True)
    cutoff = models.DateField("clos, reçus ou écrits jusqu’au", null=True, blank=True)
    entries = models.PositiveIntegerField("fiches", default=0)
    mails = models.PositiveIntegerField("courriels", default=0)
    files = models.PositiveIntegerField("imports", default=0)

    class Meta:
        verbose_name = "ligne du journal des données personnelles"
        verbose_name_plural = "lignes du journal des données personnelles"
        constraints = [
            models.CheckConstraint(
                # What the command does, nobody in particular does.
                condition=Q(by__isnull=False) | Q(act__in=("retention", "mails")),
                name="journal_line_says_by_whom",
            )
        ]

    def __str__(self):
        return f"{moment(self.at)}, {self.get_act_display()}"
