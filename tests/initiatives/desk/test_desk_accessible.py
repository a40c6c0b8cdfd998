"""Every page of the desk for everyone: the rules of WCAG 2.2 AA, small screens, both schemes, the keyboard.

The page fails besides on a script error, a breach of the policy, and a request to another site.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from initiatives.imports import views
from tests.support.accessibility import NARROW, RULES, RUN, WIDE, has_visible_focus
from tests.support.desk_pages import ENTRIES, Desk, log_in

pytestmark = pytest.mark.ignore_template_errors

# What a wide window and the other scheme change is seen and not read: the names and the structure stay.
LOOKS = [(NARROW, "light", RULES), (WIDE, "dark", {"runOnly": ["color-contrast"], "resultTypes": ["violations"]})]
# The order of Tab is that of the page, and each field has a name that is not its placeholder.
ORDER = "[...document.querySelectorAll('[tabindex]')].filter(({tabIndex}) => tabIndex > 0).length"
COVERED = """() => {
    const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
    const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return found?.closest(".submit-row") && !document.activeElement.closest(".submit-row");
}"""


@pytest.fixture
def desk(page, transactional_db, monkeypatch):
    # An import under way does not come again while it is looked at.
    monkeypatch.setattr(views, "REFRESH", 600)
    desk = Desk()
    log_in(page, desk.chief)
    return desk


def test_no_rule_is_broken_on_any_page_in_any_state(desk, page):
    looked, broken = [], []
    for name in desk.pages(page):
        page.evaluate(AXE_SCRIPT)
        for size, scheme, rules in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = page.evaluate(RUN, rules)
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                found.append(["it scrolls sideways"])
            broken += [(name, size["width"], scheme, fault) for fault in found]
        assert page.evaluate(ORDER) == 0, name
        looked.append(name)
    assert not broken, "\n".join(map(str, broken))
    assert len(looked) >= 55


def test_keyboard_goes_through_the_desk_with_a_focus_that_is_seen(desk, page):
    page.set_viewport_size(WIDE)
    for address in ("/admin/", ENTRIES, f"{ENTRIES}{desk.waiting.pk}/change/", "/admin/imports/", "/admin/compte/"):
        page.goto(address)
        seen = 0
        while True:
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            where = address, page.evaluate("document.activeElement.outerHTML")
            assert has_visible_focus(page), where
            assert not page.evaluate(COVERED), where
            seen += 1
            assert seen < 300, where
        assert seen >= 8, address
