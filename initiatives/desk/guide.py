"""The guide of the desk: one page to read, to print and to lead to, chapter by chapter."""

import functools
import json
from typing import NamedTuple

from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Initiative
from initiatives.models.initiative.moves import MODERATORS, MOVES


class Chapter(NamedTuple):
    """A part of the guide; `steps` are those of its headings that the table of contents names too."""

    anchor: str
    title: str
    template: str
    steps: tuple[tuple[str, str], ...] = ()


AFTERNOON = (
    ("modele", "Le tableau"),
    ("importer", "Envoyer le tableau"),
    ("colonnes", "Confirmer les colonnes"),
    ("lignes", "Corriger par cause"),
    ("tableau", "Relire dans le tableau"),
    ("accord", "Noter l’accord"),
    ("confirmer", "Importer et publier"),
    ("relire", "À deux, relire puis publier"),
    ("voir", "Voir le résultat"),
)
CHAPTERS = (
    Chapter("commencer", "Avant de commencer", "guide/_before.html"),
    Chapter("roles", "Qui fait quoi", "guide/_roles.html"),
    Chapter("apres-midi", "L’après-midi, pas à pas", "guide/_afternoon.html", AFTERNOON),
    Chapter("publiee", "Corriger ou réviser une fiche publiée", "guide/_published.html"),
    Chapter("a-deux", "À deux sur une fiche", "guide/_together.html"),
    Chapter("annuler", "Ce qui a été fait, et comment l’annuler", "guide/_undoing.html"),
    Chapter("veiller", "Doublons, fiches incomplètes, vérifications", "guide/_watching.html"),
    Chapter("publications", "Les publications", "guide/_publications.html"),
    Chapter("emporter", "Emporter les données", "guide/_exports.html"),
    Chapter("personnes", "Les données personnelles", "guide/_personal_data.html"),
    Chapter("messages", "Les messages de l’import", "guide/_messages.html"),
    Chapter("demander", "À qui demander", "guide/_asking.html"),
)


@functools.cache
def sizes() -> dict[str, list[int]]:
    """Width and height of each picture on the page, as `make pictures` wrote them."""
    return json.loads((settings.BASE_DIR / "static" / "help" / "pictures.json").read_text())


@require_safe
def guide(request):
    context = {
        "title": "Guide du bureau",
        "chapters": CHAPTERS,
        "pictures": sizes(),
        "months": settings.RETENTION_MONTHS,
        "decisions": [move for move in MOVES.values() if move.group == MODERATORS],
        "Status": Initiative.Status,
    }
    return render(request, "guide/guide.html", {**admin.site.each_context(request), **context})
