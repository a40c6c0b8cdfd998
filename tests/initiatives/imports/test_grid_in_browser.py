"""The grid of an import with JavaScript: by the keyboard alone, as in a spreadsheet."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from initiatives.imports.jobs import ImportJob
from initiatives.models import ImportBatch
from tests.support import factories
from tests.support.accessibility import NARROW, RULES, RUN, WIDE, has_visible_focus
from tests.support.browsers import enter
from tests.support.imports import BIKES, HEADINGS, TABLETS, sent
from tests.support.servers import eventually

pytestmark = pytest.mark.ignore_template_errors

ROWS = [BIKES, TABLETS, ["60057", "Un standard", *BIKES[2:4], "hier"]]


@pytest.fixture
def batch(client) -> ImportBatch:
    client.force_login(factories.member("rédaction"))
    factories.town(name="Beauvais", insee_code="60057", population=56_000)
    return sent(client, HEADINGS, *ROWS)


@pytest.fixture
def grid(page, client, batch):
    """The page of an import, where the keyboard has just come to the grid."""
    enter(page, client)
    page.set_viewport_size(WIDE)
    page.goto(f"/admin/imports/{batch.pk}/")
    page.focus(".kinds li:last-child a")
    page.keyboard.press("Tab")
    return page


def where(page) -> tuple[str, str]:
    """The line and the field of the cell that has the focus."""
    at = "document.activeElement"
    return tuple(page.evaluate(f"[{at}.parentElement.dataset.row, {at}.dataset.cell]"))


def press(page, *keys: str):
    for key in keys:
        page.keyboard.press(key)


def shown(page, line: int, field: str) -> str:
    return page.inner_text(f"[data-row='{line}'] [data-cell={field}]").strip()


def check(page, count: str):
    page.click(f"button:has-text('Vérifier les valeurs saisies ({count})')")
    page.wait_for_load_state()


def paste(page, text: str):
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        text,
    )


def test_one_tab_stop_and_every_cell_by_arrows(grid):
    assert grid.get_attribute(".sheet table", "role") == "grid"
    assert where(grid) == ("2", "territory_name")
    assert has_visible_focus(grid)
    for keys, place in (
        (["ArrowRight"], ("2", "title")),
        (["ArrowDown"], ("3", "title")),
        (["End"], ("3", "started")),
        (["ArrowRight"], ("3", "started")),
        (["Control+End"], ("4", "started")),
        (["PageUp"], ("2", "started")),
        (["PageDown"], ("4", "started")),
        (["Control+ArrowUp"], ("2", "started")),
        (["Control+Home", "ArrowRight"], ("2", "territory_name")),
    ):
        press(grid, *keys)
        assert where(grid) == place, keys
    press(grid, "Home", "ArrowDown", "Enter")
    grid.wait_for_url("**/lignes/3?*")
    grid.go_back()
    grid.focus(".sheet [tabindex='0']")
    press(grid, "Tab")
    assert not grid.evaluate("document.activeElement.closest('.sheet')")


def test_cells_are_typed_and_checked_together(grid, batch):
    press(grid, "ArrowRight")
    grid.keyboard.type("Vélos à l’heure")
    press(grid, "Enter")
    assert where(grid) == ("3", "title")
    press(grid, "F2", "End")
    grid.keyboard.type(" maternelles")
    press(grid, "Tab")
    assert where(grid) == ("3", "category")
    press(grid, "Control+End", "Enter")
    grid.keyboard.press("Control+a")
    grid.keyboard.type("mai 2021")
    press(grid, "Enter")
    check(grid, "3 modifications")
    assert shown(grid, 2, "title").startswith("Vélos à l’heure")
    assert shown(grid, 3, "title").startswith("Tablettes pour les écoles maternelles")
    batch.refresh_from_db()
    assert batch.counts == {"new": 3}
    # One is where one was.
    assert eventually(lambda: where(grid)[0] == "4")


def test_first_key_is_the_first_letter_also_of_a_dead_key(grid):
    press(grid, "ArrowRight")
    grid.keyboard.down("Shift")
    grid.keyboard.up("Shift")
    assert grid.locator(".sheet textarea").count() == 0
    grid.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Dead', bubbles: true}))")
    grid.keyboard.insert_text("ê")
    grid.keyboard.type("tre")
    press(grid, "Enter")
    assert shown(grid, 2, "title") == "être"


def test_escape_gives_up_delete_empties_and_undo_brings_back(grid):
    press(grid, "ArrowRight")
    grid.keyboard.type("Rien")
    press(grid, "Escape")
    assert (where(grid), shown(grid, 2, "title")) == (("2", "title"), BIKES[1])
    assert grid.locator(".edits").is_hidden()
    press(grid, "Delete")
    assert shown(grid, 2, "title") == "(vidée)"
    press(grid, "ArrowDown", "Control+z")
    assert (where(grid), shown(grid, 2, "title")) == (("2", "title"), BIKES[1])
    assert grid.locator(".edits").is_hidden()


def test_cells_of_another_spreadsheet_are_pasted_and_undone_at_once(grid):
    press(grid, "ArrowRight")
    paste(grid, 'Un\tService public\r\n"Deux\nlignes ""ici"""\tCohésion sociale\r\nTrois\r\nDe trop\r\n')
    assert [shown(grid, line, "title") for line in (2, 3, 4)] == ["Un", 'Deux\nlignes "ici"', "Trois"]
    assert shown(grid, 2, "category") == "Service public"
    assert grid.inner_text(".edits") == "Vérifier les valeurs saisies (4 modifications)"
    press(grid, "Control+z")
    assert [shown(grid, line, "title") for line in (2, 3, 4)] == [row[1] for row in ROWS]


