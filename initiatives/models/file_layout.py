"""What somebody once said that the columns of a layout of file are: the next file of the same headings is read so."""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.db import models


class FileLayout(models.Model):
    """The headings of a file together, and what they were said to be."""

    # Of the headings as they are compared, in any order.
    digest = models.CharField("empreinte", max_length=64, unique=True)
    headings = models.JSONField("titres de colonnes")
    # {heading as it is compared: field}, null for one that is left aside; {field: cell} of what no column says.
    mapping = models.JSONField("colonnes", default=dict)
    constants = models.JSONField("valeurs pour tout le fichier", default=dict)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="indiqué par", related_name="+")
    said_at = models.DateTimeField("indiqué le", auto_now=True)

    class Meta:
        verbose_name = "disposition de fichier connue"
        verbose_name_plural = "dispositions de fichier connues"

    def __str__(self):
        return ", ".join(self.headings)

    @staticmethod
    def digest_of(keys: Iterable[str]) -> str:
        return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
