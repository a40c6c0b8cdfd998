"""Attribution of every export and document: source, date of the last update, licence."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from initiatives.models import ContentVersion, Initiative

TITLE = "Initiatives numériques des villes"


@dataclass(frozen=True)
class Licence:
    name: str
    identifier: str
    address: str


LICENCE = Licence("Licence Ouverte 2.0", "etalab-2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/")


@dataclass(frozen=True)
class Attribution:
    """Who publishes, what, updated when, and where. The same facts give the same file.

    `site` is the address of the front page, with its last slash; `address` that of the list.
    """

    site: str
    address: str
    updated_at: datetime
    title: str = TITLE
    licence: Licence = LICENCE
    publisher: str = field(default_factory=lambda: settings.PUBLISHER)

    @property
    def updated_on(self) -> date:
        return timezone.localdate(self.updated_at)

    @property
    def moment(self) -> str:
        """Moment of the last update as programs read it (ISO 8601), on the day of `updated_on`."""
        return timezone.localtime(self.updated_at).isoformat()

    @property
    def citation(self) -> str:
        """How to cite, as the licence asks: the licensor and the date of the last update."""
        return f"{self.publisher}, {self.title}, mise à jour du {self.updated_on:%d/%m/%Y}, {self.licence.name}"

    @cached_property
    def sentence(self) -> str:
        """The citation with « Source : » before it."""
        return f"Source : {self.citation}"

    @property
    def full_sentence(self) -> str:
        """With the text of the licence: for what stands alone, without a page to lead there."""
        return f"{self.sentence} : {self.licence.address}"

    @cached_property
    def _around_slug(self) -> list[str]:
        return (self.site + Initiative(slug="slug").get_absolute_url().lstrip("/")).rsplit("slug", 1)

    def page(self, slug: str) -> str:
        """The address of the page of an entry: reversed once, since a million rows ask for it."""
        before, after = self._around_slug
        return f"{before}{slug}{after}"


def attribution(request, query: str = "") -> Attribution:
    """Whose the entries are that this site gives, those of a query string or all."""
    return Attribution(
        site=request.build_absolute_uri(reverse("home")),
        address=request.build_absolute_uri(reverse("initiative_list") + query),
        updated_at=ContentVersion.current().data_changed_at,
    )
