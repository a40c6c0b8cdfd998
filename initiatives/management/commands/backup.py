from pathlib import Path

from django.core.management.base import BaseCommand

from initiatives.backup.errors import told
from initiatives.backup.taking import take

from .prepare import Stamp


class Command(BaseCommand):
    help = (
        "Write the whole catalogue to one archive: every table, and the files of the publications. It can be restored"
        " into SQLite and PostgreSQL alike. It holds private data: whoever has it has the catalogue."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the archive to make, for instance catalogue-2026-11-28.zip")

    def handle(self, *, file, verbosity, **options):
        with told("No backup was made.", file):
            manifest = take(file, prepared=Stamp().of_rows, say=self.stdout.write if verbosity else lambda line: None)
        if verbosity:
            rows = sum(table["rows"] for table in manifest["tables"].values())
            self.stdout.write(
                f"{file}: {rows:,} rows, {file.stat().st_size / 2**20:,.1f} MB, content version"
                f" {manifest['content_version']:,}. It holds private data: keep it as you keep the database."
            )
