from django.core.management.base import BaseCommand
from django.db import connection, transaction

from initiatives.models import ContentVersion, Initiative
from initiatives.models.derived import reindex


class Command(BaseCommand):
    help = "Write the derived columns of all entries anew: département, sort key, words of the search, free software."

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        changed = reindex(Initiative.objects.all())
        if changed:
            ContentVersion.bump()
        with connection.cursor() as cursor:
            # What the database knows of its tables, to choose an index: SQLite never asks by itself.
            cursor.execute("ANALYZE")
        if verbosity:
            self.stdout.write(f"Entries: {Initiative.objects.count():,}, of which {changed:,} had changed.")