def test_row_that_is_left_aside_is_not_typed_in(grid, client, batch):
    grid.goto(f"/admin/imports/{batch.pk}/lignes/2")
    grid.click("text=Laisser cette ligne de côté")
    grid.goto(f"/admin/imports/{batch.pk}/")
    grid.focus(".sheet [tabindex='0']")
    press(grid, "ArrowRight")
    grid.keyboard.type("x")
    assert grid.locator(".sheet textarea").count() == 0
    assert BIKES[1] in shown(grid, 2, "title")


def test_what_is_not_sent_is_not_left_without_a_word(grid, batch):
    press(grid, "ArrowRight")
    grid.keyboard.type("Perdu ?")
    press(grid, "Enter")
    asked = []
    grid.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    grid.click("text=Tous les imports", no_wait_after=True)
    grid.wait_for_timeout(300)
    assert (asked, grid.url.rpartition("admin")[2]) == (["beforeunload"], f"/imports/{batch.pk}/")
    # What a click elsewhere on the page sends goes with it.
    grid.click(".causes button >> nth=0")
    grid.wait_for_load_state()
    assert shown(grid, 2, "title").startswith("Perdu ?")


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_breaks_no_rule_while_it_is_typed_in(grid, batch, size):
    grid.set_viewport_size(size)
    press(grid, "ArrowRight", "Delete", "ArrowDown", "F2")
    grid.evaluate(AXE_SCRIPT)
    assert grid.evaluate(RUN, RULES) == []
    assert grid.evaluate("document.documentElement.scrollWidth") <= size["width"]
    press(grid, "Escape")
    grid.on("dialog", lambda dialog: dialog.accept())
    for address in ("?manque=rien", "?lignes=error", "lignes/2", "lignes/4"):
        grid.goto(f"/admin/imports/{batch.pk}/{address}")
        grid.evaluate(AXE_SCRIPT)
        assert grid.evaluate(RUN, RULES) == []
        assert grid.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_row_is_corrected_without_a_script(plain_page, client, batch):
    enter(plain_page, client)
    plain_page.goto(f"/admin/imports/{batch.pk}/")
    plain_page.click("[data-row='4'] th a")
    plain_page.fill("[name=cellule-started]", "mai 2021")
    plain_page.keyboard.press("Enter")
    expect(plain_page.locator(".which")).to_contain_text("Nouvelle")
    plain_page.click("text=Retour au tableau")
    assert plain_page.get_attribute("[data-row='4']", "data-state") == "new"


def test_work_under_way_is_shown_without_a_reload_and_heard(page, client, batch):
    ImportBatch.objects.filter(pk=batch.pk).update(state="writing")
    enter(page, client)
    job = ImportJob(batch)
    with job.held():
        job.beat(10, 16_000)
        page.goto(f"/admin/imports/{batch.pk}/")
        page.evaluate("window.stays = true")
        job.beat(8_100, 16_000)
        expect(page.locator("[data-counted]")).to_have_text("8 100 sur 16 000 lignes.".replace(" ", "\u202f", 1))
        expect(page.locator(".running [role=status]")).to_have_text("50 %")
        assert page.evaluate("window.stays")
        ImportBatch.objects.filter(pk=batch.pk).update(state="ready")
        expect(page.locator(".sheet")).to_be_visible()
