"""Who gets past the entrance: at each request to the desk, whatever the address and however old the session."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from initiatives.runtime.middleware import is_desk

from .adapters import FACTORS

# All that someone may do who must have a second factor and has none yet.
ENROLMENT = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout"}


def kept_private(get_response):
    """Decorator of the desk's answers: for one person, so that nobody keeps or indexes them."""

    def middleware(request):
        response = get_response(request)
        if is_desk(request):
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return middleware


class SecondFactorGuard:
    """A session passes if it has proved a second factor that its account still has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, arguments, keywords) -> HttpResponse | None:
        if not is_desk(request) or not request.user.is_authenticated:
            return None
        owned = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
        if set(FACTORS) & set(owned.values()):
            return None if _has_proved(request, owned) else _to_the_entrance(request)
        if settings.SECOND_FACTOR and request.resolver_match.view_name not in ENROLMENT:
            return redirect("mfa_index")
        return None


def _has_proved(request: HttpRequest, owned: dict[int, str]) -> bool:
    """Whether the session, not only the account, has a second factor. A list of codes that was renewed still counts."""
    return any(
        record["method"] == "mfa" and (record["id"] in owned or record["type"] == Authenticator.Type.RECOVERY_CODES)
        for record in get_authentication_records(request, request.user)
    )


def _to_the_entrance(request: HttpRequest) -> HttpResponse:
    """The session began with the password alone, or with a key that was taken away: it ends here."""
    logout(request)
    messages.info(request, "Connectez-vous à nouveau : ce compte demande un second facteur.")
    return redirect_to_login(request.get_full_path())
