"""Ticking in a browser: with the scripts at once, without them by a button, by keyboard as by hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import factories


@pytest.fixture
def catalogue(transactional_db):
    by, town = factories.user(), factories.town(name="Beauvais")
    with factories.at_once():
        for number in range(26):
            factories.published(title=f"Fiche {number:02}", slug=f"f{number:02}", territory=town, by=by)


def box(page, number: int):
    return page.get_by_role("checkbox", name=f"Choisir Fiche {number:02}")


def test_ticks_stay_through_pages_and_filters_and_lead_to_the_booklet(page, catalogue):
    page.goto("/initiatives/?tri=titre")
    box(page, 0).focus()
    page.keyboard.press("Space")
    bar = page.locator("#choix")
    expect(bar).to_have_text("1\xa0fiche choisie — voir la sélection")
    expect(page).to_have_url("/initiatives/?tri=titre&fiche=f00")
    expect(box(page, 0)).to_be_focused()
    page.get_by_role("link", name="Suivante").click()
    expect(page.locator("article")).to_have_count(2)
    box(page, 25).check()
    expect(bar).to_have_text("2\xa0fiches choisies — voir la sélection")
    expect(page.locator("article")).to_have_count(2)
    expect(page).to_have_url(re.compile("page=2"))
    page.fill("#q", "fiche 03")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_have_count(1)
    expect(bar).to_have_text("2\xa0fiches choisies — voir la sélection")
    expect(page).not_to_have_url(re.compile("page="))
    bar.get_by_role("link").click()
    expect(page).to_have_url("/selection/?fiche=f00&fiche=f25")
    expect(page.get_by_role("link", name="Livret PDF de 2\xa0fiches")).to_be_visible()
    page.get_by_role("link", name="Continuer dans la liste").click()
    expect(bar).to_have_text("2\xa0fiches choisies — voir la sélection")


def test_tick_replaces_the_address_so_that_back_leaves_the_list(page, catalogue):
    page.goto("/")
    page.goto("/initiatives/?tri=titre")
    box(page, 1).check()
    expect(page).to_have_url("/initiatives/?tri=titre&fiche=f01")
    box(page, 1).uncheck()
    expect(page).to_have_url("/initiatives/?tri=titre")
    expect(page.locator("#choix")).to_contain_text("Cochez des fiches")
    # Evaluated, it would end with the page in which it is asked for.
    page.go_back()
    expect(page).to_have_url("/")


def test_card_is_one_target_and_the_box_another(page, catalogue):
    page.goto("/initiatives/?tri=titre")
    box(page, 2).click()
    expect(page).to_have_url("/initiatives/?tri=titre&fiche=f02")
    page.locator("article").nth(2).click(position={"x": 5, "y": 5})
    expect(page.locator("h1")).to_have_text("Fiche 02")
    page.get_by_role("link", name="Retour à la liste").click()
    expect(box(page, 2)).to_be_checked()


def test_without_javascript_a_button_keeps_the_ticks(plain_page, catalogue):
    plain_page.goto("/initiatives/?tri=titre&page=2")
    box(plain_page, 24).check()
    plain_page.get_by_role("button", name="Garder les fiches cochées").click()
    expect(plain_page.locator("article")).to_have_count(2)
    expect(box(plain_page, 24)).to_be_checked()
    plain_page.get_by_role("link", name="Précédente").click()
    box(plain_page, 3).check()
    plain_page.get_by_role("button", name="Garder les fiches cochées").click()
    plain_page.get_by_role("link", name="2\xa0fiches choisies — voir la sélection").click()
    expect(plain_page.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_list_of_nothing_offers_no_ticking_but_keeps_the_ticks(plain_page, catalogue):
    plain_page.goto("/initiatives/?q=zzzyx")
    expect(plain_page.locator("#resultats")).to_contain_text("Aucune fiche ne contient ces mots")
    expect(plain_page.locator(".picked")).to_be_hidden()
    plain_page.goto("/initiatives/?q=zzzyx&fiche=f00")
    kept = plain_page.get_by_role("link", name="1\xa0fiche choisie")
    expect(kept).to_be_visible()
    plain_page.get_by_role("link", name="Reprendre depuis toute la liste").click()
    expect(plain_page.locator("article")).to_have_count(24)
    expect(kept).to_be_visible()


def test_territory_sends_its_ticks_to_the_selection(plain_page, catalogue):
    plain_page.goto("/villes/beauvais-60/")
    box(plain_page, 3).check()
    plain_page.get_by_role("button", name="Voir les fiches cochées").click()
    expect(plain_page).to_have_url("/selection/?fiche=f03")


def test_paper_shows_neither_boxes_nor_bar(page, catalogue):
    page.goto("/initiatives/?tri=titre&fiche=f02")
    page.emulate_media(media="print")
    expect(page.locator("article").first).to_be_visible()
    expect(page.locator(".pick").first).to_be_hidden()
    expect(page.locator("#choix")).to_be_hidden()
