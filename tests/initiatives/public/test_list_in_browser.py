"""The list in a browser: with JavaScript only the results move, without it everything still works."""

import pytest
from playwright.sync_api import expect

from tests.support import factories

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def catalogue(transactional_db):
    """Thirty entries: twenty-five of Beauvais on one theme, five of Bourg-en-Bresse on another."""
    by = factories.user()
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    for place, slug, count in (
        (factories.town(name="Beauvais"), "cybersecurite", 25),
        (factories.town(name="Bourg-en-Bresse", department=ain), "teletravail-des-agents", 5),
    ):
        for number in range(count):
            title = f"{place.name} {number:02}"
            factories.published(title=title, territory=place, themes=[factories.theme(slug=slug)], by=by)


def total(page):
    return page.locator("[data-total]")


def active(page) -> str:
    """The field, or the element, that has the focus."""
    return page.evaluate("(e => e.name ? `${e.name}=${e.value}` : e.id)(document.activeElement)")


def test_choice_moves_the_results_and_keeps_the_focus(page, catalogue):
    page.goto("/initiatives/")
    page.evaluate("document.documentElement.dataset.witness = 'here'")
    page.focus("input[value=teletravail-des-agents]")
    page.keyboard.press("Space")
    expect(total(page)).to_have_attribute("data-total", "5")
    expect(page).to_have_url("/initiatives/?theme=teletravail-des-agents")
    expect(page).to_have_title("Les initiatives, télétravail des agents · Initiatives numériques des villes")
    assert active(page) == "theme=teletravail-des-agents"
    assert page.evaluate("document.documentElement.dataset.witness") == "here"


def test_back_and_forward_show_what_their_address_says(page, catalogue):
    page.goto("/initiatives/")
    page.check("input[value=teletravail-des-agents]")
    expect(total(page)).to_have_attribute("data-total", "5")
    page.fill("#q", "bresse 03")
    page.keyboard.press("Enter")
    expect(total(page)).to_have_attribute("data-total", "1")
    # Playwright's own go_back() waits for one navigation: htmx answers it with a second, a reload.
    page.evaluate("history.back()")
    expect(total(page)).to_have_attribute("data-total", "5")
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("input[value=teletravail-des-agents]")).to_be_checked()
    page.evaluate("history.back()")
    expect(total(page)).to_have_attribute("data-total", "30")
    expect(page.locator("input[value=teletravail-des-agents]")).not_to_be_checked()
    page.evaluate("history.forward()")
    expect(total(page)).to_have_attribute("data-total", "5")


def test_chip_taken_away_leads_to_the_count_and_empties_its_field(page, catalogue):
    page.goto("/initiatives/?q=bresse&theme=teletravail-des-agents")
    chip = page.get_by_role("link", name="Retirer le filtre Recherche")
    chip.hover()
    expect(page.locator("#catalogue.live")).to_be_attached()
    chip.click()
    expect(page).to_have_url("/initiatives/?theme=teletravail-des-agents")
    expect(page.locator("#q")).to_have_value("")
    assert active(page) == "compte"


def test_pages_follow_one_another_and_an_entry_leads_back(page, catalogue):
    page.goto("/initiatives/?tri=titre")
    page.get_by_role("link", name="Suivante").click()
    expect(page).to_have_url("/initiatives/?tri=titre&page=2")
    page.locator("article").nth(1).click()
    expect(page.locator("h1")).to_have_text("Bourg-en-Bresse 00")
    page.get_by_role("link", name="Retour à la liste").click()
    expect(page.locator("article")).to_have_count(6)


def test_reading_the_list_takes_three_requests_and_filtering_fetches_the_rest(page, catalogue):
    asked = []

    def remember(request):
        name = request.url.split("?")[0].rsplit("/", 1)[-1]
        if name != "favicon.svg":  # for the browser's own tab, once a visitor
            asked.append(name)

    page.on("request", remember)
    page.goto("/initiatives/", wait_until="networkidle")
    assert asked == ["", "site.css", "site.js"]
    page.hover("#facettes")
    expect(page.locator("#catalogue.live")).to_be_attached()
    assert asked[3:] == ["htmx-2.min.js", "list.js"]


