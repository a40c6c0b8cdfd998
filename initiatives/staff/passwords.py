"""The mail of a lost password: it waits in the outbox like any other, without the key that makes it dangerous."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR

from initiatives.models import OutgoingMail

# Stands for the key until the mail leaves: whoever reads the table, or a copy of it, learns none.
WAITING = "[clé]"


def put_off(mail, *, account, key: str):
    """Write down a mail of allauth, to be sent by `send_outbox`."""
    body = mail.body.replace(key, WAITING)
    OutgoingMail.objects.create(to=mail.to[0], subject=mail.subject, body=body, account=account)


def text(mail: OutgoingMail) -> str:
    """What leaves: the key is made now, and its three days begin."""
    if mail.account is None:
        return mail.body
    return mail.body.replace(WAITING, PASSWORD_RESET_TOKEN_GENERATOR().make_token(mail.account))
