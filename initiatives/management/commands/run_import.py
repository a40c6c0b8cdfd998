from django.core.management.base import BaseCommand, CommandError

from initiatives.imports.jobs import ImportJob, ImportRunning, work
from initiatives.models import ImportBatch


class Command(BaseCommand):
    help = "Do what an import that is under way waits for. The desk starts it; nobody need do so by hand."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, help="the number of the import")
        parser.add_argument("--lock", type=int, help="descriptor of its lock, held by whoever starts this")

    def handle(self, *, number, lock, **options):
        batch = ImportBatch.objects.filter(pk=number, state__in=ImportBatch.RUNNING).first()
        if batch is None:
            raise CommandError(f"Import {number} waits for nothing.")
        run = ImportJob(batch)
        if lock is not None:
            work(batch, run)
            return
        try:
            with run.held():
                work(batch, run)
        except ImportRunning:
            raise CommandError(f"Import {number} is under way already.")
