"""The verbs, and what the database refuses even to someone who writes with psql."""

import pytest
from django.db import IntegrityError, connection, transaction

from initiatives.models import ContentVersion, IllegalMove, Initiative, Link, SlugRedirect
from tests.support import factories

pytestmark = pytest.mark.both_databases


def write_columns(**values):
    """Write columns as psql would, past the model."""
    assignments = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE initiatives_initiative SET {assignments}", list(values.values()))


def test_published_entry_says_who_and_when():
    reviewer = factories.user()
    initiative = factories.submitted()
    initiative.publish(by=reviewer)
    initiative.refresh_from_db()
    assert initiative.is_published
    assert initiative.published_by == reviewer
    assert initiative.published_at is not None


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("publish", {}),
        ("request_changes", {"message": "Précisez."}),
        ("reject", {"reason": "Hors sujet."}),
        ("archive", {}),
        ("restore", {}),
    ],
)
def test_draft_can_only_be_submitted(verb, arguments):
    draft = factories.draft()
    with pytest.raises(IllegalMove, match="brouillon"):
        getattr(draft, verb)(by=factories.user(), **arguments)
    draft.refresh_from_db()
    assert draft.status == Initiative.Status.DRAFT


@pytest.mark.parametrize(
    ("status", "verb", "way"),
    [
        ("draft", "publish", "Soumettez-la d’abord."),
        ("changes_requested", "publish", "Soumettez-la d’abord."),
        ("archived", "publish", "Rétablissez-la d’abord."),
        ("rejected", "publish", "Rétablissez-la d’abord."),
        ("published", "publish", ""),
        ("draft", "archive", ""),
        ("draft", "restore", ""),
    ],
)
def test_refused_verb_says_what_comes_before_it(status, verb, way):
    entry, by = factories.draft(), factories.user()
    for step in {
        "draft": [],
        "changes_requested": [("submit", {}), ("request_changes", {"message": "Le coût ?"})],
        "archived": [("submit", {}), ("publish", {}), ("archive", {})],
        "rejected": [("submit", {}), ("reject", {"reason": "Hors sujet."})],
        "published": [("submit", {}), ("publish", {})],
    }[status]:
        getattr(entry, step[0])(by=by, **step[1])
    with pytest.raises(IllegalMove) as refused:
        getattr(entry, verb)(by=by)
    assert refused.value.message.partition("». ")[2] == way
    assert f"est « {entry.get_status_display()} »." in refused.value.message


@pytest.mark.parametrize(("verb", "told"), [("publish", "Impossible de publier"), ("archive", "Impossible d’archiver")])
def test_refused_verb_is_elided_before_a_vowel(verb, told):
    with pytest.raises(IllegalMove, match=f"{told} : "):
        getattr(factories.draft(), verb)(by=factories.user())


def test_archived_entry_can_be_restored_for_review():
    initiative = factories.published()
    initiative.archive(by=factories.user())
    assert not Initiative.objects.published().exists()
    initiative.restore(by=factories.user())
    assert initiative.status == Initiative.Status.SUBMITTED


def test_request_for_changes_needs_a_message():
    with pytest.raises(IllegalMove, match="message"):
        factories.submitted().request_changes(by=factories.user(), message="  ")


def test_stale_copy_cannot_move_an_entry_twice():
    initiative = factories.submitted()
    stale = Initiative.objects.get(pk=initiative.pk)
    initiative.publish(by=factories.user())
    with pytest.raises(IllegalMove, match="publiée"):
        stale.publish(by=factories.user())


def test_four_eyes_let_nobody_publish_what_they_submitted(settings):
    author, other = factories.user(), factories.user()
    initiative = factories.submitted(by=author)
    settings.FOUR_EYES = True
    with pytest.raises(IllegalMove, match="une autre personne de la modération doit la relire"):
        initiative.publish(by=author)
    initiative.publish(by=other)
    assert initiative.is_published


def test_one_person_may_submit_and_publish_unless_told_otherwise():
    author = factories.user()
    initiative = factories.submitted(by=author)
    initiative.publish(by=author)
    assert initiative.is_published


def test_publishing_asks_the_database_what_is_missing():
    initiative = factories.submitted()
    stale = Initiative.objects.get(pk=initiative.pk)
    initiative.licence_agreed_on = None
    initiative.save()
    with pytest.raises(IllegalMove, match="accord de diffusion"):
        stale.publish(by=factories.user())