def test_choice_made_before_the_scripts_are_there_counts(page, catalogue):
    page.goto("/initiatives/")
    page.evaluate("document.querySelector('input[value=teletravail-des-agents]').click()")
    expect(total(page)).to_have_attribute("data-total", "5")
    expect(page).to_have_url("/initiatives/?theme=teletravail-des-agents")


def test_choice_without_the_scripts_waits_for_the_button(page, catalogue):
    page.route("**/htmx*", lambda route: route.abort())
    page.goto("/initiatives/")
    page.check("input[value=teletravail-des-agents]")
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(total(page)).to_have_attribute("data-total", "5")


def test_back_after_a_reload_shows_what_the_address_says(page, catalogue):
    page.goto("/initiatives/")
    page.check("input[value=teletravail-des-agents]")
    expect(total(page)).to_have_attribute("data-total", "5")
    page.reload()
    page.evaluate("history.back()")
    expect(total(page)).to_have_attribute("data-total", "30")


def test_sort_moves_the_results_and_the_usual_order_stays_out_of_the_address(page, catalogue):
    page.goto("/initiatives/")
    page.select_option("#tri", "titre")
    expect(page).to_have_url("/initiatives/?tri=titre")
    page.select_option("#tri", "recent")
    expect(page).to_have_url("/initiatives/")


def test_opened_list_stays_open_and_where_it_was(page, catalogue):
    for number in range(40, 60):
        factories.department(code=str(number), name=f"Département {number}")
    page.goto("/initiatives/")
    page.locator("summary").filter(has_text="Département").click()
    departments = page.locator("#facette-departement fieldset")
    departments.evaluate("list => list.scrollTop = 150")
    page.check("input[value=teletravail-des-agents]")
    expect(total(page)).to_have_attribute("data-total", "5")
    expect(departments).to_be_visible()
    assert departments.evaluate("list => list.scrollTop") == 150


def test_slow_answer_shows_that_it_is_on_its_way(page, catalogue):
    held = []
    page.goto("/initiatives/")
    page.route("**/initiatives/?*", lambda route: held.append(route))
    page.check("input[value=teletravail-des-agents]")
    expect(page.locator("#resultats")).to_have_attribute("aria-busy", "true")
    held.pop().continue_()
    expect(total(page)).to_have_attribute("data-total", "5")
    expect(page.locator("#resultats")).not_to_have_attribute("aria-busy", "true")


def test_answer_that_never_comes_leaves_the_list_and_a_way_on(page, catalogue):
    page.goto("/initiatives/")
    page.route("**/initiatives/?*", lambda route: route.abort())
    page.check("input[value=teletravail-des-agents]")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("La liste n’a pas pu être mise à jour")
    page.unroute("**/initiatives/?*")
    alert.get_by_role("link").click()
    expect(total(page)).to_have_attribute("data-total", "5")


def test_refusal_of_the_server_shows_its_page(page, catalogue):
    page.goto("/initiatives/")
    page.route(
        "**/initiatives/?*",
        lambda route: route.fulfill(status=503, content_type="text/html; charset=utf-8", body="<h1>Fermé</h1>"),
    )
    page.click("input[value=teletravail-des-agents]")
    expect(page.locator("h1")).to_have_text("Fermé")
    expect(page).to_have_url("/initiatives/?theme=teletravail-des-agents")


def test_filters_fold_on_a_phone(page, catalogue):
    page.set_viewport_size(PHONE)
    page.goto("/initiatives/")
    choice = page.locator("input[value=teletravail-des-agents]")
    expect(choice).to_be_hidden()
    page.get_by_text("Filtrer", exact=True).click()
    choice.check()
    expect(page.locator("#nombre")).to_have_text("(1)")
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(choice).to_be_hidden()
    expect(total(page)).to_have_attribute("data-total", "5")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_filters_work_without_javascript(plain_page, catalogue):
    plain_page.goto("/initiatives/")
    plain_page.check("input[value=teletravail-des-agents]")
    plain_page.get_by_role("button", name="Appliquer les filtres").click()
    expect(total(plain_page)).to_have_attribute("data-total", "5")
    plain_page.get_by_role("link", name="Tout effacer").click()
    plain_page.get_by_role("link", name="Suivante").click()
    expect(plain_page.locator("article")).to_have_count(6)
