"""The headings of each field, as people write them.

A heading counts without accents, case, spaces, punctuation and underscores: « DÉBUT * » is « debut ». The first of
each list is its French label, in messages and in the workbook to fill in; the names of the field and of its column
count as well. What else may be written above a column is for `column_matching.py`.
"""

import re
from collections.abc import Iterable

from initiatives.exports.columns import COLUMNS
from initiatives.models.record_table import BY_NAME, TABLE
from towns.names import fold

# What tells a field in several columns, or beside its own
PARTS = {
    "territory": {
        "territory_name": "Collectivité · Nom de la collectivité · Territoire · Nom du territoire · territoire_nom"
        " · Collectivité porteuse · Collectivité territoriale",
        "territory_code": "Code de la collectivité · Code du territoire · territoire_code",
        "territory_kind": "Type de collectivité · Type de territoire · Nature · territoire_type",
        "town_name": "Commune · Ville · Nom de la commune · Nom de la ville · Mairie · Municipalité · town"
        " · Libellé de la commune · LIBGEO · NOM_COM",
        "insee_code": "Code INSEE · INSEE · Code commune · Code de la commune · Code INSEE de la commune"
        " · CODGEO · INSEE_COM · DEPCOM",
        "intercommunality_name": "Intercommunalité · EPCI · Nom de l’intercommunalité · Agglomération · epci_nom"
        " · Nom de l’EPCI · LIBEPCI · Agglo · Interco · Communauté de communes · Communauté d’agglomération"
        " · Métropole",
        "siren": "SIREN · SIREN de l’intercommunalité · SIREN EPCI · Code SIREN · N° SIREN · SIRET · epci_siren"
        " · Code EPCI · Établissement SIRET · N° SIRET · Numéro SIRET · SIREN_EPCI",
        "department": "Département · Nom du département · departement_nom · Département de la commune"
        " · Département de l’EPCI",
        "department_code": "Code du département · N° de département · Numéro de département · Dép · Dépt"
        " · departement_code",
        "postal_code": "Code postal · CP · Code postal de la commune",
    },
    "tools": {
        "open_source_tools": "Outils libres",
        "tools_open_source": "Logiciel libre · Logiciels libres · Open source · Libre",
    },
    "links": {"link_labels": "Intitulés des liens · liens_intitules"},
}
IMPORTABLE = [row for row in TABLE if row.is_importable]
# Which version of the entry an export for correction was made from is no field of the record.
HEADINGS = {"reference": BY_NAME["reference"].headings, "version": "Version de la fiche"}
for _row in IMPORTABLE:
    HEADINGS |= ({_row.name: _row.headings} if _row.headings else {}) | PARTS.get(_row.name, {})
LABELS = {name: headings.split(" · ")[0] for name, headings in HEADINGS.items()}
LONGEST = 200
# An entry cannot be made without them; a territory can be told in any of these ways.
REQUIRED = ("title", "category")
TERRITORY = ("territory_name", "territory_code", "town_name", "insee_code", "intercommunality_name", "siren")


def key(text: str) -> str:
    """A text as headings and labels are compared: folded letters and digits."""
    return "".join(re.findall(r"[a-z0-9]+", fold(text)))


KNOWN = {key(name): name for name in HEADINGS if name != "version"}
# « Open source » is what people write of their tools, whatever our field of that name.
KNOWN |= {key(heading): name for name, headings in HEADINGS.items() for heading in headings.split(" · ")}
KNOWN |= {key(row.column): row.name for row in IMPORTABLE if row.column}
# What our own exports say and an import does not take from them: it follows from the rest, or staff decide it.
DERIVED = {key(heading) for column in COLUMNS for heading in (column.name, column.heading)} - set(KNOWN)
# Of the exports of the desk: only the verbs change a status.
DERIVED.add(key("statut"))


def named_by(cells: Iterable) -> set[str]:
    """The fields that cells name, if they are headings; nobody writes a long one."""
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST]
    return {KNOWN.get(key(text)) or KNOWN.get(key(re.sub(r"\([^)]*\)", "", text))) for text in texts} - {None}
