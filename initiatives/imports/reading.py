"""From the file that was sent to its preview: what was understood, then what each row would do."""

import hashlib
from collections import Counter

from django.db import transaction

from initiatives.models import ImportBatch, ImportFile, ImportRow

from .apply import Beat, Stopped
from .headings import LABELS
from .preview import CHUNK, Preview
from .readers import formats
from .readers.tables import UnreadableFile
from .recognition import clean_headings, described, remembered

State = ImportBatch.State
DAMAGED = "Le fichier gardé ne correspond plus à son empreinte : il est abîmé. Envoyez-le à nouveau."

MERGED_HEADINGS = (
    "La ligne des titres a des cellules fusionnées : dans le tableur, annulez la fusion et écrivez un titre par"
    " colonne, sur une seule ligne."
)
GONE = "Le fichier a été effacé avec les données des déclarants qu’il nommait. Envoyez-le à nouveau."


def read(batch: ImportBatch, beat: Beat):
    """Judge every row, and keep the outcome in place of the one before."""
    beat(0, 0)
    try:
        sent = ImportFile.objects.filter(batch=batch).first()
        if sent is None:
            raise UnreadableFile(GONE)
        content = bytes(sent.content)
        if hashlib.sha256(content).hexdigest() != batch.sha256:
            raise UnreadableFile(DAMAGED)
        table = formats.read(content)
    except UnreadableFile as fault:
        _keep(batch, [], {"faults": [str(fault)], "understanding": "", "headings": [], "missing": []})
        return
    clean_headings(table)
    mapping = remembered(table.headers) | {
        heading: name for heading, name in batch.mapping.items() if heading in table.headers
    }
    preview = Preview(
        table,
        survey=batch.survey,
        origin=batch.origin,
        mapping=mapping,
        by=batch.sent_by,
    )
    faults, rows = preview.wrong_file(), []
    if faults and table.has_merged_headings:
        faults.append(MERGED_HEADINGS)
    if not faults:
        for row in preview.rows():
            rows.append(row.to_apply())
            if len(rows) % CHUNK == 0:
                beat(len(rows), len(table))
    found = preview.headings
    _keep(
        batch,
        rows,
        {
            "faults": faults,
            "understanding": table.understanding[:300],
            "headings": described(table.headers, found, mapping, batch.mapping),
            "missing": [label for name, label in LABELS.items() if name in preview.columns and name not in found.found],
        },
    )


def _keep(batch: ImportBatch, rows: list[ImportRow], understood: dict):
    with transaction.atomic():
        batch.rows.all().delete()
        for row in rows:
            row.batch = batch
        ImportRow.objects.bulk_create(rows, batch_size=500)
        counts = dict(Counter(str(row.kind) for row in rows))
        lacking = Counter(name for row in rows if row.kind in ImportRow.WRITTEN for name in row.lacks)
        publishable = sum(row.kind in ImportRow.WRITTEN and not row.lacks for row in rows)
        understood |= {
            "publishable": publishable,
            "lacking": dict(lacking),
            "counts": counts,
            "edition": batch.edition + 1,
            "note": "",
            "state": State.READY,
        }
        if not ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(**understood):
            raise Stopped
        batch.refresh_from_db()
