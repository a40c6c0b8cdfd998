"""The lock-out: whom failures to log in keep out, and that they keep nobody out of what is theirs."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.accounts import views
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
    fail,
    is_in,
    log_in,
    words,
)

CLOSED_FOR_A_DAY = "ce compte est fermé pour un jour au plus"
CLOSED_ADDRESS = "réessayez dans cinq minutes"
NEW = "neuf verres de limonade"
HERE, BESIDE, ELSEWHERE = "203.0.113.7", "203.0.113.77", "198.51.100.7"

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.usefixtures("camille")]


@pytest.fixture(autouse=True)
def _nothing_counted_yet(monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "EVEN", 0)


def at(address: str, **facts) -> Client:
    return Client(REMOTE_ADDR=address, **facts)


def device(address: str = ELSEWHERE, **facts) -> Client:
    """A browser that has logged in, and out again; it then goes where one takes it."""
    client = at(address)
    assert log_in(client, **facts).status_code == 302
    client.post("/admin/logout/")
    return client


def taken_to(address: str, client: Client) -> Client:
    """The same browser, with all its cookies, somewhere else."""
    moved = at(address)
    moved.cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    return moved


def gets_in(client: Client, **facts) -> bool:
    response = log_in(client, **facts)
    if response.status_code == 200:
        assert "Trop d’essais sans succès" in words(response)
    return response.status_code == 302


def from_many_networks(times: int, **facts) -> list[str]:
    return [words(fail(at(f"10.{number}.0.1"), 1, **facts)) for number in range(times)]


# Where failures come from


def test_failures_of_a_stranger_keep_the_owner_in(client):
    stranger = at(HERE)
    assert WRONG in words(fail(stranger, 5))
    assert CLOSED in words(fail(stranger, 1))
    assert gets_in(at(ELSEWHERE))


@pytest.mark.both_databases
def test_network_is_closed_whatever_the_address_in_it_even_to_the_right_password():
    fail(at(HERE), 5)
    assert not gets_in(at(BESIDE))


def test_device_that_has_logged_in_gets_in_from_a_closed_network_and_address():
    known = device()
    for number in range(8):
        fail(at(HERE), 5, username=f"autre-{number}")
    fail(at(HERE), 5)
    assert CLOSED_ADDRESS in words(log_in(at(HERE), username="encore une autre"))
    assert gets_in(taken_to(HERE, known))


def test_device_with_a_cookie_that_was_stolen_is_closed_by_itself():
    stolen = device()
    mine = device()
    thief = taken_to(HERE, stolen)
    assert WRONG in words(fail(thief, 5))
    assert "fermé pour un quart d’heure à cet appareil" in words(log_in(thief))
    assert not gets_in(taken_to("192.0.2.7", stolen))
    assert gets_in(mine)
    assert gets_in(at(HERE))


@pytest.mark.parametrize("name", ["dominique", "Camille"])
def test_cookie_of_another_account_is_worth_nothing(camille, name):
    """Not even where the names differ by their case alone: whoever logs in again and again has as many cookies."""
    factories.user(username=name, password=PASSWORD, is_staff=True)
    other = device(HERE, username=name)
    fail(other, 5)
    assert not gets_in(other)
    assert not gets_in(at(BESIDE))
    other.cookies[f"device-{camille.pk}"] = cookie_of(other).value
    assert not gets_in(other)


def test_two_accounts_of_one_browser_are_both_known():
    factories.user(username="dominique", password=PASSWORD, is_staff=True)
    shared = device()
    log_in(shared, username="dominique")
    shared.post("/admin/logout/")
    for username in ("camille", "dominique"):
        fail(at(HERE), 5, username=username)
        assert gets_in(taken_to(HERE, shared), username=username)


@pytest.mark.both_databases
def test_sixty_networks_with_one_try_each_close_the_account_to_unknown_devices_only(mailoutbox):
    known = device()
    answers = from_many_networks(60)
    assert [WRONG in text for text in answers] == [True] * 50 + [False] * 10
    assert all(CLOSED_FOR_A_DAY in text for text in answers[50:])
    assert not gets_in(at(ELSEWHERE))
    assert gets_in(known)


def test_try_that_is_refused_is_not_counted_and_is_told_the_same_each_time():
    from_many_networks(50)
    owner = at(ELSEWHERE)
    for _ in range(7):
        assert CLOSED_FOR_A_DAY in words(log_in(owner))


def test_new_password_by_mail_opens_what_sixty_networks_have_closed_and_they_cannot_close_it_again(mailoutbox):
    from_many_networks(60)
    owner = at(ELSEWHERE)
    choose_password(owner, mailoutbox, NEW)
    assert gets_in(at(HERE), password=NEW)
    from_many_networks(60)
    fail(at(ELSEWHERE), 5)
    assert not gets_in(at(ELSEWHERE), password=NEW)
    assert gets_in(owner, password=NEW)


@pytest.mark.both_databases
def test_right_log_ins_are_no_failures():
    for number in range(55):
        assert gets_in(at(f"10.{number}.0.1"))
    for _ in range(35):
        assert gets_in(at(HERE))


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("2001:db8:0:100::1", "2001:db8:0:1ff:ffff::9", "2001:db8:0:200::1"),
        ("203.0.113.1", "203.0.113.255", "203.0.112.1"),
        ("::ffff:203.0.113.1", "203.0.113.2", "::ffff:198.51.100.1"),
    ],
)
def test_network_is_what_one_subscriber_is_given(one, same, other):
    fail(at(one), 5)
    assert not gets_in(at(same))
    assert gets_in(at(other))


@pytest.mark.parametrize(("one", "same", "other"), [("2001:db8:0:100::1", "2001:db8:0:1ff::9", "2001:db8:0:200::1")])
def test_address_of_ipv6_is_what_one_subscriber_is_given(one, same, other):
    for number in range(6):
        fail(at(one), 5, username=f"autre-{number}")
    assert CLOSED_ADDRESS in words(fail(at(same), 1, username="encore"))
    assert WRONG in words(fail(at(other), 1, username="encore"))


def test_networks_are_told_apart_by_what_the_proxy_adds_and_not_by_what_the_visitor_wrote_before(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def through_proxy(forwarded: str) -> Client:
        return Client(headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="127.0.0.1")

    for number in range(5):
        fail(through_proxy(f"10.{number}.0.1, {HERE}"), 1)
    assert not gets_in(through_proxy(f"10.9.0.1, {HERE}"))
    assert gets_in(through_proxy(f"{HERE}, {ELSEWHERE}"))


def spellings(name: str) -> list[str]:
    """Five, the last of them the right one; one begins with a letter as wide as an ideogram."""
    wide = chr(ord(name[0]) + ord("ａ") - ord("a"))
    return [name.capitalize(), name.upper(), f" {name} ", f"{wide}{name[1:]}", name]


@pytest.mark.parametrize(("known", "asked"), [("camille", "Camille"), ("Camille", "camille")])
def test_device_of_one_account_is_none_of_another_that_is_spelt_nearly_so(known, asked):
    factories.user(username="Camille", password=PASSWORD, is_staff=True)
    browser = taken_to(HERE, device(username=known))
    fail(at(HERE), 5, username=asked)
    assert CLOSED in words(log_in(browser, username=asked))
    assert log_in(browser, username=known).status_code == 302


def test_spellings_of_a_name_are_counted_together():
    for spelling in spellings("camille"):
        fail(at(HERE), 1, username=spelling)
    assert not gets_in(at(HERE))


@pytest.mark.parametrize("name", ["camille", "personne-ici"])
def test_names_that_nobody_has_get_the_same_answers(name):
    """At each limit, and however the name is written: what is said tells nobody who has an account."""
    said = [words(fail(at(HERE), 1, username=spelling)) for spelling in spellings(name)]
    said += [words(fail(at(HERE), 1, username=name))]
    said += from_many_networks(50, username=name)
    assert [WRONG in text for text in said] == [True] * 5 + [False] + [True] * 45 + [False] * 5
    assert CLOSED in said[5]
    assert all(CLOSED_FOR_A_DAY in text for text in said[51:])


def test_name_that_nobody_has_takes_as_many_queries():
    for address in (HERE, ELSEWHERE):
        counts = []
        for name in ("camille", "personne-ici"):
            with CaptureQueriesContext(connection) as queries:
                fail(at(address), 6, username=name)
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.both_databases
def test_table_names_neither_account_nor_network():
    device()
    fail(at(HERE), 5)
    fail(at("2001:db8::1"), 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        rows = cursor.fetchall()
    assert len(rows) > 3
    for key, _ in rows:
        assert re.fullmatch(r"[0-9a-f]{64}", key)


# The cookie of a known device


def cookie_of(client: Client):
    (morsel,) = [morsel for name, morsel in client.cookies.items() if name.startswith("device-")]
    return morsel


@pytest.mark.parametrize("secure", [True, False])
def test_cookie_stays_at_the_desk_and_out_of_reach_of_programs(settings, secure):
    settings.SESSION_COOKIE_SECURE = secure
    cookie = cookie_of(device())
    assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == ("/admin/", "Lax", True)
    assert bool(cookie["secure"]) == secure
    assert cookie["max-age"] == timedelta(days=180).total_seconds()
    assert "camille" not in cookie.value


def test_cookie_is_given_when_one_is_in_and_not_before(client, secret):
    fail(client, 1)
    log_in(client)
    assert not any(name.startswith("device") for name in client.cookies)
    client.post(SECOND, {"code": code(secret)})
    assert is_in(client)
    assert cookie_of(client).value


def test_each_log_in_gives_a_cookie_of_its_own():
    one, other = cookie_of(device()).value, cookie_of(device()).value
    assert one.partition(":")[0] != other.partition(":")[0]


@pytest.mark.parametrize("change", [str.upper, lambda value: value[:-1], lambda value: f"x{value}", lambda value: ""])
def test_cookie_that_was_tampered_with_is_none(change):
    known = device()
    cookie = cookie_of(known)
    known.cookies[cookie.key] = change(cookie.value)
    fail(at(HERE), 5)
    assert not gets_in(taken_to(HERE, known))


def test_cookie_of_long_ago_is_none(monkeypatch):
    long_ago = b62_encode(int((timezone.now() - timedelta(days=181)).timestamp()))
    with monkeypatch.context() as past:
        past.setattr(TimestampSigner, "timestamp", lambda signer: long_ago)
        known = device()
    fail(at(HERE), 5)
    assert not gets_in(taken_to(HERE, known))


def test_new_password_makes_the_cookies_void(camille):
    known = device()
    camille.set_password(NEW)
    camille.save()
    fail(at(HERE), 5)
    assert not gets_in(taken_to(HERE, known), password=NEW)


def test_new_password_opens_the_account_whoever_gave_it(camille):
    fail(at(HERE), 5)
    from_many_networks(60)
    camille.set_password(NEW)
    camille.save()
    assert gets_in(at(HERE), password=NEW)


def test_who_changes_their_password_goes_on_being_known():
    client = at(ELSEWHERE)
    log_in(client)
    client.post(f"{ACCOUNT}mot-de-passe/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    client.post("/admin/logout/")
    fail(at(HERE), 5)
    assert gets_in(taken_to(HERE, client), password=NEW)


def test_change_of_the_secret_key_with_a_fallback_forgets_no_device(settings):
    known = device()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une tout autre clé"
    fail(at(HERE), 5)
    assert gets_in(taken_to(HERE, known))


# The ways back


def test_password_asked_for_again_is_not_closed_by_strangers():
    client = at(ELSEWHERE)
    log_in(client)
    fail(at(ELSEWHERE), 40)
    assert client.post(f"{ACCOUNT}confirmer/", {"password": PASSWORD, "next": ACCOUNT})["Location"] == ACCOUNT


@pytest.mark.parametrize("address", ["/admin/login/cle/", "/admin/mot-de-passe-oublie/1-aaa-bbb/", ENTRANCE])
def test_requests_of_an_address_close_it_to_nobody(address):
    for _ in range(70):
        assert at(HERE).post(address, {"credential": "{}"}).status_code in (200, 302)


# The second factor


def test_stranger_without_the_password_cannot_close_the_second_factor(client, secret):
    fail(client, 1)
    for _ in range(8):
        assert client.post(SECOND, {"code": "000000"})["Location"] == ENTRANCE
    log_in(client)
    client.post(SECOND, {"code": code(secret)})
    assert is_in(client)


def test_closed_second_factor_says_what_opens_it_and_that_alone_does(client, camille, secret, mailoutbox):
    spare, *_ = RecoveryCodes.activate(camille).get_unused_codes()
    log_in(client)
    for _ in range(5):
        client.post(SECOND, {"code": "000000"})
    choose_password(client, mailoutbox, NEW)
    log_in(client, password=NEW)
    for shown in (code(secret), spare):
        said = words(client.post(SECOND, {"code": shown}))
        assert "cette étape est fermée pour un quart d’heure, aux codes de secours" in said
        assert "Un nouveau mot de passe ne la rouvre pas" in said
        assert not is_in(client)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_cache SET expires = %s", ["2020-01-01 00:00:00"])
    client.post(SECOND, {"code": spare})
    assert is_in(client)
