"""« Quatre yeux »: no text is public that one person alone has written and read, through whatever door."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import Initiative, Revision, Survey
from initiatives.models.history import Through, acting
from tests.support import factories
from tests.support.desk import ADD, address, opened, words
from tests.support.desk import sent as typed
from tests.support.imports import post, sent
from tests.support.staff import logged_in

pytestmark = pytest.mark.ignore_template_errors
OURS = "Le dernier texte de cette fiche est de vous"


@pytest.fixture(autouse=True)
def _four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def other():
    return logged_in(Client(), "modération")


@pytest.fixture
def author():
    return logged_in(Client(), "rédaction")


def written(by, **facts) -> Initiative:
    """An entry that this person typed at the desk."""
    with factories.at_once(by=by.user):
        return factories.draft(**facts)


def published(**facts) -> Initiative:
    """An entry of which one person handed in the text, and another published it."""
    entry = factories.submitted(**facts)
    entry.publish(by=factories.user())
    return entry


def save(client, entry: Initiative, **changes):
    return client.post(address(entry), typed(opened(client, address(entry)), **changes), follow=True)


def bulk_action(client, name: str, entry: Initiative, **given):
    where = reverse("admin:bulk_action", args=[name])
    return words(client.post(where, {"fiches": entry.pk, "confirme": "oui", **given}))


def publish(client, entry: Initiative) -> bool:
    page = bulk_action(client, "publish", entry)
    entry.refresh_from_db()
    assert entry.is_published or "une autre personne de la modération doit la relire" in page
    return entry.is_published


def offers(client, entry: Initiative, label: str = "Publier…") -> bool:
    return label in words(client.get(address(entry)))


def by_the_form(client, entry):
    save(client, entry, title="Un titre de ma façon", summary="Un résumé de ma façon.")


def by_a_list(client, entry):
    save(client, entry, **{"tools-0-0": "Jitsi", "tools-0-1": "yes"})


def by_a_bulk_action(client, entry):
    bulk_action(client, "add_theme", entry, theme=factories.theme().pk)


def by_its_past(client, entry):
    first = entry.history.earliest("history_id")
    with acting(by=factories.user(), through=Through.FORM):
        entry.title = "Un titre d’une autre personne"
        entry.save()
    client.post(reverse("admin:restore_version", args=[entry.pk]), {"version": first.history_id})


def by_an_import(client, entry):
    headings, row = ["Référence", "Titre"], [entry.reference, "Un titre du tableau"]
    post(client, sent(client, headings, row), "confirm")


CHANGES = [by_the_form, by_a_list, by_a_bulk_action, by_its_past, by_an_import]


@pytest.mark.parametrize("change", CHANGES)
def test_who_last_changed_the_text_does_not_publish_it_whoever_submitted_it(moderator, other, author, change):
    entry = written(author)
    entry.submit(by=author.user)
    assert offers(moderator, entry)
    change(moderator, entry)
    entry.refresh_from_db()
    assert entry.last_author() == moderator.user
    assert not offers(moderator, entry)
    assert OURS in words(moderator.get(address(entry)))
    assert not publish(moderator, entry)
    assert offers(other, entry)
    assert OURS not in words(other.get(address(entry)))
    assert publish(other, entry)


def test_who_typed_a_new_entry_does_not_publish_it_though_another_submits_it(moderator, other):
    data = typed(
        opened(moderator, ADD),
        territory=factories.town().pk,
        title="Une",
        category=factories.category().pk,
        summary="S.",
        need="N.",
        solution="S.",
        started="2020",
        licence_agreed_on="2021-01-15",
        declarant_name="Camille",
        declarant_email="camille@prive.example",
    )
    assert moderator.post(ADD, data).status_code == 302
    entry = Initiative.objects.get()
    entry.submit(by=other.user)
    assert not publish(moderator, entry)
    assert publish(other, entry)


def test_who_changed_nothing_that_the_public_reads_may_publish(moderator, author):
    entry = written(author)
    entry.submit(by=author.user)
    save(moderator, entry)
    save(moderator, entry, internal_note="À rappeler.", declarant_role="Directrice", licence_agreed_on="2021-02-01")
    bulk_action(moderator, "request_changes", entry, message="Le coût ?")
    bulk_action(moderator, "submit", entry)
    assert entry.last_author() == author.user
    assert publish(moderator, entry)
    bulk_action(moderator, "archive", entry)
    bulk_action(moderator, "restore", entry)
    assert publish(moderator, entry)


def test_entry_that_comes_back_from_its_deletion_has_the_author_that_it_had(moderator, other, author):
    written(author).delete()
    last = Initiative.history.latest("history_id")
    moderator.post(reverse("admin:restore_version", args=[last.id]), {"version": last.history_id})
    entry = Initiative.objects.get()
    assert entry.last_author() == author.user
    entry.submit(by=other.user)
    assert publish(moderator, entry)


def test_new_entries_of_an_import_are_of_who_confirmed_it(moderator, other):
    factories.town(insee_code="60057")
    headings = ["Code INSEE", "Titre", "Catégorie", "Début", "Résumé", "Besoin de départ", "Solution"]
    headings += ["Nom du déclarant", "Courriel du déclarant", "Accord de diffusion le"]
    row = ["60057", "Vélos", "Cohésion sociale", "2020-04", "R.", "B.", "S.", "C.", "c@prive.example", "2021-01-15"]
    post(moderator, sent(moderator, headings, row), "confirm")
    entry = Initiative.objects.get()
    entry.submit(by=other.user)
    assert not publish(moderator, entry)
    assert publish(other, entry)


def test_text_that_nobody_is_known_to_have_written_is_of_who_submitted_it(moderator, other):
    entry = factories.draft()
    entry.submit(by=moderator.user)
    assert entry.last_author() is None
    assert not publish(moderator, entry)
    assert publish(other, entry)


def restored(client, entry):
    versions = list(entry.history.order_by("history_id"))
    client.post(reverse("admin:restore_version", args=[entry.pk]), {"version": versions[0].history_id})


def in_another_survey(client, entry):
    survey = Survey.objects.create(title="La suite", slug="suite", prefix="S26", started_on="2026-01-01")
    bulk_action(client, "set_survey", entry, survey=survey.pk)


def with_both_buttons(client, entry):
    save(client, entry, summary="Un résumé de ma façon.", _save="Corriger la fiche publiée", _continue="")


DOORS = [by_the_form, by_a_list, by_a_bulk_action, in_another_survey, by_an_import, restored, with_both_buttons]


@pytest.mark.parametrize("door", DOORS)
def test_nobody_corrects_a_published_text_alone(moderator, other, door):
    entry = published(title="Avant", in_survey=True)
    entry.title = "Après"
    entry.save()
    public = client_page(entry)
    door(moderator, entry)
    assert client_page(entry) == public
    if revision := Revision.objects.pending().first():
        where = reverse("admin:review_revision", args=[revision.pk])
        assert "Approuver" not in words(moderator.get(where))
        assert "une autre personne de la modération l’approuve" in words(moderator.get(where))
        moderator.post(where, {"approuver": "", "version": entry.version})
        assert client_page(entry) == public
        other.post(where, {"approuver": "", "version": entry.version})
        assert client_page(entry) != public


def client_page(entry: Initiative) -> str:
    return Client().get(Initiative.objects.get(pk=entry.pk).get_absolute_url()).text


@pytest.mark.parametrize("door", [door for door in DOORS if door is not by_an_import])
def test_without_the_setting_one_person_is_enough(moderator, settings, door):
    settings.FOUR_EYES = False
    entry = published(title="Avant", in_survey=True)
    entry.title = "Après"
    entry.save()
    public = client_page(entry)
    door(moderator, entry)
    assert client_page(entry) != public
    own = written(moderator)
    own.submit(by=moderator.user)
    assert offers(moderator, own)
    assert publish(moderator, own)


def test_correction_is_not_offered_and_a_revision_is(moderator, settings):
    entry = published()
    assert "Corriger" not in words(moderator.get(address(entry)))
    assert offers(moderator, entry, "Soumettre une révision")
    settings.FOUR_EYES = False
    assert offers(moderator, entry, "Corriger la fiche publiée")


def test_text_of_an_approved_revision_is_of_who_proposed_it(moderator, other):
    entry = published()
    Revision.propose(entry, {"title": "Un autre titre"}, by=moderator.user).approve(by=other.user)
    entry.refresh_from_db()
    assert entry.last_author() == moderator.user
    bulk_action(moderator, "archive", entry)
    bulk_action(moderator, "restore", entry)
    assert not publish(moderator, entry)
    assert publish(other, entry)


def test_who_proposed_a_revision_may_still_refuse_it(moderator):
    revision = Revision.propose(published(), {"title": "Un autre titre"}, by=moderator.user)
    where = reverse("admin:review_revision", args=[revision.pk])
    moderator.post(where, {"refuser": "", "message": "Une erreur de ma part."})
    revision.refresh_from_db()
    assert revision.decision == Revision.Decision.REJECTED
