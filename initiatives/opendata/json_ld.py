"""The data set as search engines read it in the page (schema.org, JSON-LD)."""

from django.utils.safestring import SafeString

from initiatives.exports.columns import VERSION
from initiatives.public.json_ld import block

from .dataset import DESCRIPTION, EXTENTS, IDENTIFIER, KEYWORDS, Dataset


def structured(dataset: Dataset) -> SafeString:
    attribution = dataset.attribution
    described = {
        "@type": "Dataset",
        "@id": f"{dataset.page}#donnees",
        "identifier": IDENTIFIER,
        "name": dataset.title,
        "description": DESCRIPTION,
        "url": dataset.page,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "license": attribution.licence.address,
        "creator": {"@type": "Organization", "name": attribution.publisher, "url": attribution.site},
        "creditText": attribution.sentence,
        "keywords": KEYWORDS,
        "version": VERSION,
        "datePublished": dataset.issued_on.isoformat(),
        "dateModified": attribution.moment,
        "temporalCoverage": str(dataset.period),
        "spatialCoverage": [
            {"@type": "Place", "name": name, "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}}
            for name, (west, south, east, north) in EXTENTS.items()
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": export.label,
                "description": export.description,
                "encodingFormat": export.content_type.partition(";")[0],
                "contentUrl": dataset.export_address(export),
            }
            for export in dataset.exports
        ],
    }
    return block(described)
