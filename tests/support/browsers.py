"""The browser of the journeys: Chromium, driven by Playwright, watched for what a page must never do."""

import os
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


def chromium() -> str | None:
    """Where the Chromium of this machine is: nothing is downloaded."""
    return next(filter(None, map(shutil.which, NAMES)), None) or next(
        (path for path in MAC if Path(path).exists()), None
    )


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """One Chromium for the whole run."""
    if not chromium():
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # half a second that other tests need not spend

    # Playwright's synchronous interface keeps an event loop running in this thread. Django would
    # refuse to query beside it, and gives whoever asks there another connection: that one must know
    # the rows of the migrations too, or a browser test would begin with an empty database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    rows = connection._test_serialized_contents
    with sync_playwright() as playwright:
        connection._test_serialized_contents = rows
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def visit(browser, live_server, **options):
    """A page of a new visitor. It fails on a script error, a breach of the policy or a foreign request."""
    faults = []
    context = browser.new_context(base_url=live_server.url, locale="fr-FR", **options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", lambda entry: "Content Security Policy" in entry.text and faults.append(entry.text))
    page.on("request", lambda request: _is_foreign(request.url, live_server.url) and faults.append(request.url))
    try:
        yield page
    finally:
        context.close()
        _let_requests_end()
    assert not faults, faults


def enter(page, client):
    """The browser goes on as the test client that has logged in."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([cookie | {"domain": "localhost", "path": settings.SESSION_COOKIE_PATH}])


def _is_foreign(url: str, own: str) -> bool:
    return not url.startswith((own, "data:", "blob:", "about:"))


def _let_requests_end():
    """Wait for the server's threads: one that still reads would meet the emptied database of the next test."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=5)


@pytest.fixture
def page(browser, live_server):
    """A visitor's page, with JavaScript."""
    with visit(browser, live_server) as page:
        yield page


@pytest.fixture
def plain_page(browser, live_server):
    """A visitor's page, without JavaScript."""
    with visit(browser, live_server, java_script_enabled=False) as page:
        yield page
