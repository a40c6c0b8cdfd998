"""The report that the association publishes: what staff write of it."""

from collections.abc import Callable

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from .classification import Category
from .content import ContentVersion
from .document import Document
from .edition import Edition, IllegalFreeze, NothingNew, state_of
from .fixed_address import FixedAddress
from .history import Versions

hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "Écrivez une couleur comme #1f4f8f : dièse et six chiffres.")

MARKDOWN = (
    "Un paragraphe par bloc, une ligne vide entre eux. En Markdown : « ## » devant un titre, « - » devant chaque ligne"
    " d’une liste, **gras**, *italique*, [texte du lien](https://…). Ni image ni HTML."
)
THE_SAME = "En Markdown, comme l’avant-propos."


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

        `build` is `initiatives.publication.snapshot.build` with its site; the former edition stays. Raises NothingNew
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
