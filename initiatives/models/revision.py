from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from initiatives.text.french import of

from . import record
from .initiative import APPROVING, IllegalMove, Initiative


class RevisionQuerySet(models.QuerySet):
    def pending(self):
        """Those that nobody has decided. Its twin for one revision: Revision.is_pending."""
        return self.filter(decision="")

    def approved_since(self, moment):
        return self.filter(decision=Revision.Decision.APPROVED, decided_at__gte=moment).order_by("decided_at", "pk")

    def naming_a_declarant(self):
        return self.filter(Q(before__has_any_keys=Initiative.DECLARANT) | Q(after__has_any_keys=Initiative.DECLARANT))


class Revision(models.Model):
    """Another text for a published entry: the public reads the old one until someone approves."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "approuvée"
        REJECTED = "rejected", "refusée"

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="fiche", related_name="revisions")
    # Only the fields that change: what they said, what they are to say.
    before = models.JSONField("avant", default=dict)
    after = models.JSONField("après", default=dict)
    proposed_at = models.DateTimeField("proposée le", default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="proposée par", related_name="+"
    )
    decision = models.CharField("décision", max_length=8, choices=Decision, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="décidée par", related_name="+", null=True, blank=True
    )
    message = models.TextField("message", blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "révision"
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(decision=""),
                name="revision_one_pending_an_initiative",
                violation_error_message="Une révision de cette fiche attend déjà une décision.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="revision_decision_says_who_and_when",
            ),
        ]

    def __str__(self):
        return f"révision de « {self.initiative} »"

    @property
    def is_pending(self) -> bool:
        return not self.decision

    def needs_other_eyes(self, by) -> bool:
        """Whether « quatre yeux » keeps this person from approving it."""
        return settings.FOUR_EYES and by.pk == self.proposed_by_id

    @classmethod
    @transaction.atomic
    def propose(cls, initiative: Initiative, values: dict, *, by) -> "Revision":
        """Hand in other values, as record.py has them, for a published entry.

        Raises IllegalMove where it is not published, nothing differs or another revision is waiting.
        """
        stored = Initiative.objects.select_for_update().get(pk=initiative.pk)
        if not stored.is_published:
            raise IllegalMove(f"« {stored} » n’est pas publiée : corrigez la fiche elle-même.")
        if cls.objects.pending().filter(initiative=stored).exists():
            raise IllegalMove(f"Une révision de « {stored} » attend déjà une décision.")
        changed = record.differences(record.stored_values(stored), values)
        if not changed:
            raise IllegalMove(f"Rien ne change dans « {stored} » : il n’y a pas de révision à soumettre.")
        return cls.objects.create(
            initiative=stored,
            before={one.name: one.before for one in changed},
            after={one.name: one.after for one in changed},
            proposed_by=by,
        )

    def differences(self) -> list[record.Difference]:
        """What the public reads now, and what it would read."""
        stored = record.stored_values(self.initiative)
        return record.differences(stored, stored | self.after)

    @transaction.atomic
    def approve(self, *, by, seen: int | None = None):
        """Publish the new text. `seen` is the version of the entry that the difference was read against.

        Raises IllegalMove where the revision is decided, or the entry has changed or is no longer published;
        ValidationError where the model refuses the text, which may lack what publishing asks for.
        """
        stored = self._lock("approuver")
        if not stored.is_published:
            raise IllegalMove(f"« {stored} » n’est plus publiée : sa révision ne peut pas être approuvée.")
        if seen is not None and seen != stored.version:
            raise IllegalMove(f"« {stored} » a changé depuis que vous l’avez lue : relisez la différence.")
        if self.needs_other_eyes(by):
            raise IllegalMove("Une révision est approuvée par une autre personne que celle qui l’a proposée.")
        stored._history_user, stored._change_reason = by, APPROVING
        record.write(stored, self.after)
        self._decide(self.Decision.APPROVED, by)

    @transaction.atomic
    def reject(self, *, by, reason: str):
        """Leave the public text as it is, and say why. Raises IllegalMove where it is decided or no reason is given."""
        if not reason.strip():
            raise IllegalMove("Pour refuser une révision, écrivez un message : il dit pourquoi.")
        self._lock("refuser")
        self._decide(self.Decision.REJECTED, by, reason.strip())

    def _lock(self, verb: str) -> Initiative:
        stored = Initiative.objects.select_for_update().get(pk=self.initiative_id)
        if not Revision.objects.pending().filter(pk=self.pk).exists():
            raise IllegalMove(f"Impossible {of(verb)} cette révision : elle est déjà décidée.")
        return stored

    def _decide(self, decision, by, message: str = ""):
        self.decision, self.decided_at, self.decided_by, self.message = decision, timezone.now(), by, message
        self.save()
