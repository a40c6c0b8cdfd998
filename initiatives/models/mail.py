from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

# After a failure: 2 minutes, 4, 8… and never more than this.
LONGEST_WAIT = timedelta(hours=6)
# How long a run may take for one mail; after a crash it is tried again then.
LEASE = timedelta(minutes=10)
# How long they are kept, sent or not, where their declarant is not forgotten before.
KEPT_MONTHS = 12


class OutgoingMailQuerySet(models.QuerySet):
    def due(self):
        """Those to try now, the oldest first."""
        return self.filter(sent_at=None, next_try_at__lte=timezone.now()).order_by("pk")

    def claim(self, pk: int) -> "OutgoingMail | None":
        """The mail, for whoever asks first: nobody else tries it until the lease ends."""
        claimed = self.due().filter(pk=pk).update(next_try_at=timezone.now() + LEASE)
        return self.get(pk=pk) if claimed else None

    def write(self, template: str, *, to: str, initiative) -> "OutgoingMail":
        """Queue a mail about an entry. The first paragraph of the template is its subject."""
        context = {
            "initiative": initiative,
            # A subject has no line ends.
            "title": " ".join(initiative.title.split()),
            "contact_email": settings.CONTACT_EMAIL,
            "publisher": settings.PUBLISHER,
        }
        subject, _, body = render_to_string(template, context).strip().partition("\n\n")
        return self.create(to=to, subject=subject, body=body, initiative=initiative)


class OutgoingMail(models.Model):
    """A mail that waits for `send_outbox`: written in the transaction of its cause, so that both are or neither."""

    to = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    initiative = models.ForeignKey(
        "Initiative", models.SET_NULL, verbose_name="fiche", related_name="+", null=True, blank=True
    )
    # Who lost their password; the text waits without its key, see accounts/passwords.py.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="compte", related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    next_try_at = models.DateTimeField("prochain essai", default=timezone.now)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    last_fault = models.CharField("dernier échec", max_length=200, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="outgoing_mail_due")]

    def __str__(self):
        return self.subject

    def mark_sent(self):
        self._keep(sent_at=timezone.now(), tries=self.tries + 1, last_fault="")

    def put_off(self, fault: str):
        """Try again later, and later still each time."""
        tries = self.tries + 1
        wait = min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_WAIT)
        self._keep(tries=tries, next_try_at=timezone.now() + wait, last_fault=fault[:200])

    def _keep(self, **values):
        """Where it is still there: its declarant may have been forgotten while a server was slow."""
        OutgoingMail.objects.filter(pk=self.pk).update(**values)
