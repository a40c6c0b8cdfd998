from django.core.management.base import BaseCommand
from django.db import transaction

from initiatives.models import ContentVersion, Initiative
from initiatives.models.derived import reindex
from initiatives.runtime.statistics import refresh_statistics


class Command(BaseCommand):
    help = (
        "Write the derived columns of all entries anew: département, kind and population of the territory, sort key,"
        " words of the search, free software."
    )

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        changed = reindex(Initiative.objects.all())
        if changed:
            ContentVersion.bump()
        refresh_statistics()
        if verbosity:
            self.stdout.write(f"Entries: {Initiative.objects.count():,}, of which {changed:,} had changed.")
