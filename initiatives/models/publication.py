"""The report that the association publishes: what staff write, and the editions frozen from it."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Exists, Min, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from initiatives.text.french import moment

from .classification import Category
from .content import ContentVersion
from .fixed_address import FixedAddress
from .history import Versions

hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "Écrivez une couleur comme #1f4f8f : dièse et six chiffres.")

MARKDOWN = (
    "Un paragraphe par bloc, une ligne vide entre eux. En Markdown : « ## » devant un titre, « - » devant chaque ligne"
    " d’une liste, **gras**, *italique*, [texte du lien](https://…). Ni image ni HTML."
)
THE_SAME = "En Markdown, comme l’avant-propos."
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


class PublicationQuerySet(models.QuerySet):
    def with_editions(self):
        """What the public may see: the publications of which an edition has been frozen."""
        return self.filter(pk__in=Edition.objects.values("publication"))

    def latest_first(self):
        return self.order_by("-created_at", "-pk")


class Publication(FixedAddress, models.Model):
    """A report made of entries: its texts, which entries, in what order, with what around them."""

    class Order(models.TextChoices):
        TERRITORY = "collectivite", "par collectivité"
        TITLE = "titre", "par titre"
        RECENT = "recent", "les plus récentes d’abord"

    class Licence(models.TextChoices):
        ETALAB = "etalab-2.0", "Licence Ouverte 2.0"
        CC_BY = "CC-BY-4.0", "CC BY 4.0"

    title = models.CharField("titre", max_length=160)
    subtitle = models.CharField("sous-titre", max_length=200, blank=True)
    slug = models.SlugField("adresse", max_length=110, unique=True)
    foreword = models.TextField("avant-propos", blank=True, max_length=20_000, help_text=MARKDOWN)
    credits = models.TextField("crédits", blank=True, max_length=5_000, help_text=THE_SAME)
    filters = models.CharField(
        "sélection",
        max_length=500,
        blank=True,
        help_text="Les filtres de la liste, tels que son adresse les écrit : « categorie=cohesion-sociale&region=32 ». "
        "Vide : toutes les fiches publiées.",
    )
    order = models.CharField("ordre", max_length=12, choices=Order, default=Order.TERRITORY)
    with_figures = models.BooleanField("chiffres clés", default=True)
    with_map = models.BooleanField("carte", default=True)
    with_themes = models.BooleanField("index des thèmes", default=True)
    with_territories = models.BooleanField("index des collectivités", default=True)
    with_sources = models.BooleanField("liste des sources", default=True)
    licence = models.CharField("licence", max_length=12, choices=Licence, default=Licence.ETALAB)
    cover_ground = models.CharField("fond de la couverture", max_length=7, default="#1c2f4a", validators=[hex_colour])
    cover_ink = models.CharField("texte de la couverture", max_length=7, default="#faf6ed", validators=[hex_colour])
    logo = models.BinaryField("logo", blank=True, default=b"")
    logo_type = models.CharField("type du logo", max_length=3, blank=True, editable=False)
    logo_text = models.CharField("texte de remplacement du logo", max_length=120, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    objects = PublicationQuerySet.as_manager()
    history = Versions(verbose_name="version de la publication")

    class Meta:
        verbose_name = "publication"
        permissions = [("freeze_publication", "Peut figer une publication")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("publication_detail", args=[self.slug])

    @property
    def fixed_fields(self) -> tuple[str, ...]:
        """Nobody has seen an address that no edition was frozen at."""
        return super().fixed_fields if self.pk and self.editions.exists() else ()

    @classmethod
    def parts_of(cls, keys: list[int]) -> dict[int, dict]:
        """The introductions, for the history: the category and the text of each."""
        found = {key: {"introductions": []} for key in keys}
        rows = Introduction.objects.filter(publication__in=keys).order_by("category__position", "category")
        for key, *introduction in rows.values_list("publication", "category", "text"):
            found[key]["introductions"].append(introduction)
        return found

    def take_parts(self, parts: dict):
        """Have the introductions that a version had, those of categories that are no more left out."""
        wanted = dict(parts["introductions"])
        for introduction in self.introductions.all():
            if introduction.category_id not in wanted:
                introduction.delete()
        for category in Category.objects.filter(pk__in=wanted):
            self.introductions.update_or_create(category=category, defaults={"text": wanted[category.pk]})

    @transaction.atomic
    def freeze(self, *, by, build: Callable[["Publication"], dict]) -> "Edition":
        """Make an edition of what stands now: later changes of the entries, or of this text, do not reach it.

        `build` is `initiatives.publication.snapshot.build` with its site; the former edition stays. NothingNew
        where the last edition says the same, IllegalFreeze where there is no entry.
        """
        # Gathered while nobody else freezes it: what was read before another edition is not frozen after it.
        publication = Publication.objects.select_for_update(no_key=True).get(pk=self.pk)
        contents = build(publication)
        if not contents["records"]:
            raise IllegalFreeze("Cette sélection ne donne aucune fiche : il n’y a rien à figer.")
        last = publication.editions.select_related("frozen_by").latest_first().first()
        now = timezone.now()
        edition = Edition(
            publication=publication,
            number=last.number + 1 if last else 1,
            title=publication.title,
            frozen_at=now,
            frozen_by=by,
            filters=publication.filters,
            content_version=ContentVersion.current().number,
        )
        # Its own address: that of the publication will show the data of another edition.
        edition.keep(
            contents
            | {
                "number": edition.number,
                "frozen_at": now.isoformat(timespec="seconds"),
                "content_version": edition.content_version,
                "address": contents["site"].rstrip("/") + edition.get_absolute_url(),
            }
        )
        if last and state_of(last.contents) == state_of(edition.contents):
            raise NothingNew(last)
        edition.save()
        Document.objects.create(edition=edition)
        ContentVersion.bump(of_data=False)
        return edition


class Introduction(models.Model):
    """What a publication says before the entries of one category."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, verbose_name="publication", related_name="introductions"
    )
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="catégorie", related_name="+")
    text = models.TextField("introduction", max_length=20_000, help_text=THE_SAME)

    class Meta:
        verbose_name = "introduction"
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "category"],
                name="introduction_once_a_category",
                violation_error_message="Cette catégorie a déjà une introduction.",
            )
        ]

    def __str__(self):
        return f"{self.category}"


class EditionQuerySet(models.QuerySet):
    def latest_first(self):
        return self.order_by("-number", "-pk")

    def without_data(self):
        """For lists: the rows without what they froze."""
        return self.defer("data")


class Edition(models.Model):
    """A snapshot of a publication: its texts, its records and when, all in `data`, which says its own digest."""

    publication = models.ForeignKey(Publication, models.PROTECT, verbose_name="publication", related_name="editions")
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

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(self.data.encode()).hexdigest() == self.sha256

    def save(self, **kwargs):
        if not self._state.adding:
            raise IllegalFreeze("Une édition figée ne change pas : faites-en une nouvelle.")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise IllegalFreeze("Une édition figée ne se supprime pas : retirez-en des fiches, ou faites-en une nouvelle.")

    @transaction.atomic
    def withdraw(self, *, reference: str, by, reason: str) -> "Withdrawal":
        """Take one entry out of the frozen data, for a reason that the page then gives; its trace stays."""
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
