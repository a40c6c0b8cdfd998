"""How entries are sorted: three categories, their themes, the publics that they are for."""

from django.db import models
from django.urls import reverse

from .fixed_address import FixedAddress
from .history import Versions


class Category(FixedAddress, models.Model):
    """One of the three fields of action of the survey."""

    name = models.CharField("nom", max_length=120)
    short_name = models.CharField("nom court", max_length=40, help_text="Sur les fiches et les filtres.")
    slug = models.SlugField("adresse", unique=True)
    introduction = models.TextField("introduction", blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "catégorie"

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return reverse("category_detail", args=[self.slug])


class Theme(FixedAddress, models.Model):
    """A subject within a category; the survey's own lists end with « etc. », so staff may add some."""

    category = models.ForeignKey(Category, models.PROTECT, verbose_name="catégorie", related_name="themes")
    name = models.CharField("nom", max_length=80)
    slug = models.SlugField("adresse", max_length=80, unique=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

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
    position = models.PositiveSmallIntegerField("rang", default=0)

    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "public visé"
        verbose_name_plural = "publics visés"

    def __str__(self):
        return self.name
