"""The purge: the declarants of a survey are forgotten in time, wherever they are, and nobody else is."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from initiatives.adminkit import versions
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
from initiatives.models.record import stored_values
from initiatives.models.retention import cutoff_of, fate, months_after, purge, to_forget_soon, told
from initiatives.text.french import day
from tests.support import factories
from tests.support.declarants import SECRET, columns_with, tables_with
from tests.support.imports import cells, post, sent

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
WHO = {"declarant_name": SECRET, "declarant_role": SECRET, "declarant_email": f"{SECRET}@ville.example"}
# Where the person is who a file names, by the table: in what its cells say, in what is wrong or corrected, decided.
OF_IMPORTS = {
    *("batch.name", "batch.choices", "file.content", "decision.before", "decision.after", "group.value", "group.after"),
    *(f"row.{name}" for name in ("before", "after", "values", "previous", "cells", "faults", "corrected")),
}
HEADINGS = ["Code INSEE", "Titre", "Catégorie", "Déclarant", "Courriel"]


def purged(*arguments: str) -> str:
    out = StringIO()
    call_command("purge_declarants", *arguments, stdout=out)
    return out.getvalue()


def survey(*, ended_on: date | None, slug: str = "autre") -> Survey:
    return Survey.objects.create(title=slug, slug=slug, prefix=slug[:12], started_on="2000-01-01", ended_on=ended_on)


@pytest.fixture
def over() -> Survey:
    """A survey of which the declarants that came in by its end are to be forgotten today."""
    return survey(ended_on=cutoff_of(timezone.localdate()), slug="finie")


def entry_of(over: Survey, **facts) -> Initiative:
    """An entry whose declarant came in by the end of the survey."""
    return factories.draft(survey=over, declared_on=over.ended_on, **(WHO | facts))


def all_came_in(on: date):
    """Say of what is stored that all of it came in on this day."""
    moment = timezone.make_aware(datetime.combine(on, time(12)))
    for rows in (Initiative.objects.naming_a_declarant(), Initiative.history.all()):
        rows.update(declared_on=on)
    Revision.objects.update(proposed_at=moment)
    OutgoingMail.objects.update(created_at=moment)
    ImportBatch.objects.update(sent_at=moment)
    ImportBatch.objects.exclude(written_at=None).update(written_at=moment)


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [
        (date(2021, 6, 8), 24, date(2023, 6, 8)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(9999, 12, 31), 24, date.max),
        (date(1, 1, 31), -1, date.min),
    ],
)
def test_months_end_where_the_month_does(start, months, then):
    assert months_after(start, months) == then


@pytest.mark.parametrize("months", [1, 6, 12, 24])
def test_what_is_past_its_time_is_what_was_announced_for_that_day_or_before(settings, months):
    settings.RETENTION_MONTHS = months
    for at in range(900):
        today = date(2026, 1, 1) + timedelta(days=at)
        cutoff = cutoff_of(today)
        assert months_after(cutoff, months) <= today < months_after(cutoff + timedelta(days=1), months), today


def test_only_those_of_a_survey_that_is_over_long_enough_are_forgotten(over):
    due = entry_of(over)
    tomorrow = survey(ended_on=over.ended_on + timedelta(days=1), slug="demain")
    old = {"declared_on": "2001-01-01"}
    kept = [
        factories.draft(survey=tomorrow, **old),
        factories.draft(survey=survey(ended_on=None, slug="ouverte"), **old),
        factories.draft(survey=survey(ended_on=timezone.localdate() + timedelta(days=9), slug="bientot"), **old),
        factories.draft(survey=over, declared_on=over.ended_on + timedelta(days=1)),
    ]
    nameless = entry_of(over, **dict.fromkeys(WHO, ""))
    assert set(to_forget_soon()) == {due, kept[0], kept[3]}
    purged()
    due.refresh_from_db()
    assert (due.names_a_declarant, due.declarant_erased_on, due.declared_on) == (False, timezone.localdate(), None)
    assert set(Initiative.objects.naming_a_declarant()) == set(kept)
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
    known = factories.draft(survey=over, **WHO)
    sent(importer, ["Référence", "Déclarant"], [known.reference, f"Autre {SECRET}"])
    wrong = [[*row[:1], title, row[2], SECRET, f"{SECRET} {title}"] for title in ("Un", "Deux", "Trois")]
    wrong = sent(importer, HEADINGS, *wrong, name=f"{SECRET}.csv")
    group = wrong.groups.faults().earliest("rank")
    post(importer, wrong, "correct", **{f"groupe-{group.pk}": f"{SECRET}@encore.example"})
    post(importer, wrong, "correct", cellules=cells({3: {"declarant_name": f"Autre {SECRET}"}}))
    ImportBatch.objects.update(survey=over)
    ImportDecision.objects.update(survey=over)
    Initiative.history.update(survey=over.pk)
    before = columns_with(SECRET)
    assert before >= {f"initiatives_import{column}" for column in OF_IMPORTS}
    assert len(tables_with(SECRET)) == 9
    assert "Nothing" in purged()
    assert columns_with(SECRET) == before
    all_came_in(over.ended_on)
    purged()
    assert tables_with(SECRET) == set()
    assert importer.get(f"/admin/imports/{undone.pk}/").status_code == 200


def test_what_is_imported_into_a_survey_that_ended_long_ago_has_its_whole_time(importer):
    """The same night nothing goes, and all of it on the day that was announced."""
    Survey.objects.update(started_on="2001-01-01", ended_on="2001-03-31")
    factories.town(name="Lille", insee_code="59350")
    row = ["59350", "Vélos", "Cohésion sociale", SECRET, f"{SECRET}@ville.example"]
    post(importer, sent(importer, HEADINGS, row), "confirm")
    before, today = tables_with(SECRET), timezone.localdate()
    due = months_after(today, 24)
    for night in (today, today + timedelta(days=31), due - timedelta(days=1)):
        assert purge(night) == []
    assert tables_with(SECRET) == before
    (line,) = purge(due)
    assert (line.entries, line.files, line.cutoff) == (1, 1, cutoff_of(due))
    assert tables_with(SECRET) == set()


def test_declarant_who_is_typed_today_has_their_whole_time(over):
    entry = entry_of(over, **dict.fromkeys(WHO, ""))
    assert entry.declared_on is None
    entry = Initiative.objects.get(pk=entry.pk)
    entry.declarant_name = SECRET
    entry.save()
    assert entry.declared_on == timezone.localdate()
    assert purge() == []


def test_other_declarant_counts_from_the_day_of_the_change_and_other_fields_change_nothing(over):
    entry = entry_of(over)
    entry.title = "Un autre titre"
    entry.save()
    assert entry.declared_on == over.ended_on
    entry = Initiative.objects.get(pk=entry.pk)
    entry.declarant_email = "autre@ville.example"
    entry.save()
    assert entry.declared_on == timezone.localdate()
    assert purge() == []


def test_import_that_changes_the_declarant_of_an_entry_counts_from_then(importer, over):
    town = factories.town(name="Lille", insee_code="59350")
    known = entry_of(over, territory=town, title="Vélos")
    nobody = entry_of(over, territory=town, title="Tablettes", **dict.fromkeys(WHO, ""))
    rows = [
        ["59350", one.title, "Service public", "Nouvelle Personne", "", one.reference, one.version]
        for one in (known, nobody)
    ]
    post(importer, sent(importer, [*HEADINGS, "Référence", "Version de la fiche"], *rows), "confirm")
    today = timezone.localdate()
    named = Initiative.objects.filter(declarant_name="Nouvelle Personne").values_list("pk", "declared_on")
    assert set(named) == {(known.pk, today), (nobody.pk, today)}
    assert purge() == []


def test_file_and_revision_of_today_spare_the_entry_that_they_speak_of(importer, over):
    """What is in hand is not lost in the night, nor half of what is known of somebody."""
    town = factories.town(name="Lille", insee_code="59350")
    one, other = (entry_of(over, territory=town, title=title) for title in ("Vélos", "Tablettes"))
    batch = sent(importer, [*HEADINGS, "Référence"], ["59350", "Vélos", "Service public", SECRET, "", one.reference])
    assert batch.rows.get().initiative == one
    for verb in ("submit", "publish"):
        getattr(other, verb)(by=importer.user)
    Revision.propose(other, stored_values(other) | {"declarant_name": f"Autre {SECRET}"}, by=importer.user)
    assert purge() == []
    assert not to_forget_soon().exists()
    due = day(months_after(timezone.localdate(), 24))
    assert [fate(entry).startswith(f"Sera effacé le {due}") for entry in (one, other)] == [True, True]
    batch.refresh_from_db()
    assert batch.state == "ready"
    all_came_in(over.ended_on)
    assert set(to_forget_soon()) == {one, other}
    purge()
    assert tables_with(SECRET) == set()


def test_entry_that_comes_back_has_no_more_time_than_before(over):
    entry = entry_of(over)
    pk = entry.pk
    entry.delete()
    last = Initiative.history.filter(id=pk).order_by("-history_id").first()
    versions.restore_version(pk, str(last.history_id), by=factories.user(is_superuser=True))
    assert Initiative.objects.get(pk=pk).declared_on == over.ended_on


@pytest.mark.parametrize(
    ("ended_on", "declared_on", "sentence"),
    [
        (None, "2020-05-04", "Rien n’est effacé tant que l’enquête n’a pas de date de clôture."),
        ("2031-06-08", "2020-05-04", "Sera effacé le 8 juin 2033, 24\u00a0mois après la clôture de l’enquête."),
        ("2021-03-31", "2031-06-08", "Sera effacé le 8 juin 2033, 24\u00a0mois après son arrivée."),
        (
            "2021-03-31",
            "2020-05-04",
            "Le délai est passé depuis le 31 mars 2023\u00a0: effacement à la prochaine purge.",
        ),
        ("2019-03-31", "2020-05-04", "Le délai est passé depuis le 4 mai 2022\u00a0: effacement à la prochaine purge."),
    ],
)
def test_desk_says_of_an_entry_when_its_declarant_is_erased(ended_on, declared_on, sentence):
    entry = factories.draft(survey=survey(ended_on=ended_on), declared_on=declared_on)
    assert fate(Initiative.objects.get(pk=entry.pk)) == sentence


def test_desk_says_of_a_survey_when_its_declarants_are_erased(over):
    today = timezone.localdate()
    assert told(over) == "0\u00a0fiche nomme son déclarant."
    factories.draft(survey=over)
    due = f"le {day(months_after(today, 24))}"
    rest = "24\u00a0mois après la clôture de l’enquête ou leur arrivée."
    assert told(over) == f"1\u00a0fiche nomme son déclarant\u202f; effacement {due}, {rest}"
    entry_of(over)
    first = "à la prochaine purge pour les premières"
    assert (
        told(over)
        == f"2\u00a0fiches nomment leur déclarant\u202f; effacement {first}, {due} pour les dernières, {rest}"
    )


def test_database_keeps_no_declarant_without_the_day_when_it_came_in():
    entry = factories.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=entry.pk).update(declared_on=None)


def test_import_under_way_is_spared_until_it_is_at_rest(importer, over):
    factories.town(name="Lille", insee_code="59350")
    batch = sent(importer, HEADINGS, ["59350", "Vélos", "Cohésion sociale", SECRET, ""])
    ImportBatch.objects.update(survey=over)
    assert "Nothing" in purged()
    all_came_in(over.ended_on)
    ImportBatch.objects.update(state="writing")
    assert "Nothing" in purged()
    ImportBatch.objects.update(state="ready")
    assert "files of imports: 1" in purged()
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.personal().exists()) == ("dropped", False)
    assert "Nothing" in purged()


def test_journal_says_what_was_done_and_not_whose(over):
    for _ in range(2):
        entry_of(over)
    OutgoingMail.objects.create(initiative=Initiative.objects.first(), to=WHO["declarant_email"], subject="O", body="B")
    assert purged() == (
        "Erased: declarants of entries: 2, mails: 1, files of imports: 0; survey finie, ended on"
        f" {over.ended_on.isoformat()}, what came in until {over.ended_on.isoformat()}.\n"
    )
    line = PersonalDataEvent.objects.get()
    assert (line.act, line.survey, line.cutoff, line.by) == ("retention", over, over.ended_on, None)
    assert (line.entries, line.mails, line.files) == (2, 1, 0)
    assert purged() == "Nothing is past its time.\n"
    assert PersonalDataEvent.objects.count() == 1


def test_dry_run_says_the_same_and_does_nothing(over):
    entry_of(over)
    said = purged("--dry-run")
    assert said.startswith("To erase: declarants of entries: 1")
    assert Initiative.objects.naming_a_declarant().exists()
    assert not PersonalDataEvent.objects.exists()
    assert purged().partition(":")[2] == said.partition(":")[2]


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
    entries = [entry_of(over) for _ in range(3)]
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
    entry_of(over)
    with django_assert_max_num_queries(60) as few:
        purge()
    for _ in range(20):
        entry_of(over)
    with django_assert_max_num_queries(len(few)):
        purge()
