"""The addresses that entries give: how one is written, and whether it still answers."""

from datetime import date, timedelta

from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from .answers import Answer, Fault
from .content import ContentVersion

web_address = URLValidator(
    schemes=["http", "https"], message="Écrivez une adresse complète, qui commence par http:// ou https://."
)


def with_plain_scheme(address: str) -> str:
    """« HTTP://Example.org » as the database knows a web address: the scheme in lower case."""
    scheme, separator, rest = address.partition("://")
    return f"{scheme.lower()}{separator}{rest}" if separator else address


def is_web_address(field: str, *, or_empty: bool = False) -> Q:
    """The condition, held by the database, that a column is an http or https address."""
    web = Q(**{f"{field}__startswith": "https://"}) | Q(**{f"{field}__startswith": "http://"})
    return web | Q(**{field: ""}) if or_empty else web


# On how many different days, without an answer between them. InternetArchiveBot too takes a page for dead
# at the third; a server that says nothing may be away for a week, as those of towns that were attacked.
DAYS_OF_GONE, DAYS_OF_SILENCE = 3, 5
# How long a run may take for one address; after a crash it is asked again then.
LEASE = timedelta(minutes=10)
EVERY = timedelta(days=30)
LONGEST_WAIT = timedelta(days=7)
# A run that starts a little earlier than the last one still finds what is due that day.
EARLY = timedelta(hours=2)


class WebAddressQuerySet(models.QuerySet):
    def dead(self):
        return self.filter(is_dead=True)

    def dead_since(self, column: str) -> models.Subquery:
        """The day since when the address in a column of the outer query is dead; NULL where it is not."""
        return models.Subquery(self.dead().filter(url=models.OuterRef(column)).values("first_failed_on"))

    def due(self):
        """Those to ask now, the longest unasked first."""
        due = self.filter(next_check_at__lte=timezone.now())
        return due.order_by(F("checked_at").asc(nulls_first=True), "pk")

    def claim(self, pk: int) -> "WebAddress | None":
        """The address, for whoever asks first: nobody else has it until the lease ends."""
        claimed = self.filter(pk=pk, next_check_at__lte=timezone.now()).update(next_check_at=timezone.now() + LEASE)
        return self.filter(pk=pk).first() if claimed else None

    def answered(self):
        """Those whose server said something when they were last asked, whatever it was, the latest first."""
        return self.filter(status__isnull=False).order_by("-checked_at", "pk")


class WebAddress(models.Model):
    """An address that published entries give, once whatever their number: what it answered, since when it fails."""

    url = models.CharField("adresse", max_length=500, unique=True)
    checked_at = models.DateTimeField("vérifiée le", null=True)
    status = models.PositiveSmallIntegerField("réponse", null=True)
    fault = models.CharField("motif", max_length=12, choices=Fault, blank=True)
    first_failed_on = models.DateField("en échec depuis le", null=True)
    last_failed_on = models.DateField("dernier échec le", null=True)
    failures = models.PositiveSmallIntegerField("jours d’échec", default=0)
    is_dead = models.BooleanField("ne répond plus", default=False)
    next_check_at = models.DateTimeField("prochaine vérification", default=timezone.now)

    objects = WebAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse citée"
        verbose_name_plural = "adresses citées"
        indexes = [
            models.Index(fields=["next_check_at"], name="web_address_due"),
            models.Index(fields=["url"], condition=Q(is_dead=True), name="web_address_dead"),
        ]
        constraints = [
            models.CheckConstraint(condition=is_web_address("url"), name="web_address_is_one"),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, status__isnull=True, fault="")
                | Q(checked_at__isnull=False, status__isnull=False, fault="")
                | (Q(checked_at__isnull=False, status__isnull=True) & ~Q(fault="")),
                name="web_address_has_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, first_failed_on__isnull=True, last_failed_on__isnull=True)
                | Q(
                    failures__gt=0,
                    first_failed_on__isnull=False,
                    last_failed_on__isnull=False,
                    last_failed_on__gte=F("first_failed_on"),
                ),
                name="web_address_failures_say_when",
            ),
            models.CheckConstraint(
                condition=Q(is_dead=False) | Q(failures__gte=DAYS_OF_GONE), name="web_address_dead_after_days"
            ),
        ]

    def __str__(self):
        return self.url

    @property
    def answer(self) -> Answer | None:
        return Answer(self.status, self.fault) if self.checked_at else None

    @transaction.atomic
    def record(self, answer: Answer):
        """Note what the address answered. The public page says when one is dead: then, or no longer."""
        try:
            self.refresh_from_db(from_queryset=WebAddress.objects.select_for_update())
        except WebAddress.DoesNotExist:
            return  # no entry gives it any more
        was_dead = self.is_dead
        self.checked_at, self.status, self.fault = timezone.now(), answer.status, answer.fault
        if answer.is_alive:
            self.failures, self.first_failed_on, self.last_failed_on, self.is_dead = 0, None, None, False
        elif answer.is_failure:
            self._fail(answer, on=timezone.localdate())
        self.next_check_at = self.checked_at + self._wait(answer) - EARLY
        self.save()
        if self.is_dead != was_dead:
            ContentVersion.bump(of_data=False)

    def _fail(self, answer: Answer, *, on: date):
        if self.last_failed_on != on:
            self.failures += 1
        self.first_failed_on, self.last_failed_on = self.first_failed_on or on, on
        self.is_dead = self.is_dead or self.failures >= (DAYS_OF_SILENCE if answer.is_silence else DAYS_OF_GONE)

    def _wait(self, answer: Answer) -> timedelta:
        if answer.is_alive or answer.fault in (Fault.MALFORMED, Fault.REFUSED):
            return EVERY
        if answer.is_failure and not self.is_dead:
            return min(timedelta(days=2 ** (self.failures - 1)), LONGEST_WAIT)
        return LONGEST_WAIT

    def put_off(self, *, by: timedelta = timedelta()):
        """Leave it unasked for now: it is due again after that time, and nothing is noted of it."""
        WebAddress.objects.filter(pk=self.pk).update(next_check_at=timezone.now() + by)
