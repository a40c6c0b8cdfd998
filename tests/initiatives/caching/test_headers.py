"""What every public address sends with its page, and what no page of ours ever holds."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.admin.sites import all_sites
from django.urls import reverse

from tests.support import factories
from tests.support.public_addresses import HOLES, QUESTIONS, public_patterns

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The one page that may be framed gives up more than the others in return.
FRAMABLE = {"frame-ancestors": "*", "script-src": "'none'", "connect-src": "'none'", "form-action": "'none'"}


class Page(HTMLParser):
    """What a browser would fetch or run of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.inline, self.fetched = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.inline += [f"{tag} {name}" for name in attributes if name == "style" or name.startswith("on")]
        # A block of data is no script.
        is_script = tag == "script" and "src" not in attributes and attributes.get("type") != "application/ld+json"
        if tag == "style" or is_script:
            self.inline.append(tag)
        if tag not in ("a", "form"):
            links = "canonical" in attributes.get("rel", "") or "alternate" in attributes.get("rel", "")
            self.fetched += [attributes[name] for name in ("src", "srcset") if attributes.get(name)]
            if attributes.get("href") and not links:
                self.fetched.append(attributes["href"])


@pytest.mark.parametrize("name", public_patterns())
def test_public_address_is_guarded_and_leaves_no_trace(client, world, name):
    response = client.get(reverse(name, kwargs=HOLES.get(name, {})), QUESTIONS.get(name))
    assert response.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    framable = name == "embedded_list"
    assert policy == (POLICY | FRAMABLE if framable else POLICY)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.get("X-Frame-Options") == (None if framable else "DENY")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(response["Permissions-Policy"].split(", "))
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "Strict-Transport-Security" not in response
    if response["Content-Type"].startswith("text/html"):
        page = Page(response.text)
        assert page.fetched
        assert not [address for address in page.fetched if not re.match(r"/(?!/)|#|data:", address)]
        assert not page.inline


def test_sweep_has_seen_the_pages():
    assert {"home", "initiative_list", "initiative_detail", "export"} <= set(public_patterns())
    assert len(public_patterns()) > 10
    assert set(HOLES) <= set(public_patterns())


def test_page_with_something_inline_would_be_found():
    page = Page('<p style="x" onclick="y"><style></style><script>z</script><img src="https://example.org/a.png">')
    assert page.inline == ["p style", "p onclick", "style", "script"]
    assert page.fetched == ["https://example.org/a.png"]


@pytest.mark.parametrize("cookie", ["csrftoken", "sessionid", "messages"])
def test_cookie_of_the_desk_changes_nothing_on_a_public_page(client, world, cookie):
    response = client.get("/initiatives/", headers={"cookie": f"{cookie}=x"})
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_https_is_held_for_a_year_and_asked_for(client, settings, world):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    plain = client.get("/initiatives/?q=carte")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/initiatives/?q=carte")
    assert "Content-Security-Policy" in plain
    assert "max-age=31536000" in client.get("/initiatives/", secure=True)["Strict-Transport-Security"]


def test_cookies_of_the_desk_stay_at_the_desk_and_follow_https(client, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    staff = factories.user(username="camille", password="mot de passe", is_staff=True, is_superuser=True)
    response = client.get("/admin/login/")
    cookies = [response.cookies["csrftoken"]]
    response = client.post("/admin/login/", {"login": staff.username, "password": "mot de passe", "next": "/admin/"})
    cookies += response.cookies.values()
    assert {cookie.key for cookie in cookies} == {"csrftoken", "sessionid", f"device-{staff.pk}"}
    for cookie in cookies:
        assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["samesite"]) == (
            "/admin/",
            True,
            True,
            "Lax",
        )


@pytest.mark.ignore_template_errors
def test_admin_works_under_the_same_policy(page, live_server):
    """The page fixture fails on any breach of the policy."""
    staff = factories.user(username="camille", password="mot de passe", is_staff=True, is_superuser=True)
    page.goto("/admin/")
    page.fill("[name=login]", staff.username)
    page.fill("[name=password]", "mot de passe")
    page.click("text=Se connecter")
    page.wait_for_url("**/admin/")
    models = [f"{model._meta.app_label}/{model._meta.model_name}" for site in all_sites for model in site._registry]
    assert "auth/user" in models
    for model in models:
        answer = page.goto(f"/admin/{model}/")
        assert answer.status == 200, model
        page.wait_for_selector("#changelist")
        if page.locator("#searchbar").count():
            page.fill("#searchbar", "cam")
            page.press("#searchbar", "Enter")
            page.wait_for_url("**q=cam*")
    page.goto(f"/admin/auth/user/{staff.pk}/change/")
    page.fill("[name=first_name]", "Camille")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")
    staff.refresh_from_db()
    assert staff.first_name == "Camille"


@pytest.mark.parametrize("name", public_patterns())
def test_page_that_says_it_reads_no_query_string_reads_none(client, world, name):
    """One ETag for whatever is added to its address, and the same bytes without a cache."""
    address = reverse(name, kwargs=HOLES.get(name, {}))
    plain = client.get(address)
    added = client.get(f"{address}?q=carte&theme=perdu&page=2&edition=perdue&utm_source=lettre")
    if plain.get("ETag") and plain["ETag"] == added.get("ETag"):
        assert added.content == plain.content
    elif name in ("home", "category_detail", "town_detail", "about", "open_data"):
        pytest.fail("is made anew for each query string")
