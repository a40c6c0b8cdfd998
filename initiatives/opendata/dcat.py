"""The entry of the data set for catalogues: DCAT-AP, as data.gouv.fr and its European peers harvest it.

Nothing in the graph is without a name (no blank node): the same content gives the same file.
data.gouv.fr reads a spatial coverage as a geometry only, a licence by its address, keywords as plain
text, and knows the data set again by `dct:identifier`.
"""

import json
import re

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, XSD

from initiatives.exports.columns import CHANGES
from initiatives.exports.formats import Export

from .dataset import DESCRIPTION, EXTENTS, IDENTIFIER, KEYWORDS, REFERENCE, Dataset

LOCN = Namespace("http://www.w3.org/ns/locn#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
EU = "http://publications.europa.eu/resource/authority/"
FRENCH = URIRef(f"{EU}language/FRA")
# An entry appears when it has been reviewed: no calendar.
IRREGULAR = URIRef(f"{EU}frequency/IRREG")
THEMES = [URIRef(f"{EU}data-theme/{theme}") for theme in ("GOVE", "REGI", "TECH")]
GEOJSON = URIRef("https://www.iana.org/assignments/media-types/application/vnd.geo+json")
GEOJSON_FORMAT = URIRef("https://www.rfc-editor.org/info/rfc7946")
WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")

# What each ending of /donnees/catalogue holds; the first one is given where nothing else is asked for.
SERIALISATIONS = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "pretty-xml"),
}


def serialised(dataset: Dataset, ending: str) -> bytes:
    _, form = SERIALISATIONS[ending]
    found = graph(dataset)
    if form == "pretty-xml":
        return _in_order(found.serialize(format=form)).encode()
    if form != "json-ld":
        return found.serialize(format=form, encoding="utf-8")
    document = json.loads(found.serialize(format=form, context={name: str(uri) for name, uri in PREFIXES.items()}))
    # The library lists the subjects as a set gives them.
    document["@graph"].sort(key=lambda node: node["@id"])
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _in_order(xml: str) -> str:
    """The namespaces and the nodes, which the library lists as a set gives them, in one order."""
    head, *nodes = re.split(r"\n(?=  <\w)", xml.removesuffix("\n</rdf:RDF>\n"))
    opening, *namespaces = re.split(r"\n(?=  xmlns:)", head.removesuffix("\n>"))
    return "\n".join([opening, *sorted(namespaces), ">", *sorted(nodes), "</rdf:RDF>\n"])


PREFIXES = {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "vcard": VCARD, "locn": LOCN, "adms": ADMS, "owl": OWL}


def graph(dataset: Dataset) -> Graph:
    found = Graph(bind_namespaces="core")
    for prefix, namespace in PREFIXES.items():
        found.bind(prefix, namespace)
    catalogue = Node(found, dataset.address("dcat_catalogue"), DCAT.Catalog)
    whole = Node(found, f"{dataset.page}#donnees", DCAT.Dataset)
    publisher = _publisher(found, dataset)
    _common(catalogue, dataset, publisher)
    catalogue.say(DCTERMS.title, french(f"Données ouvertes : {dataset.title}"))
    catalogue.say(DCTERMS.description, french(f"Le catalogue des données que publie {dataset.attribution.publisher}."))
    catalogue.say(FOAF.homepage, URIRef(dataset.page))
    catalogue.say(DCAT.dataset, whole.name)
    _describe(whole, dataset, publisher)
    for export in dataset.exports:
        whole.say(DCAT.distribution, _distribution(found, dataset, export))
    service = _service(found, dataset, whole.name, publisher)
    catalogue.say(DCAT.service, service)
    return found


class Node:
    """A subject of the graph, of which to say things."""

    def __init__(self, graph: Graph, name: str, kind: URIRef):
        self.graph, self.name = graph, URIRef(name)
        self.say(RDF.type, kind)

    def say(self, what: URIRef, *values):
        for value in values:
            self.graph.add((self.name, what, value))


def french(text: str) -> Literal:
    return Literal(text, lang="fr")


def day(value) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.date)


def _publisher(graph: Graph, dataset: Dataset) -> URIRef:
    publisher = Node(graph, f"{dataset.page}#editeur", FOAF.Organization)
    publisher.say(RDF.type, FOAF.Agent)
    publisher.say(FOAF.name, Literal(dataset.attribution.publisher))
    publisher.say(FOAF.homepage, URIRef(dataset.attribution.site))
    return publisher.name


def _common(node: Node, dataset: Dataset, publisher: URIRef):
    """Properties common to the catalogue and the data set."""
    node.say(DCTERMS.publisher, publisher)
    node.say(DCTERMS.language, FRENCH)
    node.say(DCTERMS.license, URIRef(dataset.attribution.licence.address))
    node.say(DCTERMS.issued, day(dataset.issued_on))
    node.say(DCTERMS.modified, Literal(dataset.attribution.moment, datatype=XSD.dateTime))


