"""What is private or not published never reaches a public address, whatever the address."""

import io
import zipfile

import pytest
from django.urls import get_resolver

from initiatives.models import Initiative, SlugRedirect
from tests.support import editions, factories

SECRET = "zzsecretzz"
PRIVATE = {
    "declarant_name": f"Nom {SECRET}",
    "declarant_role": f"Fonction {SECRET}",
    "declarant_email": f"{SECRET}@prive.example",
    "internal_note": f"Note {SECRET}",
    "review_message": f"Message {SECRET}",
}
EXPORTS = [f"/export/initiatives{end}" for end in (".csv", "-excel.csv", ".xlsx", ".ods", ".json", ".geojson")]

FIGURES = [
    "/chiffres/",
    "/chiffres/themes.csv",
    "/chiffres/departements.csv",
    "/chiffres/etats.svg",
    "/chiffres/themes.png",
]
FIGURES += ["/chiffres/matrice/", "/chiffres/matrice.csv", "/chiffres/comparaison/", "/chiffres/comparaison.csv"]
OPEN_DATA = [
    "/donnees/",
    "/donnees/schema.json",
    "/donnees/exemple-valide.csv",
    "/donnees/datapackage.json",
    "/donnees/catalogue",
    "/donnees/catalogue.jsonld",
    "/donnees/catalogue.ttl",
    "/donnees/catalogue.rdf",
    "/api/initiatives",
    "/api/openapi.json",
]


@pytest.fixture
def world():
    """A published entry with private values, and in every other status one entry of the same territory."""
    town = factories.town(name="Beauvais", population=56_000)
    theme = factories.theme(slug="cybersecurite")
    by = factories.user(username=f"agent-{SECRET}", first_name=SECRET, email=f"agent@{SECRET}.example")
    hidden = {"territory": town, "themes": [theme], "summary": f"Caché {SECRET}", "source_publisher": SECRET, **PRIVATE}
    draft = factories.draft(title=f"Brouillon {SECRET}", slug="brouillon", **hidden)
    draft.tools.create(name=f"Outil {SECRET}")
    factories.submitted(title=f"Soumise {SECRET}", slug="soumise", by=by, **hidden)
    returned = factories.submitted(title=f"À compléter {SECRET}", slug="a-completer", by=by, **hidden)
    returned.request_changes(by=by, message=f"Complétez {SECRET}")
    rejected = factories.submitted(title=f"Refusée {SECRET}", slug="refusee", by=by, **hidden)
    rejected.reject(by=by, reason=f"Hors sujet {SECRET}")
    archived = factories.published(title=f"Archivée {SECRET}", slug="archivee", by=by, **hidden)
    archived.archive(by=by)
    SlugRedirect.objects.create(slug="ancienne", initiative=archived)
    visible = factories.published(
        title="Fiche visible", slug="fiche", territory=town, themes=[theme], by=by, inspired_by=archived, **PRIVATE
    )
    editions.built(by=by)
    return visible


def public_addresses(initiative: Initiative) -> list[str]:
    pages = [
        "/",
        "/initiatives/",
        "/initiatives/?q=fiche&theme=cybersecurite&region=32&departement=60&type=ville&annee=2020",
        f"/initiatives/?q={SECRET}",
        "/initiatives/?q=camille",
        "/initiatives/?categorie=economie-locale",
        "/initiatives/fiche/",
        "/carte/",
        "/carte/?q=fiche&theme=cybersecurite",
        f"/carte/?q={SECRET}",
        "/collectivites/",
        "/collectivites/?q=beauvais&region=32",
        f"/collectivites/?q={SECRET}",
        "/categories/service-public/",
        "/categories/economie-locale/",
        f"/villes/{initiative.territory.slug}/",
        "/sante",
        "/a-propos/",
        "/accessibilite/",
        "/mentions-legales/",
        "/donnees-personnelles/",
        "/flux.atom",
        "/suggestions?q=fiche",
        f"/suggestions?q={SECRET}",
        "/suggestions?q=beauvais",
        "/suggestions?q=beauvais&parmi=collectivites",
        "/sitemap.xml",
        "/sitemap-initiatives.xml",
        "/sitemap-villes.xml",
        "/robots.txt",
        "/opensearch.xml",
        "/partage.png",
        "/initiatives/fiche/partage.png",
        "/s-abonner/?q=fiche",
        "/integrer/?q=fiche",
        "/integrer/liste?nombre=50",
        f"/integrer/liste?q={SECRET}",
        *OPEN_DATA,
        *FIGURES,
        "/api/initiatives?q=fiche&page_size=500",
        f"/api/initiatives?q={SECRET}",
        "/initiatives/fiche/fiche.pdf",
        "/selection/?q=fiche&fiche=fiche&fiche=brouillon&fiche=archivee",
        "/selection/livret.pdf?fiche=fiche",
        "/publications/",
        "/publications/rapport/",
        "/publications/rapport/edition-1/",
        *(f"/publications/rapport/edition-1/{name}" for name in [*editions.FILES, *editions.MADE]),
    ]
    return pages + EXPORTS + [f"{export}?q=fiche&tri=titre" for export in EXPORTS]


def readable(response) -> str:
    """The text of an answer, unzipped where it is an archive."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace")


def test_nothing_private_or_unpublished_is_public(client, world):
    for address in public_addresses(world):
        response = client.get(address)
        text = readable(response).replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        text = text.replace(f"« {SECRET} »", "").replace(f"«\u00a0{SECRET}\u00a0»", "")
        text = text.replace(f"«&nbsp;{SECRET}&nbsp;»", "")
        assert response.status_code == 200, address
        assert SECRET not in text, (address, text[max(0, text.find(SECRET) - 200) : text.find(SECRET) + 200])
        assert not any(SECRET in value for value in response.headers.values()), address


@pytest.mark.parametrize("slug", ["brouillon", "soumise", "a-completer", "refusee", "archivee", "ancienne"])
def test_page_of_an_unpublished_entry_is_not_found(client, world, slug):
    assert client.get(f"/initiatives/{slug}/").status_code == 404


def test_counts_speak_of_published_entries_only(client, world):
    html = client.get("/initiatives/").text
    assert 'data-total="1"' in html


def test_search_knows_no_private_word(world):
    assert SECRET not in world.search_text + world.search_title
    world.refresh_from_db()
    assert SECRET not in world.search_text + world.search_title


def test_every_public_pattern_is_walked(world):
    """A page added tomorrow must join the walk above."""
    names = {pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)}
    walked = {
        "about",
        "accessibility",
        "api",
        "comparison",
        "comparison_file",
        "data_package",
        "dcat_catalogue",
        "dcat_file",
        "open_data",
        "openapi",
        "schema_example",
        "table_schema",
        "legal",
        "privacy",
        "home",
        "initiative_list",
        "initiative_detail",
        "map",
        "directory",
        "category_detail",
        "town_detail",
        "intercommunality_detail",
        "embedded_list",
        "embedding",
        "export",
        "feed",
        "figure_file",
        "figure_picture",
        "figures",
        "matrix",
        "matrix_file",
        "health",
        "initiative_picture",
        "opensearch",
        "edition_detail",
        "edition_file",
        "edition_volume",
        "publication_detail",
        "initiative_sheet",
        "selection",
        "booklet",
        "publication_list",
        "robots",
        "site_picture",
        "sitemap_index",
        "sitemap_part",
        "subscription",
        "suggest",
    }
    assert names == walked
