"""The pages of text say only what is true."""

import re

import pytest

from tests.support import factories


@pytest.mark.parametrize("address", ["/a-propos/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/"])
def test_page_is_there_with_one_heading(client, address):
    html = client.get(address).text
    assert html.count("<h1") == 1
    assert "contact@example.org" in html


@pytest.mark.parametrize("address", ["/a-propos/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/"])
def test_what_is_not_known_yet_is_named_as_such(client, settings, address):
    settings.CONTACT_EMAIL = ""
    html = client.get(address).text
    assert "mailto:" not in html
    assert "renseigné" in html
    # What a fiche offers only where somebody would read it.
    assert "signalée depuis chaque fiche" not in html


def test_privacy_says_how_long_as_the_setting_has_it(client, settings):
    settings.RETENTION_MONTHS = 7
    html = client.get("/donnees-personnelles/").text.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "effacées 7 mois après la fin de l’enquête" in html
    assert "au plus tard 12 mois après" in html


def test_about_counts_what_the_list_finds(client):
    factories.published(in_survey=True)
    factories.published()
    factories.draft(in_survey=True)
    html = client.get("/a-propos/").text.replace("\u00a0", " ")
    assert "2 initiatives de 2 communes" in html
    assert re.search(r">1 fiche</a>\s+vient de l’enquête", html)
    assert 'data-total="1"' in client.get("/initiatives/?enquete=oui").text


def test_accessibility_claims_nothing_before_an_audit(client):
    assert "<strong>non conforme</strong>" in client.get("/accessibilite/").text
