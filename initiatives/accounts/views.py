"""Views of allauth, with what they leave to the site."""

import time

from allauth.account.views import password_reset
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect

from . import encryption

# Seconds, longer than it takes to write a mail down: an address that nobody has is not told by its haste.
EVEN = 0.4


class AccountView(IndexView):
    """« Mon compte » of allauth, which takes it that it can read what it has written."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"can_read_codes": can_read_codes(self.request.user)}


def can_read_codes(user) -> bool:
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return codes is None or encryption.is_readable(codes.data)


def of_readable_codes(view):
    """A view of allauth of the recovery codes; where they are lost, the way to new ones."""

    @login_required
    def wrapped(request):
        if can_read_codes(request.user):
            return view(request)
        messages.error(request, "Vos codes de secours ne peuvent plus être lus : tirez-en de nouveaux.")
        return redirect("mfa_generate_recovery_codes")

    return wrapped


@login_required
def remove_key(request, pk):
    """Allauth's refuses to take the last second factor away when it is an application, not when it is a key."""
    key = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = get_adapter()
    if adapter.can_delete_authenticator(key):
        return views.remove_webauthn(request, pk=pk)
    messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
    return redirect("mfa_list_webauthn")


def lost_password(request):
    begun = time.monotonic()
    response = password_reset(request)
    if request.method == "POST":
        time.sleep(max(0, begun + EVEN - time.monotonic()))
    return response
