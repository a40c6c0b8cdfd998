"""Somebody deletes what somebody else is saving: what was typed is given back, and nothing comes back by itself."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from initiatives.models import Audience, Category, Publication, Revision, Survey, Synonym, Theme
from tests.support import editions, factories
from tests.support.desk import ADD, address, errors, opened, sent, words
from tests.support.editions import as_made
from tests.support.threads import AT_ONCE, together

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.ignore_template_errors,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
# What may be changed: a row of it, a field that is typed.
ROWS = {
    "entry": (lambda: factories.draft(), "title"),
    "publication": (editions.publication, "title"),
    "survey": (
        lambda: Survey.objects.create(title="Une autre", slug="autre", prefix="A26", started_on="2026-01-01"),
        "title",
    ),
    "category": (
        lambda: Category.objects.create(name="Une autre", short_name="Autre", slug="autre"),
        "name",
    ),
    "theme": (
        lambda: Theme.objects.create(name="Un autre", slug="autre", category=factories.category()),
        "name",
    ),
    "audience": (lambda: Audience.objects.create(name="Un autre", slug="autre"), "name"),
    "synonym": (lambda: Synonym.objects.create(terms="vélo, bicyclette"), "terms"),
    "account": (lambda: factories.user(username="partie"), "username"),
}
TYPED = "vélo, ce qui était tapé"


@pytest.fixture
def chief():
    client = Client()
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    return client


@contextmanager
def deleting(row):
    """The row is being deleted: whoever asks for it meanwhile waits for the end."""
    ready, let_go = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            type(row).objects.get(pk=row.pk).delete()
            ready.set()
            let_go.wait(10)
        connection.close()

    other = threading.Thread(target=run)
    other.start()
    ready.wait(10)
    # The statement of the request is on its way by then.
    threading.Timer(0.7, let_go.set).start()
    yield
    other.join()


def change_address(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("kind", ROWS)
def test_what_was_typed_for_a_row_that_goes_meanwhile_is_given_back(chief, kind):
    make, field = ROWS[kind]
    row = make()
    form = sent(opened(chief, change_address(row)))
    typed = "tape" if kind == "account" else TYPED
    if kind == "publication":
        form = as_made()
    with deleting(row):
        page = chief.post(change_address(row), form | {field: typed})
    assert page.status_code == 200
    assert "entre-temps" in errors(page) or "pendant que vous" in errors(page)
    assert page.context["adminform"].form[field].value() == typed
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_introductions_of_a_publication_that_goes_are_given_back_and_saved_with_a_new_one(chief):
    factories.published()
    report = editions.publication()
    introduction = report.introductions.create(category=factories.category(), text="Ancien.")
    typed = as_made(
        **{
            "introductions-TOTAL_FORMS": "1",
            "introductions-INITIAL_FORMS": "1",
            "introductions-0-id": introduction.pk,
            "introductions-0-publication": report.pk,
            "introductions-0-category": introduction.category_id,
            "introductions-0-text": "Ce qui était tapé.",
        }
    )
    with deleting(report):
        page = chief.post(change_address(report), typed)
    (formset,) = (inline.formset for inline in page.context["inline_admin_formsets"])
    again = {field.html_name: field.value() or "" for form in [formset.management_form, *formset] for field in form}
    where = page.context["form_url"]
    page = chief.post(where, typed | again)
    assert page.status_code == 302
    assert Publication.objects.get().introductions.get().text == "Ce qui était tapé."


@pytest.mark.parametrize("kind", [kind for kind in ROWS if kind != "account"])
def test_four_deletions_and_four_savings_at_once(kind):
    make, field = ROWS[kind]
    factories.published()  # without one a publication is refused
    row, people = make(), [Client() for _ in range(AT_ONCE)]
    for client in people:
        client.force_login(factories.user(is_staff=True, is_superuser=True))
    form = as_made() if kind == "publication" else sent(opened(people[0], change_address(row)))
    deletion = change_address(row).replace("/change/", "/delete/")

    def post(number: int) -> tuple[int, bool]:
        if number % 2:
            return people[number].post(deletion, {"post": "yes"}).status_code, True
        typed = f"{TYPED} {number}"
        page = people[number].post(change_address(row), form | {field: typed})
        return page.status_code, page.status_code == 302 or f'value="{typed}"' in page.text

    answers = together(post)
    assert len(answers) == AT_ONCE
    assert all(status in (200, 302) and kept for status, kept in answers), answers
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("verb", ["archive", "reject"])
def test_entry_that_is_set_aside_meanwhile_gives_back_what_was_typed(editor, verb):
    entry = factories.submitted()
    form = sent(opened(editor, address(entry)), title=TYPED)
    if verb == "archive":
        entry.publish(by=factories.user())
        entry.archive(by=factories.user())
    else:
        entry.reject(by=factories.user(), reason="Hors sujet.")
    page = editor.post(address(entry), form)
    assert "vous ne pouvez plus la modifier" in errors(page)
    assert page.context["adminform"].form["title"].value() == TYPED


def test_theme_that_goes_while_an_entry_takes_it_is_told_in_the_form(chief):
    entry = factories.draft()
    theme = Theme.objects.create(name="Un autre", slug="autre", category=entry.category)
    form = sent(opened(chief, address(entry)), title=TYPED, themes=[theme.pk])
    with deleting(theme):
        page = chief.post(address(entry), form, follow=True)
    assert "themes" in page.context["adminform"].form.errors
    assert page.context["adminform"].form["title"].value() == TYPED
    assert "avec succès" not in words(page)


def test_survey_that_goes_while_a_new_entry_names_it_is_told_in_the_form(chief):
    survey = Survey.objects.create(title="Une autre", slug="autre", prefix="A26", started_on="2026-01-01")
    town = factories.town()
    typed = {"territory": town.pk, "title": TYPED, "category": factories.category().pk, "survey": survey.pk}
    form = sent(opened(chief, ADD), **typed)
    with deleting(survey):
        page = chief.post(ADD, form)
    assert "survey" in page.context["adminform"].form.errors
    assert page.context["adminform"].form["title"].value() == TYPED


def test_reason_typed_for_an_entry_that_goes_is_given_back(moderator):
    entry, other = factories.submitted(), factories.published()
    revision = Revision.propose(other, {"title": "Autre"}, by=factories.user())
    asked = {"fiches": entry.pk, "confirme": "oui", "message": TYPED}
    with deleting(entry):
        page = moderator.post(reverse("admin:bulk_action", args=["request_changes"]), asked)
    assert TYPED in words(page)
    with deleting(other):
        page = moderator.post(
            reverse("admin:review_revision", args=[revision.pk]), {"refuser": "", "message": TYPED}, follow=True
        )
    assert "il n’y a plus rien à décider" in words(page)
    assert TYPED in words(page)
