"""The derived columns: written anew by the command, once at the end of a block, and only where they are wrong."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.models import ContentVersion, Initiative, derived
from initiatives.search.query import Query
from tests.support import factories
from towns.models import Territory

pytestmark = pytest.mark.both_databases


def reindex() -> str:
    out = StringIO()
    call_command("reindex", stdout=out)
    return out.getvalue()


def test_columns_that_a_bulk_write_left_behind_are_written_anew():
    stale, right = factories.published(title="Vélos"), factories.draft()
    Initiative.objects.filter(pk=stale.pk).update(
        search_text="", search_title="", sort_key="zz", uses_open_source=True, title="Trottinettes"
    )
    before = ContentVersion.current().number
    assert reindex() == "Entries: 2, of which 1 had changed.\n"
    stale.refresh_from_db()
    assert " trottinet " in stale.search_text
    assert (stale.search_title, stale.sort_key, stale.uses_open_source) == (" trottinet ", "trottinettes", False)
    assert ContentVersion.current().number == before + 1
    assert right.pk


@pytest.mark.parametrize(
    "said",
    [
        *("tablettes", "résumé", "besoin", "solution", "résultats", "limite", "conseil", "fait", "Emmaüs", "Direction"),
        *("Jitsi", "Été", "santé publique", "inclusion numérique", "habitants", "agents", "cohésion sociale"),
        *("Ambérieu-en-Bugey", "01004", "01500", "01501", "Ain", "01", "Auvergne-Rhône-Alpes"),
    ],
)
def test_all_that_the_public_reads_is_searched(full, said):
    Territory.objects.filter(pk="01004").update(postal_codes="01500|01501")
    reindex()
    assert full in Initiative.objects.matching(Query(f"{said} tablettes"))


def test_nothing_that_only_staff_read_is_searched():
    entry = factories.published(internal_note="Trottinette", review_message="Monocycle")
    for private in ("trottinette", "monocycle", "Confidentielle", "camille@prive.example"):
        assert entry not in Initiative.objects.matching(Query(private))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks at its tables by itself")
def test_sqlite_learns_what_its_tables_hold():
    factories.published()
    reindex()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'initiatives_initiative'")
        assert cursor.fetchone()[0] > 5


def test_again_it_changes_nothing():
    factories.published()
    before = ContentVersion.current().number
    assert reindex() == "Entries: 1, of which 0 had changed.\n"
    assert ContentVersion.current().number == before


class TestTogether:
    def test_what_follows_from_several_changes_follows_once(self):
        initiative = factories.published()
        before = ContentVersion.current().number
        with derived.deferred_reindex():
            with derived.deferred_reindex():
                initiative.tools.create(name="Jitsi", open_source="yes")
            initiative.title = "Vélos"
            initiative.save()
            assert ContentVersion.current().number == before
        initiative.refresh_from_db()
        assert ContentVersion.current().number == before + 1
        assert " velo " in initiative.search_title
        assert " jit " in initiative.search_text
        assert initiative.uses_open_source

    def test_what_only_staff_see_leaves_the_content_version(self):
        town = factories.town()
        before = ContentVersion.current().number
        with derived.deferred_reindex():
            draft = factories.draft(title="Vélos", territory=town)
        draft.refresh_from_db()
        assert " velo " in draft.search_text
        assert ContentVersion.current().number == before

    def test_block_that_fails_leaves_nothing_to_the_next(self):
        draft = factories.draft()

        def fail():
            with derived.deferred_reindex():
                draft.save()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with CaptureQueriesContext(connection) as queries, derived.deferred_reindex():
            pass
        assert len(queries) == 0


def test_entries_published_at_one_moment_share_it():
    first, second = factories.submitted(), factories.submitted()
    first.publish(by=factories.user())
    second.publish(by=factories.user(), at=first.published_at)
    assert (second.published_at, second.reviewed_at) == (first.published_at, first.published_at)
