"""The form at the desk with JavaScript: what it proposes, counts, keeps and warns of."""

import re

import pytest

from initiatives.models import Initiative
from tests.support import factories
from tests.support.browsers import enter
from tests.support.desk import ADD
from tests.support.servers import eventually

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture
def desk(page, client):
    """The page of somebody who has just logged in."""
    client.force_login(factories.member("rédaction"))
    enter(page, client)
    return page


def drafts(page) -> list[str]:
    return [key for key in page.evaluate("Object.keys(localStorage)") if key.startswith("fiche:")]


def test_entry_is_typed_with_the_keyboard_alone(desk):
    factories.town(name="Beauvais", insee_code="60057", population=56_000)
    theme = factories.theme(slug="circuits-courts")
    desk.goto(ADD)
    desk.focus("[name=territory]")
    desk.keyboard.type("beauv")
    desk.wait_for_selector("[role=option]")
    assert desk.inner_text(".field-territory .suggested [role=status]") == "1 suggestion"
    desk.keyboard.press("ArrowDown")
    reached = desk.get_attribute(".field-territory [aria-selected=true]", "id")
    assert desk.get_attribute("[name=territory]", "aria-activedescendant") == reached
    desk.keyboard.press("Enter")
    assert desk.get_attribute("[name=territory]", "aria-expanded") == "false"
    assert desk.input_value("[name=territory]") == "Beauvais (60), 60057"
    desk.wait_for_selector(".field-territory > .help:has-text('Hauts-de-France')")
    desk.fill("[name=title]", "Un marché en ligne")
    assert desk.inner_text(".field-title .counter") == "18 sur 120"
    desk.select_option("[name=category]", str(theme.category_id))
    shown = {text.strip() for text in desk.locator(".themes label:visible").all_inner_texts()}
    assert shown == set(theme.category.themes.values_list("name", flat=True))
    desk.check(f"[name=themes][value='{theme.pk}']")
    desk.fill("[name=tools-0-0]", "Jitsi")
    desk.fill("[name=tools-1-0]", "Un tableur")
    desk.fill("[name=tools-2-0]", "Un standard")
    desk.focus("[name=_save]")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".messagelist .success")
    entry = Initiative.objects.get()
    assert (entry.territory_id, list(entry.themes.all())) == ("60057", [theme])
    assert {tool.name for tool in entry.tools.all()} == {"Jitsi", "Un tableur", "Un standard"}


def test_pages_load_the_scripts_that_they_need(desk):
    def scripts() -> list[str]:
        return desk.evaluate("[...document.querySelectorAll('[type=module]')].map(({src}) => src.split('/').at(-1))")

    desk.goto(ADD)
    ours = ["saved", "combobox", "themes", "rows", "counters", "duplicates", "draft", "unsaved"]
    assert scripts() == [f"{name}.js" for name in ours]
    desk.goto("/admin/initiatives/initiative/")
    assert scripts() == ["saved.js"]
    desk.goto("/admin/")
    assert scripts() == []


def test_text_is_kept_through_a_crash_and_offered_again(desk):
    desk.goto(ADD)
    desk.fill("[name=title]", "Presque perdu")
    desk.check("[name=themes] >> nth=0")
    assert eventually(lambda: drafts(desk) == ["fiche:nouvelle"])
    second = desk.context.new_page()  # the first one never came back
    second.goto(ADD)
    assert second.input_value("[name=title]") == ""
    second.click("text=Reprendre ce brouillon")
    assert second.input_value("[name=title]") == "Presque perdu"
    assert second.is_checked("[name=themes] >> nth=0")
    second.goto(ADD)
    second.click("text=L’effacer")
    second.reload()
    assert second.locator("text=Reprendre ce brouillon").count() == 0


def test_who_answered_is_not_kept_on_the_machine_and_is_not_emptied_by_what_was(desk):
    desk.goto(ADD)
    desk.fill("[name=declarant_name]", "Camille Confidentielle")
    desk.fill("[name=title]", "Presque perdu")
    assert eventually(lambda: drafts(desk) == ["fiche:nouvelle"])
    assert "Presque perdu" in desk.evaluate("JSON.stringify(localStorage)")
    assert "Confidentielle" not in desk.evaluate("JSON.stringify(localStorage)")
    second = desk.context.new_page()
    second.goto(ADD)
    second.fill("[name=declarant_name]", "Camille Confidentielle")
    second.click("text=Reprendre ce brouillon")
    assert second.input_value("[name=title]") == "Presque perdu"
    assert second.input_value("[name=declarant_name]") == "Camille Confidentielle"


