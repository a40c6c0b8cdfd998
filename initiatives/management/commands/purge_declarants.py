"""Forget the declarants whose time is over. Meant for cron or a systemd timer, every night."""

from django.core.management.base import BaseCommand
from django.db import transaction

from initiatives.models import PersonalDataEvent
from initiatives.models.retention import purge


class Command(BaseCommand):
    help = (
        "Erase the data of the declarants that came in, and whose survey ended, longer ago than RETENTION_MONTHS, with"
        " their mails and files, and the mails that are a year old: all of it or nothing. The journal says what was"
        " done, not whose."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, and erase nothing")

    @transaction.atomic
    def handle(self, *, dry_run, verbosity, **options):
        lines = purge()
        if dry_run:
            transaction.set_rollback(True)
        if verbosity:
            for line in lines or ["Nothing is past its time."]:
                self.stdout.write(self.told(line, dry_run) if isinstance(line, PersonalDataEvent) else line)

    def told(self, line: PersonalDataEvent, dry_run: bool) -> str:
        done = "To erase" if dry_run else "Erased"
        if line.survey is None:
            return f"{done}: mails: {line.mails}, older than {line.cutoff}."
        what = f"declarants of entries: {line.entries}, mails: {line.mails}, files of imports: {line.files}"
        when = f"ended on {line.survey.ended_on}, what came in until {line.cutoff}"
        return f"{done}: {what}; survey {line.survey.slug}, {when}."
