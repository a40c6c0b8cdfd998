from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from initiatives.backup.errors import told
from initiatives.backup.restoring import restore

from .prepare import Stamp


class Command(BaseCommand):
    help = (
        "Fill an empty database, made by manage.py migrate and by nothing else, from an archive of manage.py backup:"
        " all or nothing, and only what is whole. Stop the server meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the archive")

    def handle(self, *, file, verbosity, **options):
        with told("Nothing was restored.", file):
            manifest = restore(file, say=self.stdout.write if verbosity else lambda line: None)
        try:
            Stamp().write(**manifest["prepared"])
        except OSError as fault:
            raise CommandError(
                f"All was restored, but {fault.filename} could not be written ({fault.strerror}): manage.py prepare"
                " would load the initial entries again, those that were removed among them."
            )
        if verbosity:
            rows = sum(table["rows"] for table in manifest["tables"].values())
            self.stdout.write(
                f"{file}: {rows:,} rows of {manifest['made_at']} restored, content version"
                f" {manifest['content_version']:,}. The accounts and passwords are those of the archive."
            )
