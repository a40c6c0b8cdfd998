"""Who answered for a collectivity: forgotten wherever the catalogue wrote it down."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from .initiative import Initiative
from .intake import IntakeRow, SentFile
from .mail import OutgoingMail
from .revision import Revision

FIELDS = ("declarant_name", "declarant_role", "declarant_email")
BATCH = 500


@transaction.atomic
def forget(entries: Iterable[int]):
    """Erase the declarants of these entries: from the rows, all their versions and revisions, the mails,
    and the files that they were imported from.

    Entries that were deleted too, by their keys: their versions remain. It leaves no version of its
    own, which would keep what it erases; a form that was opened before is out of date.
    """
    keys, empty = list(entries), dict.fromkeys(FIELDS, "")
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        Initiative.objects.filter(pk__in=batch).update(**empty, version=F("version") + 1)
        Initiative.history.filter(id__in=batch).update(**empty)
        OutgoingMail.objects.filter(initiative__in=batch).delete()
        for revision in Revision.objects.filter(initiative__in=batch):
            for values in (revision.before, revision.after):
                for name in FIELDS:
                    values.pop(name, None)
            revision.save(update_fields=["before", "after"])
        rows = IntakeRow.objects.filter(initiative__in=batch)
        SentFile.objects.filter(intake__rows__in=rows).delete()
        for row in rows:
            for values in (row.before, row.after):
                for name in FIELDS:
                    values.pop(name, None)
            row.shown, row.faults = [], []
            row.save(update_fields=["before", "after", "shown", "faults"])
