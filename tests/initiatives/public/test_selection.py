"""« Ma sélection »: entries kept in an address, and what is printed of them."""

import io
import re

import pypdf
import pytest

from initiatives.models import SlugRedirect
from tests.support import factories
from tests.support.kinds import bare_entry, complete_entry
from tests.support.pdfs import HOSTILE


def ticked(html: str) -> list[str]:
    return re.findall(r'value="([\w-]+)"\s+id="f-[\w-]+"\s+checked', html)


def unticked(html: str) -> list[str]:
    return sorted(set(re.findall(r'value="([\w-]+)"\s+id="f-', html)) - set(ticked(html)))


def text_of(response) -> str:
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_address_keeps_the_entries_in_their_order(client):
    for slug in ("un", "deux", "trois"):
        factories.published(slug=slug)
    html = client.get("/selection/?fiche=trois&fiche=un&fiche=trois").text
    assert ticked(html) == ["trois", "un"]
    assert "2\xa0fiches choisies" in html
    assert "/selection/livret.pdf?fiche=trois&amp;fiche=un" in html


def test_search_offers_entries_to_add_and_filters_stay(client):
    factories.published(slug="un", title="Prêt de tablettes")
    factories.published(slug="deux", title="Autres tablettes")
    factories.published(slug="trois", title="Conseil en ligne")
    html = client.get("/selection/?fiche=un&q=tablettes&categorie=service-public").text
    assert (ticked(html), unticked(html)) == (["un"], ["deux"])
    assert '<input type="hidden" name="categorie" value="service-public">' in html


def test_entry_that_is_not_public_is_named_and_not_shown(client):
    factories.draft(slug="brouillon", title="Pas encore")
    factories.published(slug="un")
    html = client.get("/selection/?fiche=brouillon&fiche=un&fiche=inconnue").text
    assert "2\xa0fiches demandées n’existent pas" in html
    assert "Pas encore" not in html
    assert client.get("/selection/livret.pdf?fiche=brouillon&fiche=un").status_code == 400


def test_former_address_of_an_entry_still_names_it(client):
    entry = factories.published(slug="nouveau")
    SlugRedirect.objects.create(slug="ancien", initiative=entry)
    assert ticked(client.get("/selection/?fiche=ancien&fiche=nouveau").text) == ["nouveau"]


def test_fifty_are_printed_and_more_are_refused_with_a_sentence(client):
    by, town = factories.user(), factories.town()
    with factories.at_once():
        for number in range(51):
            factories.published(territory=town, by=by, slug=f"f{number}", title=f"Fiche numéro {number}")
    address = "/selection/livret.pdf?" + "&".join(f"fiche=f{number}" for number in range(51))
    refused = client.get(address)
    assert refused.status_code == 400
    assert "50 fiches au plus" in refused.text
    assert "décochez-en 1," in refused.text
    booklet = client.get(address.removesuffix("&fiche=f50"))
    assert booklet["Content-Type"] == "application/pdf"
    text = text_of(booklet)
    assert all(f"Fiche numéro {number}" in text for number in range(50))


def test_booklet_of_nothing_is_refused_and_so_is_nonsense(client):
    for query in ("", "?fiche=", "?fiche=%00", "?fiche=" + "a" * 5_000, "?fiche=🙂"):
        assert client.get(f"/selection/livret.pdf{query}").status_code == 400


def test_unknown_filter_is_said(client):
    assert "inconnue" in client.get("/selection/?categorie=zz").text


def test_number_of_queries_is_constant(client, django_assert_num_queries):
    for slug in ("un", "deux", "trois"):
        factories.published(slug=slug, themes=[factories.theme(slug="cybersecurite")])
    with django_assert_num_queries(8):
        client.get("/selection/?fiche=un")
    with django_assert_num_queries(8):
        client.get("/selection/?fiche=un&fiche=deux&fiche=trois")


@pytest.mark.parametrize("entry", [complete_entry, bare_entry])
def test_sheet_of_an_entry_says_what_its_page_says(client, entry):
    initiative = entry()
    response = client.get(f"{initiative.get_absolute_url()}fiche.pdf")
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    text = text_of(response)
    assert initiative.title.replace("'", "’").replace(" :", "\xa0:") in text.replace(" :", "\xa0:")
    assert initiative.reference in text
    assert "Licence Ouverte 2.0" in text
    assert len(reader.pages) == 1
    links = {
        note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"] if "/URI" in note.get_object()["/A"]
    }
    assert f"http://testserver{initiative.get_absolute_url()}" in links


def test_sheet_says_every_block(client):
    text = text_of(client.get(f"{complete_entry().get_absolute_url()}fiche.pdf"))
    for words in [
        "Le besoin de départ",
        "Points de vigilance",
        "Bonnes pratiques",
        "Yakforms",
        "Secours populaire",
        "La délibération",
    ]:
        assert words in text, words
    assert "Camille" not in text


def test_sheet_of_an_entry_that_is_not_public_is_not_found(client):
    factories.draft(slug="brouillon")
    assert client.get("/initiatives/brouillon/fiche.pdf").status_code == 404


def test_any_text_gives_a_sheet_and_a_booklet(client):
    text = " ".join(HOSTILE.values())
    entry = factories.published(
        title="".join(HOSTILE[name][:9] for name in HOSTILE),
        slug="un",
        summary=text[:500],
        need=text[:600],
        advice=text[-600:],
        partners=text,
        carrying_service=text[-120:],
    )
    factories.published(slug="deux", title=HOSTILE["nothing"])
    for address in (f"{entry.get_absolute_url()}fiche.pdf", "/selection/livret.pdf?fiche=un&fiche=deux"):
        response = client.get(address)
        assert response["Content-Type"] == "application/pdf", address
        assert "root:" not in text_of(response)


def test_same_sheet_same_bytes(client):
    address = f"{complete_entry().get_absolute_url()}fiche.pdf"
    assert client.get(address).content == client.get(address).content
