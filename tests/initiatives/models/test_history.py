"""The history: each act one version of what it changed, with who, when and through what."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from initiatives.imports.readers.tables import Table
from initiatives.models import Initiative, Survey
from initiatives.models.history import Through, acting
from tests.support import factories
from tests.support.imports import load

pytestmark = pytest.mark.both_databases


def told(rows) -> list[tuple]:
    """Versions, oldest first: kind, person, door, reason."""
    return [
        (row.history_type, row.history_user, row.through, row.history_change_reason) for row in reversed(rows.all())
    ]


def test_act_is_one_version_with_all_that_it_changed():
    by, initiative = factories.user(), factories.draft()
    before = initiative.history.count()
    with transaction.atomic(), acting(by=by, through=Through.FORM):
        initiative.title = "Autre titre"
        initiative.save()
        initiative.themes.set([factories.theme()])
        initiative.tools.create(name="Jitsi", open_source="yes")
        initiative.links.create(label="Page", url="https://example.org/")
    assert initiative.history.count() == before + 1
    version = initiative.history.first()
    assert (version.title, version.history_user, version.through) == ("Autre titre", by, "form")
    assert version.parts["themes"] == [factories.theme().pk]
    assert version.parts["tools"] == [["Jitsi", "yes"]]
    assert version.parts["links"] == [["Page", "https://example.org/"]]


def test_each_change_outside_of_an_act_is_a_version():
    initiative = factories.draft()
    before = initiative.history.count()
    initiative.tools.create(name="Jitsi")
    initiative.themes.add(factories.theme())
    assert initiative.history.count() == before + 2
    assert initiative.history.first().through == Through.COMMAND


def test_what_changes_nothing_is_a_version_only_where_it_says_why():
    initiative = factories.draft()
    before = initiative.history.count()
    initiative.save()
    assert initiative.history.count() == before
    initiative._change_reason = "relecture"
    initiative.save()
    assert told(initiative.history)[before:] == [("~", None, "command", "relecture")]


def test_verbs_say_who_and_what_wherever_they_are_used_from():
    editor, moderator = factories.user(), factories.user()
    initiative = factories.draft()
    before = initiative.history.count()
    initiative.submit(by=editor)
    initiative.request_changes(by=moderator, message="Précisez le coût.")
    assert told(initiative.history)[before:] == [
        ("~", editor, "command", "soumettre"),
        ("~", moderator, "command", "demander des compléments"),
    ]


def test_act_that_changes_nothing_leaves_no_version():
    initiative = factories.draft()
    before = initiative.history.count()
    with transaction.atomic(), acting(through=Through.FORM):
        initiative.save()
    assert initiative.history.count() == before


def test_act_that_fails_leaves_no_version():
    initiative = factories.draft()
    before = initiative.history.count()
    initiative.title = "Perdu"
    initiative.started = "2021"
    initiative.ended = "2020"
    with pytest.raises(IntegrityError), transaction.atomic(), acting(through=Through.FORM):
        initiative.save()
    assert initiative.history.count() == before


def test_deleted_entry_leaves_its_last_version_whole():
    initiative = factories.draft(themes=[factories.theme()])
    initiative.tools.create(name="Jitsi")
    pk = initiative.pk
    with transaction.atomic(), acting(by=factories.user(username="sylvie"), through=Through.FORM):
        initiative.delete()
    last = Initiative.history.filter(id=pk).first()
    assert (last.history_type, last.history_user.username) == ("-", "sylvie")
    assert last.parts["tools"] == [["Jitsi", "unknown"]]
    assert last.parts["themes"] == [factories.theme().pk]


def test_import_is_one_act_of_who_imports():
    by, town = factories.user(), factories.town(insee_code="60057")
    changed = factories.draft(title="Une", territory=town)
    kept = factories.draft(title="Deux", territory=town)
    counts = changed.history.count(), kept.history.count()
    rows = Table(
        ["60057", "Une", "Service public", "Résumé corrigé.", "Jitsi"],
        ["60057", "Deux", "Service public", kept.summary, ""],
        ["60057", "Trois", "Service public", "Nouvelle.", "Jitsi | BigBlueButton"],
        headers=["Code INSEE", "Titre", "Catégorie", "Résumé", "Outils"],
    )
    result = load(rows, by=by)
    assert not result.faults, [str(fault) for fault in result.faults]
    assert told(changed.history)[counts[0] :] == [("~", by, "import", "")]
    assert kept.history.count() == counts[1]
    new = Initiative.objects.get(title="Trois")
    assert told(new.history) == [("+", by, "import", "")]
    assert len(new.history.get().parts["tools"]) == 2


def test_import_that_is_only_tried_leaves_no_version():
    factories.town(insee_code="60057")
    rows = Table(["60057", "Une", "Service public"], headers=["Code INSEE", "Titre", "Catégorie"])
    before = Initiative.history.count()
    load(rows, dry_run=True)
    assert Initiative.history.count() == before


def test_derived_columns_and_numbers_drawn_are_no_change():
    initiative, survey = factories.draft(), Survey.objects.get()
    before = initiative.history.count(), survey.history.count()
    call_command("reindex", verbosity=0)
    survey.next_reference()
    assert (initiative.history.count(), survey.history.count()) == before


def test_version_goes_up_with_every_save():
    initiative = factories.draft()
    first, stale = initiative.version, Initiative.objects.get(pk=initiative.pk)
    initiative.save()
    stale.submit(by=factories.user())
    assert stale.version == first + 2
    stale.refresh_from_db()
    assert stale.version == first + 2
    assert stale.history.first().version == first + 2
