"""Accounts by what people type: neither case nor the form of Unicode tells two names, or two addresses, apart.

Compared here, because databases differ: SQLite knows the case of ASCII letters only. The staff are few.
"""

import unicodedata

from django.contrib.auth.models import User


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def named(name: str) -> list[User]:
    """Whom a name may mean; the log-in itself takes it to the letter."""
    return [account for account in User.objects.order_by("pk") if folded(account.username) == folded(name)]


def with_address(address: str) -> list[User]:
    """Who may be sent a new password there: active accounts, by the one address that stands with each."""
    return [account for account in User.objects.filter(is_active=True) if folded(account.email) == folded(address)]
