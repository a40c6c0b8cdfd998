"""The description of the API for programs (OpenAPI 3.1), written from the filters and the columns."""

from initiatives.exports.columns import COLUMNS, VERSION, Column, ColumnKind
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import REPEATABLE

from .api import MAX_PAGE_SIZE, PAGE_SIZE
from .dataset import DESCRIPTION, Dataset

TYPES = {
    ColumnKind.INTEGER: {"type": ["integer", "null"]},
    ColumnKind.NUMBER: {"type": ["number", "null"]},
    ColumnKind.BOOLEAN: {"type": ["boolean", "null"]},
    ColumnKind.LIST: {"type": "array", "items": {"type": "string"}},
    ColumnKind.DATE: {"type": ["string", "null"], "format": "date"},
}
EXAMPLES = {
    ColumnKind.INTEGER: int,
    ColumnKind.NUMBER: float,
    ColumnKind.BOOLEAN: lambda text: text == "true",
    ColumnKind.LIST: lambda text: text.split("|"),
}


def openapi(dataset: Dataset) -> dict:
    licence, publisher = dataset.attribution.licence, dataset.attribution.publisher
    contact = {"name": publisher, "url": dataset.address("legal")}
    if dataset.contact_email:
        contact["email"] = dataset.contact_email
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"API : {dataset.title}",
            "description": DESCRIPTION,
            "version": VERSION,
            "license": {"name": licence.name, "url": licence.address},
            "contact": contact,
        },
        "externalDocs": {"description": "Le jeu de données", "url": dataset.page},
        "servers": [{"url": dataset.attribution.site.rstrip("/")}],
        "paths": {"/" + dataset.address("api").removeprefix(dataset.attribution.site): {"get": _operation()}},
        "components": {"schemas": {"Initiative": _initiative(), "Page": _page(), "Refus": REFUSAL}},
    }


def _operation() -> dict:
    return {
        "operationId": "initiatives",
        "summary": "Une page de la liste des initiatives",
        "parameters": parameters(),
        "responses": {
            "200": {
                "description": "Les fiches de la page, dans l’ordre demandé",
                "headers": {"ETag": {"description": "À rendre dans If-None-Match", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}},
            },
            "304": {"description": "Rien n’a changé depuis la réponse qui portait cet ETag"},
            "400": _refusal("Un paramètre a une valeur inconnue"),
            "404": _refusal("Cette page est au-delà de la dernière"),
        },
    }


def parameters() -> list[dict]:
    """The parameters of the API as OpenAPI describes them: the filters of the list, then the page."""
    return [_parameter(name) for name in InitiativeFilter.base_filters] + WINDOW


def _parameter(name: str) -> dict:
    text = {"type": "string"}
    found = {"name": name, "in": "query", "description": DESCRIPTIONS[name], "schema": text}
    if name in REPEATABLE:
        found |= {"schema": {"type": "array", "items": text}, "style": "form", "explode": True}
    elif choices := InitiativeFilter.base_filters[name].extra.get("choices"):
        found["schema"] = {"type": "string", "enum": [value for value, _ in choices]}
    return found


DESCRIPTIONS = {
    "q": "Mots cherchés dans les fiches, nom ou code d’une collectivité",
    "categorie": "Identifiant d’une catégorie, celui de l’adresse de sa page",
    "theme": "Identifiant d’un thème, celui de l’adresse de la liste qu’il filtre",
    "region": "Code INSEE d’une région",
    "departement": "Code INSEE d’un département",
    "territoire": "Identifiant d’une ville ou d’une intercommunalité, celui de la colonne « territoire_slug »",
    "type": "Type de la collectivité",
    "population": "Nombre d’habitants de la collectivité, par tranche",
    "libre": "Recours au logiciel libre, pour autant qu’on le sache",
    "enquete": "Réponses aux enquêtes et exemples qu’elles citent, toutes enquêtes confondues",
    "annee": "Année de début de l’initiative",
    "etat": "Avancement de l’initiative",
    "edition": "Identifiant d’une enquête : ses réponses et les exemples qu’elle cite, sans ceux des autres enquêtes",
    "tri": "Ordre des fiches",
}
WINDOW = [
    {
        "name": "page",
        "in": "query",
        "description": "Numéro de la page, à partir de 1",
        "schema": {"type": "integer", "minimum": 1, "default": 1},
    },
    {
        "name": "page_size",
        "in": "query",
        "description": f"Nombre de fiches par page, de 1 à {MAX_PAGE_SIZE}, {PAGE_SIZE} sans précision",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    },
]
REFUSAL = {
    "type": "object",
    "description": "Pourquoi la demande n’a pas de réponse, en français",
    "required": ["title", "status", "detail", "erreurs"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "erreurs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parametre", "message"],
                "properties": {"parametre": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def _refusal(description: str) -> dict:
    schema = {"$ref": "#/components/schemas/Refus"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


def _initiative() -> dict:
    return {
        "type": "object",
        "required": [column.name for column in COLUMNS],
        "properties": {column.name: _property(column) for column in COLUMNS},
        "additionalProperties": False,
    }


def _property(column: Column) -> dict:
    example = EXAMPLES.get(column.kind, str)(column.example)
    described = {"title": column.heading, "description": column.description, "examples": [example]}
    return described | TYPES.get(column.kind, {"type": ["string", "null"]})


def _page() -> dict:
    address = {"type": ["string", "null"], "format": "uri"}
    counts = {name: {"type": "integer", "minimum": 0} for name in ("count", "page", "page_size", "pages")}
    texts = {name: {"type": "string"} for name in ("source", "date", "adresse", "version")}
    licence = {"type": "object", "additionalProperties": {"type": "string"}}
    entries = {"type": "array", "items": {"$ref": "#/components/schemas/Initiative"}}
    properties = texts | {"licence": licence} | counts | {"next": address, "previous": address, "initiatives": entries}
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
