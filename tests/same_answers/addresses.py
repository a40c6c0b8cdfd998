"""What is asked: what is written here, each pattern of the urlconf, and what the pages found there lead to."""

import html
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

from django.urls import get_resolver

from .people import SITE, Answer, Person, route_of

# The parameters of the list, one by one, together, and what is wrong about them.
QUERIES = """
q=annuaire q=ecoles+numeriques q=60057 q=introuvable q=%22 q=%00
categorie=service-public categorie=economie-locale categorie=inconnue
theme=cybersecurite theme=inclusion-numerique&theme=circuits-courts theme=inconnu
region=32 region=99 departement=60 departement=2a departement=60&departement=28 departement=999
territoire=beauvais-60 territoire=ca-du-beauvaisis-60 territoire=inconnu type=ville type=intercommunalite type=x
population=moins-de-10000 population=10000-20000 population=20000-50000 population=50000-100000
population=plus-de-100000 population=x libre=oui libre=non libre=x enquete=oui enquete=x
annee=2020 annee=1900 annee=x etat=en-projet etat=en-cours etat=deployee etat=arretee etat=inconnu etat=x
edition=deuxieme-enquete edition=inconnue tri=recent tri=titre tri=collectivite tri=pertinence tri=x
page=2 page=999 page=x q=carte&tri=pertinence&page=2 inconnu=1
fiche=velos-en-libre-service fiche=inconnue theme=cybersecurite&fiche=velos-en-libre-service
categorie=cohesion-sociale&region=32&type=ville&annee=2024&etat=inconnu&tri=titre q=a&categorie=inconnue&page=0
""".split()
# Words, a category, a theme, several together, an unknown value.
FEW = (
    "q=annuaire",
    "categorie=economie-locale",
    "theme=inclusion-numerique&theme=circuits-courts",
    "categorie=cohesion-sociale&region=32&type=ville&annee=2024&etat=inconnu&tri=titre",
    "categorie=inconnue",
)
ENDINGS = (".csv", "-excel.csv", ".xlsx", ".ods", ".json", ".geojson")
VERBS = "submit publish request_changes reject archive restore add_theme set_survey".split()
FILTERED = {
    "/initiatives/": QUERIES,
    "/carte/": FEW,
    "/flux.atom": FEW,
    "/s-abonner/": FEW,
    "/integrer/": (*FEW, "nombre=5", "nombre=51"),
    "/integrer/liste": (*FEW, "nombre=5", "nombre=51"),
    "/api/initiatives": (*QUERIES, "page_size=2", "page_size=2&page=3", "page_size=501", "page_size=x"),
    "/selection/": (*FEW, "fiche=velos-en-libre-service&fiche=inconnue"),
    "/selection/livret.pdf": ("fiche=velos-en-libre-service", "theme=cybersecurite&fiche=x", "categorie=inconnue"),
    "/chiffres/": ("edition=deuxieme-enquete", "edition=inconnue", "inconnu=1"),
    "/chiffres/matrice/": ("tri=departement", "tri=fiches", "tri=themes", "tri=cybersecurite", "tri=x", "page=2"),
    "/chiffres/matrice.csv": ("tri=departement", "tri=x"),
    "/chiffres/comparaison/": ("evolution=nouveau", "evolution=poursuivi", "theme=cybersecurite", "avant=x"),
    "/chiffres/comparaison.csv": ("evolution=arrete", "avant=x"),
    "/collectivites/": ("q=beau", "q=60", "region=32", "region=99", "lettre=b", "lettre=0-9", "lettre=x"),
    "/suggestions": ("q=beau", "q=annu", "q=beau&parmi=collectivites", "q=", "parmi=x"),
    "/partage.png": ("x=1",),
    **{f"/export/initiatives{ending}": QUERIES if ending == ".csv" else ("", *FEW) for ending in ENDINGS},
    **{f"/admin/initiatives/initiative/faire/{verb}/": ("fiches=159,160,161,165", "fiches=x") for verb in VERBS},
    "/admin/initiatives/initiative/": ("q=annuaire", "q=introuvable", "o=1", "travail=x", "p=1", "e=1"),
    "/admin/suggestions/collectivites": ("q=beau", "q="),
    "/admin/suggestions/fiches": ("q=annuaire", "q=CS20", "q="),
    "/admin/suggestions/doublons": ("titre=Un+annuaire+des+commerces&collectivite=Beauvais+(60),+60057", "titre=x"),
    "/admin/imports/fiches.xlsx": ("enquete=deuxieme-enquete", "statut=published", "statut=x"),
    "/admin/autocomplete/": ("app_label=towns&model_name=town&field_name=intercommunality&term=be",),
}
CHARTS = "categories themes regions populations types annees libres etats departements".split()
REPORT = "/publications/initiatives-numeriques-crise-sanitaire/edition-1/"
OTHERS = [
    *(f"/chiffres/{chart}.{ending}" for chart in CHARTS for ending in ("csv", "svg", "png")),
    *(f"/donnees/catalogue.{ending}" for ending in ("jsonld", "ttl", "rdf", "xml")),
    *(f"/donnees/exemple-{kind}.csv" for kind in ("valide", "invalide", "perdu")),
    *(f"{REPORT}publication.{ending}" for ending in ("pdf", "zip")),
    *(f"{REPORT}initiatives{ending}" for ending in ENDINGS),
    *(f"/export/{name}" for name in ("initiatives.xml", "perdue.csv")),
    "/chiffres/perdu.csv", "/chiffres/themes.pdf",
    "/initiatives", "/initiatives/perdue/", "/initiatives/perdue/fiche.pdf", "/perdue/", "/static/perdu.css",
    "/villes/perdue/", "/categories/perdue/", "/publications/perdue/", "/sitemap-perdue.xml",
    "/publications/perdue/edition-1/volume-2/", *(f"{REPORT}{volume}/" for volume in ("volume-1", "volume-2")),
    "/admin/perdue/", "/admin/initiatives/initiative/9999/change/", "/admin/mot-de-passe-oublie/1-x/",
    "/admin/initiatives/initiative/faire/perdu/", "/admin/imports/9999/",
]  # fmt: skip
# Requests that are not a plain GET: method, address, headers.
SPECIAL = [
    *(("GET", "/donnees/catalogue", {"Accept": kind}) for kind in ("text/turtle", "application/rdf+xml", "text/html")),
    ("GET", "/donnees/catalogue", {"Accept": "application/ld+json"}),
    *(("GET", "/initiatives/", {"Accept-Encoding": encoding}) for encoding in ("br", "gzip", "x")),
    ("GET", "/initiatives/?q=annuaire", {"HX-Request": "true"}),
    ("GET", "/", {"Cookie": "sessionid=x"}),
    ("GET", "/", {"Host": "ailleurs.example"}),
    ("GET", "/", {"X-Forwarded-Proto": "http"}),
    ("OPTIONS", "/api/initiatives", {"Origin": "https://ailleurs.example"}),
    *((method, path, {}) for method in ("HEAD", "POST", "PUT") for path in ("/", "/export/initiatives.csv", "/sante")),
    ("POST", "/admin/initiatives/edition/1/documents/", {}),
]
LINK = re.compile(r'\b(?:href|src|action)="([^"#]*)|(?:<loc>|content=")(https:[^<"]*)')
# Of the addresses that pages lead to: of one pattern, and with the same parameters.
OF_A_PATTERN, ALIKE = 10, 2
SKIPPED = ("/static/", "/admin/logout/", "/admin/jsi18n/")


