"""What becomes of an import that is ready: drafts, submitted or published entries; and what undoing it would do."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.models import ContentVersion, ImportBatch, Initiative
from tests.support import factories
from tests.support.imports import BIKES, HEADINGS, TABLETS, faults, kinds, post, said, sent
from tests.support.staff import logged_in

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.both_databases]

ANSWERS = [*HEADINGS, "Résumé"]
DAY = "2021-01-15"


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057", population=56_000)


@pytest.fixture
def moderator():
    return logged_in(Client(), "modération")


def answers(client, *rows, agreed: bool = True) -> ImportBatch:
    batch = sent(client, ANSWERS, *rows)
    if agreed:
        post(client, batch, "agree", agreed_on=DAY)
    return batch


def statuses() -> list[str]:
    return list(Initiative.objects.order_by("reference").values_list("status", flat=True))


class TestAgreement:
    def test_given_once_it_is_recorded_on_each_entry(self, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."], [*TABLETS, "Des tablettes."], agreed=False)
        assert (batch.publishable, batch.lacking) == (0, {"source_url": 2})
        page = moderator.get(reverse("admin:import_batch", args=[batch.pk])).text
        assert "Tous les répondants ont accepté" in page
        assert "Importer et publier" not in page
        post(moderator, batch, "agree", agreed_on=DAY)
        assert (batch.publishable, batch.lacking) == (2, {})
        post(moderator, batch, "confirm", ensuite="publish")
        assert set(Initiative.objects.values_list("licence_agreed_on", flat=True)) == {date(2021, 1, 15)}

    def test_says_nothing_of_whoever_said_another_day(self, importer):
        batch = sent(
            importer, [*ANSWERS, "Accord de diffusion"], [*BIKES, "Des vélos.", "2/2/2021"], [*TABLETS, "T.", ""]
        )
        post(importer, batch, "agree", agreed_on=DAY)
        assert [row.after["licence_agreed_on"] for row in batch.rows.order_by("line")] == ["2021-02-02", DAY]

    @pytest.mark.parametrize(
        "day", ["", "hier", "2021-02-30", "0021-01-15", f"{timezone.localdate() + timedelta(days=1)}"]
    )
    def test_that_is_no_day_or_a_day_to_come_is_refused(self, importer, day):
        batch = answers(importer, [*BIKES, "Des vélos."], agreed=False)
        response = post(importer, batch, "agree", agreed_on=day)
        assert said(response)
        assert (batch.constants, batch.publishable) == ({}, 0)


class TestInOneGo:
    def test_entries_are_published_at_one_moment_by_whoever_confirmed(self, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."], [*TABLETS, "Des tablettes."])
        before = ContentVersion.current().number
        post(moderator, batch, "confirm", ensuite="publish")
        assert (batch.state, statuses()) == ("done", ["published"] * 2)
        assert ContentVersion.current().number > before
        bikes, tablets = Initiative.objects.order_by("reference")
        assert bikes.published_at == tablets.published_at
        assert {bikes.submitted_by, bikes.published_by, bikes.reviewed_by} == {moderator.user}
        (version,) = bikes.history.all()
        assert (version.status, version.history_change_reason) == ("published", f"{batch}, soumettre, publier")
        assert Client().get(bikes.get_absolute_url()).status_code == 200
        assert bikes in Initiative.objects.published().filter(search_text__contains=" velo ")

    def test_summary_comes_from_the_solution_where_there_is_none(self, moderator):
        batch = sent(
            moderator,
            [*HEADINGS, "Solution", "Adresse de la source"],
            [*BIKES, "Des vélos. Partout.", "https://ville.example/"],
        )
        assert (faults(batch), batch.publishable) == ([], 1)
        post(moderator, batch, "confirm", ensuite="publish")
        assert Initiative.objects.get().summary.startswith("Des vélos.")

    def test_what_lacks_something_stays_a_draft(self, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."], [*TABLETS, ""])
        assert (batch.publishable, batch.lacking) == (1, {"summary": 1})
        post(moderator, batch, "confirm", ensuite="publish")
        assert sorted(statuses()) == ["draft", "published"]

    def test_completed_file_publishes_what_was_a_draft(self, moderator):
        first = answers(moderator, [*BIKES, ""])
        post(moderator, first, "confirm")
        again = answers(moderator, [*BIKES, "Des vélos."], agreed=False)
        assert (kinds(again), again.publishable) == (["changed"], 1)
        post(moderator, again, "confirm", ensuite="publish")
        assert statuses() == ["published"]

    def test_whoever_may_not_publish_submits(self, importer):
        batch = answers(importer, [*BIKES, "Des vélos."])
        page = importer.get(reverse("admin:import_batch", args=[batch.pk])).text
        assert ("Importer et publier" in page, "Importer et soumettre" in page) == (False, True)
        assert "ne pouvez pas publier" in said(post(importer, batch, "confirm", ensuite="publish"))
        assert (batch.state, statuses()) == ("ready", [])
        post(importer, batch, "confirm", ensuite="submit")
        assert statuses() == ["submitted"]

    def test_nobody_publishes_alone_what_four_eyes_must_read(self, moderator, settings):
        settings.FOUR_EYES = True
        batch = answers(moderator, [*BIKES, "Des vélos."])
        assert "Importer et publier" not in moderator.get(reverse("admin:import_batch", args=[batch.pk])).text
        assert "ne pouvez pas publier" in said(post(moderator, batch, "confirm", ensuite="publish"))
        assert statuses() == []

    def test_drafts_are_what_an_unknown_wish_makes(self, importer):
        batch = answers(importer, [*BIKES, "Des vélos."])
        assert said(post(importer, batch, "confirm", ensuite="x"))
        post(importer, batch, "confirm")
        assert statuses() == ["draft"]

    def test_number_of_queries_does_not_grow_with_the_entries(self, moderator, django_assert_max_num_queries):
        made = {}
        for count in (3, 30):
            rows = [["60057", f"Initiative {count} {n}", *BIKES[2:], "Un résumé."] for n in range(count)]
            batch = answers(moderator, *rows)
            with django_assert_max_num_queries(200) as queries:
                post(moderator, batch, "confirm", ensuite="publish")
            made[count] = len(queries)
        assert made[30] - made[3] <= 6  # rows of a statement of SQLite


class TestUndoing:
    def told(self, client, batch) -> str:
        return " ".join(client.get(reverse("admin:import_undo", args=[batch.pk])).text.split())

    def test_says_how_many_go_and_takes_published_entries_back(self, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."], [*TABLETS, "Des tablettes."])
        post(moderator, batch, "confirm", ensuite="publish")
        address = Initiative.objects.first().get_absolute_url()
        assert "2 fiches créées par cet import seront retirées, dont 2 que le public lit" in self.told(moderator, batch)
        before = ContentVersion.current().number
        assert "Tout est redevenu comme avant" in post(moderator, batch, "undo").text
        assert (batch.state, statuses()) == ("undone", [])
        assert ContentVersion.current().number > before
        assert Client().get(address).status_code in (404, 410)

    def test_covers_what_was_submitted_since(self, importer):
        batch = answers(importer, [*BIKES, "Des vélos."])
        post(importer, batch, "confirm")
        Initiative.objects.get().submit(by=importer.user)
        post(importer, batch, "undo")
        assert (batch.state, statuses()) == ("undone", [])

    def test_published_entries_are_taken_back_by_whoever_may_publish(self, importer, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."])
        post(moderator, batch, "confirm", ensuite="publish")
        assert "seule la modération peut encore la retirer" in self.told(importer, batch)
        post(importer, batch, "undo")
        assert statuses() == ["published"]

    def test_what_was_corrected_or_sent_back_since_stays_and_is_told(self, moderator):
        batch = answers(moderator, [*BIKES, "Des vélos."], [*TABLETS, "Des tablettes."])
        post(moderator, batch, "confirm", ensuite="submit")
        bikes, tablets = Initiative.objects.get(title=BIKES[1]), Initiative.objects.get(title=TABLETS[1])
        bikes.title = "Des vélos pour tous"
        bikes.save()
        tablets.request_changes(by=moderator.user, message="Combien ?")
        told = self.told(moderator, batch)
        assert "2 fiches resteront telles quelles" in told
        assert "seront retirées" not in told
        post(moderator, batch, "undo")
        assert sorted(statuses()) == ["changes_requested", "submitted"]

    def test_says_nothing_is_to_be_undone_of_another_state(self, importer):
        batch = answers(importer, [*BIKES, "Des vélos."])
        assert "il n’y a rien à annuler" in self.told(importer, batch)

    def test_same_file_sent_again_needs_nothing_typed_anew(self, moderator):
        rows = [["Bauvais", *BIKES[1:], "Des vélos."], ["Beauvais", *TABLETS[1:], "Des tablettes."]]
        headings = ["Commune", *ANSWERS[1:]]
        batch = sent(moderator, headings, *rows)
        post(moderator, batch, "agree", agreed_on=DAY)
        row = batch.rows.get(kind="error")
        post(moderator, batch, "correct", accepter=f"{row.pk}:0:0")
        post(moderator, batch, "confirm", ensuite="publish")
        post(moderator, batch, "undo")
        again = sent(moderator, headings, *rows)
        assert kinds(again) == ["new", "new"]
        post(moderator, again, "agree", agreed_on=DAY)
        post(moderator, again, "confirm", ensuite="publish")
        assert statuses() == ["published"] * 2
