"""Send the mails that wait. Meant for cron or a systemd timer, every minute or so."""

import smtplib

from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError

from initiatives.accounts import passwords
from initiatives.models import OutgoingMail


class Command(BaseCommand):
    help = "Send the mails that wait; those that fail wait for the next run, a little longer each time."

    def handle(self, *, verbosity, **options):
        sent, refused = 0, 0
        server = get_connection()
        try:
            server.open()
        except OSError as fault:
            # Nothing is counted against the mails: it is not their fault.
            raise CommandError(f"The mail server does not answer: {fault}. The mails wait.")
        try:
            for pk in OutgoingMail.objects.due().values_list("pk", flat=True):
                went = self._send(pk, server)
                sent, refused = sent + (went is True), refused + (went is False)
        finally:
            server.close()
        if verbosity and (sent or refused):
            self.stdout.write(f"Mails sent: {sent}, put off: {refused}.")

    def _send(self, pk: int, server) -> bool | None:
        """Whether it went; None where another run has it, or where it is not to go any more.

        No transaction stays open while a server is slow.
        """
        mail = OutgoingMail.objects.claim(pk)
        if mail is None:
            return None
        body = passwords.text(mail)
        if body is None:
            mail.delete()
            return None
        message = EmailMessage(mail.subject, body, to=[mail.to], connection=server)
        # Should a crash between two steps send it twice, it has one name: readers show it once.
        message.extra_headers["Message-ID"] = f"<courriel-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@catalogue>"
        try:
            message.send()
        except (OSError, ValueError) as fault:
            # Not the text of the server's answer: it may quote the address.
            code = f" {fault.smtp_code}" if isinstance(fault, smtplib.SMTPResponseException) else ""
            mail.put_off(f"{type(fault).__name__}{code}")
            return False
        mail.mark_sent()
        return True
