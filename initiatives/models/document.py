"""The files of an edition that take long to make."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .content import ContentVersion
from .edition import Edition, IllegalFreeze


class DocumentQuerySet(models.QuerySet):
    def waiting(self):
        """What a worker may take: what is asked for, and what another worker began and never ended."""
        abandoned = Q(status=Document.Status.BUILDING, leased_until__lt=timezone.now())
        return self.filter(Q(status=Document.Status.WAITING) | abandoned)

    def idle_since(self) -> datetime | None:
        """Since when some wait and nobody makes any; None where none has waited for long, or one is being made."""
        now = timezone.now()
        under_way = self.filter(status=Document.Status.BUILDING, leased_until__gte=now)
        since = Min(Coalesce("leased_until", "asked_at"))
        oldest = self.waiting().exclude(Exists(under_way)).aggregate(since=since)["since"]
        return oldest if oldest and oldest < now - Document.PATIENCE else None


class Document(models.Model):
    """The files of one edition that take long to make: asked for here, made by `manage.py build_documents`.

    A worker holds a row by a lease that it renews with its progress: when it dies, the lease ends
    and the row is taken up again. Nothing is offered before all of it is there, and what is offered
    stays so until what replaces it is.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "en attente"
        BUILDING = "building", "en préparation"
        DONE = "done", "prêt"
        FAILED = "failed", "en échec"
        CANCELLED = "cancelled", "annulé"

    MOST_ATTEMPTS = 3
    # A worker that is there takes what waits within seconds.
    PATIENCE = timedelta(minutes=1)
    # A worker that the system kills says nothing itself.
    DIED = "Chaque essai s’est arrêté sans un mot, peut-être faute de mémoire : voyez le journal, puis relancez."

    edition = models.OneToOneField(Edition, models.PROTECT, verbose_name="édition", related_name="document")
    status = models.CharField("état", max_length=9, choices=Status, default=Status.WAITING)
    step = models.CharField("étape", max_length=120, blank=True)
    percent = models.PositiveSmallIntegerField("avancement", default=0)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    lease = models.CharField(max_length=36, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    fault = models.CharField("ce qui a manqué", max_length=300, blank=True)
    # [{"name", "stored", "size", "sha256"}], what the public may take: names of the public, places in the storage.
    files = models.JSONField("fichiers", default=list)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    done_at = models.DateTimeField("prêt le", null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"

    def __str__(self):
        return f"{self.edition} ({self.get_status_display()})"

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.DONE

    @property
    def is_under_way(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.BUILDING)

    # The verbs: nothing else changes the status

    @transaction.atomic
    def take(self, *, lease: str, until: datetime) -> bool:
        """Become ours, unless another worker was faster, or as many as may try have died of it."""
        rows = Document.objects.waiting().filter(pk=self.pk, attempts=self.attempts)
        if self.attempts >= self.MOST_ATTEMPTS:
            if rows.update(status=self.Status.FAILED, fault=self.DIED, step="", leased_until=None):
                ContentVersion.bump(of_data=False)
            self.refresh_from_db()
            return False
        values = {"lease": lease, "leased_until": until, "percent": 0, "fault": "", "attempts": self.attempts + 1}
        taken = rows.update(status=self.Status.BUILDING, step="Préparation", **values)
        self.refresh_from_db()
        return bool(taken)

    def _held(self):
        """This row, while we hold it: who was cancelled, or lost the lease, changes nothing."""
        return Document.objects.filter(pk=self.pk, status=self.Status.BUILDING, lease=self.lease)

    def advance(self, *, percent: int, step: str, until: datetime) -> bool:
        """Say how far we are, and stay for longer; no once we are not wanted any more."""
        return bool(self._held().update(percent=percent, step=step, leased_until=until))

    @transaction.atomic
    def finish(self, *, files: list[dict], sha256: str) -> bool:
        """Offer all the files at once, instead of those before; no if the edition has changed since they were begun."""
        if not Edition.objects.select_for_update().filter(pk=self.edition_id, sha256=sha256).exists():
            return False
        done = {"status": self.Status.DONE, "percent": 100, "step": "", "files": files, "done_at": timezone.now()}
        if not self._held().update(leased_until=None, **done):
            return False
        self.refresh_from_db()
        ContentVersion.bump(of_data=False)
        return True

    @transaction.atomic
    def fail(self, *, fault: str, again: bool = False):
        """Say what was missing; `again` while another attempt may do better."""
        is_last = not again or self.attempts >= self.MOST_ATTEMPTS
        status = self.Status.FAILED if is_last else self.Status.WAITING
        # Held until now: it does not wait since it was asked for.
        self._held().update(status=status, fault=fault[:300], step="", leased_until=timezone.now())
        self.refresh_from_db()
        ContentVersion.bump(of_data=False)

    @transaction.atomic
    def cancel(self):
        """Have the files made no more. Raises IllegalFreeze where they neither wait nor are being made."""
        rows = Document.objects.filter(pk=self.pk, status__in=[self.Status.WAITING, self.Status.BUILDING])
        if not rows.update(status=self.Status.CANCELLED, step="", leased_until=None):
            raise IllegalFreeze("Ce document n’est pas en préparation : il n’y a rien à annuler.")
        self.refresh_from_db()
        ContentVersion.bump(of_data=False)

    @transaction.atomic
    def ask_again(self, *, dropping: bool = False):
        """Have the files made anew; `dropping` those there are at once, which say too much or are lost."""
        asked = {"status": self.Status.WAITING, "asked_at": timezone.now(), "attempts": 0, "lease": "", "done_at": None}
        if dropping:
            asked["files"] = []
        Document.objects.filter(pk=self.pk).update(percent=0, step="", fault="", leased_until=None, **asked)
        self.refresh_from_db()
        ContentVersion.bump(of_data=False)