def routes() -> list[str]:
    """All patterns of the urlconf."""

    def walk(resolver, before: str = "") -> Iterator[str]:
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern).removeprefix("^")  # as the resolver writes it
            yield from walk(pattern, route) if hasattr(pattern, "url_patterns") else [route]

    return list(dict.fromkeys(walk(get_resolver())))


def written() -> Iterator[str]:
    """Patterns without a hole, then what stands above."""
    yield from (f"/{route}" for route in routes() if not re.search(r"[<(]", route))
    for path, queries in FILTERED.items():
        yield from (f"{path}?{query}" if query else path for query in queries)
    yield from OTHERS


def filled(asked: Iterable[str]) -> Iterator[str]:
    """Patterns with holes that no page led to: a row that there is, or may be."""
    for route in routes():
        if route not in asked:
            yield "/" + re.sub(r"<path:object_id>|<int:\w+>|<id>", "1", route)


def leading_from(address: str, answer: Answer) -> Iterator[str]:
    """The addresses of this site that a page has links to, or that an answer redirects to."""
    found = [html.unescape(one or other) for one, other in LINK.findall(answer.body.decode() if answer.text else "")]
    for link in [*found, answer.next]:
        leads = urljoin(f"{SITE}{address}", link)
        if leads.startswith(f"{SITE}/") and not leads.removeprefix(SITE).startswith(SKIPPED):
            yield leads.removeprefix(SITE)


def ask_all(visitor: Person, desk: Iterable[Person]):
    """Ask all of it: the public pages as a visitor, those of the desk as everybody."""
    asked, alike = set(), Counter()

    def ask(address: str) -> Iterator[str]:
        if address not in asked:
            asked.add(address)
            for person in (visitor, *desk) if address.startswith("/admin/") else (visitor,):
                yield from leading_from(address, person.get(address))

    found = deque(leading for address in written() for leading in ask(address))
    while found:
        address = found.popleft()
        route = route_of(address)
        parameters = frozenset(parse_qs(urlsplit(address).query, keep_blank_values=True))
        few = alike[route, parameters] < ALIKE or not parameters
        if address not in asked and few and alike[route] < OF_A_PATTERN:
            alike.update([route, (route, parameters)])
            found += ask(address)
    for address in list(filled(visitor.recording.routes)):
        deque(ask(address), maxlen=0)
    for method, address, headers in SPECIAL:
        visitor.ask(method, address, headers)
