"""The public pages that an entry was written from: each is named and led to, by every form of an edition."""

import html

import pytest

from initiatives.exports.columns import NAMES
from initiatives.publication.edition_entry import EditionEntry
from tests.support import editions, factories
from tests.support.editions import fetch
from tests.support.pdfs import read, squeezed, text_of

OTHERS = {
    'https://example.org/l\'avis?a|b="1"': ("Bilan · un an", "Aqui.fr"),
    "http://example.org/2": ("Les « suites »", "Sud"),
}


@pytest.fixture
def entry():
    made = factories.published(**factories.PUBLIC_SOURCE)
    for url, (title, publisher) in OTHERS.items():
        made.more_sources.create(title=title, publisher=publisher, url=url)
    return made


def links(content: bytes) -> set[str]:
    notes = [note.get_object() for page in read(content).pages for note in page.get("/Annots", [])]
    return {note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})}


def test_page_of_an_edition_leads_to_each_in_the_entry_and_in_the_index(entry, client):
    page = fetch(client, editions.edition().get_absolute_url()).decode()
    (_, sheet), (_, index) = (page.split(start) for start in ('<section class="sheet"', '<section id="sources">'))
    told, indexed = sheet.partition("</section>")[0], index.partition("</section>")[0]
    for url, (_, publisher) in [*OTHERS.items(), ("https://example.org/article", ("", "Journal"))]:
        assert f'href="{html.escape(url)}"' in told
        assert f'href="{html.escape(url)}"' in indexed
        assert f", {publisher}</p>" in told
        assert f"<dt>{publisher}</dt>" in indexed
    assert "Bilan · un an</a>" in told


def test_report_and_sheet_lead_to_each(entry, client):
    edition = editions.built()
    for address in (f"{edition.get_absolute_url()}publication.pdf", f"{entry.get_absolute_url()}fiche.pdf"):
        content = fetch(client, address)
        assert links(content) >= {*OTHERS, "https://example.org/article"}, address
        assert squeezed("Source : Bilan · un an, Aqui.fr") in text_of(content), address
    assert text_of(fetch(client, f"{edition.get_absolute_url()}publication.pdf")).count(squeezed("Bilan · un an")) == 2


def of(column: list[str] | None, **facts) -> list[tuple]:
    return EditionEntry(dict.fromkeys(NAMES) | facts | {"autres_sources": column}).sources


def test_source_is_read_back_as_it_was_written():
    assert of(["A · B\nC · D · https://example.org/·"]) == [("A · B\nC", "D", "https://example.org/·")]
    assert of(None, source_url="http://example.org/") == [("", "", "http://example.org/")]
    assert of(()) == []
