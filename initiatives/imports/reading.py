"""From the file that was sent to its preview: what was understood, then what each row would do."""

from collections import Counter

from django.db import transaction

from initiatives.models import ImportBatch, ImportRow

from .apply import Beat, Stopped
from .grid_columns import GRID
from .groups import groups_of
from .preview import CHUNK, Preview
from .understanding import Understanding, understand

State = ImportBatch.State


def read(batch: ImportBatch, beat: Beat):
    """Judge every row, and keep the outcome in place of the one before."""
    beat(0, 0)
    understood = understand(batch)
    if understood.table is None:
        _keep(batch, [], understood)
        return
    table = understood.table
    preview = Preview(
        table,
        survey=batch.survey,
        origin=batch.origin,
        mapping=understood.mapping,
        by=batch.sent_by,
    )
    understood.faults, rows = preview.wrong_file(), []
    if not understood.faults:
        for row in preview.rows():
            rows.append(row.to_apply())
            if len(rows) % CHUNK == 0:
                beat(len(rows), len(table))
        understood.understanding = " ; ".join([understood.understanding, *preview.notes])[:300]
    understood.fields = list(preview.headings.found)
    _keep(batch, rows, understood)


def _keep(batch: ImportBatch, rows: list[ImportRow], understood: Understanding):
    with transaction.atomic():
        groups = groups_of(rows)
        for stored, fresh in ((batch.rows, rows), (batch.groups, groups)):
            stored.all().delete()
            for one in fresh:
                one.batch = batch
            stored.model.objects.bulk_create(fresh, batch_size=500)
        # Some are told in a column of another.
        counts = dict(Counter(str(row.kind) for row in rows))
        lacking = Counter(name for row in rows if row.kind in ImportRow.WRITTEN for name in row.lacks)
        publishable = sum(row.kind in ImportRow.WRITTEN and not row.lacks for row in rows)
        kept = understood.kept | {
            "fields": sorted({*understood.fields, *_written(rows), *(one.field for one in groups if one.field)}),
            "publishable": publishable,
            "lacking": dict(lacking),
            "counts": counts,
            "edition": batch.edition + 1,
            "note": "",
            "state": State.READY,
        }
        if not ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(**kept):
            raise Stopped
        batch.refresh_from_db()


def _written(rows: list[ImportRow]) -> set[str]:
    """The fields of what the rows write, also where no column of the file is theirs: what a long title said."""
    columns = set()
    for row in rows:
        columns.update(name for name, text in row.values.items() if text)
        columns.update(row.previous)
    return {one.field for one in GRID if not columns.isdisjoint(one.columns)}
