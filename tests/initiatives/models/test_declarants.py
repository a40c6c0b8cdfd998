"""A declarant who is forgotten is nowhere any more, the past included."""

import pytest

from initiatives.models import Initiative, OutgoingMail, Revision, declarants
from initiatives.models.record import stored_values
from tests.support import factories
from tests.support.declarants import SECRET, tables_with
from tests.support.imports import post, said, sent

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]


@pytest.fixture
def entry():
    by = factories.user()
    entry = factories.submitted(
        declarant_name=SECRET, declarant_role=SECRET, declarant_email=f"{SECRET}@ville.example", by=by
    )
    entry.request_changes(by=by, message="Le coût ?")
    entry.submit(by=by)
    entry.publish(by=by)
    Revision.propose(entry, stored_values(entry) | {"declarant_name": f"Autre {SECRET}", "title": "Titre"}, by=by)
    return entry


def test_forgotten_declarant_is_in_no_table(entry):
    kept = factories.draft(declarant_name="À garder")
    assert len(tables_with(SECRET)) == 4
    declarants.forget([entry.pk])
    assert tables_with(SECRET) == set()
    assert Revision.objects.get().after == {"title": "Titre"}
    kept.refresh_from_db()
    assert kept.declarant_name == "À garder"
    assert kept.history.first().declarant_name == "À garder"


def test_deleted_entry_forgets_its_declarant_too(entry):
    pk = entry.pk
    entry.delete()
    declarants.forget([pk])
    assert "initiatives_historicalinitiative" not in tables_with(SECRET)
    assert Initiative.history.filter(id=pk).exists()


def test_file_that_the_declarant_came_with_goes_too(importer, entry):
    headings = ["Référence", "Déclarant", "Titre"]
    row = [entry.reference, f"Encore {SECRET}", "Un autre titre"]
    Revision.objects.pending().get().reject(by=factories.user(), reason="Non.")
    declarants.forget([entry.pk])
    batch = sent(importer, headings, row)
    assert tables_with(SECRET) >= {"initiatives_importrow"}
    declarants.forget([entry.pk])
    assert tables_with(SECRET) == set()
    assert not batch.has_file
    assert importer.get(f"/admin/imports/{batch.pk}/").status_code == 200
    assert "abandonné" in said(post(importer, batch, "confirm"))
    assert batch.name == "fichier effacé"


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Vu avec Zoé DUPRÉ-Martin.", {"Zoe Dupré-Martin", "Dupré"}, "Vu avec [effacé]."),
        ("Œuvre de zoe  dupre", {"Zoé Dupré"}, "Œuvre de [effacé]"),
        ("Écrit à ZOÉ@Ville.example.", {"Zoé Dupré", "zoe@ville.example"}, "Écrit à [effacé]."),
        ("La zone de Dupréville", {"Zoé", "Dupré", ""}, "La zone de Dupréville"),
        ("Rien", set(), "Rien"),
    ],
)
def test_name_is_struck_out_however_it_is_written(text, names, left):
    assert declarants.without(text, names) == left


def test_notes_lose_the_name_and_keep_the_rest():
    entry = factories.submitted(declarant_name="Zoé Dupré", internal_note="Rappeler Zoe DUPRE lundi.")
    entry.request_changes(by=factories.user(), message="Merci Zoé Dupré, et le coût ?")
    declarants.forget([entry.pk])
    entry.refresh_from_db()
    assert (entry.internal_note, entry.review_message) == ("Rappeler [effacé] lundi.", "Merci [effacé], et le coût ?")
    assert not [one for one in entry.history.all() if "dupr" in f"{one.internal_note}{one.review_message}".lower()]


def test_form_that_was_opened_before_is_out_of_date(entry):
    before = Initiative.objects.get(pk=entry.pk).version
    declarants.forget([entry.pk])
    assert Initiative.objects.get(pk=entry.pk).version == before + 1


def test_mails_to_the_declarant_of_an_entry_that_was_deleted_go_and_those_to_others_stay():
    entry, other = factories.draft(declarant_email="camille@ville.example"), factories.draft()
    for to in ("camille@ville.example", "accueil@ville.example", other.declarant_email):
        OutgoingMail.objects.create(to=to, subject="Complétez", body="…", initiative=entry)
    OutgoingMail.objects.create(to="camille@ville.example", subject="Complétez", body="…", initiative=other)
    pk = entry.pk
    entry.delete()
    assert OutgoingMail.objects.filter(initiative=None).count() == 3
    assert declarants.forget([pk]).mails == 1
    kept = OutgoingMail.objects.order_by("pk").values_list("to", "initiative")
    assert list(kept) == [
        ("accueil@ville.example", None),
        (other.declarant_email, None),
        ("camille@ville.example", other.pk),
    ]
