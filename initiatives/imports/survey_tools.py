"""What survey tools and offices write above columns: headings that are no question, and those that may be one.

Checked against exports of each tool, in French and in English. What surely is one of our fields is in its
`headings` in the table of the record.
"""

import re
from collections.abc import Iterable

from .headings import key

# What each tool adds for itself. Some are headings of ours as well: three of a tool tell that it wrote the file.
TOOLS = {
    "Google Forms": "Horodateur · Timestamp · Score · Note obtenue",
    "Framaforms": "Numéro de série · Serial · SID · Heure · Time · Heure de complétion · Completed Time"
    " · Heure modifiée"
    " · Modified Time · Brouillon · Draft · Adresse IP · IP Address · UID · Nom d’utilisateur · Username",
    "LimeSurvey": "Date de soumission · Dernière page · Langue de départ · Tête de série · Date de lancement · Graine"
    " · Date de la dernière action · Adresse IP · URL référente · Référent · Temps total · Code d’invitation · Jeton"
    " · submitdate · lastpage · startlanguage · seed · startdate · datestamp · ipaddr · refurl · token · interviewtime"
    " · Date submitted · Last page · Start language · Date started · Date last action · Referrer URL · Total time",
    "démarches-simplifiées": "FranceConnect ? · Archivé · État du dossier · Dernière mise à jour le · Déposé le"
    " · Dernière mise à jour du dossier le · Passé en instruction le · Traité le · Motivation de la décision"
    " · Instructeurs · Groupe instructeur · Labels · Civilité · Dépôt pour un tiers · Nom du mandataire"
    " · Prénom du mandataire · Champ · Établissement siège social · Établissement NAF · Établissement libellé NAF"
    " · Établissement Adresse · Établissement numero voie · Établissement type voie · Établissement nom voie"
    " · Établissement complément adresse · Établissement code postal · Établissement localité"
    " · Établissement code INSEE localité · Etablissement enseigne · Entreprise SIREN · Entreprise capital social"
    " · Entreprise numero TVA intracommunautaire · Entreprise forme juridique · Entreprise forme juridique code"
    " · Entreprise nom commercial · Entreprise raison sociale · Entreprise SIRET siège social"
    " · Entreprise code effectif entreprise · Entreprise date de création · Entreprise état administratif"
    " · Entreprise nom · Entreprise prénom · Association RNA · Association titre · Association objet"
    " · Association date de création · Association date de déclaration · Association date de publication",
    "Grist, Airtable": "manualSort · Record ID · Created time · Last modified time · Created by · Last modified by"
    " · Créé le · Modifié le · Créé par · Modifié par",
    "Microsoft Forms": "Heure de début · Heure de fin · Heure de la dernière modification · Total points"
    " · Quiz feedback"
    " · Start time · Completion time · Last modified time",
    "Sphinx": "CLE · DATE_SAISIE · DATE_ENREG · DATE_MODIF · TEMPS_SAISIE · ORIGINE_SAISIE · LANG_SAISIE"
    " · APPAREIL_SAISIE · PROGRESSION · DERNIERE_QUESTION_SAISIE · APPAREIL · NAVIGATEUR",
    "SurveyMonkey": "Collector ID · Date Created · Date Modified · IP Address · Custom Data 1 · Custom Data 2"
    " · ID du collecteur · Date de création · Date de modification · Adresse IP · Données personnalisées 1",
}
# Of single questions: the time that they took, the points that they gave.
OF_A_QUESTION = re.compile(
    r"\s*(?:temps (?:pour|total|de)\b.*|.*\btemps|(?:group|question) ?time\b.*|(?:points|feedback) [-–] .*)\s*",
    re.IGNORECASE,
)
# Between brackets, after a question: that of a quiz, and that an answer is a text.
MARKS = frozenset("score feedback note points".split())
ANSWER_TEXT = frozenset(
    "reponse reponselibre reponseouverte response openendedresponse texte text texteouvert plusieursreponsespossibles"
    " plusieurschoixpossibles choixmultiple choixmultiples facultatif obligatoire optionnel".split()
)
# An option beside those that are listed: its cells are texts.
OTHERS = re.compile(r"(?:autres?|other)\b.*", re.IGNORECASE)
# What may be a field, to be asked.
HINTS = {
    "territory_name": "Organisme · Structure · Établissement · Porteur de projet · Localité",
    "department": "Département d’exercice",
    "carrying_service": "Porteur · Pilote · Référent · Équipe porteuse",
    "summary": "Objet · En quelques mots · En quelques lignes · Synthèse · Descriptif",
    "themes": "Sujet · Mots-clés · Sous-thème",
    "category": "Secteur · Type d’initiative",
    "audiences": "Adresse initiative · Usagers · Cible · Destinataires · Population",
    "state": "Stade · Phase · En cours",
    "started": "Date de mise en œuvre · Date de mise en service · Date de création · Quand · Depuis quand",
    "ended": "Date de clôture · Échéance",
    "need": "Objectif · Enjeu · Problème · Constat · Pourquoi",
    "solution": "Mise en œuvre · Comment · Description détaillée · Mis en place",
    "results": "Impact · Effets · Retombées · Évaluation",
    "caveats": "Obstacle · Points d’attention · Problèmes rencontrés",
    "advice": "Bonnes pratiques · À savoir · Enseignements",
    "tools": "Solution technique · Plateforme · Application · Logiciel",
    "investment_cost": "Montant · Dépense · Coût total · Prix",
    "lead_time": "Temps de mise en œuvre · Durée",
    "staff_count": "ETP · Effectif",
    "partners": "Prestataire · Acteurs associés",
    "links": "Site web · Page web · Pour en savoir plus",
    "declarant_name": "Nom · Prénom · Contact · Votre nom · Interlocuteur · Personne à contacter",
    "declarant_email": "Courriel de contact · Adresse électronique du contact · Contact e-mail",
    "licence_agreed_on": "Accord pour publication · Autorisation de diffusion · Licence Ouverte · Acceptez la diffusion"
    " · Acceptez la publication · Autorisez la diffusion · Autorisez la publication · Consentement à la publication",
}

KEYS = {tool: {key(one) for one in headings.split(" · ")} for tool, headings in TOOLS.items()}


def made_by_tool(headings: Iterable[str]) -> set[str]:
    """The headings of a file that its survey tool made for itself; none where it is an office's own file."""
    keys = {heading: key(heading) for heading in headings}
    likeliest = max(KEYS, key=lambda tool: len(KEYS[tool] & set(keys.values())))
    own = {heading for heading, one in keys.items() if one in KEYS[likeliest]}
    return own if len(own) > 2 else set()
