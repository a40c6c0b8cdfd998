"""The pages about the data of declarants: nothing that axe finds, nothing wider than a telephone; a file that comes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from initiatives.models import OutgoingMail, PersonalDataEvent, Survey
from tests.support import factories
from tests.support.accessibility import RULES
from tests.support.browsers import enter
from tests.support.desk import LIST

pytestmark = pytest.mark.ignore_template_errors
NAME = "Zoé Dûpré-Martin"
# Without what axe would load a second time, which the policy refuses.
OPTIONS = RULES | {"preload": False}


@pytest.fixture
def desk(page, client):
    """The page of an administrator who has just logged in."""
    client.force_login(factories.member("administration"))
    enter(page, client)
    return page


def looked_at(page):
    """No fault that axe finds in what is ours, at both widths."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, context="#content", options=OPTIONS).response["violations"]
        assert not found, [(one["id"], node["html"], node["failureSummary"]) for one in found for node in one["nodes"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_person_is_found_and_erased_and_the_journal_says_so(desk):
    entry = factories.published(declarant_name=NAME, internal_note=f"Appeler {NAME}")
    factories.draft(internal_note=f"Transmise par {NAME}")
    OutgoingMail.objects.create(initiative=entry, to="zoe@ville.example", subject="Une précision", body=f"À {NAME}")
    factories.batch(name=f"{NAME}.csv", content=f"Titre;Déclarant\nVélos;{NAME}".encode())
    desk.goto("/admin/initiatives/initiative/declarants/")
    looked_at(desk)
    desk.get_by_label("Nom ou courriel").fill("dupre martin ZOE")
    desk.click("text=Chercher")
    assert desk.locator(".found").count() == 3
    looked_at(desk)
    desk.check("[name=note]")
    desk.check("[name=import]")
    desk.click("text=Effacer ce qui est coché")
    assert "2\u00a0fiches, 1\u00a0courriel, 1\u00a0import" in desk.inner_text(".messagelist .success")
    assert "declarants" in desk.url
    assert NAME not in desk.content()
    assert PersonalDataEvent.objects.get().entries == 2
    desk.goto("/admin/initiatives/personaldataevent/")
    assert "effacement sur demande" in desk.inner_text("#result_list")


def test_page_of_an_entry_says_when_and_leads_to_the_erasure(desk):
    entry = factories.draft(declarant_name=NAME)
    Survey.objects.update(ended_on="2031-06-08")
    where = f"/admin/initiatives/initiative/{entry.pk}/change/"
    desk.goto(where)
    assert "Sera effacé le 8 juin 2033, 24\u00a0mois après" in desk.inner_text("#initiative_form")
    desk.click("text=Effacer le déclarant…")
    looked_at(desk)
    desk.click("text=Effacer ce qui est coché")
    assert "Effacé le" in desk.inner_text("#initiative_form")
    survey = Survey.objects.get()
    desk.goto(f"/admin/initiatives/survey/{survey.pk}/change/")
    assert "0\u00a0fiche nomme son déclarant" in desk.inner_text(".field-declarants")


def test_selection_is_asked_for_and_downloaded(desk):
    for _ in range(2):
        factories.draft(declarant_name=NAME)
    desk.goto(LIST)
    desk.check("#action-toggle")
    desk.select_option("[name=action]", "export_declarants")
    desk.click("button[name=index]")
    assert "DONNÉES PERSONNELLES" in desk.inner_text(".note")
    looked_at(desk)
    with desk.expect_download() as download:
        desk.click("text=Télécharger")
    assert download.value.suggested_filename.startswith("DONNEES-PERSONNELLES-fiches-")
    assert PersonalDataEvent.objects.get().entries == 2
