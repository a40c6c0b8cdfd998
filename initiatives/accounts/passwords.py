"""The mail of a lost password: it waits in the outbox like any other, without the key that makes it dangerous."""

from allauth.account.forms import ResetPasswordForm
from allauth.core import ratelimit
from django.contrib.auth.tokens import default_token_generator

from initiatives.models import OutgoingMail

from . import finding

# Stands for the key until the mail leaves: whoever reads the table, or a copy of it, learns none.
WAITING = "[clé]"


class LostPasswordForm(ResetPasswordForm):
    """Finds accounts by `User.email` alone; allauth's by addresses that they had, too."""

    def clean_email(self) -> str:
        self.users = finding.with_address(self.cleaned_data["email"])
        return self.cleaned_data["email"]


def is_due(request, account) -> bool:
    """Whether to write to an account that somebody has asked a new password for, and to count it.

    Anybody may ask, so nobody is to be flooded; and what strangers ask for must not use up what the owner then needs.
    So at most one mail an hour, as long as the link of the last one serves: it is counted under what its key is made
    of. Who asks in vain has a link, less than an hour old, in their mailbox, or one that is about to leave.
    """
    if OutgoingMail.objects.filter(account=account, to=account.email, sent_at=None, tries=0).exists():
        return False
    state = f"{account.pk}\0{account.password}\0{account.last_login}\0{account.email}"
    return ratelimit.consume(request, action="password_mail", key=state)


def put_off(mail, *, account, key: str):
    """Write down a mail of allauth, to be sent by `send_outbox`."""
    body = mail.body.replace(key, WAITING)
    OutgoingMail.objects.create(to=mail.to[0], subject=mail.subject, body=body, account=account)


def text(mail: OutgoingMail) -> str | None:
    """The text of the mail as it leaves: its key is made now. None where the account has another address by now."""
    if mail.account is None:
        return mail.body
    if mail.account not in finding.with_address(mail.to):
        return None
    return mail.body.replace(WAITING, default_token_generator.make_token(mail.account))
