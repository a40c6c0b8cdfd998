"""Erasure on request: the person is found however they are written, shown, and then nowhere any more."""

import logging

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from initiatives.imports.jobs import ImportJob
from initiatives.models import ImportBatch, OutgoingMail, PersonalDataEvent, Revision
from initiatives.privacy.finding import Person, find
from tests.support import factories
from tests.support.binary_workbooks import xls, xlsb
from tests.support.declarants import tables_with
from tests.support.imports import post, said, sent
from tests.support.staff import logged_in
from tests.support.workbooks import ods, xlsx

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
NAME, ADDRESS = "Zoé Dûpré-Martin", "Zoe.Dupre@Ville.example"
WHO = {"declarant_name": NAME, "declarant_role": "Rôle de Dûpré", "declarant_email": ADDRESS}
HEADINGS = ["Code INSEE", "Titre", "Catégorie", "Déclarant", "Courriel"]
ROW = ["59350", "Vélos en libre-service", "Cohésion sociale", NAME, ADDRESS]


@pytest.fixture
def administrator(client):
    return logged_in(client, "administration")


def search(client, typed: str):
    return client.post(reverse("admin:forget_person"), {"person": typed})


def ticked(found) -> dict:
    """All that a person would tick who erases everything that was found."""
    return {
        "fiche": [one.pk for one in found.entries if one.named],
        "note": [one.pk for one in found.entries if not one.named],
        "courriel": [mail.pk for mail in found.mails],
        "import": [batch.pk for batch in found.batches],
    }


def erase(client, typed: str, **chosen):
    return client.post(reverse("admin:forget_person"), {"person": typed, "confirme": "oui", **chosen}, follow=True)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("zoe dupre martin", True),
        ("DUPRÉ Zoé", True),
        ("dupre", True),
        ("ZOE.DUPRE@ville.EXAMPLE", True),
        ("Zoé Durand", False),
        ("zoe.dupre@ville.example.org", False),
        ("prez", False),
    ],
)
def test_person_is_found_without_accents_case_or_order(typed, is_found):
    entry = factories.draft(**WHO)
    factories.draft()
    assert [one.pk for one in find(Person(typed)).entries] == ([entry.pk] if is_found else [])


@pytest.mark.parametrize("typed", ["", " ", "é", "!!!", "\x00\x00\x00", "x" * 300])
def test_hardly_anything_finds_nobody_and_says_why(administrator, typed):
    factories.draft(**WHO)
    response = search(administrator, typed)
    assert response.context["form"].errors["person"]
    assert response.context["found"] is None


def test_only_who_is_called_just_so_is_ticked_beforehand(administrator):
    own = factories.draft(**WHO)
    other = factories.draft(declarant_name="Zoé Dupré", declarant_email="")
    found = search(administrator, "zoé dupré").context["found"]
    assert {one.pk: one.is_certain for one in found.entries} == {own.pk: False, other.pk: True}


def test_nobody_of_that_name_is_said_to_be_nobody(administrator):
    assert "ne nomme cette personne" in search(administrator, "Personne Inconnue").text


def test_name_and_address_are_in_no_table_afterwards(administrator):
    """In an entry, its past, a deleted entry, a revision, notes, mails, and the files and rows of imports."""
    by = factories.user()
    factories.town(name="Lille", insee_code="59350")
    entry = factories.submitted(internal_note=f"Vue avec {NAME.upper()}", by=by, **WHO)
    entry.request_changes(by=by, message=f"Merci {NAME}.")
    entry.submit(by=by)
    entry.publish(by=by)
    Revision.propose(entry, {"declarant_name": NAME, "title": "Titre"}, by=by)
    factories.draft(**WHO).delete()
    other = factories.submitted(declarant_name="Jean Autre", internal_note=f"Envoyée par {ADDRESS} pour Jean Autre")
    undone = sent(administrator, HEADINGS, ROW)
    post(administrator, undone, "confirm")
    post(administrator, undone, "undo")
    sent(administrator, content=xlsx(HEADINGS, [*ROW[:4], "pas une adresse"]), name=f"{NAME}.xlsx")
    sent(administrator, content=ods(HEADINGS, [*ROW[:1], "Autre titre", *ROW[2:]]), name="r.ods")
    for build in (xls, xlsb):
        hidden = [("Contacts", [["Nom", "Courriel"], [NAME, ADDRESS]], True)]
        content = build(HEADINGS, [*ROW[:1], f"Titre {build.__name__}", *ROW[2:3]], before=hidden)
        sent(administrator, content=content, name="r.xls")
    for word in (NAME, ADDRESS):
        assert tables_with(word)
    for typed in (NAME, ADDRESS):
        found = search(administrator, typed).context["found"]
        erase(administrator, typed, **ticked(found))
    for word in (NAME, NAME.upper(), ADDRESS, ADDRESS.lower(), ADDRESS.upper(), "Dûpré"):
        assert tables_with(word) == set(), word
    other.refresh_from_db()
    assert (other.declarant_name, other.internal_note) == ("Jean Autre", "Envoyée par [effacé] pour Jean Autre")
    assert not find(Person(NAME))
    assert not find(Person(ADDRESS))
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"undone", "dropped"}
    assert "Dûpré" not in administrator.get("/admin/").text


