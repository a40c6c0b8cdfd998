"""The description of the files for programs (Data Package)."""

from initiatives.exports.columns import COLUMNS, VERSION, Column, ColumnKind
from initiatives.exports.formats import Export

from .dataset import DESCRIPTION, IDENTIFIER, KEYWORDS, REFERENCE, Dataset
from .table_schema import TYPES, contributors, licences


def data_package(dataset: Dataset) -> dict:
    attribution = dataset.attribution
    return {
        "profile": "data-package",
        "name": IDENTIFIER,
        "title": dataset.title,
        "description": DESCRIPTION,
        "homepage": dataset.page,
        "version": VERSION,
        "created": attribution.moment,
        "keywords": KEYWORDS,
        "licenses": licences(dataset),
        "sources": [{"title": attribution.sentence, "path": attribution.address}],
        "contributors": contributors(dataset),
        "resources": [_resource(dataset, export) for export in dataset.exports],
    }


def _resource(dataset: Dataset, export: Export) -> dict:
    found = {
        "profile": "data-resource",
        "name": export.filename.replace(".", "-"),
        "title": export.label,
        "description": export.description,
        "path": dataset.export_address(export),
        "format": export.ending,
        "mediatype": export.content_type.partition(";")[0],
    }
    if export.is_workbook:
        # The binary file of a spreadsheet has no encoding, and its first sheet has the types.
        return found | {"schema": _schema_of_headings()}
    found["encoding"] = "utf-8"
    if export.ending != "csv":
        return found
    found["profile"] = "tabular-data-resource"
    if export.filename == REFERENCE:
        return found | {"dialect": _dialect(","), "schema": dataset.address("table_schema")}
    return found | {"dialect": _dialect(";"), "schema": _schema_of_headings(decimalChar=",")}


def _dialect(delimiter: str) -> dict:
    return {"delimiter": delimiter, "lineTerminator": "\r\n", "quoteChar": '"', "header": True}


def _schema_of_headings(**number: str) -> dict:
    """Table Schema of a table for people. Left to guess, a reader takes « 2A » or « 45,9 » for a wrong number.

    Without the constraints, which are of exact values: a text that Excel would run is longer here.
    """
    return {"fields": [_field(column, number) for column in COLUMNS]}


def _field(column: Column, number: dict) -> dict:
    found = {
        "name": column.heading,
        "description": column.description,
        "type": TYPES.get(column.kind, "string"),
        "format": "default",
    }
    if column.kind is ColumnKind.BOOLEAN:
        found |= {"trueValues": ["oui"], "falseValues": ["non"]}
    return found | number if column.kind is ColumnKind.NUMBER else found
