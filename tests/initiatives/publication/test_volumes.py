"""Beyond so many entries page, PDF and archive are cut into the same volumes."""

import io
import re
import zipfile

import pytest

from initiatives.publication import volumes
from tests.support import editions, factories
from tests.support.editions import fetch
from tests.support.kinds import complete_entry
from tests.support.pages import queries_of

ADDRESS = "/publications/rapport/edition-1/"


@pytest.fixture
def split(monkeypatch):
    """Five entries in two parts, two a volume; each with a theme and a source of its own."""
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 2)
    by, town = factories.user(), factories.town()
    for number in range(5):
        slug = "cybersecurite" if number < 3 else "circuits-courts"
        source = {"source_publisher": f"Journal {number}", "source_url": f"https://example.org/{number}"}
        factories.published(
            title=f"Fiche {number}", territory=town, by=by, themes=[factories.theme(slug=slug)], **source
        )
    return editions.built(order="titre", foreword="Avant-propos.")


def shown(html: str) -> list[str]:
    return re.findall(r"<h3>(Fiche \d)</h3>", html)


def test_each_volume_has_its_entries_contents_and_indexes(split, client):
    pages = [client.get(address).text for address in (ADDRESS, f"{ADDRESS}volume-2/", f"{ADDRESS}volume-3/")]
    assert [shown(html) for html in pages] == [["Fiche 0", "Fiche 1"], ["Fiche 2", "Fiche 3"], ["Fiche 4"]]
    assert ["Avant-propos." in html for html in pages] == [True, False, False]
    assert ['id="chiffres"' in html for html in pages] == [True, False, False]
    assert ["cybersécurité" in html.partition('id="themes"')[2].lower() for html in pages] == [True, True, False]
    assert ["Journal 2" in html for html in pages] == [False, True, False]
    for html in pages:
        anchors = set(re.findall(r'href="#([^"]+)"', html)) - {"contenu"}
        assert anchors
        assert anchors <= set(re.findall(r'id="([^"]+)"', html))


def test_volumes_lead_to_one_another_and_each_says_which_it_is(split, client):
    html = client.get(f"{ADDRESS}volume-2/").text
    assert html.count(f'<a href="{ADDRESS}">Volume 1</a>') == 2
    assert html.count(f'<a href="{ADDRESS}volume-2/" aria-current="page">Volume 2</a>') == 2
    assert "volume 2 sur 3 · " in html.partition("</title>")[0]
    assert "5\xa0initiatives · volume 2 sur 3" in html


def test_volume_that_does_not_exist_is_not_found_and_the_first_is_the_edition(split, client):
    assert [client.get(f"{ADDRESS}volume-{number}/").status_code for number in (0, 4, 99)] == [404, 404, 404]
    first = client.get(f"{ADDRESS}volume-1/")
    assert (first.status_code, first.headers["Location"]) == (301, ADDRESS)


def test_archive_has_a_page_and_a_pdf_of_each_volume(split, client):
    with zipfile.ZipFile(io.BytesIO(fetch(client, f"{ADDRESS}publication.zip"))) as package:
        names = package.namelist()
        second = package.read("volume-2.html").decode()
    for number in (2, 3):
        assert {f"volume-{number}.html", f"publication-{number}.pdf"} <= set(names)
    assert shown(second) == ["Fiche 2", "Fiche 3"]
    assert '<a href="index.html">Volume 1</a>' in second


def test_volumes_cost_the_same_queries(split, client):
    assert len({queries_of(client, address) for address in (ADDRESS, f"{ADDRESS}volume-2/")}) == 1


def test_an_edition_that_fits_has_no_volumes(client):
    factories.published()
    editions.edition()
    assert "volume" not in client.get(ADDRESS).text.lower()
    assert client.get(f"{ADDRESS}volume-2/").status_code == 404


def test_no_volume_says_what_is_private(client, monkeypatch):
    """The walk of the public pages knows an edition of one volume."""
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 1)
    factories.published()
    complete_entry()
    editions.edition()
    pages = [client.get(address).text for address in (ADDRESS, f"{ADDRESS}volume-2/")]
    assert all("data-initiative" in html for html in pages)
    assert not [html for html in pages if "Confidentielle" in html or "prive.example" in html]