def test_nothing_but_the_verbs_changes_the_status():
    initiative = factories.submitted()
    initiative.status = Initiative.Status.PUBLISHED
    with pytest.raises(IllegalMove):
        initiative.save()
    with pytest.raises(IllegalMove):
        Initiative.objects.update(status=Initiative.Status.PUBLISHED)


@pytest.mark.parametrize(
    "impossible",
    [
        {"territory_id": None},
        {"published_at": None},
        {"published_by_id": None},
        {"started": "2020-05", "ended": "2020-04"},
        {"started": "2021", "ended": "2020-12"},
        {"source_url": "javascript:alert(1)"},
        {"origin": "survey", "in_survey": False},
        {"slug": "autre"},
    ],
    ids=str,
)
def test_database_refuses_an_impossible_row(impossible):
    factories.published(slug="autre")
    factories.published()
    with pytest.raises(IntegrityError):
        write_columns(**impossible)


@pytest.mark.parametrize(
    ("started", "ended"), [("2020", "2020-03"), ("2020-03", "2020"), ("2020-03", "2020-03"), ("", "2020"), ("2020", "")]
)
def test_end_and_start_compare_at_the_precision_they_have(started, ended):
    assert factories.draft(started=started, ended=ended).pk


def test_database_refuses_a_link_that_is_not_a_web_address():
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(initiative=factories.draft(), label="Piège", url="ftp://example.org")


def test_scheme_of_an_address_may_be_typed_in_capitals():
    initiative = factories.draft()
    initiative.source_url = "HTTPS://Example.org/Page"
    initiative.full_clean(exclude=["search_text"])
    initiative.save()
    assert initiative.source_url == "https://Example.org/Page"
    link = Link(initiative=initiative, label="Page", url="HTTP://Example.org/A")
    link.full_clean()
    link.save()
    assert link.url == "http://Example.org/A"


def test_database_refuses_a_theme_of_another_category():
    initiative = factories.draft(themes=[factories.theme(slug="cybersecurite")])
    foreign = factories.theme(slug="circuits-courts")
    with pytest.raises(IntegrityError), transaction.atomic():
        initiative.themes.add(foreign)
    with pytest.raises(IntegrityError):
        write_columns(category_id=foreign.category_id)
    theme = initiative.themes.get()
    theme.category = foreign.category
    with pytest.raises(IntegrityError), transaction.atomic():
        theme.save()


def test_entry_that_changes_category_leaves_its_former_themes():
    initiative = factories.draft(themes=[factories.theme(slug="cybersecurite")])
    initiative.category = factories.category(slug="economie-locale")
    initiative.save()
    assert not initiative.themes.exists()


def test_references_follow_one_another_and_are_never_given_again():
    first, second = factories.draft(), factories.draft()
    assert (first.reference, second.reference) == ("CS20-00001", "CS20-00002")
    second.delete()
    assert factories.draft().reference == "CS20-00003"


def test_former_addresses_are_remembered_through_several_changes():
    initiative = factories.draft(slug="un")
    for slug in ("deux", "trois", "un"):
        initiative.slug = slug
        initiative.save()
    assert set(SlugRedirect.objects.values_list("slug", flat=True)) == {"deux", "trois"}


def test_entries_of_the_same_title_have_different_addresses():
    slugs = {factories.draft(title="Élèves & œuvres : l’été").slug for _ in range(3)}
    assert "eleves-oeuvres-l-ete" in slugs
    assert len(slugs) == 3


class TestContentVersion:
    def number(self):
        return ContentVersion.current().number

    def test_moves_with_what_the_public_may_see(self):
        initiative = factories.submitted()
        before = self.number()
        initiative.publish(by=factories.user())
        published = self.number()
        assert published > before
        initiative.summary = "Autre résumé."
        initiative.save()
        edited = self.number()
        assert edited > published
        initiative.tools.create(name="Jitsi")
        equipped = self.number()
        assert equipped > edited
        initiative.archive(by=factories.user())
        assert self.number() > equipped

    def test_stays_when_only_staff_see_the_change(self):
        draft = factories.draft()
        before = self.number()
        draft.internal_note = "À rappeler."
        draft.save()
        draft.submit(by=factories.user())
        assert self.number() == before

    def test_moves_when_a_territory_is_renamed_and_the_search_follows(self):
        initiative = factories.published(territory=factories.town(name="Vieux-Bourg"))
        before = self.number()
        initiative.territory.name = "Neuville"
        initiative.territory.save()
        initiative.refresh_from_db()
        assert self.number() > before
        assert " neuvill " in initiative.search_text
        assert "bourg" not in initiative.search_text
