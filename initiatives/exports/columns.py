"""The columns of every export, once: a contract with whoever reads our files.

Within a major VERSION no column changes its name, place, type or meaning; a new one goes at the
end and raises the minor version. A list is joined by « | » where a cell holds it, and a bar inside
one of its values is written « ¦ » (« %7C » in an address), so that splitting always gives the list
back. Empty means unknown or without object: never 0, never « NC ».
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial

from initiatives.models import Initiative
from initiatives.models.record_table import OWN, SHARED, TABLE, FieldKind, RecordField

from . import values
from .attribution import Attribution

# The versions of the contract and the day of each, the first one first.
VERSIONS = {"1.0.0": date(2026, 11, 23), "1.1.0": date(2026, 11, 30)}
*_, VERSION = VERSIONS
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


# Of fields, by their kind
KINDS = {
    FieldKind.CODE: ColumnKind.CODE,
    FieldKind.LIST: ColumnKind.LIST,
    FieldKind.MONTH: ColumnKind.CODE,
    FieldKind.DAY: ColumnKind.DATE,
    FieldKind.YES_NO: ColumnKind.BOOLEAN,
    FieldKind.NUMBER: ColumnKind.INTEGER,
    FieldKind.ENTRY: ColumnKind.CODE,
    FieldKind.SHARED: ColumnKind.LIST,
    FieldKind.OWN: ColumnKind.LIST,
}
CONVERSIONS = {FieldKind.LIST: values.lines, FieldKind.DAY: values.iso, FieldKind.SHARED: values.names}
CONSTRAINTS = {FieldKind.MONTH: YEAR_OR_MONTH, FieldKind.ADDRESS: WEB, FieldKind.NUMBER: {"minimum": 0}}
# Of fields that have their own way
READS = {
    "category": "category__name",
    "inspired_by": "inspired_by_reference",
    "survey": "survey__title in_survey",
    **{name: f"{name}_rows" for name in (*SHARED, *OWN)},
}
CONVERSIONS_OF = {"links": values.link_addresses, "survey": values.survey}


def of_field(row: RecordField) -> Column:
    """The column of a field of the record."""
    convert = CONVERSIONS_OF.get(row.name) or CONVERSIONS.get(row.kind)
    constraints = {**row.constraints, **CONSTRAINTS.get(row.kind, {})}
    if row.written:
        convert = partial(values.written_rows, row.written, row.parts)
    if row.kind is FieldKind.CHOICE:
        choices = dict(Initiative._meta.get_field(row.name).flatchoices)
        convert, constraints["enum"] = choices.get, list(choices.values())
    return Column(
        # What only staff read goes by the name of the field: it is in no contract.
        row.column or row.name,
        row.heading,
        row.description,
        row.example,
        READS.get(row.name, row.name),
        KINDS.get(row.kind, ColumnKind.TEXT),
        convert,
        constraints,
        row.width,
    )


# What follows from the fields, from the territory and from the site.
DERIVED = (
    Column(
        "territoire_type",
        "Type de collectivité",
        "« ville » (une commune) ou « intercommunalité » (un EPCI à fiscalité propre).",
        "ville",
        "territory__kind",
        convert=values.kind_of_territory,
        constraints=REQUIRED | {"enum": ["ville", "intercommunalité"]},
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
    Column(
        "outils_libres",
        "Outils libres",
        "Ceux des outils que l’on sait être des logiciels libres.",
        "Jitsi|Moodle",
        "tools_rows",
        ColumnKind.LIST,
        values.open_source_names,
    ),
    Column(
        "logiciel_libre",
        "Logiciel libre",
        "Vrai si l’initiative ou un outil est libre, faux si l’on sait qu’aucun ne l’est, vide si on l’ignore.",
        "true",
        "uses_open_source open_source tools_rows",
        ColumnKind.BOOLEAN,
        values.is_open_source,
    ),
    Column(
        "liens_intitules",
        "Intitulés des liens",
        "Intitulés de ces pages, dans le même ordre.",
        "Le prêt de tablettes",
        "links_rows",
        ColumnKind.LIST,
        values.link_labels,
    ),
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
OF_FIELDS = [(row.since, of_field(row)) for row in TABLE if row.column]
# The contract as it was first signed; what came since stands after it, by version and then in the order of the record.
FIRST = (
    *("reference", "titre", "resume"),
    *("territoire_type", "territoire_code", "territoire_nom", "territoire_slug"),
    *("departement_code", "departement_nom", "region_code", "region_nom", "epci_siren", "epci_nom"),
    *("population", "longitude", "latitude"),
    *("categorie", "themes", "publics", "etat", "debut", "fin"),
    *("service_porteur", "besoin", "solution", "resultats", "points_de_vigilance", "conseils"),
    *("outils", "outils_libres", "logiciel_libre", "cout_investissement", "cout_annuel", "delai", "partenaires"),
    *("liens", "liens_intitules", "inspiree_de"),
    *("source_titre", "source_editeur", "source_url", "cite_par_enquete", "origine", "enquete"),
    *("contact_service", "contact_courriel", "publie_le", "verifie_le", "adresse", "citation", "licence"),
)
ADDED = {version: [column for since, column in OF_FIELDS if since == version] for version in [*VERSIONS][1:]}
BY_NAME = {column.name: column for column in (*DERIVED, *(column for _, column in OF_FIELDS))}
COLUMNS = (*(BY_NAME[name] for name in FIRST), *(column for columns in ADDED.values() for column in columns))
NAMES = tuple(column.name for column in COLUMNS)
HEADINGS = tuple(column.heading for column in COLUMNS)


@dataclass(frozen=True)
class SchemaVersion:
    """A version of the columns, and what it changed for whoever reads our files."""

    version: str
    on: date

    @property
    def what(self) -> str:
        if self.version not in ADDED:
            return "Première version du schéma."
        return f"Colonnes ajoutées à la fin : {', '.join(column.name for column in ADDED[self.version])}."


CHANGES = [SchemaVersion(version, on) for version, on in VERSIONS.items()]
