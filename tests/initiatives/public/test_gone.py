"""An entry that is no more published, or no more there, is at once in no live page, file, feed or picture; one that
has another address is found by the former one."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from tests.support import factories
from tests.support.exported import ENDINGS, read

pytestmark = pytest.mark.both_databases

WORD = "zinnia"
# Each of these says the title or the address of the entry while it is published.
NAMING = [
    "/",
    "/initiatives/",
    f"/initiatives/?q={WORD}&theme=cybersecurite",
    f"/initiatives/{WORD}/",
    "/initiatives/autre/",
    "/categories/service-public/",
    "/villes/beauvais-60/",
    f"/suggestions?q={WORD}",
    "/sitemap-initiatives.xml",
    "/flux.atom",
    "/flux.atom?theme=cybersecurite",
    "/flux.atom?territoire=beauvais-60",
    "/integrer/liste",
    "/donnees/",
    "/api/initiatives",
    f"/initiatives/{WORD}/fiche.pdf",
    f"/selection/?fiche={WORD}",
    f"/selection/livret.pdf?fiche=autre&fiche={WORD}",
    *(f"/export/initiatives{ending}" for ending in ENDINGS),
]
# Each of these only counts it, or draws it.
COUNTING = [
    "/carte/",
    "/chiffres/",
    "/chiffres/themes.csv",
    "/chiffres/themes.svg",
    "/chiffres/matrice/",
    "/chiffres/matrice.csv",
    f"/initiatives/{WORD}/partage.png",
]
ACTS = {
    "archived": lambda entry: entry.archive(by=factories.user()),
    "deleted": lambda entry: entry.delete(),
}


def text_of(response) -> str:
    """All that the file says, out of its zip or its PDF, in small letters."""
    body = read(response).body if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    elif body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).casefold()
    return body.decode(errors="replace").casefold()


def names(text: str) -> bool:
    """Whether a text has the title or the address of the entry; a search may have its word."""
    return f"un {WORD}" in text or f"/initiatives/{WORD}/" in text


@pytest.fixture
def entry():
    town, themes = factories.town(name="Beauvais", population=56_000), [factories.theme(slug="cybersecurite")]
    entry = factories.published(title=f"Un {WORD}", slug=WORD, territory=town, themes=themes)
    factories.published(title="Autre", slug="autre", territory=town, themes=themes, inspired_by=entry)
    return entry


@pytest.mark.parametrize("act", ACTS)
def test_is_in_no_live_format(client, settings, entry, act):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for address in NAMING:
        assert names(text_of(client.get(address))), address
    before = {address: client.get(address) for address in COUNTING}
    ACTS[act](entry)
    for address in NAMING:
        assert not names(text_of(client.get(address))), address
    for address, response in before.items():
        again = client.get(address, headers={"if-none-match": response["ETag"]})
        assert again.status_code in (200, 404), address
        assert again.content != response.content, address


@pytest.mark.parametrize("name", ["", "fiche.pdf", "partage.png"])
def test_former_address_of_an_entry_leads_to_the_present_one(client, name):
    entry = factories.published(title="Vélos", slug="velos")
    for slug in ("velos-libres", "velos-a-tous"):
        entry.slug = slug
        entry.save()
    for former in ("velos", "velos-libres"):
        response = client.get(f"/initiatives/{former}/{name}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/initiatives/velos-a-tous/{name}")
    assert client.get(f"/initiatives/velos-a-tous/{name}").status_code == 200
    assert client.get(f"/initiatives/velo/{name}").status_code == 404
    entry.archive(by=factories.user())
    assert client.get(f"/initiatives/velos/{name}").status_code == 404
