"""Entries drawn at random, the same for the same seed."""

import random

from initiatives.models import Tool

from . import factories

POPULATIONS = [None, 0, 9_999, 10_000, 19_999, 20_000, 50_000, 99_999, 100_000, 2_000_000]


@factories.at_once()
def generate(seed: int, count: int):
    """Entries with every combination of facts, and as many that the public must not see."""
    draw = random.Random(seed)
    places = [
        factories.department(code="60", name="Oise", region="Hauts-de-France", region_code="32"),
        factories.department(code="62", name="Pas-de-Calais", region="Hauts-de-France", region_code="32"),
        factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94"),
        factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84"),
    ]
    territories = [
        factories.town(department=draw.choice(places), population=draw.choice(POPULATIONS)) for _ in range(12)
    ] + [
        factories.intercommunality(department=draw.choice(places), population=population)
        for population in POPULATIONS[-4:]
    ]
    themes = ["cybersecurite", "teletravail-des-agents", "circuits-courts", "numerique-educatif", "sante-publique"]
    editor = factories.user()
    for number in range(count):
        theme = factories.theme(slug=draw.choice(themes))
        chosen = [theme, *theme.category.themes.exclude(pk=theme.pk)[: draw.choice([0, 0, 1, 2])]]
        make = draw.choice([factories.published, factories.published, factories.draft])
        what, how = draw.choice(["Carte", "Plateforme", "Atelier"]), draw.choice(["des commerces", "en ligne"])
        initiative = make(
            title=f"{what} {how} {number}",
            themes=chosen if draw.random() < 0.9 else [],
            category=theme.category,
            started=draw.choice(["", "2019", "2020-03", "2020", "2021-01"]),
            in_survey=draw.random() < 0.3,
            state=draw.choice(["deployed", "unknown"]),
            **({} if make is factories.draft else {"by": editor}),
            **factories.PUBLIC_SOURCE,
            territory=draw.choice(territories),
        )
        if draw.random() < 0.3:
            Tool.objects.create(initiative=initiative, name="Jitsi", open_source="yes")
