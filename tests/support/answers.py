"""97 fictitious answers to the survey, of 26 towns and 5 intercommunalities, with the mistakes that people make.

The towns are real; what they are said to have done, and who says it, is invented and says so.
"""

import csv
import io
from itertools import islice, product
from pathlib import Path

from openpyxl import load_workbook

COUNT = 97
# Name, and département where the person wrote it: one of them has namesakes.
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
# The row (as a spreadsheet numbers it) and what its cell says wrongly.
MISTAKES = {
    (5, "Catégorie"): "Service publique",
    (9, "État"): "Déployées",
    (14, "Début"): "printemps 2020",
    (21, "Courriel du déclarant"): "declarant.fictif@ville",
    (30, "Thèmes"): "continuité des services public",
}


def answers() -> list[dict[str, str]]:
    """One answer a row, by the headings of the model workbook."""
    told = islice(product(SUBJECTS, [*TOWNS, *GROUPS]), COUNT)
    rows = [_answer(number, *subject, place) for number, (subject, place) in enumerate(told, 1)]
    for (line, heading), wrong in MISTAKES.items():
        rows[line - 2][heading] = wrong
    return rows


def _answer(number: int, category: str, title: str, theme: str, place: str) -> dict[str, str]:
    return {
        "Collectivité": place,
        "Service porteur": "Direction du numérique",
        "Titre": f"{title} (réponse fictive {number})",
        "Résumé": f"{title} : une réponse inventée pour essayer l’import.",
        "Catégorie": category,
        "Thèmes": theme,
        "État": "déployée",
        "Début": f"{number % 12 + 1:02d}/2020",
        "Besoin de départ": "Garder le lien avec les habitants pendant le confinement.",
        "Solution": f"{title}, ouvert en quelques semaines.\nPuis étendu à toute la collectivité.",
        "Résultats": f"{number * 12} demandes la première année ; le service continue.",
        "Outils": "Jitsi|Tableur",
        "Coût annuel": "moins de 1 000 €",
        "Nom du déclarant": "Dominique Fictif",
        "Fonction du déclarant": "Responsable du numérique",
        "Courriel du déclarant": "dominique.fictif@ville.example",
        "Accord de diffusion le": "15/01/2021",
    }


def as_french_excel(path: Path, rows: list[dict[str, str]], *, title: str = "Titre") -> Path:
    """« CSV (séparateur : point-virgule) » of French Excel: Windows-1252, CRLF. `title` is what that heading became."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([title if heading == "Titre" else heading for heading in rows[0]])
    writer.writerows(row.values() for row in rows)
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def typed_into(model: Path, path: Path, rows: list[dict[str, str]]) -> Path:
    """The model workbook with an answer a row below its example."""
    workbook = load_workbook(model)
    sheet = workbook.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    workbook.save(path)
    return path
