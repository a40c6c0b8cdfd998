"""What the people of the desk do before anything is compared, by its forms, so that each page has something to show."""

import io
import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Group, User
from django.core.management import call_command

from .forms import Forms
from .people import Person, Recording

PASSWORD = "huit tasses de tisane"
ENTRIES = "/admin/initiatives/initiative/"
ADD = f"{ENTRIES}add/"
REPORT = "/admin/initiatives/publication/add/"
SURVEY = "Deuxième enquête"
WHOLE = {
    "Collectivité": "Beauvais (60), 60057",
    "Titre": "Un annuaire des commerces",
    "Résumé": "Un annuaire dit quels commerces livrent.",
    "Catégorie": "Économie locale",
    "livraisons à domicile": "",
    "habitants": "",
    "État": "déployée",
    "Début": "avril 2020",
    "Besoin de départ": "Garder le lien.",
    "Solution": "Une liste, puis une carte.",
    "Résultats": "140 inscrits en un mois.",
    "Nom, ligne 1": "uMap",
    "Logiciel libre, ligne 1": "oui",
    "Coût annuel": "aucun",
    "Partenaires": "Secours populaire",
    "Intitulé, ligne 1": "La délibération",
    "Adresse, ligne 1": "https://www.ville.example/deliberation.pdf",
    "Nom du déclarant": "Claude Déclarant",
    "Courriel du déclarant": "claude.declarant@ville.example",
    "Accord de diffusion le": "15/01/2021",
    "Origine": "réponse à l’enquête",
    "Note interne": "Rappeler Claude Déclarant en mars.",
}
GOOD = """Code INSEE;Titre;Catégorie;Thèmes;Début;Résumé;Besoin;Solution;Déclarant;Courriel;Accord de diffusion
60057;Vélos en libre-service;Cohésion sociale;santé publique;2024-04;Loués.;Circuler;Vélos;Al;al@v.example;15/01/2025
64024;Une page d’entraide;Cohésion sociale;;2024;Pour s’aider.;Aider;Une page;Camille Autre;ca@v.example;15/01/2025
"""
FAULTY = """Référence;Commune;Nom du dispositif;Titre;Catégorie;Début;Courriel;Remarque
;Beauvais;;Un annuaire des commerces;Économie local;avril;pas une adresse;Rien
;Saint-Denis;;Tablettes;Cohésion sociale;2020;;
;Chartres;;Un guichet;Service public;2020-04;a@ville.example;
CS20-00001;Alençon;;Un autre titre;Cohésion sociale;2020;;
"""


def enter(recording: Recording, name: str, group: str) -> Person:
    """Somebody of this group, who has logged in and proved a second factor."""
    user = User.objects.create_user(name, f"{name}@association.example", PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    person, address = Person(recording, group), "/admin/compte/application/"
    person.send("/admin/login/", "Se connecter", {"Nom d’utilisateur": name, "Mot de passe": PASSWORD})
    page = person.get(address)
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.body.decode())[0]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    person.press(page.form("Activer"), address, "Activer", {"Les six chiffres": code})
    return person


def act(editor: Person, moderator: Person, administrator: Person):
    """All of it, in order."""
    _vocabulary(administrator)
    first = _entries(editor, moderator, administrator)
    _revisions(editor, moderator, administrator, first)
    _imports(editor, moderator)
    _publications(administrator)
    _private_data(administrator)
    for person in (editor, moderator, administrator):
        _choose(person, first)
    call_command("build_documents", verbosity=0)


def do(person: Person, verb: str, button: str, *addresses: str, **typed: str):
    keys = ",".join(re.search(r"(\d+)/change", address)[1] for address in addresses)
    return person.send(f"{ENTRIES}faire/{verb}/?fiches={keys}", button, typed)


def _vocabulary(administrator: Person):
    survey = {"Titre": SURVEY, "Adresse": "deuxieme-enquete", "Préfixe": "DE24", "Ouverte le": "01/01/2024"}
    administrator.send("/admin/initiatives/survey/add/", "Enregistrer", survey | {"Close le": "31/12/2024"})
    theme = {"Catégorie": "Service public", "Nom": "identité numérique", "Adresse": "identite-numerique"}
    administrator.send("/admin/initiatives/theme/add/", "Enregistrer", theme)
    administrator.send("/admin/initiatives/theme/add/", "Enregistrer", theme)  # twice: refused


