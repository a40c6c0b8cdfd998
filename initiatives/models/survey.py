from datetime import date

from django.db import models, transaction
from django.db.models import F, Q

from .fixed_address import FixedAddress
from .history import Versions


class SurveyQuerySet(models.QuerySet):
    def oldest_first(self):
        return self.order_by("started_on", "pk")

    def ended_by(self, day: date):
        return self.filter(ended_on__lte=day)


class Survey(FixedAddress, models.Model):
    """A call for testimonies and the entries that it gathered."""

    # Its references, which people cite and addresses repeat, begin with the prefix.
    ADDRESS = ("slug", "prefix")

    title = models.CharField("titre", max_length=200)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    prefix = models.SlugField(
        "préfixe des références",
        max_length=12,
        unique=True,
        help_text="Début des références des fiches, par exemple « CS20 » pour CS20-00001.",
    )
    description = models.TextField("présentation", blank=True)
    started_on = models.DateField("ouverte le")
    ended_on = models.DateField("close le", null=True, blank=True)
    published_on = models.DateField("publiée le", null=True, blank=True)
    last_number = models.PositiveIntegerField("dernier numéro attribué", default=0, editable=False)

    objects = SurveyQuerySet.as_manager()
    history = Versions(excluded_fields=["last_number"], verbose_name="version")

    class Meta:
        verbose_name = "enquête"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="survey_ends_after_it_starts",
                violation_error_message="L’enquête ne peut pas se clore avant son ouverture.",
            )
        ]

    def __str__(self):
        return self.title

    def next_reference(self) -> str:
        """Draw the next reference of this survey; a number once drawn is never given again."""
        return self.next_references(1)[0]

    def next_references(self, count: int) -> list[str]:
        with transaction.atomic():
            Survey.objects.filter(pk=self.pk).update(last_number=F("last_number") + count)
            self.refresh_from_db(fields=["last_number"])
        return [f"{self.prefix}-{number:05d}" for number in range(self.last_number - count + 1, self.last_number + 1)]
