"""The schema of the open CSV (Table Schema), written from the columns: what they say is what it says."""

import csv
import io

from initiatives.exports.columns import CHANGES, COLUMNS, NAMES, Column, ColumnKind

from .dataset import KEYWORDS, Dataset

PROFILE = "https://specs.frictionlessdata.io/schemas/table-schema.json"
TYPES = {
    ColumnKind.INTEGER: "integer",
    ColumnKind.NUMBER: "number",
    ColumnKind.BOOLEAN: "boolean",
    ColumnKind.DATE: "date",
}
LIST = "Liste : les valeurs sont séparées par une barre verticale « | », qu’aucune valeur ne contient."


def field(column: Column) -> dict:
    described = f"{column.description} {LIST}" if column.kind is ColumnKind.LIST else column.description
    found = {
        "name": column.name,
        "title": column.heading,
        "description": described,
        "type": TYPES.get(column.kind, "string"),
        "format": "default",
        "example": column.example,
        "constraints": {"required": False, **column.constraints},
    }
    if column.kind is ColumnKind.BOOLEAN:
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    return found


def contributors(dataset: Dataset) -> list[dict]:
    """Who answers for the data set, as both specifications want it."""
    publisher = dataset.attribution.publisher
    author = {"title": publisher, "organisation": publisher, "role": "author"}
    return [author | {"email": dataset.contact_email} if dataset.contact_email else author]


def licences(dataset: Dataset) -> list[dict]:
    licence = dataset.attribution.licence
    return [
        {
            "name": licence.identifier,
            "title": licence.name,
            "path": f"https://spdx.org/licenses/{licence.identifier}.html",
        }
    ]


def table_schema(dataset: Dataset) -> dict:
    last = CHANGES[-1]
    return {
        "$schema": PROFILE,
        "name": "initiatives-numeriques",
        "title": dataset.title,
        "description": (
            "Schéma du recensement d’initiatives numériques de collectivités : une ligne par initiative, avec sa"
            " collectivité, son classement, son récit, ses outils, ses coûts et sa source."
        ),
        "keywords": KEYWORDS,
        "countryCode": "FR",
        "homepage": dataset.page,
        "path": dataset.address("table_schema"),
        "licenses": licences(dataset),
        "resources": [
            {"name": f"exemple-{kind}", "title": f"Fichier {kind}", "path": dataset.address("schema_example", kind)}
            for kind in EXAMPLES
        ],
        "created": CHANGES[0].on.isoformat(),
        "lastModified": last.on.isoformat(),
        "version": last.version,
        "contributors": contributors(dataset),
        "fields": [field(column) for column in COLUMNS],
        "missingValues": [""],
        "primaryKey": "reference",
    }


# What the invalid example has instead of the examples of the columns, one fault each.
FAULTS = {"reference": "", "etat": "terminée", "debut": "avril 2020", "longitude": "5,3589", "publie_le": "08/06/2021"}
EXAMPLES = {"valide": {}, "invalide": FAULTS}


def example(kind: str) -> str:
    """The open CSV of one entry made of the examples of the columns, with or without faults."""
    written = io.StringIO()
    writer = csv.DictWriter(written, NAMES)
    writer.writeheader()
    writer.writerow({column.name: column.example for column in COLUMNS} | EXAMPLES[kind])
    return written.getvalue()
