"""The columns that only staff read: the public ones with the status, and those that name the declarant.

The first line of these files and their second sheet say that they are not to leave the desk.
"""

from initiatives.exports.columns import COLUMNS, Column, of_field
from initiatives.models import Initiative
from initiatives.models.record_table import TABLE

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
    convert=dict(Initiative.Status.choices).get,
    width=14,
)


DECLARANT = tuple(of_field(row) for row in TABLE if row.is_importable and not row.is_public)
STAFF = (*COLUMNS[:2], STATUS, *(column for column in COLUMNS[2:] if column.name not in PUBLISHED))
STAFF_WITH_DECLARANTS = (*STAFF, *DECLARANT)
