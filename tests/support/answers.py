"""97 fictitious answers to the survey, of 26 towns and 5 intercommunalities, as an office types them up.

The towns are real; what they are said to have done is invented and says so. Nobody asked for the need, the
solution, the tools or who answers.
"""

import csv
import io
from itertools import islice, product
from pathlib import Path

COUNT = 97
# Name, and département where the person wrote it: some of them have namesakes.
TOWNS = (
    "Beauvais (60),Chartres (28),Bourges,Colmar,Niort,Troyes,Angoulême,Laval (53),Vannes,Sète,Albi,Alès,Arras,Auxerre,"
    "Belfort,Blois,Cahors,Castres,Chambéry,Châteauroux,Cholet,Dieppe,Épinal,Évreux,Quimper,Saint-Denis"
).split(",")
GROUPS = [
    "CA du Niortais",
    "CA du Beauvaisis",
    "CA Saint-Lô Agglo",
    "CA Quimper Bretagne Occidentale",
    "CA Golfe du Morbihan - Vannes Agglomération",
]
SUBJECTS = [
    ("Service public", "Un guichet unique pour les démarches", "continuité des services publics"),
    ("Cohésion sociale", "Des tablettes prêtées aux familles", "inclusion numérique"),
    ("Cohésion sociale", "Un annuaire des associations", "mobilisation des associations"),
    ("Économie locale", "Une carte des marchés et des producteurs", "circuits courts"),
]
MONTHS = "janv févr mars avr mai juin juil août sept oct nov déc".split()
COSTS = ["2 495 €", "Gratuit", "NC"]
FREE = ["Oui", "Non", "ne sait pas"]
# The row (as a spreadsheet numbers it) and what its cell says wrongly.
MISTAKES = {
    (9, "État"): "Déploiée",
    (14, "Date de lancement"): "printemps 2020",
    (30, "Thématique"): "continuité du service public",
}


def answers() -> list[dict[str, str]]:
    """One answer a row, by the headings of the file."""
    told = islice(product(SUBJECTS, [*TOWNS, *GROUPS]), COUNT)
    rows = [_answer(number, *subject, place) for number, (subject, place) in enumerate(told, 1)]
    for (line, heading), wrong in MISTAKES.items():
        rows[line - 2][heading] = wrong
    return rows


def _answer(number: int, category: str, title: str, theme: str, place: str) -> dict[str, str]:
    return {
        "N° de réponse": str(number),
        "Commune / EPCI": place,
        "Nom du projet": f"{title} (réponse fictive {number})",
        "En quelques mots": f"{title} : une réponse inventée pour essayer l’import.",
        "Axe": category,
        "Thématique": theme,
        "État": "déployée",
        "Date de lancement": f"{MONTHS[number % 12]}-20",
        "Coût": COSTS[number % 3],
        "Logiciel libre": FREE[number % 3],
    }


def as_french_excel(path: Path, rows: list[dict[str, str]]) -> Path:
    """« CSV (séparateur : point-virgule) » of French Excel: Windows-1252, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path
