"""Fictitious entries, as many as one wants, drawn from a seed: for measurements, never loaded by anything else.

Each says that it is fictitious in its title, its source and its internal note. They are of real communes
and EPCIs and have real themes; the derived columns are right, without the hours that saving them would take.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from types import SimpleNamespace

from django.contrib.auth import get_user_model
from django.db import models

from initiatives.models import Audience, Category, Initiative, Link, Survey, Tool
from initiatives.models.bands import band_of
from initiatives.models.derived import public_texts
from initiatives.models.record_table import SEARCHED_PARTS
from initiatives.search.query import stem, words
from towns.models import Intercommunality, Town
from towns.names import sort_key

SEED = 2020
EPCI_SHARE, PUBLISHED_SHARE = 0.15, 0.97
FIRST_DAY = datetime(2020, 3, 17, 8, tzinfo=UTC)

WHATS = (
    "Une place de marché,Un annuaire,Une plateforme d’entraide,Une carte interactive,Un guichet unique,Un chatbot,"
    "Un prêt de tablettes,Une visite virtuelle,Une lettre d’information,Une messagerie d’équipe,Un budget participatif,"
    "Un conseil municipal filmé,Une école en ligne,Un espace de médiation,Une prise de rendez-vous,Un service de"
    " livraison,Une application citoyenne,Un atelier numérique,Une bibliothèque en ligne,Un plan de sauvegarde"
).split(",")
FOR_WHOMS = (
    "les commerçants,les familles,les aînés,les agents,les écoliers,les associations,les producteurs,les soignants,"
    "les étudiants,les artisans,les nouveaux habitants,les personnes isolées,les élus,les maraîchers,les bénévoles"
).split(",")
HOWS = (
    "en quelques jours,avec un prestataire,avec les moyens du service informatique,avec l’intercommunalité,avec des"
    " bénévoles,sans budget propre,avec un logiciel libre,à partir d’un outil existant,avec l’aide de la région,"
    "en visioconférence,par téléphone et en ligne,avec les écoles"
).split(",")
TOOLS = [
    ("Jitsi", "yes"),
    ("Moodle", "yes"),
    ("Nextcloud", "yes"),
    ("Facebook", "no"),
    ("Zoom", "no"),
    ("SMS", "unknown"),
]


@lru_cache(maxsize=100_000)
def _stems(text: str) -> frozenset[str]:
    """Those of one text; entries share their sentences."""
    return frozenset(stem(word) for word in words(text))


def _joined(stems: set[str] | frozenset[str]) -> str:
    return f" {' '.join(sorted(stems))} "


class _Rows(list):
    """A list where a queryset is expected."""

    def all(self):
        return self


class Fictions:
    """Entries number `first` and on: `rows()` gives, for each, the rows of every table that it has some in."""

    TABLES = (Initiative, Initiative.themes.through, Initiative.audiences.through, Tool, Link)

    def __init__(self, first: int, count: int, *, seed: int = SEED):
        self.first, self.count = first, count
        self.draw = random.Random(f"{seed}-{first}")
        self.categories = [
            (category, _Rows(category.themes.order_by("pk"))) for category in Category.objects.order_by("pk")
        ]
        self.audiences = list(Audience.objects.order_by("pk"))
        self.towns = self._places(Town)
        self.epcis = self._places(Intercommunality)
        self.survey, _ = Survey.objects.get_or_create(
            slug="entrees-fictives",
            defaults={"title": "Entrées fictives", "prefix": "FICTIF", "started_on": FIRST_DAY.date()},
        )
        self.staff, _ = get_user_model().objects.get_or_create(username="fictif", defaults={"is_active": False})
        self.defaults = {
            field.attname: None if field.null else field.get_default()
            for field in Initiative._meta.concrete_fields
            if not isinstance(field, models.AutoField)
        }

    @staticmethod
    def _places(model):
        """The current territories, and the weights to draw them by: larger ones have more entries."""
        places = list(model.objects.current().select_related("department__region").order_by("pk"))
        return places, list(accumulate((place.population or 1) ** 0.5 for place in places))

    def rows(self) -> Iterator[dict[type, list[dict]]]:
        for number in range(self.first, self.first + self.count):
            yield self._entry(number)

    def _entry(self, number: int) -> dict[type, list[dict]]:
        draw = self.draw
        is_epci = draw.random() < EPCI_SHARE
        places, weights = self.epcis if is_epci else self.towns
        (territory,) = draw.choices(places, cum_weights=weights)
        category, themes = draw.choice(self.categories)
        themes = _Rows(draw.sample(themes, draw.choice([1, 1, 1, 2])))
        audiences = _Rows(draw.sample(self.audiences, draw.choice([0, 1, 2])))
        tools = [draw.choice(TOOLS)] if draw.random() < 0.4 else []
        what, whom, how = draw.choice(WHATS), draw.choice(FOR_WHOMS), draw.choice(HOWS)
        year = draw.choice([2018, 2019, 2020, 2020, 2020, 2021, 2021, 2022, 2023])
        published_at = FIRST_DAY + timedelta(minutes=draw.randrange(5 * 365 * 24 * 60))
        is_published = draw.random() < PUBLISHED_SHARE
        title = f"{what} pour {whom} (fiction {number})"
        facts = {
            "id": number,
            "territory_id": territory.pk,
            "is_of_town": territory.is_town,
            "department_id": territory.department_id,
            "title": title,
            "slug": f"fiction-{number}",
            "reference": f"FICTIF-{number:07d}",
            "survey_id": self.survey.pk,
            "category_id": category.pk,
            "summary": f"{what} {how}, pour {whom}. Cette fiche est fictive : elle sert à mesurer le catalogue.",
            "need": f"Des besoins nouveaux chez {whom}, que personne ne savait encore mesurer.",
            "solution": f"{what} {how}. Le service a été ouvert à tous, puis repris par d’autres communes.",
            "results": f"Plusieurs centaines de demandes venues par {whom} la première année." if number % 3 else "",
            "partners": "Région\nChambre de commerce" if number % 4 == 0 else "",
            "started": str(year) if draw.random() < 0.2 else f"{year}-{draw.randrange(1, 13):02d}",
            "state": draw.choice(Initiative.State.values),
            "in_survey": draw.random() < 0.07,
            "origin": Initiative.Origin.PUBLIC_SOURCE,
            "source_title": "Entrée fictive",
            "source_publisher": "Générateur d’entrées fictives",
            "source_url": f"https://example.org/fiction/{number}",
            "internal_note": "Entrée fictive, faite pour les mesures.",
            "created_at": published_at,
            "submitted_at": published_at,
            "submitted_by_id": self.staff.pk,
            "status": Initiative.Status.PUBLISHED if is_published else Initiative.Status.SUBMITTED,
            "published_at": published_at if is_published else None,
            "published_by_id": self.staff.pk if is_published else None,
        }
        record = self.defaults | facts
        parts = {name: _Rows() for name in SEARCHED_PARTS}
        read = SimpleNamespace(
            **record,
            category=category,
            themes=themes,
            audiences=audiences,
            **parts | {"tools": _Rows(SimpleNamespace(name=name) for name, _ in tools)},
            territory=territory,
            department=territory.department,
        )
        record |= {
            "population_band": band_of(territory.population),
            "sort_key": sort_key(title),
            "search_text": _joined(frozenset().union(*[_stems(text) for text in public_texts(read) if text])),
            "search_title": _joined(_stems.__wrapped__(title)),
            "uses_open_source": any(licence == "yes" for _, licence in tools),
        }
        link = {"initiative_id": number, "label": "Page fictive", "url": f"https://example.org/fiction/{number}/plus"}
        return {
            Initiative: [record],
            Initiative.themes.through: [{"initiative_id": number, "theme_id": theme.pk} for theme in themes],
            Initiative.audiences.through: [{"initiative_id": number, "audience_id": one.pk} for one in audiences],
            Tool: [{"initiative_id": number, "name": name, "open_source": licence} for name, licence in tools],
            Link: [link] if number % 5 == 0 else [],
        }
