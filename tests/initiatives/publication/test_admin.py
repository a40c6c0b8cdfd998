"""Publications at the desk: writing, freezing, following the documents, taking an entry out."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Document, Edition, Publication, Withdrawal
from tests.support import editions, factories
from tests.support.desk import words
from tests.support.editions import LIST, as_made, typed
from tests.support.logos import png, svg

pytestmark = pytest.mark.ignore_template_errors
ADD = f"{LIST}add/"


def errors(response) -> str:
    return response.context["adminform"].form.errors.as_text()


def test_saved_and_frozen_in_one_go(moderator):
    factories.published(title="Prêt de tablettes")
    category = factories.category(slug="service-public")
    first = {"introductions-TOTAL_FORMS": "1", "introductions-0-category": category.pk}
    response = moderator.post(ADD, typed(_freeze="1", **first, **{"introductions-0-text": "Une **introduction**."}))
    frozen = Edition.objects.get()
    assert response.headers["Location"] == reverse("admin:initiatives_edition_change", args=[frozen.pk])
    assert frozen.frozen_by == moderator.user
    assert "<strong>introduction</strong>" in moderator.get("/publications/rapport/").text
    assert "En attente" in moderator.get(response.headers["Location"]).text
    assert (
        "Édition n°"
        in moderator.get(reverse("admin:initiatives_publication_change", args=[frozen.publication_id])).text
    )


def test_frozen_again_with_nothing_changed_leads_to_the_edition_that_says_so(moderator):
    factories.published()
    frozen = editions.edition()
    change = reverse("admin:initiatives_publication_change", args=[frozen.publication_id])
    its_page = reverse("admin:initiatives_edition_change", args=[frozen.pk])
    response = moderator.post(change, as_made(_freeze="1"), follow=True)
    assert response.redirect_chain[-1][0] == its_page
    assert "« Le rapport, édition 1 » vient d’être figée" in words(response)
    Edition.objects.update(frozen_at=timezone.now() - timedelta(days=3))
    assert "rien n’a changé depuis, il n’y a rien de plus à figer" in words(
        moderator.post(change, as_made(_freeze="1"), follow=True)
    )
    ticked = {"action": "freeze", "_selected_action": [frozen.publication_id]}
    assert "Le rapport, édition 1 », figée le" in words(moderator.post(LIST, ticked, follow=True))
    assert Edition.objects.get() == frozen
    assert moderator.post(change, as_made(_freeze="1", foreword="Un mot.")).status_code == 302
    assert [one.number for one in Edition.objects.latest_first()] == [2, 1]


def test_what_a_pasted_text_hides_is_left_out(moderator):
    gone, _ = factories.published(), factories.published()
    category = factories.category(slug="service-public")
    first = {"introductions-TOTAL_FORMS": "1", "introductions-0-category": category.pk}
    pasted = "Un \u202emot\u202c cou\u00adpé.\r\n\r\nEt 👩\u200d👩."
    seen = "Un mot coupé.\n\nEt 👩\u200d👩."
    texts = {"foreword": pasted, "introductions-0-text": pasted}
    moderator.post(ADD, typed(_freeze="1", title="Le rap\u00adport", **first, **texts))
    report, frozen = Publication.objects.get(), Edition.objects.get()
    assert (report.title, report.foreword, report.introductions.get().text) == ("Le rapport", seen, seen)
    address = reverse("admin:edition_withdraw", args=[frozen.pk])
    moderator.post(address, {"reference": f"\u200e{gone.reference}", "reason": "Er\u00adreur."})
    assert Withdrawal.objects.get().reason == "Erreur."


@pytest.mark.parametrize("field", ["title", "introductions-0-text"])
def test_text_of_which_nothing_can_be_seen_is_none(moderator, field):
    factories.published()
    first = {"introductions-TOTAL_FORMS": "1", "introductions-0-category": factories.category().pk}
    moderator.post(ADD, typed(**first | {"introductions-0-text": "Lu.", field: "\u00ad\u202e"}))
    assert not Publication.objects.exists()


def test_frozen_from_the_list(moderator):
    factories.published()
    report = editions.publication()
    data = {"action": "freeze", "_selected_action": [report.pk]}
    response = moderator.post(LIST, data, follow=True)
    assert "est figée" in response.text
    assert report.editions.count() == 1


def test_nothing_to_freeze_is_said(moderator):
    report = editions.publication()
    response = moderator.post(LIST, {"action": "freeze", "_selected_action": [report.pk]}, follow=True)
    assert "aucune fiche" in response.text
    assert not Edition.objects.exists()


def test_selection_is_pasted_as_the_address_of_the_list(editor):
    ticked = factories.published(), factories.published()
    asked = f"categorie=service-public&page=2&fiche={ticked[0].slug}"
    assert editor.post(ADD, typed(filters=f"https://example.org/initiatives/?{asked}")).status_code == 302
    assert Publication.objects.get().filters == asked
    assert editions.edition(of=Publication.objects.get()).count == 2


def test_question_mark_that_is_searched_for_is_no_address(editor):
    factories.published(title="Où aller ?")
    assert editor.post(ADD, typed(filters="q=où aller ?")).status_code == 302
    assert Publication.objects.get().filters == "q=où aller ?"


def test_new_publication_has_colours_that_can_be_read_and_an_example_that_can_be_copied(editor):
    page = editor.get(ADD)
    assert 'value="#1c2f4a"' in page.text
    assert 'value="#faf6ed"' in page.text
    assert "cohesion-sociale&amp;region=32" in page.text


def test_editors_write_and_do_not_freeze(editor):
    factories.published()
    editor.post(ADD, typed(_freeze="1"))
    report = Publication.objects.get()
    assert not Edition.objects.exists()
    assert "_freeze" not in editor.get(reverse("admin:initiatives_publication_change", args=[report.pk])).text
    editor.post(LIST, {"action": "freeze", "_selected_action": [report.pk]})
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"filters": "categorie=inconnue"}, "inconnue"),
        ({"filters": "q=introuvable"}, "Aucune fiche publiée"),
        ({"filters": "https://example.org/initiatives/"}, "Aucun filtre de la liste"),
        ({"filters": "categories=cohesion-sociale&région=32"}, "« categories », « région »"),
        ({"cover_ink": "#1c2f4b"}, "se lit mal"),
        ({"cover_ground": "rouge"}, "#1f4f8f"),
        ({"slug": "avec espace"}, "slug"),
        ({"foreword": "a" * 20_001}, "20000"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(editor, changes, said):
    factories.published()
    response = editor.post(ADD, typed(**changes))
    assert said in errors(response)
    assert not Publication.objects.exists()


@pytest.mark.parametrize(("name", "data", "kind"), [("logo.svg", svg(), "svg"), ("logo.png", png(), "png")])
def test_logo_is_kept_and_frozen(moderator, name, data, kind):
    factories.published()
    moderator.post(ADD, typed(_freeze="1", logo_text="Blason", logo_file=SimpleUploadedFile(name, data)))
    report = Publication.objects.get()
    assert (bytes(report.logo), report.logo_type) == (data, kind)
    html = moderator.get("/publications/rapport/").text
    assert 'alt="Blason"' in html
    assert f'src="data:image/{"svg+xml" if kind == "svg" else "png"};base64,' in html
    moderator.post(reverse("admin:initiatives_publication_change", args=[report.pk]), typed(no_logo="on"))
    report.refresh_from_db()
    assert (bytes(report.logo), report.logo_type) == (b"", "")
    assert moderator.get("/publications/rapport/").text == html


@pytest.mark.parametrize(
    "data", [b"alert(1)", svg(b"<script>alert(1)</script>"), svg(b'<rect onload="x()"/>'), png()[:40]]
)
def test_logo_that_does_something_is_refused(editor, data):
    response = editor.post(ADD, typed(logo_file=SimpleUploadedFile("logo.svg", data)))
    assert "logo" in errors(response)
    assert not Publication.objects.exists()


def test_documents_are_cancelled_and_asked_for_again(moderator):
    factories.published()
    frozen = editions.edition()
    address = reverse("admin:edition_documents", args=[frozen.pk])
    moderator.post(address, {"cancel": ""})
    assert Document.objects.get().status == Document.Status.CANCELLED
    assert "rien à annuler" in moderator.post(address, {"cancel": ""}, follow=True).text
    moderator.post(address, {"again": ""})
    assert Document.objects.get().status == Document.Status.WAITING
    assert moderator.get(address).status_code == 405


def test_files_that_stay_offered_are_told(moderator):
    factories.published()
    frozen = editions.built()
    address = reverse("admin:initiatives_edition_change", args=[frozen.pk])
    assert "fichiers d’avant" not in moderator.get(address).text
    frozen.document.ask_again()
    html = moderator.get(address).text
    assert "Les fichiers d’avant restent proposés" in html
    assert "publication.pdf" in html


def test_page_of_an_edition_says_what_it_is_and_leads_to_it_once(moderator):
    factories.published()
    frozen = editions.edition()
    html = moderator.get(reverse("admin:initiatives_edition_change", args=[frozen.pk])).text
    assert "<h1>Édition figée</h1>" in html
    (way,) = re.findall(r'<a href="([^"]+)"[^>]*>Voir sur le site</a>', html)
    assert moderator.get(way).headers["Location"].endswith(frozen.get_absolute_url())


def test_progress_is_shown(moderator):
    factories.published()
    frozen = editions.edition()
    Document.objects.update(status="building", percent=50, step="PDF, volume 2 sur 3")
    html = moderator.get(reverse("admin:initiatives_edition_change", args=[frozen.pk])).text
    assert '<progress max="100" value="50">' in html
    assert "volume 2 sur 3" in html


def test_entry_is_withdrawn_with_a_reason(moderator):
    gone, _ = factories.published(title="À retirer"), factories.published()
    frozen = editions.edition()
    address = reverse("admin:edition_withdraw", args=[frozen.pk])
    assert "pas dans cette édition" in moderator.post(address, {"reference": "X", "reason": "Erreur."}).text
    assert not Withdrawal.objects.exists()
    done = moderator.post(address, {"reference": gone.reference, "reason": "Erreur."}, follow=True)
    assert "est retirée" in done.text
    assert "Fiches retirées" in done.text
    assert Withdrawal.objects.get().withdrawn_by == moderator.user


def test_editors_neither_withdraw_nor_cancel(editor):
    entry, _ = factories.published(), factories.published()
    frozen = editions.edition()
    asked = {"reference": entry.reference, "reason": "Erreur."}
    assert editor.post(reverse("admin:edition_withdraw", args=[frozen.pk]), asked).status_code == 403
    assert editor.post(reverse("admin:edition_documents", args=[frozen.pk]), {"cancel": ""}).status_code == 403
    assert editor.get(reverse("admin:initiatives_edition_change", args=[frozen.pk])).status_code == 200


def test_publication_that_was_frozen_is_not_deleted(moderator):
    factories.published()
    frozen = editions.edition()
    draft = editions.publication(slug="projet")
    assert moderator.post(f"{LIST}{frozen.publication_id}/delete/", {"post": "yes"}).status_code == 403
    assert moderator.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert [report.slug for report in Publication.objects.all()] == ["rapport"]


def test_address_that_an_edition_was_frozen_at_stays(moderator):
    factories.published()
    report = editions.publication()
    change = reverse("admin:initiatives_publication_change", args=[report.pk])
    moderator.post(change, typed(slug="autre"))
    report.refresh_from_db()
    assert report.slug == "autre"
    editions.edition(of=report)
    page = moderator.get(change).text
    assert 'name="slug"' not in page
    assert "ce champ ne change plus" in page
    assert moderator.post(change, typed(slug="encore", title="Corrigé")).status_code == 302
    report.refresh_from_db()
    assert (report.slug, report.title) == ("autre", "Corrigé")