def _describe(whole: Node, dataset: Dataset, publisher: URIRef):
    _common(whole, dataset, publisher)
    whole.say(DCTERMS.identifier, Literal(IDENTIFIER))
    whole.say(DCTERMS.title, french(dataset.title))
    whole.say(DCTERMS.description, french(DESCRIPTION))
    whole.say(DCTERMS.rights, french(dataset.attribution.sentence))
    whole.say(DCTERMS.accessRights, URIRef(f"{EU}access-right/PUBLIC"))
    whole.say(DCTERMS.accrualPeriodicity, IRREGULAR)
    whole.say(DCAT.keyword, *(Literal(word) for word in KEYWORDS))
    whole.say(DCAT.theme, *THEMES)
    whole.say(DCAT.landingPage, URIRef(dataset.page))
    whole.say(FOAF.page, URIRef(dataset.page))
    whole.say(OWL.versionInfo, Literal(CHANGES[-1].version))
    whole.say(ADMS.versionNotes, french(CHANGES[-1].what))
    whole.say(DCTERMS.temporal, _period(whole.graph, dataset))
    whole.say(DCTERMS.spatial, _extent(whole.graph, dataset))
    whole.say(DCAT.contactPoint, _contact(whole.graph, dataset))


def _period(graph: Graph, dataset: Dataset) -> URIRef:
    period = Node(graph, f"{dataset.page}#periode", DCTERMS.PeriodOfTime)
    period.say(DCAT.startDate, day(dataset.period.start))
    period.say(DCAT.endDate, day(dataset.period.end))
    return period.name


def _extent(graph: Graph, dataset: Dataset) -> URIRef:
    place = Node(graph, f"{dataset.page}#territoire", DCTERMS.Location)
    rings = [[(w, s), (e, s), (e, n), (w, n), (w, s)] for w, s, e, n in EXTENTS.values()]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    text = ", ".join(f"(({', '.join(f'{x} {y}' for x, y in ring)}))" for ring in rings)
    place.say(RDFS.label, french("France, outre-mer compris"))
    place.say(LOCN.geometry, Literal(json.dumps(geometry), datatype=GEOJSON))
    place.say(DCAT.bbox, Literal(f"MULTIPOLYGON({text})", datatype=WKT))
    return place.name


def _contact(graph: Graph, dataset: Dataset) -> URIRef:
    """A service, never a person: the address of the site, or the page that says who publishes it."""
    contact = Node(graph, f"{dataset.page}#contact", VCARD.Organization)
    contact.say(VCARD.fn, Literal(dataset.attribution.publisher))
    if dataset.contact_email:
        contact.say(VCARD.hasEmail, URIRef(f"mailto:{dataset.contact_email}"))
    contact.say(VCARD.hasURL, URIRef(dataset.address("legal")))
    return contact.name


def _distribution(graph: Graph, dataset: Dataset, export: Export) -> URIRef:
    address = URIRef(dataset.export_address(export))
    node = Node(graph, f"{dataset.page}#{export.filename}", DCAT.Distribution)
    node.say(DCTERMS.identifier, Literal(f"{IDENTIFIER}/{export.filename}"))
    node.say(DCTERMS.title, french(f"{dataset.title} ({export.label})"))
    node.say(DCTERMS.description, french(export.description))
    node.say(DCAT.accessURL, address)
    node.say(DCAT.downloadURL, address)
    mediatype = export.content_type.partition(";")[0]
    node.say(DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{mediatype}"))
    node.say(DCTERMS.format, URIRef(f"{EU}file-type/{export.file_type}"))
    node.say(DCTERMS.license, URIRef(dataset.attribution.licence.address))
    node.say(DCTERMS.modified, Literal(dataset.attribution.moment, datatype=XSD.dateTime))
    node.say(FOAF.page, URIRef(f"{dataset.page}#colonnes"))
    node.say(DCTERMS.conformsTo, *_standards(dataset, export))
    return node.name


def _standards(dataset: Dataset, export: Export) -> list[URIRef]:
    """Standards that a file conforms to; the Table Schema is of the open CSV, and no other file has its names."""
    if export.filename == REFERENCE:
        return [URIRef(dataset.address("table_schema"))]
    return [GEOJSON_FORMAT] if export.ending == "geojson" else []


def _service(graph: Graph, dataset: Dataset, whole: URIRef, publisher: URIRef) -> URIRef:
    service = Node(graph, f"{dataset.page}#api", DCAT.DataService)
    service.say(DCTERMS.title, french(f"API : {dataset.title}"))
    service.say(DCTERMS.description, french("Les mêmes fiches, page par page, en JSON, avec les filtres de la liste."))
    service.say(DCTERMS.publisher, publisher)
    service.say(DCTERMS.license, URIRef(dataset.attribution.licence.address))
    service.say(DCAT.endpointURL, URIRef(dataset.address("api")))
    service.say(DCAT.endpointDescription, URIRef(dataset.address("openapi")))
    service.say(DCAT.servesDataset, whole)
    return service.name
