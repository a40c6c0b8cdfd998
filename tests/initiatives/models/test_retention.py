"""The purge: the declarants of a survey are forgotten in time, wherever they are, and nobody else is."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from initiatives.models import (
    ImportBatch,
    ImportDecision,
    ImportRow,
    Initiative,
    OutgoingMail,
    PersonalDataEvent,
    Revision,
    Survey,
    declarants,
)
from initiatives.models.retention import purge
from initiatives.models.survey import months_after
from tests.support import factories
from tests.support.declarants import SECRET, tables_with
from tests.support.imports import post, sent

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
WHO = {"declarant_name": SECRET, "declarant_role": SECRET, "declarant_email": f"{SECRET}@ville.example"}
HEADINGS = ["Code INSEE", "Titre", "Catégorie", "Déclarant", "Courriel"]


def purged(*arguments: str) -> str:
    out = StringIO()
    call_command("purge_declarants", *arguments, stdout=out)
    return out.getvalue()


def survey(*, ended_on: date | None, slug: str = "autre") -> Survey:
    return Survey.objects.create(title=slug, slug=slug, prefix=slug[:12], started_on="2000-01-01", ended_on=ended_on)


@pytest.fixture
def over() -> Survey:
    """A survey whose declarants are to be forgotten today."""
    return survey(ended_on=months_after(timezone.localdate(), -24), slug="finie")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2021, 6, 8), 24, date(2023, 6, 8)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(9999, 12, 31), 24, date.max),
        (date(1, 1, 31), -1, date.min),
    ],
)
def test_months_end_where_the_month_does(day, months, then):
    assert months_after(day, months) == then


def test_day_follows_from_the_end_of_the_survey_and_from_the_setting(settings):
    ended = survey(ended_on=date(2021, 6, 8))
    assert ended.forgets_on == date(2023, 6, 8)
    settings.RETENTION_MONTHS = 6
    assert ended.forgets_on == date(2021, 12, 8)
    assert survey(ended_on=None, slug="ouverte").forgets_on is None


def test_day_itself_is_the_day(over):
    assert list(Survey.objects.to_forget_by(over.forgets_on).filter(pk=over.pk)) == [over]
    assert not Survey.objects.to_forget_by(over.forgets_on - timedelta(days=1)).filter(pk=over.pk)


def test_only_those_of_a_survey_that_is_over_long_enough_are_forgotten(over):
    due = factories.draft(survey=over, **WHO)
    tomorrow = survey(ended_on=over.ended_on + timedelta(days=1), slug="demain")
    kept = [
        factories.draft(survey=tomorrow),
        factories.draft(survey=survey(ended_on=None, slug="ouverte")),
        factories.draft(survey=survey(ended_on=timezone.localdate() + timedelta(days=9), slug="bientot")),
    ]
    nameless = factories.draft(survey=over, declarant_name="", declarant_email="")
    purged()
    due.refresh_from_db()
    assert (due.names_a_declarant, due.declarant_erased_on) == (False, timezone.localdate())
    assert Initiative.objects.naming_a_declarant().count() == len(kept)
    nameless.refresh_from_db()
    assert (nameless.declarant_erased_on, nameless.version) == (None, 1)


def test_nothing_of_them_is_left_in_any_table(importer, over):
    factories.town(name="Lille", insee_code="59350")
    by = factories.user()
    entry = factories.submitted(survey=over, internal_note=f"Appeler {SECRET}", by=by, **WHO)
    entry.request_changes(by=by, message=f"Bonjour {SECRET}")
    entry.submit(by=by)
    entry.publish(by=by)
    Revision.propose(entry, {"declarant_name": SECRET, "internal_note": f"Lui, {SECRET}"}, by=by)
    factories.draft(survey=over, **WHO).delete()
    row = ["59350", "Vélos en libre-service", "Cohésion sociale", SECRET, f"{SECRET}@ville.example"]
    undone = sent(importer, HEADINGS, row)
    post(importer, undone, "confirm")
    post(importer, undone, "undo")
    wrong = sent(importer, HEADINGS, [*row[:4], f"{SECRET} sans arobase"], name=f"{SECRET}.csv")
    post(importer, wrong, "correct", **{f"saisie-{wrong.rows.get().pk}-0": f"{SECRET}@encore.example"})
    ImportBatch.objects.update(survey=over, sent_at=timezone.now() - timedelta(days=31))
    ImportDecision.objects.update(survey=over)
    Initiative.history.update(survey=over.pk)
    assert len(tables_with(SECRET)) == 8
    purged()
    assert tables_with(SECRET) == set()
    assert importer.get(f"/admin/imports/{undone.pk}/").status_code == 200


def test_import_in_hand_is_spared_until_nobody_works_on_it(importer, over):
    factories.town(name="Lille", insee_code="59350")
    batch = sent(importer, HEADINGS, ["59350", "Vélos", "Cohésion sociale", SECRET, ""])
    ImportBatch.objects.update(survey=over)
    assert "Nothing" in purged()
    ImportBatch.objects.update(state="writing", sent_at=timezone.now() - timedelta(days=400))
    assert "Nothing" in purged()
    ImportBatch.objects.update(state="ready")
    assert "files of imports: 1" in purged()
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.personal().exists()) == ("dropped", False)
    assert "Nothing" in purged()


def test_journal_says_what_was_done_and_not_whose(over):
    for _ in range(2):
        factories.draft(survey=over, **WHO)
    OutgoingMail.objects.create(initiative=Initiative.objects.first(), to=WHO["declarant_email"], subject="O", body="B")
    assert purged() == (
        "Erased: declarants of entries: 2, mails: 1, files of imports: 0; survey finie, ended on"
        f" {over.ended_on.isoformat()}.\n"
    )
    line = PersonalDataEvent.objects.get()
    assert (line.act, line.survey, line.cutoff, line.by) == ("retention", over, over.ended_on, None)
    assert (line.entries, line.mails, line.files) == (2, 1, 0)
    assert purged() == "Nothing is past its time.\n"
    assert PersonalDataEvent.objects.count() == 1


def test_dry_run_says_the_same_and_does_nothing(over):
    factories.draft(survey=over, **WHO)
    told = purged("--dry-run")
    assert told.startswith("To erase: declarants of entries: 1")
    assert Initiative.objects.naming_a_declarant().exists()
    assert not PersonalDataEvent.objects.exists()
    assert purged().partition(":")[2] == told.partition(":")[2]


def test_mails_are_kept_for_a_year():
    old, new = (OutgoingMail.objects.create(to=f"{SECRET}@ville.example", subject="O", body="B") for _ in range(2))
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=367))
    assert "mails: 1, older" in purged()
    assert list(OutgoingMail.objects.all()) == [new]
    line = PersonalDataEvent.objects.get()
    assert (line.act, line.mails, line.survey) == ("mails", 1, None)


def test_mail_that_is_being_sent_while_it_is_forgotten_stops_nobody():
    letter = OutgoingMail.objects.create(to="a@ville.example", subject="O", body="B")
    OutgoingMail.objects.all().delete()
    letter.mark_sent()
    letter.put_off("Refused")
    assert not OutgoingMail.objects.exists()


def test_purge_that_dies_in_the_middle_has_done_nothing(over, monkeypatch):
    entries = [factories.draft(survey=over, **WHO) for _ in range(3)]
    monkeypatch.setattr(declarants, "BATCH", 2)
    batches, empty = [], declarants._empty

    def die_at_the_second(batch, names):
        batches.append(batch)
        if len(batches) == 2:
            raise KeyboardInterrupt
        empty(batch, names)

    monkeypatch.setattr(declarants, "_empty", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        purge()
    assert Initiative.objects.naming_a_declarant().count() == len(entries)
    assert not PersonalDataEvent.objects.exists()


def test_queries_do_not_grow_with_the_entries(over, django_assert_max_num_queries):
    factories.draft(survey=over, **WHO)
    with django_assert_max_num_queries(60) as few:
        purge()
    for _ in range(20):
        factories.draft(survey=over, **WHO)
    with django_assert_max_num_queries(len(few)):
        purge()