def test_journal_says_who_did_it_and_not_to_whom(administrator):
    entry = factories.draft(**WHO)
    OutgoingMail.objects.create(initiative=entry, to=ADDRESS, subject="O", body="B")
    answer = erase(administrator, NAME, fiche=entry.pk)
    assert "Effacé\u00a0: 1\u00a0fiche, 1\u00a0courriel." in answer.text
    line = PersonalDataEvent.objects.get()
    assert (line.act, line.by, line.entries, line.mails, line.files) == ("request", administrator.user, 1, 1, 0)
    page = administrator.get(reverse("admin:initiatives_personaldataevent_changelist")).text
    assert "effacement sur demande" in page
    assert "Dûpré" not in page
    assert not LogEntry.objects.filter(object_repr__contains="Dûpré").exists()


def test_what_is_typed_is_in_no_address_and_in_no_log(administrator, caplog):
    factories.draft(**WHO)
    with caplog.at_level(logging.DEBUG):
        response = search(administrator, NAME)
        done = erase(administrator, NAME, fiche=response.context["found"].entries[0].pk)
    assert "Dûpré" not in caplog.text
    assert [address for address, _ in done.redirect_chain] == [reverse("admin:forget_person")]
    assert response["Cache-Control"].count("no-store") == 1
    assert 'method="post"' in response.text
    shown = administrator.get(reverse("admin:forget_person"), {"person": NAME})
    assert shown.context["found"] is None


def test_page_of_an_entry_leads_there_and_erases_the_same(administrator):
    entry = factories.published(**WHO)
    where = reverse("admin:forget_declarant", args=[entry.pk])
    page = reverse("admin:initiatives_initiative_change", args=[entry.pk])
    assert where in administrator.get(page).text
    assert NAME in administrator.get(where).text
    answer = administrator.post(where, {"confirme": "oui", "fiche": entry.pk}, follow=True)
    assert "Effacé le" in answer.text
    assert where not in answer.text
    assert tables_with("Dûpré") == set()
    entry.refresh_from_db()
    assert entry.is_published


@pytest.mark.parametrize(
    "chosen", [{}, {"fiche": "0"}, {"fiche": "x"}, {"fiche": "9" * 30}, {"import": "7", "courriel": "-1"}]
)
def test_nothing_ticked_or_gone_meanwhile_erases_nothing_and_says_so(administrator, chosen):
    entry = factories.draft(**WHO)
    assert "rien n’a été effacé" in said(erase(administrator, NAME, **chosen))
    entry.refresh_from_db()
    assert entry.declarant_name == NAME
    assert not PersonalDataEvent.objects.exists()


def test_entry_that_was_deleted_meanwhile_is_erased_from_its_past(administrator):
    entry = factories.draft(**WHO)
    pk = entry.pk
    entry.delete()
    erase(administrator, NAME, fiche=pk)
    assert tables_with("Dûpré") == set()


def test_import_under_way_is_waited_for(administrator):
    entry = factories.draft(**WHO)
    batch = factories.batch(state="reading")
    with ImportJob(batch).held():
        assert "Un import est en cours" in said(erase(administrator, NAME, fiche=entry.pk))
    entry.refresh_from_db()
    assert entry.declarant_name == NAME
    assert "Effacé" in said(erase(administrator, NAME, fiche=entry.pk))


def test_public_texts_that_say_the_name_are_listed_and_left_alone(administrator):
    entry = factories.draft(title="Le vélo de Zoé Dûpré-Martin")
    response = search(administrator, NAME)
    assert list(response.context["mentions"]) == [entry]
    assert not response.context["found"]


@pytest.mark.parametrize("group", ["rédaction", "modération"])
def test_only_administrators_erase(client, group):
    entry = factories.draft(**WHO)
    logged_in(client, group)
    assert erase(client, NAME, fiche=entry.pk).status_code == 403
    assert client.post(reverse("admin:forget_declarant", args=[entry.pk]), {"fiche": entry.pk}).status_code == 403
    assert "Effacer le déclarant" not in client.get(f"/admin/initiatives/initiative/{entry.pk}/change/").text
    entry.refresh_from_db()
    assert entry.declarant_name == NAME


def test_queries_do_not_grow_with_what_is_searched(administrator, django_assert_max_num_queries):
    factories.draft(**WHO)
    with django_assert_max_num_queries(40) as few:
        search(administrator, NAME)
    for _ in range(10):
        factories.draft(**WHO)
    with django_assert_max_num_queries(len(few)):
        search(administrator, NAME)
