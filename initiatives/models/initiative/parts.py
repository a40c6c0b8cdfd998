"""The rows that belong to an entry alone: tools, links, key figures, further sources, addresses that it once had."""

from django.core.validators import RegexValidator
from django.db import models

from ..web_address import is_web_address, web_address, with_plain_scheme


class SlugRedirect(models.Model):
    """An address that an entry once had: it redirects for ever."""

    slug = models.SlugField("ancienne adresse", max_length=110, unique=True)
    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name="initiative", related_name="former_slugs")

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"

    def __str__(self):
        return self.slug


class Tool(models.Model):
    """A tool that an initiative uses, and whether it is free software."""

    class OpenSource(models.TextChoices):
        YES = "yes", "oui"
        NO = "no", "non"
        UNKNOWN = "unknown", "ne sait pas"

    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name="initiative", related_name="tools")
    name = models.CharField("nom", max_length=120)
    open_source = models.CharField("logiciel libre", max_length=7, choices=OpenSource, default=OpenSource.UNKNOWN)

    class Meta:
        verbose_name = "outil"
        constraints = [models.UniqueConstraint(fields=["initiative", "name"], name="tool_once_an_initiative")]

    def __str__(self):
        return self.name

    @property
    def is_open_source(self) -> bool:
        """Known to be free software, and not merely not known to be otherwise."""
        return self.open_source == self.OpenSource.YES


class Link(models.Model):
    """A web page that tells more."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name="initiative", related_name="links")
    label = models.CharField("intitulé", max_length=120)
    url = models.CharField("adresse", max_length=500, validators=[web_address])

    class Meta:
        verbose_name = "lien"
        constraints = [
            models.CheckConstraint(
                condition=is_web_address("url"),
                name="link_is_web_address",
                violation_error_message="Un lien commence par http:// ou https://.",
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        self.url = with_plain_scheme(self.url)


class KeyFigure(models.Model):
    """A figure that says what an initiative gave: its value, and what it is of."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name="initiative", related_name="key_figures")
    value = models.CharField(
        "valeur",
        max_length=12,
        # What stands between the two in a file.
        validators=[RegexValidator(r"\A[^:]*\Z", "Écrivez la valeur sans deux-points.")],
    )
    label = models.CharField("libellé", max_length=70)

    class Meta:
        verbose_name = "chiffre clé"
        verbose_name_plural = "chiffres clés"

    def __str__(self):
        return f"{self.value} : {self.label}"


class Source(models.Model):
    """A public page that an entry was written from, after the one that it keeps itself."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name="initiative", related_name="more_sources")
    title = models.CharField("titre", max_length=200)
    publisher = models.CharField(
        "éditeur",
        max_length=120,
        # What stands between the three in a file; a title may hold one.
        validators=[RegexValidator(r"\A[^·]*\Z", "Écrivez l’éditeur sans point médian.")],
    )
    url = models.CharField("adresse", max_length=500, validators=[web_address])

    class Meta:
        verbose_name = "source"
        constraints = [
            models.CheckConstraint(
                condition=is_web_address("url"),
                name="source_is_web_address",
                violation_error_message="Une source commence par http:// ou https://.",
            )
        ]

    def __str__(self):
        return self.title
