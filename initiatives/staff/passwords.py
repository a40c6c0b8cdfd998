"""The mail of a lost password: it waits in the outbox like any other, without the key that makes it dangerous."""

from allauth.account.forms import ResetPasswordForm
from django.contrib.auth.tokens import default_token_generator

from initiatives.models import OutgoingMail

from . import accounts

# Stands for the key until the mail leaves: whoever reads the table, or a copy of it, learns none.
WAITING = "[clé]"


class LostPasswordForm(ResetPasswordForm):
    """Finds accounts by `User.email` alone; allauth's by addresses that they had, too."""

    def clean_email(self) -> str:
        self.users = accounts.with_address(self.cleaned_data["email"])
        return self.cleaned_data["email"]


def put_off(mail, *, account, key: str):
    """Write down a mail of allauth, to be sent by `send_outbox`."""
    body = mail.body.replace(key, WAITING)
    OutgoingMail.objects.create(to=mail.to[0], subject=mail.subject, body=body, account=account)


def text(mail: OutgoingMail) -> str | None:
    """What leaves: the key is made now, and its three days begin. None: the account has another address by now."""
    if mail.account is None:
        return mail.body
    if mail.account not in accounts.with_address(mail.to):
        return None
    return mail.body.replace(WAITING, default_token_generator.make_token(mail.account))
