"""What pages say of themselves to networks and search engines, and how a visitor passes one on."""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support import factories

HOSTILE = "</script><script>alert(1)</script> <!-- & \u2028 « fin »"


def linked(client, address: str) -> dict:
    html = client.get(address).text
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    return data


def test_site_says_where_to_search_it(client):
    data = linked(client, "/")
    assert data["@type"] == "WebSite"
    template = data["potentialAction"]["target"]["urlTemplate"]
    factories.published(title="Carte des commerces")
    html = client.get(template.replace("{search_term_string}", "carte")).text
    assert 'data-total="1"' in html


def test_entry_says_what_where_when_and_from_which_source(client):
    place = factories.town(name="Beauvais", insee_code="60057")
    entry = factories.published(
        title="Carte",
        territory=place,
        started="2020-04",
        themes=[factories.theme(slug="cybersecurite")],
        **factories.PUBLIC_SOURCE,
    )
    data = linked(client, entry.get_absolute_url())
    assert data["headline"] == "Carte"
    assert data["identifier"] == entry.reference
    assert data["keywords"] == ["cybersécurité"]
    assert data["temporalCoverage"] == "2020-04"
    assert data["spatialCoverage"]["name"] == "Beauvais"
    assert data["spatialCoverage"]["identifier"]["value"] == "60057"
    assert data["isBasedOn"]["url"] == "https://example.org/article"
    assert client.get(urlsplit(data["image"]).path)["Content-Type"] == "image/png"
    assert "camille" not in json.dumps(data).lower()


def test_entry_says_each_of_several_sources(client):
    entry = factories.published(**factories.PUBLIC_SOURCE)
    entry.more_sources.create(title="Bilan", publisher="Aqui.fr", url="https://example.org/bilan")
    first, second = linked(client, entry.get_absolute_url())["isBasedOn"]
    assert (first["url"], first["publisher"]["name"]) == ("https://example.org/article", "Journal")
    assert (second["name"], second["url"]) == ("Bilan", "https://example.org/bilan")
    assert second["publisher"]["name"] == "Aqui.fr"


def test_entry_with_only_a_title_says_no_more(client):
    entry = factories.published(summary="Brève", started="2020")
    assert "isBasedOn" not in linked(client, entry.get_absolute_url())


@pytest.mark.parametrize("field", ["title", "summary"])
def test_no_text_ends_the_block(client, field):
    entry = factories.published(**{field: HOSTILE})
    name = {"title": "headline", "summary": "description"}[field]
    assert linked(client, entry.get_absolute_url())[name] == HOSTILE


@pytest.mark.parametrize("kind", ["town", "intercommunality"])
def test_territory_says_which(client, kind):
    territory = getattr(factories, kind)(name="CA du Beauvaisis")
    address = f"/{'villes' if kind == 'town' else 'intercommunalites'}/{territory.slug}/"
    assert linked(client, address)["about"]["identifier"]["value"] == territory.pk


def test_every_page_names_its_address_and_an_image(client):
    entry = factories.published()
    for address in ("/", "/initiatives/", entry.get_absolute_url(), "/categories/service-public/", "/a-propos/"):
        html = client.get(address).text
        assert f'<link rel="canonical" href="http://testserver{address}">' in html
        (image,) = re.findall(r'property="og:image" content="http://testserver(.*?)"', html)
        assert client.get(image)["Content-Type"] == "image/png"


def test_entry_is_passed_on_by_mail_with_its_address(client):
    entry = factories.published(title="L'été & après ?", summary="100 % local")
    html = client.get(entry.get_absolute_url()).text
    (href,) = re.findall(r'href="(mailto:\?.*?)"', html)
    query = parse_qs(urlsplit(href.replace("&amp;", "&")).query)
    assert query["subject"] == ["L’été & après\u202f?"]
    assert query["body"][0].endswith(f"http://testserver{entry.get_absolute_url()}")
    assert "100\u00a0% local" in unquote(query["body"][0])


def test_copy_puts_the_address_on_the_clipboard_and_says_so(browser, live_server, transactional_db):
    entry = factories.published()
    context = browser.new_context(base_url=live_server.url, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(entry.get_absolute_url())
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.get_by_text("Adresse copiée")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}{entry.get_absolute_url()}"
    context.close()


def test_copy_is_not_offered_without_javascript(plain_page, transactional_db):
    plain_page.goto(factories.published().get_absolute_url())
    expect(plain_page.get_by_role("button", name="Copier l’adresse")).to_be_hidden()
    expect(plain_page.get_by_role("link", name="Envoyer par courriel")).to_be_visible()
