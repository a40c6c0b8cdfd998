"""The editions frozen from a publication, and the traces of what was taken out of them since."""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from initiatives.text.french import moment

from .content import ContentVersion

# What contents tell of when, where and as which edition they were frozen, and of what was taken out since.
OF_THE_EDITION = {"address", "content_version", "frozen_at", "number", "site", "updated_at", "withdrawn"}


class IllegalFreeze(ValidationError):
    """A verb that the publication or the edition does not allow; the message says why, in French."""


class NothingNew(IllegalFreeze):
    """An IllegalFreeze of what the last edition, `edition`, says already."""

    def __init__(self, edition: "Edition"):
        self.edition = edition
        who = edition.frozen_by.get_full_name() or edition.frozen_by
        super().__init__(
            f"« {edition} », figée le {moment(edition.frozen_at)} par {who}, dit déjà cela : rien n’a changé depuis,"
            " il n’y a rien de plus à figer."
        )


def state_of(contents: dict) -> dict:
    """What the contents of an edition say: equal for two that were frozen with no change in between."""

    def told(record: list) -> dict:
        values = dict(zip(contents["columns"], record, strict=True))
        # The citation gives the date of the last change of all entries.
        return values | {"adresse": values["adresse"].removeprefix(contents["site"]), "citation": ""}

    # A form cuts the blanks at the end of a text that a command kept.
    kept = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in contents.items()
        if name not in OF_THE_EDITION
    }
    return kept | {"records": list(map(told, contents["records"]))}


class EditionQuerySet(models.QuerySet):
    def latest_first(self):
        return self.order_by("-number", "-pk")

    def without_data(self):
        """For lists: the rows without what they froze."""
        return self.defer("data")


class Edition(models.Model):
    """A snapshot of a publication: its texts, its records and when, all in `data`, which says its own digest."""

    publication = models.ForeignKey("Publication", models.PROTECT, verbose_name="publication", related_name="editions")
    number = models.PositiveSmallIntegerField("édition")
    # As it was then, for the lists, which do not read the data.
    title = models.CharField("titre", max_length=160)
    frozen_at = models.DateTimeField("figée le")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    filters = models.CharField("sélection", max_length=500, blank=True)
    count = models.PositiveIntegerField("fiches")
    content_version = models.PositiveBigIntegerField("version du contenu")
    sha256 = models.CharField("SHA-256", max_length=64)
    # Text and not JSON: the digest is of these very bytes, and PostgreSQL would write JSON its own way.
    data = models.TextField("contenu figé")

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        permissions = [("withdraw_entry", "Peut retirer une fiche d’une édition figée")]
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="edition_number_once")]

    def __str__(self):
        return f"{self.title}, édition {self.number}"

    def get_absolute_url(self):
        return reverse("edition_detail", args=[self.publication.slug, self.number])

    def keep(self, contents: dict):
        """Take the contents as data, with its digest: the same contents always give the same bytes."""
        self.data = json.dumps(contents, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.sha256 = hashlib.sha256(self.data.encode()).hexdigest()
        self.count = len(contents["records"])

    @property
    def contents(self) -> dict:
        return json.loads(self.data)

    @property
    def frozen_on(self) -> date:
        return timezone.localdate(self.frozen_at)

    def save(self, **kwargs):
        if not self._state.adding:
            raise IllegalFreeze("Une édition figée ne change pas : faites-en une nouvelle.")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise IllegalFreeze("Une édition figée ne se supprime pas : retirez-en des fiches, ou faites-en une nouvelle.")

    @transaction.atomic
    def withdraw(self, *, reference: str, by, reason: str) -> "Withdrawal":
        """Take one entry out of the frozen data, for a reason that the page then gives; its trace stays.

        Raises IllegalFreeze where the reason is empty, the entry is not in it, or no other would be left.
        """
        if not reason.strip():
            raise IllegalFreeze("Pour retirer une fiche, écrivez pourquoi : le motif est publié.")
        stored = Edition.objects.select_for_update().get(pk=self.pk)
        contents = stored.contents
        at = contents["columns"].index("reference")
        meant = reference.strip().casefold()
        gone = [record for record in contents["records"] if record[at].casefold() == meant]
        if not gone:
            raise IllegalFreeze(f"La fiche « {reference} » n’est pas dans cette édition.")
        reference, kept = gone[0][at], [record for record in contents["records"] if record not in gone]
        if not kept:
            raise IllegalFreeze("C’est la dernière fiche de cette édition : elle ne peut pas en être retirée.")
        now = timezone.now()
        trace = {"reference": reference, "reason": reason.strip(), "on": timezone.localdate(now).isoformat()}
        before = stored.sha256
        stored.keep(contents | {"records": kept, "withdrawn": [*contents["withdrawn"], trace]})
        Edition.objects.filter(pk=self.pk).update(data=stored.data, sha256=stored.sha256, count=stored.count)
        withdrawal = Withdrawal.objects.create(
            edition=self,
            reference=reference,
            reason=reason.strip(),
            withdrawn_at=now,
            withdrawn_by=by,
            sha256_before=before,
        )
        self.refresh_from_db()
        self.document.ask_again(dropping=True)
        ContentVersion.bump(of_data=False)
        return withdrawal


class Withdrawal(models.Model):
    """The trace of an entry taken out of a frozen edition: which, why, when, by whom."""

    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name="édition", related_name="withdrawals")
    reference = models.CharField("référence", max_length=40)
    reason = models.CharField("motif", max_length=500)
    withdrawn_at = models.DateTimeField("retirée le")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="+")
    sha256_before = models.CharField("SHA-256 avant le retrait", max_length=64)

    class Meta:
        verbose_name = "retrait"
        constraints = [models.UniqueConstraint(fields=["edition", "reference"], name="withdrawal_once_an_entry")]

    def __str__(self):
        return self.reference
