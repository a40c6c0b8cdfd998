"""The data set, once: what its page, its schema, its package and its entries in catalogues all say."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from initiatives.exports.attribution import Attribution
from initiatives.exports.formats import EXPORTS, Export
from initiatives.models import Initiative, Survey

# What a harvester knows the data set by: another identifier would be another data set.
IDENTIFIER = "initiatives-numeriques-des-villes"
# The file that the Table Schema is of.
REFERENCE = "initiatives.csv"
KEYWORDS = [
    "numérique",
    "villes",
    "collectivités territoriales",
    "intercommunalités",
    "initiatives",
    "bonnes pratiques",
    "crise sanitaire",
    "covid-19",
    "logiciel libre",
    "inclusion numérique",
    "télétravail",
    "commerce de proximité",
]
DESCRIPTION = (
    "Les initiatives numériques des villes et des intercommunalités françaises : une ligne par initiative, avec la"
    " collectivité qui l’a menée (code Insee ou SIREN, département, région, population, coordonnées), la catégorie et"
    " les thèmes, les dates, le besoin de départ, la solution, les résultats, les points de vigilance, les outils et"
    " s’ils sont libres, les coûts par tranches, et la source publique d’où vient l’information. C’est un recueil"
    " d’expériences et non une statistique : une collectivité absente du fichier n’est pas une collectivité inactive."
)
# West, south, east, north of what the data set speaks of: mainland France, then the overseas départements.
EXTENTS = {
    "France métropolitaine": (-5.2, 41.3, 9.6, 51.1),
    "Guadeloupe": (-61.9, 15.8, -61.0, 16.6),
    "Martinique": (-61.3, 14.3, -60.8, 14.9),
    "Guyane": (-54.7, 2.1, -51.6, 5.8),
    "La Réunion": (55.2, -21.4, 55.9, -20.8),
    "Mayotte": (45.0, -13.1, 45.3, -12.6),
}


@dataclass(frozen=True)
class Period:
    """From the first day to the last day that the entries speak of."""

    start: date
    end: date

    def __str__(self):
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


@dataclass(frozen=True)
class Dataset:
    """The data set: description, period and addresses of all entries as one thing."""

    attribution: Attribution

    @property
    def title(self) -> str:
        return self.attribution.title

    @property
    def contact_email(self) -> str:
        return settings.CONTACT_EMAIL

    @property
    def exports(self) -> list[Export]:
        return list(EXPORTS.values())

    def address(self, name: str, *args) -> str:
        """The whole address of a page of the site."""
        return self.attribution.site + reverse(name, args=args).lstrip("/")

    @property
    def page(self) -> str:
        return self.address("open_data")

    def export_address(self, export: Export) -> str:
        return self.address("export", export.filename)

    @cached_property
    def _dates(self) -> dict:
        published = Initiative.objects.published().order_by()
        known = published.exclude(started="")
        return known.aggregate(start=Min("started"), last_start=Max("started"), end=Max("ended")) | published.aggregate(
            issued=Min("published_at")
        )

    @cached_property
    def period(self) -> Period:
        """The years of the entries; where none says its own, those of the surveys; at last, this year."""
        first = self._dates["start"] or ""
        last = max(self._dates["last_start"] or "", self._dates["end"] or "")
        if not first:
            surveys = Survey.objects.aggregate(start=Min("started_on"), end=Max("started_on"))
            start, end = surveys["start"] or self.updated_on, surveys["end"] or self.updated_on
            first, last = start.isoformat()[:7], end.isoformat()[:4]
        year, _, month = first.partition("-")
        return Period(date(int(year), int(month or 1), 1), date(int(last[:4]), 12, 31))

    @property
    def issued_on(self) -> date:
        """The day of the first entry."""
        issued = self._dates["issued"]
        return timezone.localdate(issued) if issued else self.updated_on

    @property
    def updated_on(self) -> date:
        return self.attribution.updated_on
