"""The columns that only staff read: the public ones with the status, and those that name the declarant.

The first line of these files and their second sheet say that they are not to leave the desk.
"""

from initiatives.exports import values
from initiatives.exports.columns import COLUMNS, Column, ColumnKind
from initiatives.models import Initiative

from .headings import LABELS

INTERNAL = "USAGE INTERNE – ce fichier peut contenir des fiches qui ne sont pas publiées"
# The beginning of the name of a file that names people.
MARK = "DONNEES-PERSONNELLES-"
PERSONAL = "DONNÉES PERSONNELLES – usage interne, à détruire après usage"
# How to cite and under what licence: an entry that is not published is under none.
PUBLISHED = {"citation", "licence"}

STATUS = Column(
    "statut",
    "Statut",
    "Où en est la fiche au bureau de l’association.",
    Initiative.Status.SUBMITTED.label,
    "status",
    convert=values.labels(Initiative.Status),
    width=14,
)


def private(
    name: str, example: str, *, reads: str = "", kind: ColumnKind = ColumnKind.TEXT, convert=None, width: int = 24
):
    return Column(name, LABELS[name], "", example, reads or name, kind, convert, width=width)


DECLARANT = (
    private("declarant_name", "Camille Dupont"),
    private("declarant_role", "Directrice de l’éducation"),
    private("declarant_email", "camille.dupont@ville.example"),
    private("licence_agreed_on", "2021-01-15", kind=ColumnKind.DATE, convert=values.iso, width=16),
)
STAFF = (*COLUMNS[:2], STATUS, *(column for column in COLUMNS[2:] if column.name not in PUBLISHED))
STAFF_WITH_DECLARANTS = (*STAFF, *DECLARANT)
