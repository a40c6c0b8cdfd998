"""Each kind of page for everyone: the rules of WCAG 2.2 AA, the keyboard, zoom, colours of one's own, paper.

What a machine can see of accessibility is not an audit, and the site does not claim one.
"""

import io

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect
from pypdf import PdfReader

from initiatives.models import Survey
from tests.support import factories
from tests.support.accessibility import NARROW, RULES, RUN, WIDE, has_visible_focus
from tests.support.kinds import addresses, bare_entry, complete_entry, report

# In the dark only the colours are others.
RULES_OF = {"light": RULES, "dark": RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}}
ERRORS = ["/perdue/", "/export/initiatives.csv?theme=perdu"]
# What stands in a frame of another site has no navigation of ours.
FRAMED = ["/integrer/liste?theme=sante-publique", "/integrer/liste?theme=perdu"]


@pytest.fixture
def catalogue(transactional_db):
    entry = complete_entry()
    bare_entry()
    report()
    other = Survey.objects.create(title="Enquête 2026", slug="2026", prefix="E26", started_on="2026-01-01")
    factories.published(survey=other, in_survey=True, themes=list(entry.themes.all()), territory=entry.territory)
    return entry


@pytest.fixture
def kinds(catalogue) -> list[str]:
    return [*addresses(catalogue), *ERRORS]


def test_rules_of_wcag_find_nothing(page, kinds):
    looked = set()
    for address in [*kinds, *FRAMED]:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        for scheme, rules in RULES_OF.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for size in (NARROW, WIDE):
                page.set_viewport_size(size)
                assert page.evaluate(RUN, rules) == [], (address, scheme, size)
        looked.add(address)
    assert len(looked) >= 30


def test_open_suggestions_break_no_rule(page, catalogue):
    page.goto("/")
    page.get_by_label("Chercher une initiative, une ville, un outil").focus()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("beauv")
    expect(page.get_by_role("option")).not_to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(RUN, RULES) == []


def test_no_page_scrolls_sideways(page, kinds):
    """At 320 px, which is also what a window of 1280 px shows at 400 % zoom, and at 200 %."""
    for address in [*kinds, *FRAMED]:
        page.goto(address)
        for size in (NARROW, {"width": 640, "height": 400}):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], (address, size)


def test_text_twice_as_large_still_fits(page, kinds):
    page.set_viewport_size(WIDE)
    for address in kinds:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") == WIDE["width"], address


def test_keyboard_goes_through_every_page_and_out_again(page, kinds):
    """Tab reaches every control in turn, each with a visible focus, and none holds it."""
    page.set_viewport_size(WIDE)
    for address in kinds:
        page.goto(address)
        seen = []
        for _ in range(400):
            page.keyboard.press("Tab")
            at = page.evaluate("""() => {
                const at = document.activeElement;
                if (at === document.body) return null;
                at.dataset.step ??= String(document.querySelectorAll("[data-step]").length);
                return at.dataset.step;
            }""")
            if at is None or at in seen:
                break
            assert has_visible_focus(page), (address, page.evaluate("document.activeElement.outerHTML"))
            seen.append(at)
        assert len(seen) >= 8, address
        last = page.locator("a[href]:visible").last
        assert last.get_attribute("data-step") is not None, f"{address}: the last link is out of reach"


def test_skip_link_leads_to_the_content(page, catalogue):
    page.goto("/initiatives/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_keyboard_alone_finds_an_entry_by_filters_and_comes_back(page, catalogue):
    with factories.at_once():
        for number in range(30):
            factories.published(title=f"Fiche {number:02}", themes=[factories.theme(slug="cybersecurite")])
    page.set_viewport_size(WIDE)
    page.goto("/initiatives/")
    page.focus("input[name=theme][value=cybersecurite]")
    page.keyboard.press("Space")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "30")
    page.get_by_role("link", name="Suivante").focus()
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_have_count(6)
    expect(page.locator("#compte")).to_be_focused()
    page.locator("article a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Fiche")
    page.get_by_role("link", name="Retour à la liste").focus()
    page.keyboard.press("Enter")
    chip = page.get_by_role("link", name="Retirer le filtre Thème")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_attribute("data-total", "34")


def test_motion_stops_where_it_is_not_wanted(page, catalogue):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/initiatives/")
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
    assert page.evaluate(f"{moving}.length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(f"{moving}.length") > 0


def test_colours_of_ones_own_keep_what_is_chosen_and_where_one_is(page, catalogue):
    page.emulate_media(forced_colors="active")
    page.goto("/initiatives/?theme=sante-publique")
    chosen, other = (
        page.evaluate(f"getComputedStyle(document.querySelector('.choice:has({state}) svg')).fill")
        for state in (":checked[type=checkbox]", ":not(:checked)[type=checkbox]")
    )
    assert chosen != other
    page.keyboard.press("Tab")
    assert has_visible_focus(page)


def printed(page, address: str) -> list[str]:
    """The text of each sheet."""
    page.goto(address)
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    return [sheet.extract_text() for sheet in sheets]


def test_longest_entry_is_printed_on_one_sheet(page, catalogue):
    """As long as most answers are: 70 % of what each field holds."""
    full = {"need": 600, "solution": 1500, "results": 800, "caveats": 800, "advice": 600, "summary": 500}
    words = "Une phrase d’une longueur ordinaire, comme on en écrit dans une enquête. "
    for name, most in full.items():
        setattr(catalogue, name, (words * 30)[: int(0.7 * most)])
    catalogue.save()
    sheets = printed(page, f"/initiatives/{catalogue.slug}/")
    assert len(sheets) == 1
    assert "Source et licence" in sheets[0]
    assert "https://example.org/entraide" in sheets[0].replace("\n", "")
    assert "Envoyer par courriel" not in sheets[0]


def test_list_is_printed_with_addresses_and_without_filters(page, catalogue):
    text = " ".join(printed(page, "/initiatives/"))
    assert "/initiatives/entraide/" in text.replace("\n", "")
    assert "Chercher" not in text
    assert "Département" not in text
