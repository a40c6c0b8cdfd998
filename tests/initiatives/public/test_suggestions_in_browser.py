"""Suggestions under the search field: a combobox for keyboard, mouse and screen reader, and never in the way."""

import pytest
from playwright.sync_api import expect

from tests.support import factories


@pytest.fixture
def catalogue(transactional_db):
    beauvais = factories.town(name="Beauvais", insee_code="60057", slug="beauvais-60")
    factories.published(
        title="Un bouclier numérique", territory=beauvais, themes=[factories.theme(slug="cybersecurite")]
    )


def field(page):
    return page.get_by_role("combobox", name="Chercher une initiative, une ville, un outil")


def write(page, text: str):
    page.get_by_label("Chercher une initiative, une ville, un outil").focus()
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.type(text)


def test_arrows_reach_a_suggestion_and_enter_follows_it(page, catalogue):
    page.goto("/")
    write(page, "beauv")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="2 suggestions")).to_be_attached()
    page.keyboard.press("ArrowDown")
    reached = page.locator("[role=option][aria-selected=true]")
    expect(reached).to_contain_text("Beauvais (60)")
    expect(field(page)).to_have_attribute("aria-activedescendant", reached.get_attribute("id"))
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/villes/beauvais-60/")


def test_enter_without_a_choice_searches_what_was_typed(page, catalogue):
    page.goto("/")
    write(page, "bouclier")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/initiatives/?q=bouclier")


def test_escape_closes_and_leaves_what_was_typed(page, catalogue):
    page.goto("/")
    write(page, "beauv")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("beauv")


def test_arrow_up_reaches_the_last_and_leaving_the_field_closes(page, catalogue):
    page.goto("/")
    write(page, "beauv")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_click_follows_a_suggestion(page, catalogue):
    page.goto("/a-propos/")
    write(page, "cyber")
    page.get_by_role("option").first.click()
    expect(page).to_have_url("/initiatives/?theme=cybersecurite")


@pytest.mark.parametrize("typed", ["b", "x" * 500, "<script>alert(1)</script>", "zzz"])
def test_one_letter_five_hundred_or_markup_suggest_nothing(page, catalogue, typed):
    page.goto("/")
    write(page, typed)
    page.wait_for_timeout(400)
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_title_with_markup_is_shown_as_text(page, catalogue):
    factories.published(title="<img src=x onerror=alert(1)> bouclier")
    page.goto("/")
    write(page, "onerror")
    expect(page.get_by_role("option")).to_contain_text("<img src=x onerror=alert(1)> bouclier")


def test_answer_that_comes_late_does_not_take_the_place_of_another(page, catalogue):
    held = []
    page.route("**/suggestions?q=bea", lambda route: held.append(route))
    page.goto("/")
    with page.expect_request("**/suggestions?q=bea"):
        write(page, "bea")
    page.keyboard.type("uv")
    expect(page.get_by_role("option")).to_have_count(2)
    held[0].fulfill(json={"suggestions": []})
    page.wait_for_timeout(200)
    expect(page.get_by_role("option")).to_have_count(2)


def test_server_that_does_not_answer_leaves_a_field_that_searches(page, catalogue):
    page.route("**/suggestions?*", lambda route: route.abort())
    page.goto("/")
    write(page, "bouclier")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/initiatives/?q=bouclier")
