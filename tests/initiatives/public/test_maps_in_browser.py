"""The map in a browser: every mark by keyboard, zoom by buttons and keys, and no need of JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.support import factories


@pytest.fixture
def catalogue(transactional_db):
    """Three towns of the mainland, the largest first, and one of La Réunion."""
    by = factories.user()
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    reunion = factories.department(code="974", name="La Réunion", region="La Réunion", region_code="04")
    for place, count in (
        (factories.town(name="Beauvais", longitude=2.0823, latitude=49.4425), 3),
        (factories.town(name="Compiègne", longitude=2.8, latitude=49.4), 2),
        (factories.town(name="Bourg-en-Bresse", department=ain, longitude=5.23, latitude=46.2), 1),
        (factories.town(name="Saint-Denis", department=reunion, longitude=55.45, latitude=-20.88), 1),
    ):
        for number in range(count):
            category = factories.category(slug="service-public" if number else "economie-locale")
            factories.published(territory=place, category=category, by=by)


def name_of_focus(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")


def tab_to(page, name: str):
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in name_of_focus(page):
            return
    raise AssertionError(f"{name} is not reached")


def view(page) -> list[float]:
    return [float(number) for number in page.locator(".mainland").get_attribute("viewBox").split()]


def test_keyboard_reaches_a_mark_sees_it_and_follows_it(page, catalogue):
    page.goto("/carte/")
    page.focus(".past")
    tab_to(page, "Beauvais (Oise)\u00a0: 3\u00a0initiatives")
    circle = page.locator(".mainland a:focus circle")
    resting = page.locator(".mainland a:not(:focus) circle").first
    width = "element => parseFloat(getComputedStyle(element).strokeWidth)"
    assert circle.evaluate(width) >= resting.evaluate(width) + 1
    fill = "element => getComputedStyle(element).fill"
    assert circle.evaluate(fill) != resting.evaluate(fill)
    label = page.locator(".label")
    expect(label).to_be_visible()
    expect(label).to_have_text("Beauvais (Oise)\u00a0: 3\u00a0initiatives")
    page.keyboard.press("Escape")
    expect(label).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Beauvais")


def test_marks_follow_one_another_to_the_insets_and_out_of_the_map(page, catalogue):
    page.goto("/carte/")
    page.focus(".past")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(name_of_focus(page).partition(" (")[0])
        if page.evaluate("!document.activeElement.closest('.map')"):
            break
    # The zoom, the marks, and no other stop: the drawing itself is none.
    assert reached[:7] == [
        "Agrandir", "Réduire", "Toute la carte", "Beauvais", "Compiègne", "Bourg-en-Bresse", "Saint-Denis"
    ]  # fmt: skip
    assert page.evaluate("!document.activeElement.closest('.map')")


def test_map_can_be_passed(page, catalogue):
    page.goto("/carte/")
    page.focus(".past")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.places'))")


def test_buttons_zoom_and_show_everything_again(page, catalogue):
    page.goto("/carte/")
    whole = view(page)
    nearer = page.get_by_role("button", name="Agrandir")
    page.focus(".zoom button")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert view(page)[2] < whole[2] / 2
    # It keeps the focus even where there is nothing left to enlarge.
    for _ in range(8):
        page.keyboard.press("Enter")
    expect(nearer).to_be_focused()
    expect(nearer).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Toute la carte").click()
    assert view(page) == whole


def test_keys_zoom_on_the_mark_and_the_map_follows_the_focus(page, catalogue):
    page.goto("/carte/")
    page.focus(".past")
    tab_to(page, "Beauvais")
    whole = view(page)
    for _ in range(4):
        page.keyboard.press("+")
    left, top, width, _ = view(page)
    assert width < whole[2] / 4
    tab_to(page, "Bourg-en-Bresse")
    assert view(page)[:2] != [left, top]
    box, mark = page.locator(".mainland").bounding_box(), page.locator("a:focus circle").bounding_box()
    assert box["x"] <= mark["x"] <= box["x"] + box["width"]
    assert box["y"] <= mark["y"] <= box["y"] + box["height"]
    before = view(page)
    page.keyboard.press("ArrowLeft")
    assert view(page)[0] < before[0]
    page.keyboard.press("0")
    assert view(page) == whole
    # Not enlarged, the arrows are the page's.
    page.keyboard.press("ArrowDown")
    assert view(page) == whole


def test_wheel_scrolls_the_page_even_over_an_enlarged_map(page, catalogue):
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto("/carte/")
    page.get_by_role("button", name="Agrandir").click()
    seen = view(page)
    page.locator(".mainland").hover()
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 100")
    assert view(page) == seen


def test_place_of_the_list_shows_its_mark(page, catalogue):
    page.goto("/carte/")
    page.get_by_role("link", name="Compiègne", exact=True).hover()
    expect(page.locator(".label")).to_have_text("Compiègne (Oise)\u00a0: 2\u00a0initiatives")
    expect(page.locator("svg a.named")).to_have_count(1)


def test_filter_moves_the_map_and_its_enhancements(page, catalogue):
    page.goto("/carte/")
    page.check("input[value=economie-locale]")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "4")
    expect(page).to_have_url("/carte/?categorie=economie-locale")
    expect(page.locator("figure.ink-brick .zoom")).to_have_count(1)
    page.locator(".mainland a").first.hover()
    expect(page.locator(".label")).to_contain_text("1\u00a0initiative")


def test_without_javascript_the_map_filters_and_leads_on(plain_page, catalogue):
    plain_page.goto("/carte/")
    expect(plain_page.locator(".zoom")).to_have_count(0)
    plain_page.check("input[value=service-public]")
    plain_page.get_by_role("button", name="Appliquer").click()
    expect(plain_page.locator("[data-total]")).to_have_attribute("data-total", "3")
    plain_page.get_by_role("link", name="Beauvais (Oise)").click()
    expect(plain_page.locator("[data-total]")).to_have_attribute("data-total", "2")


@pytest.mark.parametrize("address", ["/carte/", "/collectivites/", "/villes/beauvais-60/"])
def test_narrow_page_does_not_scroll_sideways(page, catalogue, address):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_directory_completes_territories_by_keyboard(page, catalogue):
    page.goto("/collectivites/")
    page.focus("#q")
    page.keyboard.type("bea")
    option = page.get_by_role("option", name="Beauvais")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Beauvais")
