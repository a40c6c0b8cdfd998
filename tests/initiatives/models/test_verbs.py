"""What each verb does to an entry, to whom it writes, and that one that fails or is refused has done nothing."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from initiatives.models import IllegalMove, Initiative, OutgoingMail, Revision
from initiatives.models.initiative.moves import MOVES
from initiatives.publication.snapshot import build
from tests.support import editions, factories

pytestmark = pytest.mark.both_databases

Status = Initiative.Status
# How an entry comes to each status, from a draft.
PATHS = {
    Status.DRAFT: [],
    Status.SUBMITTED: ["submit"],
    Status.CHANGES_REQUESTED: ["submit", "request_changes"],
    Status.PUBLISHED: ["submit", "publish"],
    Status.REJECTED: ["submit", "reject"],
    Status.ARCHIVED: ["submit", "publish", "archive"],
}
GIVEN = {"request_changes": {"message": " Le coût ? "}, "reject": {"reason": " Hors sujet. "}}
# Verb, from, to, whose who and when it writes.
EFFECTS = [
    ("submit", Status.DRAFT, Status.SUBMITTED, {"submitted"}),
    ("submit", Status.CHANGES_REQUESTED, Status.SUBMITTED, {"submitted"}),
    ("publish", Status.SUBMITTED, Status.PUBLISHED, {"reviewed", "published"}),
    ("request_changes", Status.SUBMITTED, Status.CHANGES_REQUESTED, {"reviewed"}),
    ("reject", Status.SUBMITTED, Status.REJECTED, {"reviewed"}),
    ("reject", Status.CHANGES_REQUESTED, Status.REJECTED, {"reviewed"}),
    ("archive", Status.PUBLISHED, Status.ARCHIVED, {"reviewed"}),
    ("restore", Status.ARCHIVED, Status.SUBMITTED, {"submitted"}),
    ("restore", Status.REJECTED, Status.SUBMITTED, {"submitted"}),
]
ELSEWHERE = [
    (verb, status) for verb in MOVES for status in Status if (verb, status) not in {row[:2] for row in EFFECTS}
]


def entry_in(status: Status) -> Initiative:
    """Brought there by three people or fewer; its mails name who wrote and who answers the public."""
    entry = factories.draft(declarant_email="camille@prive.example", contact_email="service@ville.example")
    for verb in PATHS[status]:
        getattr(entry, verb)(by=factories.user(), **GIVEN.get(verb, {}))
    OutgoingMail.objects.all().delete()
    entry.refresh_from_db()
    return entry


def who_and_when(entry: Initiative) -> dict[str, tuple]:
    return {
        act: (getattr(entry, f"{act}_by"), getattr(entry, f"{act}_at"))
        for act in ("submitted", "reviewed", "published")
    }


def everything() -> dict[str, list]:
    """All rows of the catalogue, history and mails among them."""
    models = apps.get_app_config("initiatives").get_models(include_auto_created=True)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


@pytest.mark.parametrize(("verb", "origin", "target", "acts"), EFFECTS)
def test_verb_says_what_became_of_the_entry_by_whom_and_when(verb, origin, target, acts):
    others = factories.published(declarant_email="autre@prive.example"), factories.draft()
    entry, by, begun = entry_in(origin), factories.user(), timezone.now()
    before, versions = who_and_when(entry), entry.history.count()
    getattr(entry, verb)(by=by, **GIVEN.get(verb, {}))
    for one in (entry, Initiative.objects.get(pk=entry.pk)):
        assert one.status == target
        for act, (person, at) in who_and_when(one).items():
            if act in acts:
                assert person == by, act
                assert begun <= at <= timezone.now(), act
            else:
                assert (person, at) == before[act], act
        assert len({at for act, (_, at) in who_and_when(one).items() if act in acts}) == 1
    if verb in GIVEN:
        assert entry.review_message == "".join(GIVEN[verb].values()).strip()
    version = entry.history.latest("history_id")
    assert entry.history.count() == versions + 1
    assert (version.status, version.history_user, version.history_change_reason) == (target, by, MOVES[verb].reason)
    told = ["camille@prive.example"] if verb == "request_changes" else []
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == told
    assert [one.status for one in Initiative.objects.filter(pk__in=[one.pk for one in others]).order_by("pk")] == [
        Status.PUBLISHED,
        Status.DRAFT,
    ]


@pytest.mark.parametrize(("verb", "status"), ELSEWHERE)
def test_verb_that_the_status_forbids_changes_nothing(verb, status):
    entry, by = entry_in(status), factories.user()
    before = everything()
    with pytest.raises(IllegalMove, match=f"est « {status.label} »"):
        getattr(entry, verb)(by=by, **GIVEN.get(verb, {}))
    assert everything() == before


def test_moment_of_a_loading_is_that_of_all_its_acts():
    at = timezone.now() - timedelta(days=3)
    entry, by = factories.draft(), factories.user()
    entry.submit(by=by, at=at)
    entry.publish(by=by, at=at)
    assert {one for _, one in who_and_when(Initiative.objects.get(pk=entry.pk)).values()} == {at}


def test_nobody_archives_restores_and_publishes_alone_under_four_eyes(settings):
    entry, alone = entry_in(Status.PUBLISHED), factories.user()
    settings.FOUR_EYES = True
    entry.archive(by=alone)
    entry.restore(by=alone)
    with pytest.raises(IllegalMove, match="une autre personne"):
        entry.publish(by=alone)
    entry.publish(by=factories.user())


@pytest.mark.parametrize(("declarant", "told"), [("camille@prive.example", ["camille@prive.example"]), ("", [])])
def test_only_the_declarant_is_asked_to_complete_an_entry(declarant, told):
    entry = factories.submitted(declarant_email=declarant, contact_email="service@ville.example")
    entry.request_changes(by=factories.user(email="agent@ville.example"), message="Le coût ?")
    assert [mail.to for mail in OutgoingMail.objects.all()] == told


# A failure inside a verb


def verb_of(status: Status, verb: str) -> Callable:
    return partial(getattr(entry_in(status), verb), by=factories.user(), **GIVEN.get(verb, {}))


def revision() -> Revision:
    values = {"title": "Un autre titre", "tools": [["Jitsi", "yes"]]}
    return Revision.propose(entry_in(Status.PUBLISHED), values, by=factories.user())


def freezing() -> Callable:
    factories.published()
    return partial(editions.publication().freeze, by=factories.user(), build=partial(build, site=editions.SITE))


def withdrawing() -> Callable:
    first, _ = factories.published(), factories.published()
    return partial(editions.edition().withdraw, reference=first.reference, by=factories.user(), reason="À sa demande.")


ACTS = {verb: partial(verb_of, origin, verb) for verb, origin, *_ in EFFECTS} | {
    "propose": lambda: partial(
        Revision.propose, entry_in(Status.PUBLISHED), {"title": "Un autre titre"}, by=factories.user()
    ),
    "approve a revision": lambda: partial(revision().approve, by=factories.user()),
    "reject a revision": lambda: partial(revision().reject, by=factories.user(), reason="Faux."),
    "freeze": freezing,
    "withdraw": withdrawing,
}


@contextmanager
def failing_at(number: int):
    """The database fails at this one of the statements that write; yields those that it was asked."""
    asked = []

    def execute(run, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            asked.append(sql)
            if len(asked) == number:
                raise DatabaseError("the disk is full")
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield asked


@pytest.mark.parametrize("name", ACTS)
def test_failure_anywhere_inside_a_verb_leaves_nothing_half_done(name):
    act, at = ACTS[name](), 0
    while True:
        before, at = everything(), at + 1
        try:
            with failing_at(at) as asked:
                act()
        except DatabaseError:
            transaction.set_rollback(False)  # what the verb has not undone is not undone for it
            assert everything() == before, asked[-1]
        else:
            break
    assert at > 1
    assert everything() != before


# Two decisions at once


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("first", ["approve", "reject"])
def test_second_of_two_decisions_at_once_finds_the_first(first):
    waiting, person, other = revision(), factories.user(), factories.user()
    answers, about_to = [], threading.Event()

    def decide_too():
        try:
            same = Revision.objects.get(pk=waiting.pk)
            about_to.set()
            same.reject(by=other, reason="Faux.")
            answers.append("decided")
        except IllegalMove as refused:
            answers.append(refused.message)
        finally:
            connection.close()

    thread = threading.Thread(target=decide_too)
    with transaction.atomic():
        waiting.approve(by=person) if first == "approve" else waiting.reject(by=person, reason="Inexact.")
        thread.start()
        assert about_to.wait(30)
        thread.join(0.5)
        assert answers == []
    thread.join()
    waiting.refresh_from_db()
    assert answers == ["Impossible de refuser cette révision : elle est déjà décidée."]
    assert waiting.decided_by == person


# Which entries nobody has verified for long


@pytest.mark.parametrize(
    ("verified_on", "published_at", "is_unverified"),
    [
        ("2026-01-31", "2020-01-01T12:00", True),
        ("2026-02-01", "2020-01-01T12:00", False),
        ("2026-02-02", "2020-01-01T12:00", False),
        (None, "2026-01-31T23:59:59", True),
        (None, "2026-02-01T00:00", False),
        (None, "2026-02-01T23:59", False),
    ],
)
def test_entry_that_is_verified_or_published_on_the_day_itself_is_verified(verified_on, published_at, is_unverified):
    at, by = timezone.make_aware(datetime.fromisoformat(published_at)), factories.user()
    entry = factories.submitted(verified_on=verified_on)
    entry.publish(by=by, at=at)
    found = Initiative.objects.unverified_since(datetime(2026, 2, 1).date())
    assert list(found) == ([entry] if is_unverified else [])
