"""Publications and their editions for the tests, through the real verbs."""

import re
from functools import partial

from initiatives.models import Edition, Publication
from initiatives.publication.jobs import build_next
from initiatives.publication.snapshot import PARTS, build

from . import factories

SITE = "https://catalogue.example/"
FILES = ["initiatives.csv", "initiatives-excel.csv", "initiatives.xlsx", "initiatives.ods", "initiatives.json"]
# What the worker makes.
MADE = ["publication.pdf", "publication.zip"]


def publication(*, title: str = "Le rapport", slug: str = "rapport", **facts) -> Publication:
    return Publication.objects.create(title=title, slug=slug, **facts)


def edition(*, of: Publication | None = None, by=None, **facts) -> Edition:
    """An edition frozen now from the published entries; its documents wait."""
    of = of or publication(**facts)
    return of.freeze(by=by or factories.user(), build=partial(build, site=SITE))


def built(**facts) -> Edition:
    """An edition with its PDF and its archive."""
    frozen = edition(**facts)
    build_next()
    frozen.document.refresh_from_db()
    return frozen


def fetch(client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def shown_references(page: bytes) -> set[str]:
    """Of the entries on the page of an edition."""
    return set(re.findall(r'data-initiative="([^"]+)"', page.decode()))


def everything(client, frozen: Edition) -> dict[str, bytes]:
    """Each format of an edition, by name; the page without what speaks of other editions."""
    address = frozen.get_absolute_url()
    files = {name: fetch(client, f"{address}{name}") for name in FILES}
    return files | {"page": re.sub(rb"(?s)<header class=\"masthead.*?</header>", b"", fetch(client, address))}


LIST = "/admin/initiatives/publication/"


def typed(**changes) -> dict:
    return {
        "title": "Le rapport",
        "slug": "rapport",
        "order": "titre",
        "licence": "etalab-2.0",
        "cover_ground": "#1c2f4a",
        "cover_ink": "#faf6ed",
        "with_figures": "on",
        "introductions-TOTAL_FORMS": "0",
        "introductions-INITIAL_FORMS": "0",
    } | changes


def as_made(**changes) -> dict:
    """What a browser would send of the publication that the tests make."""
    return typed(order="collectivite", **{f"with_{part}": "on" for part in PARTS}, **changes)
