"""Several people at the desk at the same moment, each with a connection of their own."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import Edition, Initiative, OutgoingMail, PersonalDataEvent, Survey
from initiatives.models.retention import purge
from tests.support import editions, factories
from tests.support.desk import ADD, address, opened, sent, words
from tests.support.editions import LIST, as_made
from tests.support.threads import AT_ONCE, together

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.ignore_template_errors,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def clients() -> list[Client]:
    made = [Client() for _ in range(AT_ONCE)]
    for client in made:
        client.force_login(factories.member("modération"))
    return made


def test_of_eight_saves_of_one_version_one_is_accepted():
    entry, people = factories.draft(title="Ancien"), clients()
    form = opened(people[0], address(entry))
    before = entry.history.count()
    answers = together(
        lambda number: people[number].post(address(entry), sent(form, title=f"Titre {number}")).status_code
    )
    assert sorted(answers) == [200] * (AT_ONCE - 1) + [302]
    assert entry.history.count() == before + 1
    entry.refresh_from_db()
    assert entry.title.startswith("Titre ")


def test_eight_clicks_of_one_person_on_a_new_entry_make_one():
    (client, *_), town = clients(), factories.town()
    data = sent(opened(client, ADD), territory=town.pk, title="Une", category=factories.category().pk)
    cookies = client.cookies

    def post(number: int) -> int:
        own = Client()
        own.cookies = cookies
        return own.post(ADD, data).status_code

    assert together(post) == [302] * AT_ONCE
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize("name", ["submit", "add_theme"])
def test_eight_clicks_of_one_person_on_a_deed_are_all_told_that_it_is_done(name):
    """Each has read the entry before the first has changed it."""
    (client, *_), entry, theme = clients(), factories.draft(), factories.theme()
    before, cookies = entry.history.count(), client.cookies

    def post(number: int) -> str:
        own = Client()
        own.cookies = cookies
        data = {"fiches": entry.pk, "theme": theme.pk, "confirme": "oui"}
        return words(own.post(f"/admin/initiatives/initiative/faire/{name}/", data))

    assert all("Ce qui a été fait" in page for page in together(post))
    assert entry.history.count() == before + 1


def test_of_eight_requests_for_changes_one_is_mailed():
    entry, people = factories.submitted(), clients()
    data = {"fiches": entry.pk, "confirme": "oui", "message": "Le coût ?"}
    where = "/admin/initiatives/initiative/faire/request_changes/"
    answers = together(lambda number: "Ce qui a été fait" in people[number].post(where, data).text)
    assert sorted(answers) == [False] * (AT_ONCE - 1) + [True]
    assert OutgoingMail.objects.count() == 1


def test_of_eight_who_freeze_one_makes_the_edition_and_all_read_it():
    """By the button of its page and by the action of the list."""
    factories.published()
    report, people = editions.publication(), clients()
    where = reverse("admin:initiatives_publication_change", args=[report.pk])
    ticked = {"action": "freeze", "_selected_action": [report.pk]}

    def post(number: int) -> str:
        asked = (LIST, ticked) if number % 4 == 0 else (where, as_made(_freeze="1"))
        return words(people[number].post(*asked, follow=True))

    pages = together(post)
    assert Edition.objects.get().document.is_under_way
    assert sorted("est figée : 1 fiche" in page for page in pages) == [False] * (AT_ONCE - 1) + [True]
    assert all("« Le rapport, édition 1 » " in page for page in pages)
    assert sum("vient d’être figée" in page for page in pages) == AT_ONCE - 1


def test_of_eight_runs_of_the_outbox_one_has_each_mail():
    letters = [OutgoingMail.objects.create(to="a@ville.example", subject="Objet", body="Texte").pk for _ in range(3)]
    taken = together(lambda number: [pk for pk in letters if OutgoingMail.objects.claim(pk)])
    assert sorted(pk for own in taken for pk in own) == letters


def test_of_eight_purges_one_forgets_and_says_so():
    for _ in range(3):
        factories.draft(declared_on="2021-01-15")  # of a survey that ended in 2021
    assert sorted(len(lines) for lines in together(lambda number: purge())) == [0] * (AT_ONCE - 1) + [1]
    assert PersonalDataEvent.objects.get().entries == 3


def test_references_drawn_at_once_differ():
    survey = Survey.objects.get()
    assert len(set(together(lambda number: Survey.objects.get(pk=survey.pk).next_reference()))) == AT_ONCE
