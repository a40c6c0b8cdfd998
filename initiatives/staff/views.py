"""What the views of allauth leave to the site."""

import time

from allauth.account.views import password_reset
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect

# Seconds, longer than it takes to write a mail down: an address that nobody has is not told by its haste.
EVEN = 0.4


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
