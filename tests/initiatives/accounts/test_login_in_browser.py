"""Staff get their second factors and come back with them, in a real browser under the policy of every page.

The page fixture fails on a script error, on a breach of the policy and on a request to another site.
"""

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client

from tests.support import factories
from tests.support.login import PASSWORD, code, fail


@pytest.fixture(autouse=True)
def _nothing_counted_yet(db):
    cache.clear()


@pytest.fixture(autouse=True)
def _compulsory(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def camille(live_server):
    return factories.user(
        username="camille", email="camille@ville.example", password=PASSWORD, is_staff=True, is_superuser=True
    )


@pytest.fixture
def key(page):
    """A key that Chromium plays, plugged in: it holds passkeys and takes its owner for granted."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page):
    page.goto("/admin/")
    page.fill("[name=login]", "camille")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Se connecter")


def log_out(page):
    page.goto("/admin/compte/")
    page.click("text=Se déconnecter")
    page.wait_for_url("**/admin/login/")


def add_key(page, *, name: str, passwordless: bool):
    page.goto("/admin/compte/cles/ajouter/")
    page.fill("[name=name]", name)
    if passwordless:
        page.check("[name=passwordless]")
    page.click("text=Enregistrer la clé")


def assert_sound(page):
    """No fault that axe finds, and nothing wider than a small telephone."""
    found = Axe().run(page).response["violations"]
    assert not found, [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found]
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 720})


def test_application_of_codes_from_the_first_day_to_the_next(page, camille):
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    assert_sound(page)
    page.click("text=Activer une application")
    assert_sound(page)
    secret = page.inner_text("code")
    page.fill("[name=code]", code(secret))
    page.click("main [type=submit]")
    page.wait_for_url("**/codes-de-secours/")
    assert_sound(page)
    page.click("text=C’est rangé")
    page.wait_for_url("**/admin/")
    log_out(page)
    assert_sound(page)
    log_in(page)
    page.wait_for_url("**/second-facteur/")
    assert_sound(page)
    page.goto("/admin/auth/user/")
    page.wait_for_url("**/admin/login/**")
    page.goto("/admin/login/second-facteur/")
    page.fill("[name=code]", code(secret))
    page.click("text=Continuer")
    page.wait_for_url("**/admin/")
    page.click("text=Mon compte")
    assert "Active depuis le" in page.inner_text("main")


def test_passkey_replaces_password_and_code(page, camille, key):
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    add_key(page, name="Ordinateur du bureau", passwordless=True)
    page.wait_for_url("**/codes-de-secours/")
    page.goto("/admin/compte/cles/")
    assert "Ordinateur du bureau (clé d’accès)" in page.inner_text("main")
    assert_sound(page)
    log_out(page)
    page.click("text=Utiliser une clé d’accès")
    page.wait_for_url("**/admin/")
    assert page.goto("/admin/auth/user/").status == 200


def test_passkey_gets_in_where_strangers_have_closed_the_account(page, camille, key):
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    add_key(page, name="Ordinateur du bureau", passwordless=True)
    page.wait_for_url("**/codes-de-secours/")
    page.context.clear_cookies()
    fail(Client(), 6)
    log_in(page)
    assert "fermé pour un quart d’heure à votre réseau" in page.inner_text("main")
    assert_sound(page)
    page.click("text=Utiliser une clé d’accès")
    page.wait_for_url("**/admin/")


def test_key_is_asked_for_after_the_password(page, camille, key):
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    add_key(page, name="Clé du tiroir", passwordless=False)
    page.wait_for_url("**/codes-de-secours/")
    log_out(page)
    log_in(page)
    page.wait_for_url("**/second-facteur/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/admin/")


def test_disabled_account_does_not_get_in_with_its_passkey(page, camille, key):
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    add_key(page, name="Ordinateur du bureau", passwordless=True)
    page.wait_for_url("**/codes-de-secours/")
    log_out(page)
    for field in ("is_staff", "is_active"):
        setattr(camille, field, False)
        camille.save()
        page.goto("/admin/login/")
        page.click("text=Utiliser une clé d’accès")
        page.wait_for_load_state("networkidle")
        page.goto("/admin/")
        assert "/admin/login/" in page.url


def test_key_that_does_not_answer_is_said_in_french(page, camille):
    page.goto("/admin/login/")
    refusal = "() => Promise.reject(new DOMException('', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = {refusal} }}")
    page.click("text=Utiliser une clé d’accès")
    page.wait_for_selector("text=La clé n’a pas répondu")
    assert_sound(page)


def test_entrance_works_without_javascript(plain_page, camille):
    page = plain_page
    log_in(page)
    page.wait_for_url("**/admin/compte/")
    assert not page.is_visible("text=Utiliser une clé d’accès")
    page.goto("/admin/compte/cles/ajouter/")
    assert "JavaScript" in page.inner_text("main")
    assert Authenticator.objects.count() == 0
