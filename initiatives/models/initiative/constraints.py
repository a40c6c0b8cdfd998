"""What the database refuses of an entry, and the indexes of its lists and counts."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Length

from ..web_address import is_web_address
from .completeness import publishable
from .fields import InitiativeFields

Status, Origin = InitiativeFields.Status, InitiativeFields.Origin


def who_and_when(act: str, label: str) -> models.CheckConstraint:
    """Who did it and when are known together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{act}_at__isnull": True, f"{act}_by__isnull": True})
        | Q(**{f"{act}_at__isnull": False, f"{act}_by__isnull": False}),
        name=f"initiative_{act}_who_and_when",
        violation_error_message=f"{label} : il faut à la fois la personne et la date.",
    )


INDEXES = [
    models.Index(
        fields=["status", "-published_at", "-started", "sort_key", "id"],
        name="initiative_most_recent",
    ),
    models.Index(fields=["status", "sort_key", "id"], name="initiative_by_title"),
    # All that is counted: a million entries are counted in this index, without reading one of them.
    models.Index(
        fields=[
            "status",
            "category",
            "department",
            "population_band",
            "uses_open_source",
            "in_survey",
            "started",
            "is_of_town",
            "territory",
        ],
        name="initiative_counted",
    ),
]
CONSTRAINTS = [
    who_and_when("submitted", "Soumission"),
    who_and_when("reviewed", "Relecture"),
    who_and_when("published", "Publication"),
    models.CheckConstraint(
        condition=(~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False))
        & (~Q(status=Status.SUBMITTED) | Q(submitted_at__isnull=False))
        & (~Q(status__in=[Status.CHANGES_REQUESTED, Status.REJECTED]) | Q(reviewed_at__isnull=False)),
        name="initiative_status_says_when",
    ),
    # « 2020 » and « 2020-04 » compare at the precision of the shorter one.
    models.CheckConstraint(
        condition=Q(started="") | Q(ended="") | Q(ended__gte=Left("started", Length("ended"))),
        name="initiative_ends_after_it_starts",
        violation_error_message="La fin ne peut pas précéder le début.",
    ),
    models.CheckConstraint(
        condition=is_web_address("source_url", or_empty=True),
        name="initiative_source_is_web_address",
        violation_error_message="L’adresse de la source commence par http:// ou https://.",
    ),
    models.CheckConstraint(
        condition=~Q(status=Status.PUBLISHED) | publishable() & ~Q(summary=""),
        name="initiative_published_is_complete",
    ),
    models.CheckConstraint(
        condition=Q(**dict.fromkeys(InitiativeFields.DECLARANT, "")) | Q(declared_on__isnull=False),
        name="initiative_declarant_says_when",
    ),
    models.CheckConstraint(
        condition=~Q(origin=Origin.SURVEY) | Q(in_survey=True),
        name="initiative_survey_answer_is_in_survey",
    ),
]
