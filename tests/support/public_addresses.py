"""Every public address, as the patterns name them."""

from django.urls import get_resolver

from . import editions, factories

# What fills the holes of an address; a pattern with another hole says so by failing.
HOLES = {
    "initiative_detail": {"slug": "fiche"},
    "initiative_picture": {"slug": "fiche"},
    "category_detail": {"slug": "service-public"},
    "town_detail": {"slug": "beauvais-60"},
    "intercommunality_detail": {"slug": "ca-du-beauvaisis-60"},
    "sitemap_part": {"section": "villes"},
    "export": {"filename": "initiatives.csv"},
    "figure_file": {"name": "themes", "ending": "svg"},
    "figure_picture": {"name": "themes"},
    "schema_example": {"kind": "valide"},
    "dcat_file": {"ending": "ttl"},
    "initiative_sheet": {"slug": "fiche"},
    "publication_detail": {"slug": "rapport"},
    "edition_detail": {"slug": "rapport", "number": 1},
    "edition_volume": {"slug": "rapport", "number": 1, "volume": 2},
    "edition_file": {"slug": "rapport", "number": 1, "filename": "initiatives.csv"},
}


# What an address asks for, where it says nothing without.
QUESTIONS = {"booklet": {"fiche": "fiche"}}


def fill_holes():
    """The rows that HOLES name."""
    factories.published(slug="fiche", title="Vélos", territory=factories.town(name="Beauvais", slug="beauvais-60"))
    factories.published(territory=factories.intercommunality(slug="ca-du-beauvaisis-60"))
    editions.edition()


def public_patterns() -> list[str]:
    return [pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)]


ADDRESSES = [
    "/",
    "/initiatives/",
    "/initiatives/fiche/",
    "/initiatives/fiche/partage.png",
    "/carte/",
    "/collectivites/",
    "/categories/service-public/",
    "/villes/beauvais-60/",
    "/intercommunalites/ca-du-beauvaisis-60/",
    "/export/initiatives.csv",
    "/export/initiatives-excel.csv",
    "/export/initiatives.xlsx",
    "/export/initiatives.ods",
    "/export/initiatives.json",
    "/export/initiatives.geojson",
    "/s-abonner/",
    "/integrer/",
    "/integrer/liste",
    "/chiffres/",
    "/chiffres/matrice/",
    "/chiffres/matrice.csv",
    "/chiffres/comparaison/",
    "/chiffres/themes.csv",
    "/chiffres/themes.svg",
    "/chiffres/themes.png",
    "/donnees/",
    "/donnees/schema.json",
    "/donnees/exemple-invalide.csv",
    "/donnees/datapackage.json",
    "/donnees/catalogue",
    "/donnees/catalogue.rdf",
    "/api/initiatives",
    "/api/openapi.json",
    "/a-propos/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/flux.atom",
    "/suggestions",
    "/sitemap.xml",
    "/sitemap-initiatives.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/partage.png",
    "/sante",
    "/initiatives/fiche/fiche.pdf",
    "/selection/",
    "/selection/livret.pdf",
    "/publications/",
    "/publications/rapport/",
    "/publications/rapport/edition-1/initiatives.xlsx",
    "/publications/rapport/edition-1/publication.pdf",
]
