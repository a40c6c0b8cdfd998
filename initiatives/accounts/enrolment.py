"""Whoever has just added a second factor has proved it: the session goes on with it."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver

from .adapters import FACTORS


@receiver(authenticator_added)
def record(request, user, authenticator, **kwargs):
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)
