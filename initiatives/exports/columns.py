"""The columns of every export, once: a contract with whoever reads our files.

Within a major VERSION no column changes its name, place, type or meaning; a new one goes at the
end and raises the minor version. A list is joined by « | » where a cell holds it, and a bar inside
one of its values is written « ¦ » (« %7C » in an address), so that splitting always gives the list
back. Empty means unknown or without object: never 0, never « NC ».
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from initiatives.models import Initiative

from . import values
from .attribution import Attribution

VERSION = "1.0.0"
SEPARATOR = "|"
BAR_IN_VALUE = "¦"


class ColumnKind(Enum):
    """Type of a column's values. A code is text, whatever it looks like: 01004."""

    CODE = "code"
    TEXT = "text"
    LIST = "list"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column: its names, what it says, what it reads and how that becomes a value.

    `reads` are the paths from an initiative, a blank between. Nothing else is asked of the
    database: what is private never leaves it. `convert` receives the values of the paths, after the
    attribution of the file where the column `cites` it; without `convert` the value is as stored.
    """

    name: str
    heading: str
    description: str
    example: str
    reads: str = ""
    kind: ColumnKind = ColumnKind.TEXT
    convert: Callable | None = None
    constraints: Mapping = field(default_factory=dict)
    width: int = 0
    cites: bool = False

    @property
    def paths(self) -> list[str]:
        return self.reads.split()

    @property
    def characters(self) -> int:
        """How wide a spreadsheet shows the column."""
        usual = 32 if self.kind in (ColumnKind.TEXT, ColumnKind.LIST) else 12
        return self.width or max(usual, len(self.heading) + 2)


REQUIRED = {"required": True}
UNIQUE = {"required": True, "unique": True}
YEAR_OR_MONTH = {"pattern": r"(19|20)\d\d(-(0[1-9]|1[0-2]))?"}
WEB = {"pattern": r"https?://[\s\S]*"}


def one_of(labels: list[str], **more) -> dict:
    return {"enum": labels, **more}


COLUMNS = (
    # En bref
    Column(
        "reference", "Référence", "Numéro stable de la fiche.", "CS20-00001", "reference", ColumnKind.CODE, None, UNIQUE
    ),
    Column(
        "titre",
        "Titre",
        "Titre de l’initiative.",
        "Des tablettes prêtées aux familles",
        "title",
        constraints={"required": True, "maxLength": 120},
        width=48,
    ),
    Column(
        "resume",
        "Résumé",
        "L’essentiel en quelques phrases.",
        "La ville prête les tablettes des écoles aux familles sans ordinateur.",
        "summary",
        constraints={"maxLength": 500},
        width=60,
    ),
    # Territoire
    Column(
        "territoire_type",
        "Type de collectivité",
        "« ville » (une commune) ou « intercommunalité » (un EPCI à fiscalité propre).",
        "ville",
        "territory__kind",
        convert=values.kind_of_territory,
        constraints=one_of(["ville", "intercommunalité"], required=True),
        width=20,
    ),
    Column(
        "territoire_code",
        "Code de la collectivité",
        "Code INSEE de la commune (5 caractères) ou SIREN de l’intercommunalité (9 chiffres).",
        "01004",
        "territory",
        ColumnKind.CODE,
        None,
        {"required": True, "pattern": r"\d[\dAB]\d{3}|\d{9}"},
    ),
    Column(
        "territoire_nom",
        "Collectivité",
        "Nom de la commune ou de l’intercommunalité.",
        "Ambérieu-en-Bugey",
        "territory__name territory__kind",
        convert=values.full_name,
        constraints=REQUIRED,
    ),
    Column(
        "territoire_slug",
        "Identifiant de la collectivité",
        "Nom de la collectivité dans les adresses du catalogue (paramètre « territoire »).",
        "amberieu-en-bugey-01",
        "territory__slug",
        ColumnKind.CODE,
        None,
        REQUIRED,
    ),
    Column(
        "departement_code",
        "Code du département",
        "Code INSEE du département ; pour une intercommunalité, celui où vivent le plus de ses habitants.",
        "01",
        "department",
        ColumnKind.CODE,
        constraints={"required": True, "pattern": r"\d{2,3}|2[AB]"},
    ),
    Column(
        "departement_nom",
        "Département",
        "Nom du département.",
        "Ain",
        "department__name",
        constraints=REQUIRED,
        width=24,
    ),
    Column(
        "region_code",
        "Code de la région",
        "Code INSEE de la région.",
        "84",
        "department__region",
        ColumnKind.CODE,
        constraints={"required": True, "pattern": r"\d{2,3}"},
    ),
    Column(
        "region_nom",
        "Région",
        "Nom de la région.",
        "Auvergne-Rhône-Alpes",
        "department__region__name",
        constraints=REQUIRED,
        width=24,
    ),
    Column(
        "epci_siren",
        "SIREN de l’intercommunalité",
        "SIREN de l’intercommunalité qui porte l’initiative, ou dont la commune est membre.",
        "240100883",
        "territory territory__kind territory__intercommunality",
        ColumnKind.CODE,
        values.epci_code,
        {"pattern": r"\d{9}"},
    ),
    Column(
        "epci_nom",
        "Intercommunalité",
        "Nom de cette intercommunalité.",
        "Communauté de communes de la Plaine de l’Ain",
        "territory__name territory__kind territory__intercommunality__name territory__intercommunality__kind",
        convert=values.epci_name,
    ),
    Column(
        "population",
        "Population",
        "Habitants de la commune ou de l’intercommunalité, selon le Code officiel géographique.",
        "15934",
        "territory__population",
        ColumnKind.INTEGER,
        None,
        {"minimum": 0},
    ),
    Column(
        "longitude",
        "Longitude",
        "Longitude WGS84 de la commune ; pour une intercommunalité, de sa commune la plus peuplée.",
        "5.3589",
        "territory__longitude",
        ColumnKind.NUMBER,
        values.degrees,
        {"minimum": -180, "maximum": 180},
    ),
    Column(
        "latitude",
        "Latitude",
        "Latitude WGS84 de la commune ; pour une intercommunalité, de sa commune la plus peuplée.",
        "45.9581",
        "territory__latitude",
        ColumnKind.NUMBER,
        values.degrees,
        {"minimum": -90, "maximum": 90},
    ),
    # Classement
    Column(
        "categorie",
        "Catégorie",
        "L’un des trois champs d’action de l’enquête.",
        "Cohésion sociale",
        "category__name",
        constraints=REQUIRED,
    ),
    Column(
        "themes",
        "Thèmes",
        "Thèmes de cette catégorie.",
        "inclusion numérique|numérique éducatif",
        "theme_rows",
        ColumnKind.LIST,
        values.names,
    ),
    Column(
        "publics",
        "Publics visés",
        "À qui l’initiative s’adresse.",
        "élèves et étudiants|familles",
        "audience_rows",
        ColumnKind.LIST,
        values.names,
    ),
    Column(
        "etat",
        "État",
        "Avancement de l’initiative, tel que la fiche le connaît.",
        "déployée",
        "state",
        convert=values.state,
        constraints=one_of(Initiative.State.labels, required=True),
        width=12,
    ),
    Column(
        "debut",
        "Début",
        "Année, ou année et mois, à la précision connue : AAAA ou AAAA-MM.",
        "2020-04",
        "started",
        ColumnKind.CODE,
        constraints=YEAR_OR_MONTH,
    ),
    Column(
        "fin",
        "Fin",
        "De même ; vide si l’initiative dure ou si l’on ne sait pas.",
        "2021",
        "ended",
        ColumnKind.CODE,
        constraints=YEAR_OR_MONTH,
    ),
    # Récit
    Column(
        "service_porteur",
        "Service porteur",
        "Service de la collectivité qui porte l’initiative.",
        "Direction de l’éducation",
        "carrying_service",
    ),
    Column(
        "besoin",
        "Besoin de départ",
        "Ce qui a fait naître l’initiative.",
        "Des familles n’avaient pas d’ordinateur.",
        "need",
        width=48,
    ),
    Column("solution", "Solution", "Ce qui a été fait.", "Un prêt de tablettes.", "solution", width=60),
    Column("resultats", "Résultats", "Ce que cela a donné.", "200 tablettes prêtées.", "results", width=48),
    Column(
        "points_de_vigilance",
        "Points de vigilance",
        "Difficultés rencontrées et limites.",
        "L’accès à internet restait à résoudre.",
        "caveats",
        width=48,
    ),
    Column(
        "conseils",
        "Conseils",
        "À qui voudrait faire de même.",
        "Prévoir une assistance par téléphone.",
        "advice",
        width=48,
    ),
    # Pour refaire
    Column("outils", "Outils", "Outils employés.", "Jitsi|Moodle", "tool_rows", ColumnKind.LIST, values.tool_names),
    Column(
        "outils_libres",
        "Outils libres",
        "Ceux des outils que l’on sait être des logiciels libres.",
        "Jitsi|Moodle",
        "tool_rows",
        ColumnKind.LIST,
        values.open_source_names,
    ),
    Column(
        "logiciel_libre",
        "Logiciel libre",
        "Vrai si un outil au moins est libre, faux si l’on sait qu’aucun ne l’est, vide si on l’ignore.",
        "true",
        "uses_open_source tool_rows",
        ColumnKind.BOOLEAN,
        values.is_open_source,
    ),
    Column(
        "cout_investissement",
        "Coût d’investissement",
        "Tranche du coût d’investissement.",
        "de 1 000 à 10 000 €",
        "investment_cost",
        convert=values.cost,
        constraints=one_of(Initiative.Cost.labels),
        width=24,
    ),
    Column(
        "cout_annuel",
        "Coût annuel",
        "Tranche du coût annuel.",
        "moins de 1 000 €",
        "yearly_cost",
        convert=values.cost,
        constraints=one_of(Initiative.Cost.labels),
        width=24,
    ),
    Column(
        "delai",
        "Délai de mise en œuvre",
        "De la décision à l’ouverture du service.",
        "quelques semaines",
        "lead_time",
        convert=values.lead_time,
        constraints=one_of(Initiative.LeadTime.labels),
        width=24,
    ),
    Column(
        "partenaires",
        "Partenaires",
        "Qui a contribué à l’initiative.",
        "Éducation nationale|Emmaüs Connect",
        "partners",
        ColumnKind.LIST,
        values.lines,
    ),
    Column(
        "liens",
        "Liens",
        "Adresses de pages qui en disent plus.",
        "https://www.example.org/tablettes",
        "link_rows",
        ColumnKind.LIST,
        values.link_addresses,
    ),
    Column(
        "liens_intitules",
        "Intitulés des liens",
        "Intitulés de ces pages, dans le même ordre.",
        "Le prêt de tablettes",
        "link_rows",
        ColumnKind.LIST,
        values.link_labels,
    ),
    Column(
        "inspiree_de",
        "S’inspire de",
        "Référence de la fiche publiée dont l’initiative s’inspire.",
        "CS20-00002",
        "inspired_by_reference",
        ColumnKind.CODE,
    ),
    # Source
    Column(
        "source_titre",
        "Titre de la source",
        "Page publique dont la fiche est tirée.",
        "Des tablettes pour les écoliers",
        "source_title",
    ),
    Column("source_editeur", "Éditeur de la source", "Qui publie cette page.", "Aqui.fr", "source_publisher"),
    Column(
        "source_url",
        "Adresse de la source",
        "Adresse de cette page.",
        "https://www.example.org/article",
        "source_url",
        constraints=WEB,
    ),
    Column(
        "cite_par_enquete",
        "Cité par l’enquête",
        "Vrai pour une réponse à l’enquête, ou pour un exemple que sa publication cite.",
        "false",
        "in_survey",
        ColumnKind.BOOLEAN,
        constraints=REQUIRED,
    ),
    Column(
        "origine",
        "Origine de la fiche",
        "Comment la fiche est entrée au catalogue.",
        "source publique",
        "origin",
        convert=values.origin,
        constraints=one_of(Initiative.Origin.labels, required=True),
        width=24,
    ),
    Column(
        "enquete",
        "Enquête",
        "Titre de l’enquête, pour les seules fiches qu’elle cite.",
        "Numérique et gestion de crise locale",
        "survey__title in_survey",
        convert=values.survey,
    ),
    # Contact : un service, jamais une personne
    Column(
        "contact_service",
        "Service à contacter",
        "Service qui répond aux questions.",
        "Service numérique",
        "contact_service",
    ),
    Column(
        "contact_courriel",
        "Courriel du service",
        "Adresse générique de ce service.",
        "numerique@ville.example",
        "contact_email",
    ),
    # La fiche
    Column(
        "publie_le",
        "Publiée le",
        "Jour de la publication de la fiche.",
        "2021-06-08",
        "published_at",
        ColumnKind.DATE,
        values.day,
        REQUIRED,
    ),
    Column(
        "verifie_le",
        "Vérifiée le",
        "Jour de la dernière vérification de la fiche.",
        "2026-11-02",
        "verified_on",
        ColumnKind.DATE,
        values.iso,
    ),
    Column(
        "adresse",
        "Adresse de la fiche",
        "Adresse de la page de la fiche.",
        "https://www.example.org/initiatives/des-tablettes/",
        "slug",
        convert=Attribution.page,
        constraints=UNIQUE | WEB,
        cites=True,
    ),
    Column(
        "citation",
        "Citation",
        "Comment citer : source, titre, date de la dernière mise à jour, licence.",
        "Source : Villes de France, Initiatives numériques des villes, mise à jour du 02/11/2026, Licence Ouverte 2.0",
        convert=lambda attribution: attribution.sentence,
        constraints=REQUIRED,
        cites=True,
    ),
    Column(
        "licence",
        "Licence",
        "Adresse du texte de la licence.",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        convert=lambda attribution: attribution.licence.address,
        constraints=REQUIRED | WEB,
        cites=True,
    ),
)
NAMES = tuple(column.name for column in COLUMNS)
HEADINGS = tuple(column.heading for column in COLUMNS)
