from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from initiatives.imports.apply import apply_rows
from initiatives.imports.entry_values import Outdated
from initiatives.imports.faults import CellFault
from initiatives.imports.preview import Preview
from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.recognition import clean_headings
from initiatives.imports.rows import JudgedRow
from initiatives.models import IllegalMove, ImportRow, Initiative, Survey, derived
from initiatives.models.history import Through, acting
from initiatives.runtime.statistics import refresh_statistics

# Who publishes what comes from public sources: an account that nobody can log in with.
ACCOUNT = "sources-publiques"
Kind = ImportRow.Kind


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
        clean_headings(table)
        with transaction.atomic(), acting(through=Through.COMMAND), derived.deferred_reindex():
            # These sources tell of the first survey and its time, whatever surveys came after it.
            survey = Survey.objects.select_for_update().order_by("started_on", "pk").first()
            preview = Preview(table, survey=survey, origin=Initiative.Origin.PUBLIC_SOURCE)
            faults = [CellFault(message) for message in preview.wrong_file()]
            judged = list(preview.rows()) if not faults else []
            faults += [fault for row in judged for fault in row.faults]
            counts = Counter(row.kind for row in judged)
            new = dict(self._apply(judged, survey)) if not faults else {}
            if faults := faults or list(publish(new)):
                for fault in faults:
                    self.stderr.write(str(fault))
                raise CommandError(f"Nothing was loaded. Faults in {file}: {len(faults)}.")
            if new:
                refresh_statistics()
        if verbosity:
            self.stdout.write(
                f"Initiatives documented from public sources: {len(new)} created and published,"
                f" {counts[Kind.CHANGED]} updated, {counts[Kind.UNCHANGED]} unchanged."
            )

    def _apply(self, judged: list[JudgedRow], survey: Survey) -> Iterator[tuple[int, Initiative]]:
        """The new entries, by the line of each."""
        rows = [row.to_apply() for row in judged]
        try:
            for applied in apply_rows(lambda kinds: [row for row in rows if row.kind in kinds], survey=survey, by=None):
                yield from ((row.line, row.initiative) for row in applied if row.kind in ImportRow.CREATED)
        except Outdated:
            raise CommandError("Nothing was loaded. The catalogue changed meanwhile: load the file again.")


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
