from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from initiatives.imports.faults import CellFault
from initiatives.imports.readers import formats
from initiatives.imports.readers.tables import UnreadableFile
from initiatives.imports.resources import InitiativeResource
from initiatives.models import IllegalMove, Initiative, Survey, derived
from initiatives.models.history import Through, acting

# Who publishes what comes from public sources: an account that nobody can log in with.
ACCOUNT = "sources-publiques"


class Command(BaseCommand):
    help = (
        "Load initiatives documented from public sources, and publish those that are new. All or nothing;"
        " loading the same file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=settings.FIXTURE_DIR / "initiatives.csv",
            help="a CSV, XLSX or ODS file (default: %(default)s)",
        )

    def handle(self, *, file, verbosity, **options):
        try:
            table = formats.read(file.read_bytes())
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}.")
        except UnreadableFile as fault:
            raise CommandError(f"Nothing was loaded. {file}: {fault}")
        with transaction.atomic(), acting(through=Through.COMMAND), derived.deferred_reindex():
            # These sources tell of the first survey and its time, whatever surveys came after it.
            survey = Survey.objects.order_by("started_on", "pk").first()
            result = InitiativeResource(survey=survey, origin=Initiative.Origin.PUBLIC_SOURCE).import_data(table)
            new = {line: row.instance for line, row in zip(table.lines, result.rows, strict=True) if row.is_new()}
            if found := result.faults or list(publish(new)):
                for fault in found:
                    self.stderr.write(str(fault))
                raise CommandError(f"Nothing was loaded. Faults in {file}: {len(found)}.")
        if verbosity:
            self.stdout.write(
                f"Initiatives documented from public sources: {len(new)} created and published,"
                f" {result.totals['update']} updated, {result.totals['skip']} unchanged."
            )


def account():
    """Who publishes what comes from public sources: made if need be."""
    nobody = {"is_active": False, "password": make_password(None)}
    return get_user_model().objects.get_or_create(username=ACCOUNT, defaults=nobody)[0]


def publish(initiatives: dict[int, Initiative]) -> Iterator[CellFault]:
    """Publish the new entries at one moment, and tell which cannot be: for what is missing in their line."""
    if not initiatives:
        return
    by, at = account(), timezone.now()
    for line, initiative in initiatives.items():
        try:
            initiative.submit(by=by, at=at)
            initiative.publish(by=by, at=at)
        except IllegalMove as refused:
            yield CellFault(refused.message, line)
