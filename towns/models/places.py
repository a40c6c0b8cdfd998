"""Places of the Code officiel géographique: regions and départements."""

import re

from django.db import models
from django.db.models import Q

from towns.names import SortKeyField, sort_key

# What may be the beginning of a code of the COG, or a postal code: 6, 60057, 2a004, 974, 200067999.
CODE = re.compile(r"[0-9][0-9ab]?[0-9]*")


class Zone(models.TextChoices):
    METRO = "metro", "métropole"
    DROM = "drom", "département et région d’outre-mer"
    COM = "com", "collectivité d’outre-mer"


class PlaceQuerySet(models.QuerySet):
    def alphabetical(self):
        return self.order_by("sort_key", "pk")

    def found_by(self, text: str):
        """Places of which every word typed begins a word of the name, or is one of its codes.

        A text without a word finds nothing.
        """
        typed = self._typed(text)
        if not typed:
            return self.none()
        found = Q()
        for word in typed:
            one = Q(sort_key__startswith=word) | Q(sort_key__contains=f" {word}")
            if CODE.fullmatch(word):
                one |= self._coded(word.upper())
            found &= one
        return self.filter(found)

    def _typed(self, text: str) -> list[str]:
        # Codes are often typed in groups of three digits.
        joined = re.sub(r"(?<=[0-9])\s+(?=[0-9])", "", text)
        return list(dict.fromkeys(self.model.sort_key_of(joined).split()))

    def _coded(self, code: str) -> Q:
        return Q(pk=code)


class Place(models.Model):
    """Abstract model of all that the COG lists: code, name, slug, sort key."""

    # How its names sort, and how the words that look for one are read.
    sort_key_of = staticmethod(sort_key)

    sort_key = SortKeyField()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True

    def derive(self):
        """Set what follows from the name. `save` does; whoever writes in bulk must."""
        self.sort_key = self.sort_key_of(self.name)

    def save(self, **kwargs):
        self.derive()
        super().save(**kwargs)


class Region(Place):
    """A French region, or an overseas collectivity that stands for one in the COG."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    zone = models.CharField("zone", max_length=5, choices=Zone)

    class Meta:
        verbose_name = "région"

    def __str__(self):
        return self.name


class Department(Place):
    """A French département, or an overseas collectivity that stands for one in the COG."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="région", related_name="departments")
    zone = models.CharField("zone", max_length=5, choices=Zone)

    class Meta:
        verbose_name = "département"

    def __str__(self):
        return f"{self.name} ({self.code})"
