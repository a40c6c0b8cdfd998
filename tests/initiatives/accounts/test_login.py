"""The entrance of the staff: who gets in, with what, who does not, and what it tells those who try."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
)
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from initiatives.accounts import passwords, views
from initiatives.models import OutgoingMail
from tests.support import factories
from tests.support.login import (
    ACCOUNT,
    CLOSED,
    ENTRANCE,
    PASSWORD,
    SECOND,
    WRONG,
    choose_password,
    code,
    confirm,
    fail,
    is_in,
    log_in,
    words,
)

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    """A browser test leaves its failures behind: their table is no model, and is not emptied."""
    cache.clear()


# Password


def test_password_lets_in_where_no_second_factor_is_asked(client, camille):
    response = log_in(client, next="/admin/auth/user/")
    assert (response.status_code, response["Location"]) == (302, "/admin/auth/user/")
    assert is_in(client)


def test_entrance_sends_nobody_to_another_site(client, camille):
    assert log_in(client, next="https://ailleurs.example/")["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("username", "facts"),
    [
        ("camille", {"is_staff": True, "password": "autre chose que cela"}),
        ("inconnue", {"is_staff": True, "password": PASSWORD}),
        ("camille", {"is_staff": True, "is_active": False, "password": PASSWORD}),
        ("camille", {"is_staff": False, "password": PASSWORD}),
        ("camille", {"is_staff": True}),
    ],
    ids=["wrong password", "unknown", "disabled", "not staff", "no password"],
)
def test_refusals_say_the_same_whatever_the_reason(client, username, facts):
    factories.user(username="camille", **facts)
    stranger = log_in(Client(), username="personne-ici")
    refused = log_in(client, username=username)
    assert WRONG in words(refused)
    assert refused.status_code == stranger.status_code == 200
    masked = [
        re.sub(r'value="[^"]*"', "", page.text.replace(name, ""))
        for page, name in [(refused, username), (stranger, "personne-ici")]
    ]
    assert masked[0] == masked[1]
    assert not is_in(client)


def test_nobody_can_sign_up(client):
    names = {pattern.name for pattern in get_resolver("initiatives.accounts.urls").url_patterns}
    assert not any("signup" in name for name in names if name)
    for address in ("/admin/signup/", "/admin/login/signup/", "/accounts/signup/"):
        assert client.get(address).status_code in (302, 404)
    assert "signup" not in client.get(ENTRANCE).text


# Lock-out


def test_five_failures_close_the_account_even_to_the_right_password(client, camille):
    assert WRONG in words(fail(client, 5))
    assert CLOSED in words(log_in(client))
    assert CLOSED in words(log_in(Client()))
    assert not is_in(client)


def test_four_failures_close_nothing_and_neither_do_those_on_others(client, camille):
    fail(client, 4)
    fail(client, 6, username="autre")
    assert log_in(client).status_code == 302


def test_account_that_does_not_exist_is_closed_in_the_same_way(client):
    fail(client, 5, username="personne-ici")
    assert CLOSED in words(log_in(client, username="personne-ici"))


def test_success_does_not_wipe_failures_away(camille):
    """Or whoever has one account could try others' passwords for ever."""
    fail(Client(), 4)
    log_in(Client())
    fail(Client(), 1)
    assert CLOSED in words(log_in(Client()))


def test_new_password_opens_a_closed_account(client, camille, mailoutbox):
    fail(client, 5)
    choose_password(client, mailoutbox, "neuf verres de limonade")
    assert log_in(client, password="neuf verres de limonade").status_code == 302


def test_five_wrong_codes_close_the_second_door_too(client, secret):
    log_in(client)
    for _ in range(5):
        assert "Ce code n’est pas le bon" in words(client.post(SECOND, {"code": "000000"}))
    assert "cette étape est fermée" in words(client.post(SECOND, {"code": code(secret)}))
    assert not is_in(client)