def _entries(editor: Person, moderator: Person, administrator: Person) -> str:
    """An entry in each status; the address of the published one."""
    editor.send(ADD, "Enregistrer", {"Titre": "Sans rien", "Début": "jamais"})
    made = []
    for place in ("Beauvais (60), 60057", "Chartres (28), 28085", "Bourges (18), 18033", "Blois (41), 41018"):
        made.append(editor.send(ADD, "Enregistrer et rester ici", WHOLE | {"Collectivité": place}).next)
    group = {"Collectivité": "CA du Beauvaisis (60), 200067999", "Titre": "Un portail commun"}
    made.append(editor.send(ADD, "Enregistrer et rester ici", WHOLE | group).next)
    gone = editor.send(ADD, "Enregistrer et rester ici", WHOLE | {"Titre": "Une fiche en trop"}).next
    administrator.send(gone.replace("change", "delete"), "Oui")
    editor.send(made[0], "Enregistrer et soumettre")
    do(editor, "submit", "Soumettre", *made[1:])
    do(moderator, "publish", "Publier", made[0], made[1])
    do(moderator, "request_changes", "Demander", made[2], **{"Ce qui manque": "Quel a été le coût ?"})
    do(moderator, "reject", "Refuser", made[3], Raison="Hors sujet.")
    do(moderator, "archive", "Archiver", made[1])
    return made[0]


def _revisions(editor: Person, moderator: Person, administrator: Person, first: str):
    """One that is approved, one that waits; a version that is restored; two people who change one entry."""
    review = "/admin/initiatives/revision/{}/relire/"
    opened = administrator.get(first)
    editor.send(first, "Soumettre une révision", {"Résultats": "Neuf cents visites."})
    moderator.send(review.format(1), "Approuver")
    administrator.press(opened.form("Corriger"), first, "Corriger", {"Résultats": "Mille visites."})
    moderator.send(first, "Corriger", {"Titre": "Un annuaire des commerces ouverts"})
    moderator.send(first.replace("change", "versions"), "Revenir")
    editor.send(first, "Soumettre une révision", {"Titre": "Un annuaire en ligne"})


def _imports(editor: Person, moderator: Person):
    """One that is done and published, one that is undone, one that is dropped, one with faults to correct."""
    done = _import(editor, GOOD)
    editor.send(done, "Importer 2")
    entries = re.findall(rf"{ENTRIES}\d+/change/", editor.get(done).text)
    do(editor, "submit", "Soumettre", *entries)
    do(moderator, "publish", "Publier", *entries)
    undone = _import(editor, GOOD.replace("Vélos", "Trottinettes").replace("page", "ligne"))
    editor.send(undone, "Importer 2")
    editor.send(f"{undone}annuler/", "Annuler cet import")
    editor.send(_import(editor, GOOD), "Abandonner")
    faulty = _import(editor, FAULTY)
    editor.send(f"{faulty}colonnes/", "Garder ces choix")
    editor.send(faulty, "Mettre")


def _import(person: Person, said: str) -> str:
    """The page of an import of this file."""
    file = io.BytesIO(said.encode("cp1252"))
    file.name = "réponses.csv"
    return person.send("/admin/imports/", "Envoyer", {"Enquête": SURVEY}, file=file).next


def _publications(administrator: Person):
    """A second edition of the report of the fixtures, an entry taken out of the first, a report that is not frozen."""
    administrator.send("/admin/initiatives/publication/1/change/", "Enregistrer et figer")
    taken = {"Référence": "CS20-00002", "Motif": "À la demande de la ville."}
    administrator.send("/admin/initiatives/edition/1/retirer/", "Retirer", taken)
    administrator.send(REPORT, "Enregistrer", {"Titre": "Rien", "Sélection": "x=1"})
    other = {"Titre": "Cohésion", "Adresse": "cohesion", "Sélection": "categorie=cohesion-sociale"}
    administrator.send(REPORT, "Enregistrer", other)


def _private_data(administrator: Person):
    """Somebody whom nobody knows, somebody who is found, somebody who is erased."""
    address = f"{ENTRIES}declarants/"
    for person in ("Personne de ce nom", "Claude Déclarant", "Camille Autre"):
        found = administrator.send(address, "Chercher", {"Nom ou courriel": person})
    administrator.press(found.form("Effacer"), address, "Effacer")


def _choose(person: Person, first: str):
    """Each action that the list offers, for one entry, up to the page that asks; the exports in each format."""
    key = re.search(r"(\d+)/change", first)[1]
    form = person.get(ENTRIES).form("Envoyer")
    for action in filter(None, form.under("Action").options.values()):
        asked = person.press(form, ENTRIES, "Envoyer", action=action, _selected_action=[key])
        if download := asked.text and Forms(asked.text).find("Télécharger"):
            for label in download.labelled or [None]:
                person.press(download, ENTRIES, "Télécharger", {label: ""} if label else {})
