"""What publishing asks for, and what counts to do the same."""

import pytest
from django.db import IntegrityError, transaction

from initiatives.models import IllegalMove, Initiative, Revision, Tool
from initiatives.models.initiative.completeness import lacking
from initiatives.models.record_table import NEEDED
from tests.support import factories

SOURCE = {"source_url": "https://example.org/article"}
# All that publishing does not ask for
BARE = dict.fromkeys(
    ("need", "solution", "started", "declarant_name", "declarant_email", "source_title", "source_publisher"), ""
)
ORIGINS = Initiative.Origin.values


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("told", [{"summary": "Un résumé."}, {"summary": "", "solution": "Une solution."}])
@pytest.mark.parametrize("shown", [SOURCE | {"licence_agreed_on": None}, {}, SOURCE])
def test_title_summary_place_category_and_a_right_to_show_it_are_enough(origin, told, shown):
    in_survey = origin == "survey"
    entry = factories.submitted(origin=origin, in_survey=in_survey, **(BARE | told | shown))
    assert entry.missing_to_publish() == []
    assert not Initiative.objects.incomplete().exists()
    entry.publish(by=factories.user())
    entry.refresh_from_db()
    assert entry.is_published
    assert entry.summary == (told["summary"] or told["solution"])


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    ("lost", "missing", "told"),
    [
        ({"summary": "", "solution": ""}, ["summary"], "il manque le résumé (ou une solution)."),
        ({"licence_agreed_on": None}, ["source_url"], "il manque une source publique ou l’accord de diffusion."),
        (
            {"summary": "", "solution": "", "licence_agreed_on": None, "source_title": "Un titre sans adresse"},
            ["summary", "source_url"],
            "il manque le résumé (ou une solution) et une source publique ou l’accord de diffusion.",
        ),
    ],
)
def test_what_is_missing_is_named(origin, lost, missing, told):
    entry = factories.submitted(origin=origin, in_survey=True, **lost)
    assert entry.missing_to_publish() == missing
    assert Initiative.objects.incomplete().get() == entry
    with pytest.raises(IllegalMove) as refused:
        entry.publish(by=factories.user())
    assert refused.value.message == f"« {entry} » ne peut pas être publiée : {told}"


def test_entries_that_are_in_no_table_are_asked_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Initiative().missing_to_publish() == list(NEEDED)
        assert lacking(Initiative().missing_to_publish()) == (
            "il manque le titre, le résumé (ou une solution), la collectivité, la catégorie et une source publique ou"
            " l’accord de diffusion"
        )
        whole = Initiative(title="T", summary="R", territory_id="60057", category_id=1, **SOURCE)
        assert lacking(whole.missing_to_publish()) == ""


def test_publishing_takes_the_summary_from_the_solution_and_the_history_says_so():
    entry = factories.submitted(summary="", solution="Une carte libre. " + "Elle est tenue à jour chaque lundi. " * 30)
    entry.publish(by=factories.user())
    entry.refresh_from_db()
    assert entry.summary.startswith("Une carte libre. Elle")
    assert entry.summary.endswith("chaque lundi.")
    assert len(entry.summary) <= 500
    assert entry.history.first().summary == entry.summary
    assert Initiative.objects.published().get() == entry


def test_summary_is_kept_as_it_was_written():
    entry = factories.submitted(summary="Le mien.", solution="Une autre phrase.")
    entry.publish(by=factories.user())
    entry.refresh_from_db()
    assert entry.summary == "Le mien."


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "lost", [{"summary": ""}, {"title": ""}, {"licence_agreed_on": None}, {"summary": "", "solution": ""}]
)
def test_database_holds_no_published_entry_without_what_it_needs(lost):
    factories.draft(title="Brouillon", summary="", solution="", licence_agreed_on=None)
    entry = factories.published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=entry.pk).update(**lost)
    Initiative.objects.filter(pk=entry.pk).update(licence_agreed_on=None, **SOURCE)


def test_revision_may_not_take_what_an_entry_needs():
    entry, by = factories.published(), factories.user()
    revision = Revision.propose(entry, {"licence_agreed_on": None}, by=by)
    with pytest.raises(Exception, match="il manque une source publique ou l’accord de diffusion"):
        revision.approve(by=by)
    assert Revision.objects.pending().get() == revision
    assert Initiative.objects.get(pk=entry.pk).licence_agreed_on


def test_revision_that_empties_the_summary_leaves_the_solution_to_tell():
    entry, by = factories.published(solution="Une solution."), factories.user()
    Revision.propose(entry, {"summary": ""}, by=by).approve(by=by)
    assert Initiative.objects.get(pk=entry.pk).summary == "Une solution."


EIGHT = [
    ({"need": "B"}, "le besoin"),
    ({"solution": "S"}, "la solution"),
    ({"results": "R"}, "les résultats"),
    ({"caveats": "V"}, "les points de vigilance"),
    ({"investment_cost": "0"}, "le coût"),
    ({"yearly_cost": "lt1"}, "le coût"),
    ({"cost_details": "12 000 €"}, "le coût"),
    ({"lead_time": "weeks"}, "le délai"),
    ({"contact_service": "Service Vie associative"}, "le contact"),
    ({"contact_email": "vie@ville.example"}, "le contact"),
]


@pytest.mark.parametrize(("said", "words"), EIGHT)
def test_each_of_the_eight_counts_once(said, words):
    entry = factories.draft(**(BARE | said))
    assert entry.completeness.startswith("1 des 8 éléments pour refaire\u00a0: il manque l")
    assert words not in [one.words for one in entry.untold]


def test_what_is_no_help_to_do_the_same_does_not_count():
    """Neither a person who answered, nor what is private, nor the rest of the record."""
    entry = factories.draft(**(BARE | {"declarant_name": "Camille", "advice": "Osez.", "partners": "Emmaüs"}))
    assert entry.completeness == (
        "0 des 8 éléments pour refaire\u00a0: il manque le besoin, la solution, les résultats, les points de vigilance,"
        " le coût, le délai, les outils et le contact"
    )


def test_entry_that_says_all_eight_lacks_nothing():
    entry = factories.draft(**{name: value for said, _ in EIGHT for name, value in said.items()})
    assert entry.completeness == "7 des 8 éléments pour refaire\u00a0: il manque les outils"
    Tool.objects.create(initiative=entry, name="Jitsi")
    assert entry.completeness == "8 des 8 éléments pour refaire"
