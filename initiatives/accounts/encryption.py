"""Encryption of the secrets of second factors: whoever reads the database, or a copy of it, has none of them.

Fernet (AES-128-CBC with HMAC-SHA256), under a key that HKDF-SHA256 (RFC 5869) derives from SECRET_KEY. What was
encrypted under one of SECRET_KEY_FALLBACKS is read, too; `manage.py prepare` writes it under the present one.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

# Tells what is encrypted, and how, from plain text.
PREFIX = "f1:"
# Where allauth keeps what it has encrypted, in `Authenticator.data`.
SECRETS, LISTS_OF_SECRETS = {"secret", "seed"}, {"migrated_codes"}


@lru_cache
def _cipher(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"initiatives.accounts.encryption")
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))


def encrypt(text: str) -> str:
    return PREFIX + _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """The plain text; `InvalidToken` where no key opens it, or where it is no text at all."""
    if not isinstance(text, str):
        raise InvalidToken
    if not text.startswith(PREFIX):
        return text
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_cipher(key) for key in keys]).decrypt(_token(text)).decode()


def is_readable(data: dict) -> bool:
    """Whether a key opens every secret of an `Authenticator.data`."""
    try:
        _changed(data, decrypt)
    except InvalidToken:
        return False
    return True


def rewrite() -> tuple[int, int]:
    """Have every secret encrypted under the present key, and nothing done where it is.

    Says how many rows were written, and how many no key opens.
    """
    written = unreadable = 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().order_by("pk"):
            try:
                data = _changed(row.data, _renewed)
            except InvalidToken:
                unreadable += 1
                continue
            if data != row.data:
                row.data = data
                row.save(update_fields=["data"])
                written += 1
    return written, unreadable


def _token(text: str) -> bytes:
    return text.removeprefix(PREFIX).encode()


def _renewed(text: str) -> str:
    if isinstance(text, str) and text.startswith(PREFIX):
        try:
            _cipher(settings.SECRET_KEY).decrypt(_token(text))
        except InvalidToken:
            pass
        else:
            return text
    return encrypt(decrypt(text))


def _changed(data: dict, change: Callable[[str], str]) -> dict:
    single = {name: change(value) for name, value in data.items() if name in SECRETS}
    lists = {name: [change(code) for code in value] for name, value in data.items() if name in LISTS_OF_SECRETS}
    return data | single | lists
