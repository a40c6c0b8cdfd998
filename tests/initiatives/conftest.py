"""Data that tests of several folders look at."""

import random

import pytest

from initiatives.models import Audience
from initiatives.publication import volumes
from tests.support import factories
from tests.support.public_addresses import fill_holes


@pytest.fixture
def world(monkeypatch):
    """What is behind each address that has holes; the edition has two volumes."""
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 1)
    fill_holes()


@pytest.fixture
@factories.at_once()
def catalogue():
    """Forty published entries that differ in all that filters look at, and some that nobody may see."""
    draw, by = random.Random(60), factories.user()
    corse = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
    places = [factories.town(name="Ville Commune", population=15_000)]
    places += [factories.town(population=draw.choice([500, 15_000, 60_000])) for _ in range(3)]
    places += [factories.town(department=corse), factories.intercommunality(population=90_000)]
    themes = [factories.theme(slug=slug) for slug in ("cybersecurite", "sante-publique", "circuits-courts")]
    for number in range(40):
        place, theme = draw.choice(places), draw.choice(themes)
        initiative = factories.published(
            by=by,
            title=draw.choice(["Carte des commerces", "Élan solidaire", "Étude", "école"]) + f" {number % 7}",
            themes=draw.choice([[], [theme]]),
            category=theme.category,
            started=draw.choice(["2019-12", "2020", "2020-04", "2021-01"]),
            in_survey=draw.random() < 0.3,
            state=draw.choice(["stopped", "unknown"]),
            territory=place,
        )
        if draw.random() < 0.3:
            initiative.tools.create(name="Jitsi", open_source="yes")
    factories.draft(title="Carte en projet", territory=places[0])
    factories.submitted(title="Carte à relire", territory=places[0], by=by)


@pytest.fixture
def full():
    """An entry with something in every column."""
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    epci = factories.intercommunality(siren="240100883", name="CC de la Plaine", kind="CC", department=ain)
    town = factories.town(
        insee_code="01004",
        name="Ambérieu-en-Bugey",
        department=ain,
        intercommunality=epci,
        population=15_365,
        longitude=5.3726,
        latitude=45.961,
    )
    by = factories.user()
    example = factories.published(by=by, title="Modèle", reference="CS20-90000")
    initiative = factories.published(
        by=by,
        title="Prêt de tablettes",
        slug="pret-de-tablettes",
        reference="CS20-90001",
        territory=town,
        themes=[factories.theme(slug="sante-publique"), factories.theme(slug="inclusion-numerique")],
        state="deployed",
        started="2020",
        ended="2020-12",
        carrying_service="Direction",
        summary="Un résumé.",
        need="Un besoin.",
        solution="Une solution.",
        results="Des résultats.",
        caveats="Une limite.",
        advice="Un conseil.",
        open_source="no",
        investment_cost="1-10",
        yearly_cost="lt1",
        cost_details="12 000 € | puis rien",
        highlight="Un fait.",
        lead_time="weeks",
        staff_count=1200,
        partners="École\n\n Emmaüs | Connect ",
        inspired_by=example,
        source_title="Un article",
        source_publisher="Un journal",
        source_url="https://example.org/a",
        in_survey=True,
        contact_service="Accueil",
        contact_email="accueil@ville.example",
        verified_on="2026-11-02",
    )
    initiative.audiences.set(Audience.objects.filter(slug__in=["habitants", "agents"]))
    for name, licence in [("Jitsi", "yes"), ("A|B", "no"), ("Été", "yes")]:
        initiative.tools.create(name=name, open_source=licence)
    initiative.links.create(label="Le site | la page", url="https://example.org/?a|b")
    initiative.key_figures.create(value="2 300", label="demandes | par jour : en un mois")
    initiative.key_figures.create(value="-10 %", label="de papier")
    initiative.more_sources.create(title="Bilan · Aqui | un an", publisher="Aqui.fr", url="https://example.org/b")
    initiative.links.create(label="Autre", url="https://example.org/2")
    return initiative
