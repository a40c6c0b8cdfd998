from django.core.management.base import BaseCommand, CommandError

from initiatives.imports.jobs import Busy, Run, work
from initiatives.models import Intake


class Command(BaseCommand):
    help = "Do what an import that is under way waits for. The desk starts it; nobody need do so by hand."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, help="the number of the import")
        parser.add_argument("--lock", type=int, help="descriptor of its lock, held by whoever starts this")

    def handle(self, *, number, lock, **options):
        intake = Intake.objects.filter(pk=number, state__in=Intake.RUNNING).first()
        if intake is None:
            raise CommandError(f"Import {number} waits for nothing.")
        run = Run(intake)
        if lock is not None:
            work(intake, run)
            return
        try:
            with run.held():
                work(intake, run)
        except Busy:
            raise CommandError(f"Import {number} is under way already.")
