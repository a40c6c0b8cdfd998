"""How entries are sorted: categories, their themes, the publics that they are for."""

from collections import Counter

from django.db import models
from django.urls import reverse

from .fixed_address import FixedAddress
from .history import Versions
from .signs import Sign

TAKEN = "Une autre catégorie porte ce nom."


def first_unused_colour() -> str:
    return _first_unused("colour", Category.Colour)


def first_unused_sign() -> str:
    return _first_unused("sign", Sign)


def _first_unused(field: str, choices: type[models.TextChoices]) -> str:
    """The first choice that no category has; where all are taken, the first of those that fewest have."""
    counts = Counter(Category.objects.values_list(field, flat=True))
    return min(choices, key=counts.__getitem__)


def after_the_last_category() -> int:
    return _after_the_last(Category)


def after_the_last_theme() -> int:
    return _after_the_last(Theme)


def after_the_last_audience() -> int:
    return _after_the_last(Audience)


def _after_the_last(model: type[models.Model]) -> int:
    return (model.objects.aggregate(last=models.Max("position"))["last"] or 0) + 1


class Category(FixedAddress, models.Model):
    """One of the fields of action that entries are sorted into."""

    class Colour(models.TextChoices):
        """Colours of the palette that are readable as text, and white on them, in both schemes."""

        TEAL = "teal", "Bleu-vert"
        BRICK = "brick", "Brique"
        PLUM = "plum", "Prune"
        MOSS = "moss", "Mousse"
        INDIGO = "indigo", "Indigo"
        OCHRE = "ochre", "Ocre"

    name = models.CharField("nom", max_length=120, unique=True, error_messages={"unique": TAKEN})
    short_name = models.CharField(
        "nom court",
        max_length=40,
        help_text="Sur les fiches et les filtres.",
        unique=True,
        error_messages={"unique": TAKEN},
    )
    slug = models.SlugField("adresse", unique=True)
    introduction = models.TextField("introduction", blank=True)
    position = models.PositiveSmallIntegerField("rang", default=after_the_last_category)
    colour = models.CharField(
        "couleur",
        max_length=10,
        choices=Colour,
        default=first_unused_colour,
        help_text="De ses fiches, de la carte, des graphiques, des documents et des images de partage."
        " Deux catégories se distinguent mieux si leurs couleurs diffèrent.",
    )
    sign = models.CharField(
        "signe",
        max_length=10,
        choices=Sign,
        default=first_unused_sign,
        help_text="Dessiné devant son nom : il dit la catégorie à qui ne voit pas les couleurs.",
    )

    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "catégorie"

    def __str__(self):
        return self.short_name

    @property
    def sign_path(self) -> str:
        """The outline of its sign, as the `d` of an SVG path."""
        return Sign(self.sign).path

    def get_absolute_url(self):
        return reverse("category_detail", args=[self.slug])


class Theme(FixedAddress, models.Model):
    """A subject within a category; the survey's own lists end with « etc. », so staff may add some."""

    category = models.ForeignKey(Category, models.PROTECT, verbose_name="catégorie", related_name="themes")
    name = models.CharField("nom", max_length=80)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    position = models.PositiveSmallIntegerField("rang", default=after_the_last_theme)

    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "thème"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "name"],
                name="theme_name_unique_in_category",
                violation_error_message="Ce thème existe déjà dans cette catégorie.",
            )
        ]

    def __str__(self):
        return self.name


class Audience(FixedAddress, models.Model):
    """A public that entries are for: inhabitants, agents, pupils…"""

    name = models.CharField("nom", max_length=60, unique=True)
    slug = models.SlugField("adresse", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("rang", default=after_the_last_audience)

    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "public visé"
        verbose_name_plural = "publics visés"

    def __str__(self):
        return self.name
