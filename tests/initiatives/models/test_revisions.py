"""Another text for a published entry: the public reads the old one until someone approves."""

import pytest
from django.db import IntegrityError, transaction

from initiatives.models import ContentVersion, IllegalMove, Revision
from initiatives.models.record import stored_values
from tests.support import factories

pytestmark = pytest.mark.both_databases


@pytest.fixture
def revision():
    initiative = factories.published(title="Ancien titre", summary="Ancien résumé.")
    values = stored_values(initiative) | {"summary": "Nouveau résumé.", "tools": [["Jitsi", "yes"]]}
    return Revision.propose(initiative, values, by=factories.user())


def test_public_reads_the_old_text_until_it_is_approved(client, revision):
    before = ContentVersion.current().number
    address = revision.initiative.get_absolute_url()
    assert "Ancien résumé." in client.get(address).text
    assert "Nouveau résumé." not in client.get(address).text
    revision.approve(by=factories.user())
    page = client.get(address).text
    assert "Nouveau résumé." in page
    assert "Jitsi" in page
    assert ContentVersion.current().number > before
    revision.refresh_from_db()
    assert revision.decision == Revision.Decision.APPROVED


def test_revision_holds_only_what_changes(revision):
    assert revision.before == {"summary": "Ancien résumé.", "tools": []}
    assert revision.after == {"summary": "Nouveau résumé.", "tools": [["Jitsi", "yes"]]}
    assert [(one.label, one.texts) for one in revision.differences()] == [
        ("résumé", ("Ancien résumé.", "Nouveau résumé.")),
        ("outils", ("–", "Jitsi · logiciel libre : oui")),
    ]


def test_approval_is_a_version_of_who_approved(revision):
    by = factories.user()
    revision.approve(by=by)
    version = revision.initiative.history.filter(history_change_reason="approuver une révision").first()
    assert (version.history_user, version.summary) == (by, "Nouveau résumé.")


def test_field_corrected_meanwhile_and_not_revised_stays_corrected(revision):
    initiative = revision.initiative
    initiative.need = "Besoin corrigé."
    initiative.save()
    revision.approve(by=factories.user(), seen=initiative.version)
    initiative.refresh_from_db()
    assert (initiative.need, initiative.summary) == ("Besoin corrigé.", "Nouveau résumé.")


def test_entry_that_changed_under_the_eyes_of_the_approver_is_read_again(revision):
    seen = revision.initiative.version
    revision.initiative.save()
    with pytest.raises(IllegalMove, match="relisez la différence"):
        revision.approve(by=factories.user(), seen=seen)


def test_rejected_revision_changes_nothing_and_says_why(revision):
    with pytest.raises(IllegalMove, match="écrivez un message"):
        revision.reject(by=factories.user(), reason=" ")
    revision.reject(by=factories.user(), reason="Le chiffre est faux.")
    revision.initiative.refresh_from_db()
    assert revision.initiative.summary == "Ancien résumé."
    with pytest.raises(IllegalMove, match="Impossible d’approuver cette révision : elle est déjà décidée"):
        revision.approve(by=factories.user())


def test_one_revision_waits_at_a_time(revision):
    values = stored_values(revision.initiative) | {"title": "Autre"}
    with pytest.raises(IllegalMove, match="attend déjà"):
        Revision.propose(revision.initiative, values, by=factories.user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(initiative=revision.initiative, proposed_by=factories.user())


@pytest.mark.parametrize("status", ["draft", "submitted"])
def test_only_a_published_entry_is_revised(status):
    initiative = getattr(factories, status)()
    with pytest.raises(IllegalMove, match="pas publiée"):
        Revision.propose(initiative, stored_values(initiative) | {"title": "Autre"}, by=factories.user())


def test_revision_without_a_change_is_refused():
    initiative = factories.published()
    with pytest.raises(IllegalMove, match="Rien ne change"):
        Revision.propose(initiative, stored_values(initiative), by=factories.user())


def test_revision_of_an_archived_entry_is_refused(revision):
    revision.initiative.archive(by=factories.user())
    with pytest.raises(IllegalMove, match="plus publiée"):
        revision.approve(by=factories.user())


def test_four_eyes_for_revisions_too(revision, settings):
    settings.FOUR_EYES = True
    with pytest.raises(IllegalMove, match="une autre personne"):
        revision.approve(by=revision.proposed_by)


def test_rows_of_ones_own_stand_in_the_order_that_was_approved():
    entry = factories.published()
    for value in ("1", "2", "3"):
        entry.key_figures.create(value=value, label="ville")
    values = stored_values(entry) | {"key_figures": [["1", "ville"], ["3", "ville"], ["2", "ville"]]}
    Revision.propose(entry, values, by=factories.user()).approve(by=factories.user())
    assert list(entry.key_figures.order_by("pk").values_list("value", flat=True)) == ["1", "3", "2"]
    assert stored_values(entry)["key_figures"] == values["key_figures"]
