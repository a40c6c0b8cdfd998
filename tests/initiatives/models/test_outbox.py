"""Mails: written with their cause, sent by the command, lost by no server."""

import socketserver
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from initiatives.models import IllegalMove, OutgoingMail
from tests.support import factories
from tests.support.servers import free_port

pytestmark = pytest.mark.both_databases


def send() -> str:
    out = StringIO()
    call_command("send_outbox", stdout=out)
    return out.getvalue()


def waiting(**facts) -> OutgoingMail:
    return OutgoingMail.objects.create(**({"to": "a@ville.example", "subject": "Objet", "body": "Texte"} | facts))


def test_request_for_changes_writes_to_the_declarant():
    initiative = factories.submitted(title="Conseil\nfilmé", declarant_email="camille@ville.example")
    initiative.request_changes(by=factories.user(), message="Quel est le coût ?")
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.initiative, letter.sent_at) == ("camille@ville.example", initiative, None)
    assert letter.subject == "Votre initiative « Conseil filmé » : une précision"
    assert "Quel est le coût ?" in letter.body
    assert initiative.reference in letter.body


def test_declarant_without_an_address_gets_no_mail():
    factories.submitted(declarant_email="").request_changes(by=factories.user(), message="Coût ?")
    assert not OutgoingMail.objects.exists()


def test_mail_goes_with_its_cause():
    initiative = factories.draft()
    with pytest.raises(IllegalMove):
        initiative.request_changes(by=factories.user(), message="Coût ?")
    initiative.submit(by=factories.user())
    with transaction.atomic():
        initiative.request_changes(by=factories.user(), message="Coût ?")
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_each_mail_is_sent_once():
    waiting(), waiting(to="b@ville.example")
    assert send() == "Mails sent: 2, put off: 0.\n"
    assert send() == ""
    assert [message.to for message in mail.outbox] == [["a@ville.example"], ["b@ville.example"]]
    names = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert len(names) == 2
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_mail_that_another_run_has_taken_is_left_to_it():
    letter = waiting()
    assert OutgoingMail.objects.claim(letter.pk) == letter
    assert OutgoingMail.objects.claim(letter.pk) is None
    assert send() == ""
    assert not mail.outbox


def test_dead_server_loses_no_mail_and_counts_nothing_against_it(settings):
    letter = waiting()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(CommandError, match="The mails wait"):
        send()
    letter.refresh_from_db()
    assert (letter.sent_at, letter.tries) == (None, 0)
    assert OutgoingMail.objects.due().get() == letter


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that takes no recipient."""

    ANSWERS = {
        b"EHLO": b"250 ici",
        b"MAIL": b"250 oui",
        b"RCPT": b"550 a@ville.example est inconnu",
        b"RSET": b"250 oui",
    }

    def handle(self):
        self.wfile.write(b"220 ici\r\n")
        while line := self.rfile.readline():
            self.wfile.write(self.ANSWERS.get(line[:4].upper(), b"221 fini") + b"\r\n")
            if line[:4].upper() == b"QUIT":
                return


@pytest.fixture
def refusing_server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        yield
        server.shutdown()


def test_refused_mail_waits_longer_each_time_and_keeps_no_address(refusing_server):
    letter, waits = waiting(), []
    for tries in (1, 2, 3):
        OutgoingMail.objects.update(next_try_at=timezone.now())
        assert send() == "Mails sent: 0, put off: 1.\n"
        letter.refresh_from_db()
        assert (letter.tries, letter.sent_at) == (tries, None)
        waits.append(letter.next_try_at - timezone.now())
    assert timedelta(minutes=1) < waits[0] < waits[1] < waits[2]
    assert letter.last_fault == "SMTPRecipientsRefused"
    assert send() == ""
