"""The lock-out: failures to log in close an account to where they come from, so that nobody can close it to its owner.

A browser that has logged in to an account has a signed cookie and is counted by itself; all others are counted by
their network, and together for a day. After OWASP, « Slow Down Online Guessing Attacks with Device Cookies ». A new
password makes all counts of its account begin anew, and its cookies void.
"""

import secrets
from contextlib import nullcontext
from datetime import timedelta

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.core.internal import ratelimit  # internal, but alone in giving a count back; the version is pinned
from django.conf import settings
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from initiatives.runtime import concurrency
from initiatives.runtime.networks import network

from . import finding

# Since the last time that it logged in.
KNOWN_FOR = timedelta(days=180)


class Locked(Exception):
    """Too many failures; its argument is the name of the message."""


def count_failure(request: HttpRequest, name: str) -> ratelimit.RateLimitUsage:
    """Count a failure in advance, whether or not somebody has the name; `rollback` of the answer takes it back.

    Raises `Locked`, and counts nothing more, where there were too many.
    """
    named = finding.named(name)
    # A zero stands in no name. Failures on a former password say nothing of the present one.
    account = "\0".join([finding.folded(name), *(account.password for account in named)])
    if device := _known_device(request, named, name):
        limits = [("login_failed", f"{account}\0{device}", "locked_device")]
    else:
        limits = [
            ("login_failed", f"{account}\0{network(request)}", "locked_network"),
            ("login_failed_address", None, "locked_address"),
            ("login_failed_account", account, "locked_account"),
        ]
    counted = ratelimit.RateLimitUsage([])
    for action, key, message in limits:
        usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if usage is None:
            counted.rollback()
            raise Locked(message)
        counted.usage += usage.usage
    return counted


def turn(request: HttpRequest, name: str):
    """A turn to have a password verified, a quarter of a second of a processor; known devices need none."""
    if _known_device(request, finding.named(name), name):
        return nullcontext()
    return concurrency.passwords.turn(of=network(request))


def _cookie(account: User) -> str:
    return f"device-{account.pk}"


def _known_device(request: HttpRequest, named: list[User], name: str) -> str | None:
    """The number of the browser, where it has logged in to the account of that very name since its last password."""
    for account in named:
        if account.username == name:
            return request.get_signed_cookie(_cookie(account), None, salt=account.password, max_age=KNOWN_FOR)
    return None


@receiver([user_logged_in, password_changed, password_set, password_reset])
def recognise(request, user, **kwargs):
    """Who has got in all the way, or has chosen a new password, does so with a browser that is theirs.

    A link of a lost password is among them: under an attack that goes on, the new password alone would open nothing.
    """
    request.recognised = user


def device_cookies(get_response):
    """Give the browser of whoever was recognised during the request its cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if account := getattr(request, "recognised", None):
            response.set_signed_cookie(
                _cookie(account),
                secrets.token_urlsafe(12),
                salt=account.password,
                max_age=KNOWN_FOR,
                path=settings.SESSION_COOKIE_PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware
