"""Which column of a file is which field: headings as people write them.

A heading counts without accents, case, spaces, punctuation, underscores and what stands between
brackets: « DÉBUT (AAAA-MM) * » is « debut ». The first of each list is its French label, in messages
and in the workbook to fill in; the names of the field and of its column count as well.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from initiatives.exports.columns import COLUMNS
from initiatives.models.record_table import BY_NAME, TABLE
from towns.names import fold

# What tells a field in several columns, or beside its own
PARTS = {
    "territory": {
        "territory_name": "Collectivité · Nom de la collectivité · Territoire · territoire_nom",
        "territory_code": "Code de la collectivité · Code du territoire · territoire_code",
        "territory_kind": "Type de collectivité · Type de territoire · Nature · territoire_type",
        "town_name": "Commune · Ville · Nom de la commune · Nom de la ville · Mairie · Municipalité · town",
        "insee_code": "Code INSEE · INSEE · Code commune · Code de la commune · Code INSEE de la commune",
        "intercommunality_name": "Intercommunalité · EPCI · Nom de l’intercommunalité · Agglomération · epci_nom",
        "siren": "SIREN · SIREN de l’intercommunalité · SIREN EPCI · Code SIREN · N° SIREN · SIRET · epci_siren",
        "department": "Département · Nom du département · departement_nom",
        "department_code": "Code du département · N° de département · Numéro de département · Dép · Dépt"
        " · departement_code",
        "postal_code": "Code postal · CP",
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


KNOWN = {key(heading): name for name, headings in HEADINGS.items() for heading in headings.split(" · ")}
KNOWN |= {key(name): name for name in HEADINGS if name != "version"}
KNOWN |= {key(row.column): row.name for row in IMPORTABLE if row.column}
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
