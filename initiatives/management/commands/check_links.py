"""Ask the addresses that the published entries give whether they still answer. Meant for cron or a systemd timer."""

from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from initiatives.links.checking import LinkCheck, NetworkDown
from initiatives.links.client import Client


def user_agent() -> str:
    """Who asks, and where to complain."""
    who = "; ".join(filter(None, [settings.PUBLISHER, settings.CONTACT_EMAIL]))
    plain = " ".join(who.split()).encode("ascii", "ignore").decode()
    return f"InitiativesNumeriques-links/1.0 ({plain})"


class Command(BaseCommand):
    help = (
        "Ask the addresses that published entries give whether they still answer, those first that were asked longest"
        " ago. Several may run; killed at any moment, the next one goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=_positive(int), metavar="N", help="ask at most N addresses")
        parser.add_argument("--for", type=_positive(float), dest="minutes", metavar="MINUTES", help="then stop")

    def handle(self, *, limit, minutes, verbosity, **options):
        run = LinkCheck(Client(user_agent()), limit=limit, seconds=minutes and minutes * 60)
        try:
            run()
        except NetworkDown:
            raise CommandError(
                "Nothing answers, not even addresses that answered before: the network of this server is probably"
                " away. The silence of the links was not counted against them."
            )
        finally:
            if verbosity and run.asked:
                told = ", ".join(f"{kind} {run.asked[kind]}" for kind in ("answering", "failing", "undecided", "dead"))
                self.stdout.write(f"Links: {told}.")


def _positive(kind):
    def read(text: str):
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not value > 0:
            raise ArgumentTypeError(f"« {text} » is no number above 0")
        return value

    return read
