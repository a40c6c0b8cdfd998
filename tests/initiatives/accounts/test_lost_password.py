"""A lost password: who is written to, how often, and which links serve. One address a person, and no former one."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from initiatives.accounts import views
from initiatives.models import OutgoingMail
from tests.support import factories
from tests.support.login import PASSWORD, code, is_in, log_in

LOST = "/admin/mot-de-passe-oublie/"
FORMER, PRESENT = "camille@ville.example", "camille@agglo.example"

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def _nothing_counted_yet(monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "EVEN", 0)


@pytest.fixture
def camille():
    return factories.user(username="camille", email=FORMER, password=PASSWORD, is_staff=True)


def ask(address: str):
    assert Client().post(LOST, {"email": address})["Location"] == f"{LOST}envoye/"


def sent(mailoutbox) -> list[str]:
    """The addresses that are written to now."""
    before = len(mailoutbox)
    call_command("send_outbox", verbosity=0)
    return [mail.to[0] for mail in mailoutbox[before:]]


def link(mail) -> str:
    return re.search(r"http://testserver(\S+)", mail.body).group(1)


def serves(address: str) -> bool:
    return "Ce lien ne sert plus" not in Client().get(address, follow=True).text


def by_the_desk(camille, address: str, client):
    client.force_login(factories.user(username="chef", is_staff=True, is_superuser=True))
    facts = {"username": "camille", "email": address, "is_active": "on", "is_staff": "on"}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
    assert client.post(f"/admin/auth/user/{camille.pk}/change/", facts | dates).status_code == 302


def by_saving(camille, address: str, client):
    account = User.objects.get(pk=camille.pk)
    account.email = address
    account.save()


def by_a_query(camille, address: str, client):
    User.objects.filter(pk=camille.pk).update(email=address)


@pytest.mark.parametrize("change", [by_the_desk, by_saving, by_a_query])
@pytest.mark.parametrize("present", [PRESENT, ""])
def test_former_address_works_nowhere_any_more(client, camille, mailoutbox, change, present):
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]
    old = link(mailoutbox[-1])
    assert serves(old)
    cache.clear()
    ask(FORMER)
    change(camille, present, client)
    assert not serves(old)
    ask(FORMER)
    assert sent(mailoutbox) == []
    if present:
        ask(present)
        assert sent(mailoutbox) == [present]
        assert serves(link(mailoutbox[-1]))


def test_link_that_was_opened_before_the_change_sets_no_password_after_it(camille, mailoutbox):
    ask(FORMER)
    sent(mailoutbox)
    thief = Client()
    page = thief.get(link(mailoutbox[-1]), follow=True).redirect_chain[-1][0]
    User.objects.update(email=PRESENT)
    refused = thief.post(page, {"password1": "neuf verres de limonade", "password2": "neuf verres de limonade"})
    assert "Ce lien ne sert plus" in refused.text
    assert User.objects.get().check_password(PASSWORD)


def test_two_accounts_that_exchange_addresses_exchange_their_mails(camille, mailoutbox):
    dominique = factories.user(username="dominique", email=PRESENT, password=PASSWORD, is_staff=True)
    for address in (FORMER, PRESENT):
        ask(address)
    assert sent(mailoutbox) == [FORMER, PRESENT]
    links = [link(mail) for mail in mailoutbox]
    cache.clear()
    for address in (FORMER, PRESENT):
        ask(address)
    User.objects.filter(pk=camille.pk).update(email=PRESENT)
    User.objects.filter(pk=dominique.pk).update(email=FORMER)
    assert not any(serves(address) for address in links)
    assert sent(mailoutbox) == []
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]
    assert "« dominique »" in mailoutbox[-1].body


@pytest.mark.parametrize("typed", ["camille@ville.example", "Camille@VILLE.example", " CAMILLE@ville.example "])
def test_case_does_not_matter_and_the_mail_goes_to_the_address_as_it_stands(camille, mailoutbox, typed):
    User.objects.update(email="Camille@Ville.example")
    ask(typed)
    assert sent(mailoutbox) == ["Camille@Ville.example"]


@pytest.mark.parametrize("typed", ["camılle@ville.example", "camille@vılle.example", "çamille@ville.example"])
def test_address_that_only_looks_like_it_gets_nothing(camille, mailoutbox, typed):
    Client().post(LOST, {"email": typed})
    assert sent(mailoutbox) == []


def test_letters_with_accents_have_no_case_either(camille, mailoutbox):
    User.objects.update(email="camille@hôtel-de-ville.example")
    ask("camille@HÔTEL-de-ville.example")
    assert sent(mailoutbox) == ["camille@hôtel-de-ville.example"]


@pytest.mark.parametrize("facts", [{"email": PRESENT}, {"email": ""}, {"is_active": False}])
def test_mail_that_waits_does_not_leave_once_its_address_is_no_longer_that_of_the_account(camille, mailoutbox, facts):
    ask(FORMER)
    User.objects.update(**facts)
    assert sent(mailoutbox) == []
    assert not OutgoingMail.objects.exists()


def test_waiting_mails_to_declarants_are_not_concerned(mailoutbox):
    OutgoingMail.objects.create(to="declarant@ville.example", subject="Objet", body="Texte")
    assert sent(mailoutbox) == ["declarant@ville.example"]


def test_copies_of_addresses_are_neither_made_nor_read(client, camille, secret, mailoutbox):
    ask(FORMER)
    sent(mailoutbox)
    page = client.get(link(mailoutbox[-1]), follow=True).redirect_chain[-1][0]
    client.post(page, {"password1": "neuf verres de limonade", "password2": "neuf verres de limonade"})
    log_in(client, password="neuf verres de limonade")
    client.post("/admin/login/second-facteur/", {"code": code(secret)})
    assert is_in(client)
    change = {"oldpassword": "neuf verres de limonade", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/compte/mot-de-passe/", change)
    client.post("/admin/compte/confirmer/", {"password": PASSWORD, "next": "/admin/compte/"})
    assert not EmailAddress.objects.exists()
    for verified in (True, False):
        address = f"{verified}@ville.example"
        EmailAddress.objects.create(user=camille, email=address, verified=verified, primary=verified)
        ask(address.lower())
    assert sent(mailoutbox) == []


# Asked for again and again


def test_strangers_who_ask_flood_nobody_and_get_the_same_page(camille, mailoutbox):
    for number in range(40):
        client = Client(REMOTE_ADDR=f"10.{number % 3}.0.1")
        assert client.post(LOST, {"email": FORMER})["Location"] == f"{LOST}envoye/"
        sent(mailoutbox)
    assert len(mailoutbox) == 1


def test_owner_who_asks_after_strangers_has_a_link_that_serves(camille, mailoutbox):
    ask(FORMER)
    sent(mailoutbox)
    for _ in range(30):
        ask(FORMER)
    ask(FORMER)
    assert sent(mailoutbox) == []
    assert serves(link(mailoutbox[-1]))


def test_another_mail_leaves_after_an_hour_and_voids_no_link(camille, mailoutbox):
    ask(FORMER)
    sent(mailoutbox)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_cache SET expires = %s", ["2020-01-01 00:00:00"])
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]
    assert all(serves(link(mail)) for mail in mailoutbox)


def test_another_mail_leaves_at_once_where_the_last_link_is_void(client, camille, mailoutbox):
    """It has served, or its owner has logged in since."""
    ask(FORMER)
    sent(mailoutbox)
    log_in(client)
    assert not serves(link(mailoutbox[-1]))
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]
    page = Client()
    form = page.get(link(mailoutbox[-1]), follow=True).redirect_chain[-1][0]
    page.post(form, {"password1": "neuf verres de limonade", "password2": "neuf verres de limonade"})
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]
    assert serves(link(mailoutbox[-1]))


def test_accounts_of_one_address_each_get_their_mail(camille, mailoutbox):
    factories.user(username="accueil", email=FORMER, is_staff=True)
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER, FORMER]


def test_mail_that_waits_for_a_dead_server_stays_alone(camille, mailoutbox):
    ask(FORMER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_cache SET expires = %s", ["2020-01-01 00:00:00"])
    ask(FORMER)
    assert sent(mailoutbox) == [FORMER]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_asked_for_at_once_it_leaves_once(camille):
    def ask_alone(_):
        try:
            ask(FORMER)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask_alone, range(6)))
    assert OutgoingMail.objects.count() == 1
