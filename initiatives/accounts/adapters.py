"""Adapters of allauth: its words in French, and where the site must be stricter."""

import logging
from ipaddress import ip_address

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from . import encryption, lockout, passwords

logger = logging.getLogger("initiatives")

# What proves who one is beside the password; recovery codes only stand in for one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WAY_IN = (
    "Sans attendre : une clé d’accès entre toujours, "
    "et un nouveau mot de passe, demandé par courriel, rouvre le compte."
)
WRONG_CODE = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et recopiez-le."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Le nom d’utilisateur ou le mot de passe n’est pas le bon.",
        "locked_device": (
            f"Trop d’essais sans succès : ce compte est fermé pour un quart d’heure à cet appareil. {WAY_IN}"
        ),
        "locked_network": (
            "Trop d’essais sans succès : ce compte est fermé pour un quart d’heure à votre réseau, sauf aux appareils "
            f"qui s’y sont déjà connectés. {WAY_IN}"
        ),
        "locked_address": f"Trop d’essais sans succès depuis votre réseau : réessayez dans cinq minutes. {WAY_IN}",
        "locked_account": (
            "Trop d’essais sans succès, de plusieurs endroits : ce compte est fermé pour un jour au plus, sauf aux "
            f"appareils qui s’y sont déjà connectés. {WAY_IN}"
        ),
        # That of the second factor.
        "too_many_login_attempts": (
            "Trop de codes erronés : cette étape est fermée pour un quart d’heure, aux codes de secours et aux clés "
            "aussi. Un nouveau mot de passe ne la rouvre pas ; à la page de connexion, une clé d’accès entre sans y "
            "passer. Ces essais ne sont pas de vous ? Quelqu’un connaît votre mot de passe : demandez-en un nouveau."
        ),
        "rate_limited": "Trop d’essais sans succès. Réessayez dans un quart d’heure.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request) -> bool:
        """Accounts are given by the association, in the admin."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Who has no second factor yet came with the password alone: asking for it again would protect nothing."""
        return self.request.user.authenticator_set.exists() and super().is_reauthentication_required(app=app, **kwargs)

    def get_client_ip(self, request) -> str:
        """In the form of IPv4 where a socket for both has written it in that of IPv6: « ::ffff:192.0.2.1 »."""
        address = ip_address(super().get_client_ip(request))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def pre_authenticate(self, request, **credentials):
        try:
            self._login_failed_rl_usage = lockout.count_failure(request, credentials["username"])
        except lockout.Locked as locked:
            raise self.validation_error(str(locked))

    def authenticate(self, request, **credentials):
        """In its turn, which comes before its failure is counted: whoever gets none has not tried."""
        with lockout.turn(request, credentials["username"]):
            return super().authenticate(request, **credentials)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("mfa_index")

    def send_password_reset_mail(self, user, email: str, context: dict):
        """Through the outbox: a mail server that is away, or slow, loses nothing and tells nothing.

        To the address of the account, not as somebody typed it; where it is too soon for another, without a word.
        """
        if not passwords.is_due(self.request, user):
            return
        mail = self.render_mail("account/email/password_reset_key", user.email, context)
        passwords.put_off(mail, account=user, key=context["key"])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": (
            "C’est votre seul second facteur, et il en faut un : ajoutez-en d’abord un autre."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not settings.SECOND_FACTOR or others.exists()

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where no key opens it, one that nobody knows: every code is wrong."""
        try:
            return encryption.decrypt(encrypted_text)
        except InvalidToken:
            logger.error("A second factor is lost: neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS opens it.")
            return generate_totp_secret()

    def get_totp_issuer(self) -> str:
        return "Initiatives numériques des villes"

    def generate_authenticator_name(self, user, type) -> str:  # noqa: A002 -- the name is allauth's
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Clé n° {number}"
