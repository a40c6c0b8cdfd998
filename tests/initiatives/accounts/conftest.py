import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.support import factories
from tests.support.login import PASSWORD


@pytest.fixture
def camille():
    return factories.user(
        username="camille", email="camille@ville.example", password=PASSWORD, is_staff=True, is_superuser=True
    )


@pytest.fixture
def secret(camille) -> str:
    """Camille has an application of codes: this is what it knows."""
    secret = generate_totp_secret()
    TOTP.activate(camille, secret)
    return secret