def test_draft_of_another_entry_outlives_a_save(desk):
    entry = factories.published(title="Avant")
    desk.goto(ADD)
    desk.fill("[name=title]", "Presque perdu")
    assert eventually(lambda: drafts(desk) == ["fiche:nouvelle"])
    second = desk.context.new_page()
    second.goto(f"/admin/initiatives/initiative/{entry.pk}/change/")
    second.fill("[name=title]", "Après")
    second.click("[name=_revise]")
    second.wait_for_selector(".messagelist .success")
    assert drafts(second) == ["fiche:nouvelle"]
    assert second.locator("text=Reprendre ce brouillon").count() == 0


def test_text_outlives_a_session_that_expired(desk, client):
    entry = factories.draft(title="Avant")
    where = f"/admin/initiatives/initiative/{entry.pk}/change/"
    desk.goto(where)
    desk.fill("[name=title]", "Écrit trop tard")
    client.logout()
    desk.click("[name=_save]")
    desk.wait_for_url("**/admin/login/**")
    client.force_login(factories.member("rédaction"))
    enter(desk, client)
    desk.goto(where)
    desk.click("text=Reprendre ce brouillon")
    assert desk.input_value("[name=title]") == "Écrit trop tard"


def test_what_others_saved_since_a_crash_is_asked_about_and_not_put_back(desk):
    entry = factories.draft(title="Avant", need="Ancien besoin.")
    where = f"/admin/initiatives/initiative/{entry.pk}/change/"
    desk.goto(where)
    desk.fill("[name=summary]", "Mon résumé.")
    assert eventually(lambda: drafts(desk) == [f"fiche:{entry.pk}"])
    entry._history_user, entry.need = factories.user(), "Besoin d’une autre."
    entry.save()
    second = desk.context.new_page()  # the first one never came back
    second.goto(where)
    second.click("text=Reprendre ce brouillon")
    second.click("[name=_save]")
    second.wait_for_selector(".conflict")
    assert second.is_checked("[name=choix-need][value=theirs]")
    second.click("[name=_save]")
    second.wait_for_selector(".messagelist .success")
    entry.refresh_from_db()
    assert (entry.need, entry.summary) == ("Besoin d’une autre.", "Mon résumé.")


def test_text_that_was_refused_is_unsaved_work(desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(ADD)
    desk.fill("[name=title]", "Presque perdu")
    desk.fill("[name=started]", "hier")
    desk.click("[name=_save]")
    desk.wait_for_selector(".errornote")
    desk.click(".breadcrumbs a")
    desk.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]
    desk.goto(ADD)
    desk.click("text=Reprendre ce brouillon")
    assert desk.input_value("[name=title]") == "Presque perdu"


def test_place_of_a_territory_is_told_when_the_form_opens(desk):
    entry = factories.draft(territory=factories.town(population=12_345))
    desk.goto(f"/admin/initiatives/initiative/{entry.pk}/change/")
    desk.wait_for_selector(".field-territory .help:has-text('Hauts-de-France')")
    assert "12\u202f345 habitants" in desk.inner_text(".field-territory")


def test_leaving_unsaved_work_asks_and_saving_does_not(desk):
    entry = factories.draft(title="Avant")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    where = f"/admin/initiatives/initiative/{entry.pk}/change/"
    desk.goto(where)
    desk.goto("/admin/")
    assert asked == []
    desk.goto(where)
    desk.fill("[name=title]", "Après")
    desk.goto("/admin/")
    assert asked == ["beforeunload"]
    desk.goto(where)
    desk.fill("[name=title]", "Après")
    desk.click("[name=_save]")
    desk.wait_for_selector(".messagelist .success")
    assert asked == ["beforeunload"]
    assert drafts(desk) == []


def test_probable_duplicate_is_told_while_typing(desk):
    factories.draft(title="Un annuaire des commerces", territory=factories.town(name="Beauvais", insee_code="60057"))
    desk.goto(ADD)
    desk.fill("[name=territory]", "60057")
    desk.fill("[name=title]", "Annuaire des commerces")
    link = desk.wait_for_selector(".field-title [role=status] a")
    assert link.inner_text() == "Un annuaire des commerces"
    assert re.search(r"/initiative/\d+/change/$", link.get_attribute("href"))
