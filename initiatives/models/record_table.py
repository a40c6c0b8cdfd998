"""The fields of an entry, each said once: forms, imports, exports, schema, editions and completeness follow.

Pure data. A new field is a row here, in its block, a column of the model, and what the page of an
entry makes of it; one that its kind alone does not tell has its widget in `imports/resources.py`. In
files it goes to the end: see `exports/columns.py`.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from initiatives.text.sentences import SUMMARY_LENGTH


class FieldKind(Enum):
    """What the value of a field is: how it is typed, stored, written in files and read."""

    CODE = auto()
    LINE = auto()
    PROSE = auto()
    LIST = auto()  # texts, one a line
    CHOICE = auto()
    MONTH = auto()  # a year, or a year and a month
    DAY = auto()
    YES_NO = auto()
    NUMBER = auto()  # a whole one
    ADDRESS = auto()  # of a web page
    REFERENCE = auto()  # a row of another table
    ENTRY = auto()  # another entry
    SHARED = auto()  # rows of another table
    OWN = auto()  # rows of its own, each some texts


class Readers(Enum):
    """Who may read a field."""

    PUBLIC = auto()
    STAFF = auto()
    # As STAFF, and it names a person: erased on schedule or when asked.
    DECLARANT = auto()


@dataclass(frozen=True)
class RecordField:
    """One field of the record.

    `name` is that of the model, `column` that in files, empty where no column is the field itself;
    `beside` are columns that a file to fill in has next to it. `headings` are what people write
    above it, with « · » between: the first is its heading in our files and messages. `fact` is its
    name in the facts of an entry, on its page and on paper, and `facts` that of several values.
    """

    name: str
    kind: FieldKind
    block: str = ""
    headings: str = ""
    help: str = ""
    # In files
    column: str = ""
    description: str = ""
    example: str = ""
    constraints: dict = field(default_factory=dict)
    width: int = 0
    beside: tuple[str, ...] = ()
    since: str = "1.0.0"
    is_importable: bool = True
    # Of rows of its own: the columns of each, how many of the first tell one from another (0: all), how
    # many rows there are at most; a row as files write it, and how one is read back
    parts: tuple[str, ...] = ()
    distinct: int = 0
    most: int = 0
    written: str = ""
    pattern: str = ""
    # In the form: the lines of its box, and whether letters are counted
    lines: int = 0
    is_counted: bool = False
    # For readers
    readers: Readers = Readers.PUBLIC
    fact: str = ""
    facts: str = ""
    is_searched: bool = False
    searched_part: str = ""

    @property
    def heading(self) -> str:
        return self.headings.partition(" · ")[0]

    def fact_of(self, count: int) -> str:
        """What so many of its values are called."""
        return self.facts if count > 1 and self.facts else self.fact

    @property
    def is_public(self) -> bool:
        return self.readers is Readers.PUBLIC


@dataclass(frozen=True)
class Element:
    """Something that an entry says by any one of its fields; `words` are what a sentence calls it."""

    words: str
    fields: tuple[str, ...]


TABLE = (
    RecordField(
        "reference",
        FieldKind.CODE,
        headings="Référence · Réf · Numéro de la fiche · Numéro de réponse · N° de réponse · Identifiant · ID"
        " · ID de la réponse · Réponse ID · Dossier ID · Numéro de dossier · N° de dossier · ID du participant"
        " · Respondent ID · Response ID",
        column="reference",
        description="Numéro stable de la fiche.",
        example="CS20-00001",
        constraints={"required": True, "unique": True},
        is_searched=True,
    ),
    # Told in files by several columns: see `imports/headings.py` and `exports/columns.py`.
    RecordField(
        "territory",
        FieldKind.REFERENCE,
        "Territoire",
        help="Le nom, ou le code INSEE ou SIREN. Par exemple : Beauvais (60), ou 60057.",
        beside=("territoire_nom", "territoire_code"),
    ),
    RecordField(
        "carrying_service",
        FieldKind.LINE,
        "Territoire",
        headings="Service porteur · Service · Direction · Service pilote · Direction porteuse · Nom du service",
        help="Le service de la collectivité qui a mené l’initiative. Par exemple : direction du numérique.",
        column="service_porteur",
        description="Service de la collectivité qui porte l’initiative.",
        example="Direction de l’éducation",
        fact="Service porteur",
        is_searched=True,
    ),
    RecordField(
        "title",
        FieldKind.LINE,
        "En bref",
        headings="Titre · Titre de l’initiative · Intitulé · Intitulé de l’initiative · Nom de l’initiative"
        " · Initiative · Nom du projet · Titre du projet · Intitulé du projet",
        help="Ce que c’est, en une ligne. Par exemple : Un annuaire en ligne des commerces ouverts.",
        column="titre",
        description="Titre de l’initiative.",
        example="Des tablettes prêtées aux familles",
        constraints={"required": True, "maxLength": 120},
        width=48,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "summary",
        FieldKind.PROSE,
        "En bref",
        headings="Résumé · Résumé de l’initiative · Description · Présentation · En bref · Description courte",
        help="Deux ou trois phrases, lues dans la liste : ce qui a été fait, pour qui, ce que cela change."
        " Par exemple : Un annuaire en ligne dit quels commerces livrent. 140 s’y sont inscrits en un mois. Laissé"
        " vide, il reçoit à la publication les premières phrases de la solution.",
        column="resume",
        description="L’essentiel en quelques phrases.",
        example="La ville prête les tablettes des écoles aux familles sans ordinateur.",
        constraints={"maxLength": SUMMARY_LENGTH},
        width=60,
        lines=3,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "category",
        FieldKind.REFERENCE,
        "En bref",
        headings="Catégorie · Champ d’action · Axe · Domaine",
        help="Le champ d’action dont l’initiative relève le plus."
        " Par exemple : Économie locale, pour un annuaire de commerces.",
        column="categorie",
        description="Le champ d’action dont l’initiative relève.",
        example="Cohésion sociale",
        constraints={"required": True},
    ),
    RecordField(
        "themes",
        FieldKind.SHARED,
        "En bref",
        headings="Thèmes · Thème · Thématique · Thématiques · Thème principal · Thématique principale",
        help="Trois au plus, dans la catégorie choisie. Par exemple : livraisons à domicile.",
        column="themes",
        description="Thèmes de cette catégorie.",
        example="inclusion numérique|numérique éducatif",
    ),
    RecordField(
        "audiences",
        FieldKind.SHARED,
        "En bref",
        headings="Publics visés · Public visé · Publics · Public · Public cible · Bénéficiaires · Public concerné"
        " · Publics cibles",
        help="À qui l’initiative s’adresse. Par exemple : habitants et commerçants.",
        column="publics",
        description="À qui l’initiative s’adresse.",
        example="élèves et étudiants|familles",
        fact="Public visé",
        facts="Publics visés",
    ),
    RecordField(
        "state",
        FieldKind.CHOICE,
        "En bref",
        headings="État · État d’avancement · Avancement · Statut du projet",
        help="Où en est l’initiative aujourd’hui. Par exemple : déployée, si tout le monde peut s’en servir.",
        column="etat",
        description="Avancement de l’initiative, tel que la fiche le connaît.",
        example="déployée",
        constraints={"required": True},
        width=12,
        fact="État",
    ),
    RecordField(
        "started",
        FieldKind.MONTH,
        "En bref",
        headings="Début · Date de début · Date de lancement · Lancement · Date · Année · Date de démarrage"
        " · Démarrage · Année de lancement",
        help="L’année, ou l’année et le mois. Par exemple : 2020, 2020-04 ou avril 2020.",
        column="debut",
        description="Année, ou année et mois, à la précision connue : AAAA ou AAAA-MM.",
        example="2020-04",
    ),
    RecordField(
        "ended",
        FieldKind.MONTH,
        "En bref",
        headings="Fin · Date de fin",
        help="De même, si l’initiative est terminée ; sinon, laissez vide. Par exemple : 2021.",
        column="fin",
        description="De même ; vide si l’initiative dure ou si l’on ne sait pas.",
        example="2021",
        fact="Fin",
    ),
    RecordField(
        "need",
        FieldKind.PROSE,
        "Récit",
        headings="Besoin de départ · Besoin · Contexte · Problème de départ · Problématique · Besoin initial",
        help="Le problème à résoudre. Par exemple : La mairie fermée, les habitants ne savaient plus à qui s’adresser.",
        column="besoin",
        description="Ce qui a fait naître l’initiative.",
        example="Des familles n’avaient pas d’ordinateur.",
        width=48,
        lines=4,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "solution",
        FieldKind.PROSE,
        "Récit",
        headings="Solution · Solution mise en œuvre · Réponse apportée",
        help="Ce qui a été mis en place, et comment."
        " Par exemple : Le service économique a appelé chaque commerce, puis publié la liste sur une carte libre,"
        " mise à jour le lundi.",
        column="solution",
        description="Ce qui a été fait.",
        example="Un prêt de tablettes.",
        width=60,
        lines=8,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "results",
        FieldKind.PROSE,
        "Récit",
        headings="Résultats · Résultat · Bilan · Résultats obtenus",
        help="Ce que l’on a constaté, si possible en chiffres. Par exemple : 2 300 demandes en deux mois.",
        column="resultats",
        description="Ce que cela a donné.",
        example="200 tablettes prêtées.",
        width=48,
        lines=4,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "caveats",
        FieldKind.PROSE,
        "Récit",
        headings="Points de vigilance · Point de vigilance · Vigilance · Difficultés · Limites · Freins"
        " · Difficultés rencontrées · Freins rencontrés",
        help="Les difficultés et les limites : ce qu’il faut savoir avant de se lancer."
        " Par exemple : Sans relance, un tiers des horaires étaient faux au bout de six mois.",
        column="points_de_vigilance",
        description="Difficultés rencontrées et limites.",
        example="L’accès à internet restait à résoudre.",
        width=48,
        lines=4,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "advice",
        FieldKind.PROSE,
        "Récit",
        headings="Conseils · Conseil · Recommandations",
        help="Ce que vous diriez à une ville qui commence. Par exemple : Prévoyez aussi un numéro de téléphone.",
        column="conseils",
        description="À qui voudrait faire de même.",
        example="Prévoir une assistance par téléphone.",
        width=48,
        lines=3,
        is_counted=True,
        is_searched=True,
    ),
    RecordField(
        "key_figures",
        FieldKind.OWN,
        "Récit",
        headings="Chiffres clés · Chiffre clé · Chiffres",
        help="Trois au plus : une valeur, et ce qu’elle compte. Par exemple : 140, commerces inscrits en un mois.",
        column="chiffres_cles",
        description="Jusqu’à trois chiffres, chacun suivi de ce qu’il compte.",
        example="140 : commerces inscrits en un mois|2 300 : demandes",
        since="1.1.0",
        parts=("value", "label"),
        most=3,
        written="{value} : {label}",
        pattern=r"(?P<value>[^:]+?)\s*:\s*(?P<label>.+)",
        fact="Chiffre clé",
        facts="Chiffres clés",
        searched_part="label",
    ),
    RecordField(
        "highlight",
        FieldKind.LINE,
        "Récit",
        headings="Un fait · Fait marquant",
        help="Ce qui donne envie de lire la fiche, en une phrase. Par exemple : Trois commerces sur quatre livrent.",
        column="un_fait",
        description="Ce qui donne envie de lire la fiche, en une phrase.",
        example="Trois commerces sur quatre livrent.",
        width=48,
        since="1.1.0",
        is_counted=True,
        fact="Un fait",
        is_searched=True,
    ),
    RecordField(
        "tools",
        FieldKind.OWN,
        "Pour refaire",
        headings="Outils · Outil · Outils numériques · Outils employés · Outils utilisés · Logiciels"
        " · Logiciels utilisés",
        help="Les logiciels et services employés, et s’ils sont libres. Par exemple : Jitsi, oui.",
        column="outils",
        description="Outils employés.",
        example="Jitsi|Moodle",
        beside=("outils_libres",),
        parts=("name", "open_source"),
        distinct=1,
        written="{name}",
        searched_part="name",
        most=20,
        fact="Outil",
        facts="Outils",
    ),
    RecordField(
        "open_source",
        FieldKind.CHOICE,
        "Pour refaire",
        headings="Initiative en logiciel libre · Initiative libre",
        help="Si elle repose sur du logiciel libre, quand la réponse ne dit pas quel outil. Par exemple : oui.",
        column="initiative_libre",
        description="Si la collectivité dit que l’initiative, dans son ensemble, repose sur du logiciel libre.",
        example="oui",
        since="1.1.0",
        fact="Logiciel libre",
    ),
    RecordField(
        "investment_cost",
        FieldKind.CHOICE,
        "Pour refaire",
        headings="Coût d’investissement · Investissement · Coût · Budget",
        help="Ce qu’il a fallu dépenser pour commencer, achats et prestations."
        " Par exemple : aucun, si tout a été fait en interne.",
        column="cout_investissement",
        description="Tranche du coût d’investissement.",
        example="de 1 000 à 10 000 €",
        width=24,
        fact="Investissement",
    ),
    RecordField(
        "yearly_cost",
        FieldKind.CHOICE,
        "Pour refaire",
        headings="Coût annuel · Coût de fonctionnement · Fonctionnement · Budget de fonctionnement",
        help="Ce que l’initiative coûte chaque année. Par exemple : l’abonnement au logiciel et l’hébergement.",
        column="cout_annuel",
        description="Tranche du coût annuel.",
        example="moins de 1 000 €",
        width=24,
        fact="Coût annuel",
    ),
    RecordField(
        "cost_details",
        FieldKind.LINE,
        "Pour refaire",
        headings="Coût, en clair · Détail du coût · Montants · Coût détaillé",
        help="Les montants, comme la source les donne. Par exemple : 12 000 € de matériel, 3 000 € par an ensuite.",
        column="cout_en_clair",
        description="Les montants, comme la source les donne.",
        example="12 000 € de matériel, 3 000 € par an ensuite",
        width=32,
        since="1.1.0",
        is_counted=True,
        fact="Coût, en clair",
        is_searched=True,
    ),
    RecordField(
        "lead_time",
        FieldKind.CHOICE,
        "Pour refaire",
        headings="Délai de mise en œuvre · Délai · Durée de mise en œuvre",
        help="Entre la décision et la mise en service. Par exemple : quelques semaines.",
        column="delai",
        description="De la décision à l’ouverture du service.",
        example="quelques semaines",
        width=24,
        fact="Délai",
    ),
    RecordField(
        "staff_count",
        FieldKind.NUMBER,
        "Pour refaire",
        headings="Agents mobilisés · Nombre d’agents · Nombre d’agents mobilisés · Nb agents",
        help="Combien d’agents y ont travaillé, même en partie ; laissez vide si l’on ne sait pas. Par exemple : 3.",
        column="agents_mobilises",
        description="Nombre d’agents qui y ont travaillé, même en partie.",
        example="3",
        since="1.1.0",
        fact="Agents mobilisés",
    ),
    RecordField(
        "partners",
        FieldKind.LIST,
        "Pour refaire",
        headings="Partenaires · Partenaire · Partenariats · Partenaires associés",
        help="Un partenaire par ligne. Par exemple : Secours populaire.",
        column="partenaires",
        description="Qui a contribué à l’initiative.",
        example="Éducation nationale|Emmaüs Connect",
        lines=3,
        is_counted=True,
        fact="Partenaire",
        facts="Partenaires",
        is_searched=True,
    ),
    RecordField(
        "links",
        FieldKind.OWN,
        "Pour refaire",
        headings="Liens · Lien · Site web · Site internet · Adresse web · URL · Lien vers le site · Site du projet",
        help="Cinq au plus. Par exemple : La délibération, https://www.beauvais.fr/deliberation.pdf.",
        column="liens",
        description="Adresses de pages qui en disent plus.",
        example="https://www.example.org/tablettes",
        beside=("liens_intitules",),
        parts=("label", "url"),
        most=5,
        fact="Lien",
        facts="Liens",
    ),
    RecordField(
        "inspired_by",
        FieldKind.ENTRY,
        "Pour refaire",
        headings="S’inspire de · Inspirée de",
        help="La référence d’une autre fiche du catalogue. Par exemple : CS20-00012.",
        column="inspiree_de",
        description="Référence de la fiche publiée dont l’initiative s’inspire.",
        example="CS20-00002",
        fact="S’inspire de",
    ),
    RecordField(
        "source_title",
        FieldKind.LINE,
        "Source",
        headings="Titre de la source · Source",
        help="Le titre de la page ou de l’article d’où vient la fiche. Par exemple : Un annuaire pour nos commerces.",
        column="source_titre",
        description="Page publique dont la fiche est tirée.",
        example="Des tablettes pour les écoliers",
    ),
    RecordField(
        "source_publisher",
        FieldKind.LINE,
        "Source",
        headings="Éditeur de la source · Éditeur",
        help="Qui l’a publié. Par exemple : Ville de Beauvais.",
        column="source_editeur",
        description="Qui publie cette page.",
        example="Aqui.fr",
        is_searched=True,
    ),
    RecordField(
        "source_url",
        FieldKind.ADDRESS,
        "Source",
        headings="Adresse de la source · Lien de la source · URL de la source",
        help="L’adresse complète. Par exemple : https://www.beauvais.fr/annuaire.",
        column="source_url",
        description="Adresse de cette page.",
        example="https://www.example.org/article",
    ),
    RecordField(
        "more_sources",
        FieldKind.OWN,
        "Source",
        headings="Autres sources · Autre source",
        help="Les autres pages publiques d’où vient la fiche, dix au plus."
        " Par exemple : Les tablettes un an après, Aqui.fr, https://www.example.org/bilan.",
        column="autres_sources",
        description="Pages publiques dont la fiche est tirée aussi : titre, éditeur, adresse.",
        example="Les tablettes un an après · Aqui.fr · https://www.example.org/bilan",
        width=48,
        since="1.1.0",
        parts=("title", "publisher", "url"),
        most=10,
        written="{title} · {publisher} · {url}",
        pattern=r"(?P<title>.+?)\s*·\s*(?P<publisher>[^·]+?)\s*·\s*(?P<url>\S+)",
        searched_part="publisher",
    ),
    # The service is public, the declarant is not. « Contact » alone may be a person: nobody's guess.
    RecordField(
        "contact_service",
        FieldKind.LINE,
        "Contact public",
        headings="Service à contacter",
        help="Publié. Par exemple : service Vie associative.",
        column="contact_service",
        description="Service qui répond aux questions.",
        example="Service numérique",
        fact="Contact",
    ),
    RecordField(
        "contact_email",
        FieldKind.LINE,
        "Contact public",
        headings="Courriel du service · Courriel générique · contact_courriel",
        help="Une adresse générique : elle est publiée. Par exemple : vie.associative@ville.example.",
        column="contact_courriel",
        description="Adresse générique de ce service.",
        example="numerique@ville.example",
    ),
    RecordField(
        "declarant_name",
        FieldKind.LINE,
        "Déclarant",
        headings="Nom du déclarant · Déclarant · Nom du répondant · Répondant · Nom et prénom",
        help="Jamais publié. La personne qui a répondu à l’enquête. Par exemple : Camille Dupont.",
        example="Camille Dupont",
        width=24,
        readers=Readers.DECLARANT,
    ),
    RecordField(
        "declarant_role",
        FieldKind.LINE,
        "Déclarant",
        headings="Fonction du déclarant · Fonction · Fonction du répondant · Poste",
        help="Jamais publiée. Par exemple : directrice du numérique.",
        example="Directrice de l’éducation",
        width=24,
        readers=Readers.DECLARANT,
    ),
    RecordField(
        "declarant_email",
        FieldKind.LINE,
        "Déclarant",
        headings="Courriel du déclarant · Courriel · Email · E-mail · Mail · Adresse mail · Courriel du répondant"
        " · Adresse e-mail · Adresse électronique · Adresse de messagerie · Adresse de courriel · Adresse courriel"
        " · Email Address",
        help="Jamais publié ; les demandes de compléments y sont envoyées. Par exemple : camille.dupont@ville.example.",
        example="camille.dupont@ville.example",
        width=24,
        readers=Readers.DECLARANT,
    ),
    RecordField(
        "licence_agreed_on",
        FieldKind.DAY,
        "Déclarant",
        headings="Accord de diffusion le · Accord de diffusion · Date de l’accord · Date d’accord"
        " · Accord Licence Ouverte",
        help="Le jour où le déclarant a accepté une diffusion sous Licence Ouverte 2.0. Par exemple : 15/01/2021.",
        example="2021-01-15",
        width=16,
        readers=Readers.STAFF,
    ),
    RecordField(
        "survey",
        FieldKind.REFERENCE,
        "Suivi",
        headings="Enquête",
        help="L’enquête à laquelle la fiche se rattache : sa référence en vient. Par exemple : celle en cours.",
        column="enquete",
        description="Titre de l’enquête, pour les seules fiches qu’elle cite.",
        example="Numérique et gestion de crise locale",
        is_importable=False,
    ),
    RecordField(
        "in_survey",
        FieldKind.YES_NO,
        "Suivi",
        headings="Cité par l’enquête · Citée par l’enquête",
        help="Réponse à l’enquête, ou exemple cité par sa publication."
        " Par exemple : non, si vous l’avez trouvée dans la presse.",
        column="cite_par_enquete",
        description="Vrai pour une réponse à l’enquête, ou pour un exemple que sa publication cite.",
        example="false",
        constraints={"required": True},
    ),
    RecordField(
        "origin",
        FieldKind.CHOICE,
        "Suivi",
        headings="Origine de la fiche",
        help="D’où vient ce que dit la fiche. Par exemple : source publique, pour un article de journal.",
        column="origine",
        description="Comment la fiche est entrée au catalogue.",
        example="source publique",
        constraints={"required": True},
        width=24,
        is_importable=False,
    ),
    RecordField(
        "slug",
        FieldKind.CODE,
        "Suivi",
        help="Laissez vide : elle est tirée du titre. Changée, l’ancienne adresse mène toujours à la fiche."
        " Par exemple : annuaire-des-commerces.",
        is_importable=False,
    ),
    RecordField(
        "verified_on",
        FieldKind.DAY,
        "Suivi",
        headings="Vérifiée le",
        help="La dernière fois que quelqu’un a vérifié que la fiche est encore juste. Par exemple : 28/11/2026.",
        column="verifie_le",
        description="Jour de la dernière vérification de la fiche.",
        example="2026-11-02",
        is_importable=False,
    ),
    RecordField(
        "internal_note",
        FieldKind.PROSE,
        "Suivi",
        help="Jamais publiée, pour vous et vos collègues. Par exemple : rappeler la ville en mars.",
        lines=3,
        is_importable=False,
        readers=Readers.STAFF,
    ),
)
# What publishing asks for, of whatever origin: the rest of the record is never asked.
NEEDED = {
    "title": Element("le titre", ("title",)),
    "summary": Element("le résumé (ou une solution)", ("summary", "solution")),
    "territory": Element("la collectivité", ("territory",)),
    "category": Element("la catégorie", ("category",)),
    "source_url": Element("une source publique ou l’accord de diffusion", ("source_url", "licence_agreed_on")),
}
# What tells how to do the same: an entry is complete with all of them, and published without.
TO_DO_THE_SAME = (
    Element("le besoin", ("need",)),
    Element("la solution", ("solution",)),
    Element("les résultats", ("results",)),
    Element("les points de vigilance", ("caveats",)),
    Element("le coût", ("investment_cost", "yearly_cost", "cost_details")),
    Element("le délai", ("lead_time",)),
    Element("les outils", ("tools",)),
    Element("le contact", ("contact_service", "contact_email")),
)
# The facts of a printed entry, in their order.
PRINTED_FACTS = (
    *("key_figures", "tools", "open_source", "state", "ended", "carrying_service", "audiences"),
    *("investment_cost", "yearly_cost", "cost_details", "lead_time", "staff_count", "partners", "contact_service"),
)
BY_NAME = {row.name: row for row in TABLE}


def names(condition) -> tuple[str, ...]:
    """Those of the fields of which the condition is true, in the order of the record."""
    return tuple(row.name for row in TABLE if condition(row))


SHARED = names(lambda row: row.kind is FieldKind.SHARED)
OWN = {row.name: row.parts for row in TABLE if row.kind is FieldKind.OWN}
# What the search knows: fields that are texts, and the column of the rows of others.
SEARCHED = names(lambda row: row.is_searched)
SEARCHED_PARTS = {row.name: row.searched_part for row in TABLE if row.searched_part}
# Those whose rows lead to pages of other sites, by a column « url ».
WITH_ADDRESSES = tuple(name for name, parts in OWN.items() if "url" in parts)
