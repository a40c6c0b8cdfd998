"""The description of the files for programs (Data Package)."""

from initiatives.exchange.exports import Export

from .dataset import DESCRIPTION, IDENTIFIER, KEYWORDS, REFERENCE, Dataset
from .table_schema import CHANGES, contributors, licences


def data_package(dataset: Dataset) -> dict:
    attribution = dataset.attribution
    return {
        "profile": "data-package",
        "name": IDENTIFIER,
        "title": dataset.title,
        "description": DESCRIPTION,
        "homepage": dataset.page,
        "version": CHANGES[-1].version,
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
        "encoding": "utf-8",
    }
    if export.filename == REFERENCE:
        found |= {
            "profile": "tabular-data-resource",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
            "schema": dataset.address("table_schema"),
        }
    return found