def test_count_of_failures_names_nobody_and_does_not_outlive_its_use(client, camille):
    fail(client, 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_cache SET expires = %s", ["2020-01-01 00:00:00"])
        cache.set("aujourd’hui", "x", timeout=60)
        cursor.execute("SELECT cache_key FROM shared_cache")
        ((key,),) = cursor.fetchall()
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert cache.get("aujourd’hui") == "x"
    assert WRONG in words(fail(client, 4))


def test_too_many_tries_of_one_session_get_a_page(client, camille):
    log_in(client)
    for _ in range(6):
        response = client.post(f"{ACCOUNT}mot-de-passe/")
    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert "Trop de demandes en peu de temps" in response.text


# Second factor


def test_code_of_the_application_lets_in_and_serves_once(client, secret):
    assert log_in(client, next="/admin/auth/user/")["Location"] == SECOND
    assert not is_in(client)
    shown = code(secret)
    assert client.post(SECOND, {"code": shown})["Location"] == "/admin/auth/user/"
    assert is_in(client)
    other = Client()
    log_in(other)
    assert "il a déjà servi" in words(other.post(SECOND, {"code": shown}))
    assert not is_in(other)


def test_recovery_code_lets_in_once(client, camille, secret):
    first, *_ = RecoveryCodes.activate(camille).get_unused_codes()
    log_in(client)
    assert client.post(SECOND, {"code": first}).status_code == 302
    assert is_in(client)
    other = Client()
    log_in(other)
    assert other.post(SECOND, {"code": first}).status_code == 200
    assert not is_in(other)


def desk_addresses() -> list[str]:
    """Every address of the entrance and of the account that has no hole, and some of the admin."""
    names = [pattern.name for pattern in get_resolver("initiatives.accounts.urls").url_patterns]
    found = [reverse(name) for name in names if name and name not in HOLES] + [
        reverse(n, kwargs=k) for n, k in HOLES.items()
    ]
    return [
        *found,
        "/admin/password_change/",
        "/admin/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        "/admin/jsi18n/",
    ]


HOLES = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "a-b"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
OPEN = [ENTRANCE, "/admin/login/cle/", "/admin/logout/", "/admin/compte-ferme/"]


def test_password_alone_opens_no_address_to_who_has_a_second_factor(client, camille, secret):
    """Through /admin/login/, through any address of allauth, and with each of them asked and posted to."""
    log_in(client)
    looked = desk_addresses()
    assert len(looked) > 25
    for address in looked:
        client.get(address)
        if address != "/admin/logout/":
            client.post(address, {"login": "camille", "username": "camille", "password": PASSWORD, "code": "123456"})
        assert "_auth_user_id" not in client.session, address
        assert client.get("/admin/auth/user/").status_code == 302, address
    assert Authenticator.objects.filter(user=camille).count() == 1


def test_session_with_the_password_alone_ends_when_its_account_has_a_second_factor(client, camille, secret):
    """One kept from before, on another device, or made by any door we do not know."""
    looked = desk_addresses()
    for address in looked:
        for method in (client.get, client.post):
            client.force_login(camille)
            response = method(address)
            assert response.status_code == 302, address
            assert response["Location"].startswith(ENTRANCE), address
            assert "_auth_user_id" not in client.session, address
    assert Authenticator.objects.filter(user=camille).count() == 1


def test_second_factor_of_one_account_is_not_that_of_another(client, camille, secret):
    """Records of a session name their account: those of Camille are worth nothing to Dominique."""
    dominique = factories.user(username="dominique", password=PASSWORD, is_staff=True, is_superuser=True)
    other_secret = generate_totp_secret()
    TOTP.activate(dominique, other_secret)
    log_in(client, username="dominique")
    client.post(SECOND, {"code": code(other_secret)})
    assert is_in(client)
    client.post("/admin/logout/")
    log_in(client)
    assert not is_in(client)


def test_session_ends_when_its_second_factor_is_taken_away(client, camille, secret):
    RecoveryCodes.activate(camille)
    lost = Authenticator.objects.get(type="totp")
    log_in(client)
    client.post(SECOND, {"code": code(secret)})
    assert is_in(client)
    lost.delete()
    TOTP.activate(camille, generate_totp_secret())
    assert not is_in(client)


def test_without_a_second_factor_one_can_only_get_one_where_it_is_compulsory(client, settings, camille):
    settings.SECOND_FACTOR = True
    assert log_in(client).status_code == 302
    may = {ACCOUNT, "/admin/compte/application/", "/admin/compte/cles/ajouter/", "/admin/compte/confirmer/"}
    for address in desk_addresses():
        if address != "/admin/logout/":
            response = client.get(address)
            assert response.status_code == 200 or address not in may, address
            assert address in may or response["Location"] == ACCOUNT, address
    assert "votre seule protection" in words(client.get(ACCOUNT))


def enrol(client):
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/admin/compte/application/").text).group(1)
    return client.post("/admin/compte/application/", {"code": code(secret)})


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_enrolment_opens_the_desk_and_gives_recovery_codes(client, settings, camille):
    settings.SECOND_FACTOR = True
    log_in(client)
    assert enrol(client)["Location"] == "/admin/compte/codes-de-secours/"
    page = client.get("/admin/compte/codes-de-secours/")
    assert len(re.findall(r"<li><code>\d{8}</code></li>", re.sub(r"\s+", "", page.text))) == 10
    assert is_in(client)
    listed = client.get("/admin/compte/codes-de-secours.txt")
    assert len(re.findall(r"^\d{8}$", listed.text, re.MULTILINE)) == 10


def test_last_key_stays_whatever_recovery_codes_there_are(client, settings, camille, secret):
    settings.SECOND_FACTOR = True
    RecoveryCodes.activate(camille)
    keys = [Authenticator.objects.create(user=user, type="webauthn", data={}) for user in (camille, factories.user())]
    may_go = get_adapter().can_delete_authenticator
    application = Authenticator.objects.get(type="totp")
    assert may_go(application)
    application.delete()
    assert not may_go(keys[0])
    Authenticator.objects.create(user=camille, type="webauthn", data={})
    assert may_go(keys[0])


def test_last_second_factor_stays_where_it_is_compulsory(client, settings, camille, secret):
    settings.SECOND_FACTOR = True
    RecoveryCodes.activate(camille)
    log_in(client)
    client.post(SECOND, {"code": code(secret)})
    confirm(client)
    page = client.get("/admin/compte/application/retirer/")
    assert "C’est votre seul second facteur" in words(page)
    client.post("/admin/compte/application/retirer/")
    assert Authenticator.objects.filter(type="totp").exists()
    settings.SECOND_FACTOR = False
    client.post("/admin/compte/application/retirer/")
    assert not Authenticator.objects.exists()


def test_what_touches_the_second_factor_asks_for_the_password_again(client, camille, secret):
    RecoveryCodes.activate(camille)
    log_in(client)
    client.post(SECOND, {"code": code(secret)})
    for address in ("application/retirer/", "cles/ajouter/", "codes-de-secours/", "codes-de-secours/renouveler/"):
        response = client.get(f"{ACCOUNT}{address}")
        assert response["Location"].startswith("/admin/compte/confirmer/"), address
    confirm(client)
    assert client.get(f"{ACCOUNT}codes-de-secours/").status_code == 200


def test_renewed_recovery_codes_can_be_read_by_who_came_in_with_an_old_one(client, camille, secret):
    first, *_ = RecoveryCodes.activate(camille).get_unused_codes()
    log_in(client)
    client.post(SECOND, {"code": first})
    confirm(client)
    client.post(f"{ACCOUNT}codes-de-secours/renouveler/")
    page = client.get(f"{ACCOUNT}codes-de-secours/")
    assert page.status_code == 200
    assert first not in page.text


# Sessions


def test_session_ends_at_once_when_the_account_is_disabled_or_is_no_longer_staff(client, camille):
    for field in ("is_active", "is_staff"):
        assert log_in(client).status_code == 302
        assert is_in(client)
        setattr(camille, field, False)
        camille.save()
        assert not is_in(client)
        assert client.get(ACCOUNT).status_code == 302
        setattr(camille, field, True)
        camille.save()
        client.post("/admin/logout/")


def test_new_password_ends_the_other_sessions(client, camille):
    other = Client()
    log_in(client)
    log_in(other)
    change = {"oldpassword": PASSWORD, "password1": "neuf verres de limonade", "password2": "neuf verres de limonade"}
    assert client.post(f"{ACCOUNT}mot-de-passe/", change)["Location"] == ACCOUNT
    assert is_in(client)
    assert not is_in(other)


def test_old_address_of_the_password_leads_to_the_account(client, camille):
    log_in(client)
    assert client.get("/admin/password_change/")["Location"] == f"{ACCOUNT}mot-de-passe/"
    assert "/admin/compte/" in client.get("/admin/").text


def test_session_ends_with_the_browser(client, camille):
    log_in(client)
    assert client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() <= 12 * 3600
    assert client.cookies["sessionid"]["max-age"] == ""


def test_logging_out_takes_a_post(client, camille):
    log_in(client)
    assert client.get("/admin/logout/").status_code == 200
    assert is_in(client)
    client.post("/admin/logout/")
    assert not is_in(client)


# Lost password


def test_lost_password_answers_the_same_to_all_and_writes_to_whom_it_should(client, camille, mailoutbox):
    factories.user(username="partie", email="partie@ville.example", is_staff=True, is_active=False)
    answers = []
    for address in ("camille@ville.example", "partie@ville.example", "personne@ailleurs.example"):
        response = client.post("/admin/mot-de-passe-oublie/", {"email": address})
        answers.append((response.status_code, response["Location"], client.get(response["Location"]).text))
    assert answers[0] == answers[1] == answers[2]
    call_command("send_outbox", verbosity=0)
    (mail,) = mailoutbox
    assert mail.to == ["camille@ville.example"]
    assert mail.subject == "Nouveau mot de passe pour le catalogue des initiatives"
    assert "« camille »" in mail.body
    assert "Vous n’avez rien demandé" in mail.body


def test_lost_password_takes_as_long_for_an_address_that_nobody_has(client, camille, monkeypatch):
    waits = []
    monkeypatch.setattr(views.time, "sleep", waits.append)
    monkeypatch.setattr(views, "EVEN", 60)  # whatever else this machine does
    for address in ("camille@ville.example", "personne@ailleurs.example"):
        client.post("/admin/mot-de-passe-oublie/", {"email": address})
    client.get("/admin/mot-de-passe-oublie/")
    assert len(waits) == 2
    assert all(0 < wait < 60 for wait in waits)


def test_key_of_a_new_password_is_made_when_the_mail_leaves(client, settings, camille):
    """A mail server that is away loses nothing, and the mail that waits opens nothing to whoever reads it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.post("/admin/mot-de-passe-oublie/", {"email": "camille@ville.example"})
    with pytest.raises(CommandError, match="The mails wait"):
        call_command("send_outbox")
    mail = OutgoingMail.objects.due().get()
    link = re.search(r"http://testserver(\S+)", mail.body).group(1)
    assert "Ce lien ne sert plus" in client.get(link, follow=True).text
    log_in(client)
    assert link in client.get(reverse("admin:initiatives_outgoingmail_change", args=[mail.pk])).text
    client.logout()
    link = re.search(r"http://testserver(\S+)", passwords.text(mail)).group(1)
    assert "Ce lien ne sert plus" not in client.get(link, follow=True).text


def test_link_of_the_mail_serves_once_and_gives_no_session(client, camille, mailoutbox):
    log_in(other := Client())
    response = choose_password(client, mailoutbox, "neuf verres de limonade")
    assert response["Location"] == "/admin/mot-de-passe-oublie/change/"
    assert not is_in(client)
    assert not is_in(other)
    link = re.search(r"http://testserver(\S+)", mailoutbox[-1].body).group(1)
    assert "Ce lien ne sert plus" in client.get(link, follow=True).text
    assert log_in(client, password="neuf verres de limonade").status_code == 302


def test_lost_password_does_not_stand_in_for_the_second_factor(client, camille, secret, mailoutbox):
    choose_password(client, mailoutbox, "neuf verres de limonade")
    assert log_in(client, password="neuf verres de limonade")["Location"] == SECOND
    assert not is_in(client)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("onze lettre", "au minimum 12 caractères"),
        ("qwerty123456", "trop courant"),
        ("camille@ville.example", "trop semblable"),
        ("198412251984", "entièrement numérique"),
    ],
)
def test_weak_password_is_refused_with_its_reason(client, camille, password, reason):
    log_in(client)
    change = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert reason in words(client.post(f"{ACCOUNT}mot-de-passe/", change))
    camille.refresh_from_db()
    assert camille.check_password(PASSWORD)


# What the desk sends


def test_desk_is_kept_by_nobody_and_found_by_nobody(client, camille):
    for signed_in in (False, True):
        if signed_in:
            log_in(client)
        for address in [*desk_addresses(), "/admin/nulle-part/"]:
            if address == "/admin/logout/":
                continue
            for response in (client.get(address), client.put(address)):
                assert "no-store" in response["Cache-Control"], address
                assert "noindex" in response["X-Robots-Tag"], address
                assert "script-src 'self'" in response["Content-Security-Policy"], address
    assert "X-Robots-Tag" not in client.get("/initiatives/")


# Second factors in the admin


def test_administrator_takes_a_second_factor_away_and_never_sees_its_secret(client, camille):
    lost = factories.user(username="dominique", is_staff=True)
    secret = generate_totp_secret()
    factor = TOTP.activate(lost, secret).instance
    log_in(client)
    pages = [
        client.get("/admin/initiatives/secondfactor/"),
        client.get(f"/admin/initiatives/secondfactor/{factor.pk}/change/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "dominique" in page.text
        assert secret not in page.text
    assert client.post(f"/admin/initiatives/secondfactor/{factor.pk}/change/", {"data": "{}"}).status_code == 403
    client.post(f"/admin/initiatives/secondfactor/{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
