"""Which column of a file is which field: headings as people write them.

A heading counts without accents, case, spaces, punctuation, underscores and what stands between
brackets: « DÉBUT (AAAA-MM) * » is « debut ». The first of each list is its French label, in messages
and in the workbook to fill in.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from initiatives.exports.columns import COLUMNS
from towns.names import fold

HEADINGS = {
    "reference": "Référence · Réf · Numéro de la fiche · Numéro de réponse · N° de réponse · Identifiant · ID",
    # Which version of the entry an export for correction was made from.
    "version": "Version de la fiche",
    # The territory: what a file says of it, in one column or in several
    "territory_name": "Collectivité · Nom de la collectivité · Territoire · territoire_nom · territory_name",
    "territory_code": "Code de la collectivité · Code du territoire · territoire_code · territory_code",
    "territory_kind": "Type de collectivité · Type de territoire · Nature · territoire_type · territory_kind",
    "town_name": "Commune · Ville · Nom de la commune · Nom de la ville · Mairie · Municipalité · town",
    "insee_code": "Code INSEE · INSEE · Code commune · Code de la commune · Code INSEE de la commune · insee_code",
    "intercommunality_name": "Intercommunalité · EPCI · Nom de l’intercommunalité · Agglomération · epci_nom",
    "siren": "SIREN · SIREN de l’intercommunalité · SIREN EPCI · Code SIREN · N° SIREN · SIRET · epci_siren",
    "department": "Département · Nom du département · departement_nom · department",
    "department_code": "Code du département · N° de département · Numéro de département · Dép · Dépt"
    " · departement_code · department_code",
    "postal_code": "Code postal · CP · postal_code",
    "carrying_service": "Service porteur · Service · Direction · Service pilote · carrying_service",
    # En bref
    "title": "Titre · Titre de l’initiative · Intitulé · Intitulé de l’initiative · Nom de l’initiative · Initiative"
    " · Nom du projet · Titre du projet · title",
    "summary": "Résumé · Résumé de l’initiative · Description · Présentation · En bref · summary",
    "category": "Catégorie · Champ d’action · Axe · Domaine · category",
    "themes": "Thèmes · Thème · Thématique · Thématiques · theme",
    "audiences": "Publics visés · Public visé · Publics · Public · Public cible · Bénéficiaires · audiences",
    "state": "État · État d’avancement · Avancement · Statut du projet · state",
    "started": "Début · Date de début · Date de lancement · Lancement · Date · Année · started",
    "ended": "Fin · Date de fin · ended",
    # Récit
    "need": "Besoin de départ · Besoin · Contexte · Problème de départ · need",
    "solution": "Solution · Solution mise en œuvre · Réponse apportée · solution",
    "results": "Résultats · Résultat · Bilan · Résultats obtenus · results",
    "caveats": "Points de vigilance · Point de vigilance · Vigilance · Difficultés · Limites · Freins · caveats",
    "advice": "Conseils · Conseil · Recommandations · advice",
    # Pour refaire
    "tools": "Outils · Outil · Outils numériques · Outils employés · Outils utilisés · Logiciels · tools",
    "open_source_tools": "Outils libres · outils_libres",
    "open_source": "Logiciel libre · Logiciels libres · Open source · Libre · open_source",
    "investment_cost": "Coût d’investissement · cout_investissement · Investissement · Coût · Budget · investment_cost",
    "yearly_cost": "Coût annuel · Coût de fonctionnement · Fonctionnement · yearly_cost",
    "lead_time": "Délai de mise en œuvre · Délai · Durée de mise en œuvre · lead_time",
    "partners": "Partenaires · Partenaire · Partenariats · partners",
    "links": "Liens · Lien · Site web · Site internet · Adresse web · URL · links",
    "link_labels": "Intitulés des liens · liens_intitules",
    "inspired_by": "S’inspire de · Inspirée de · inspiree_de · inspired_by",
    # Source
    "source_title": "Titre de la source · Source · source_titre · source_title",
    "source_publisher": "Éditeur de la source · Éditeur · source_editeur · source_publisher",
    "source_url": "Adresse de la source · Lien de la source · URL de la source · source_url",
    "in_survey": "Cité par l’enquête · Citée par l’enquête · cite_par_enquete · in_survey",
    # Contact: the service is public, the declarant is not. « Contact » alone may be a person: nobody's guess.
    "contact_service": "Service à contacter · contact_service",
    "contact_email": "Courriel du service · Courriel générique · contact_courriel · contact_email",
    "declarant_name": "Nom du déclarant · Déclarant · Nom du répondant · Répondant · Nom et prénom · declarant_name",
    "declarant_role": "Fonction du déclarant · Fonction · Fonction du répondant · Poste · declarant_role",
    "declarant_email": "Courriel du déclarant · Courriel · Email · E-mail · Mail · Adresse mail · Courriel du répondant"
    " · declarant_email",
    "licence_agreed_on": "Accord de diffusion le · Accord de diffusion · Date de l’accord · Date d’accord"
    " · Accord Licence Ouverte · licence_agreed_on",
}
LABELS = {name: headings.split(" · ")[0] for name, headings in HEADINGS.items()}
LONGEST = 200
# An entry cannot be made without them; a territory can be told in any of these ways.
REQUIRED = ("title", "category")
TERRITORY = ("territory_name", "territory_code", "town_name", "insee_code", "intercommunality_name", "siren")


def key(text: str) -> str:
    """A text as headings and labels are compared: folded letters and digits."""
    return "".join(re.findall(r"[a-z0-9]+", fold(text)))


KNOWN = {key(heading): name for name, headings in HEADINGS.items() for heading in headings.split(" · ")}
# What our own exports say and an import does not take from them: it follows from the rest, or staff decide it.
DERIVED = {key(heading) for column in COLUMNS for heading in (column.name, column.heading)} - set(KNOWN)
# Of the exports of the desk: only the verbs change a status.
DERIVED.add(key("statut"))


def field_of(heading: str) -> str | None:
    """The field that a heading names, brackets left out if it names none with them."""
    return KNOWN.get(key(heading)) or KNOWN.get(key(re.sub(r"\([^)]*\)", "", heading)))


def is_ours(heading: str) -> bool:
    """Whether we know a heading: what somebody makes of it in one file then says nothing of the next."""
    return field_of(heading) is not None or key(heading) in DERIVED


def named_by(cells: Iterable) -> set[str]:
    """The fields that cells name, if they are headings; nobody writes a long one."""
    return {field_of(cell) for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST} - {None}


@dataclass
class Headings:
    """The headings of one file: `found` has the heading of each field as it is written there."""

    found: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, headings: Iterable[str], mapping: Mapping[str, str | None] | None = None) -> "Headings":
        """Match the headings; `mapping` says by hand what a heading is (None: leave it out), and prevails."""
        matched, mapping = cls(), mapping or {}
        for heading in headings:
            name = mapping[heading] if heading in mapping else field_of(heading)
            if name in matched.found:
                matched.twice.append((matched.found[name], heading))
            elif name:
                matched.found[name] = heading
            elif key(heading) in DERIVED or heading in mapping:
                matched.derived.append(heading)
            elif heading:
                matched.unknown.append(heading)
        return matched

    @property
    def missing(self) -> list[str]:
        """The labels of the columns without which no entry can be made."""
        missing = [LABELS[name] for name in REQUIRED if name not in self.found]
        if not self.found.keys() & set(TERRITORY):
            missing.append("Commune (ou Code INSEE, Collectivité, SIREN…)")
        return missing
