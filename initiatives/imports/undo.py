"""Undoing an import: what it made goes, what it changed comes back, and what was touched since stays as it is."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from initiatives.models import (
    ImportBatch,
    ImportRow,
    Initiative,
    OutgoingMail,
    Revision,
    SlugRedirect,
    derived,
)
from initiatives.models.bulk import write_columns
from initiatives.models.history import Through, acting, keep_deleted, latest
from initiatives.models.record import SHARED, without_lost

from .apply import Beat, Stopped, chunks, may_change_all
from .entry_values import CHUNK, PARTS, apply_values, unfit

Kind, State = ImportRow.Kind, ImportBatch.State


def undo(batch: ImportBatch, beat: Beat):
    with transaction.atomic(), acting(by=batch.undone_by, through=Through.IMPORT), derived.deferred_reindex():
        done, total = 0, batch.to_write
        beat(done, total)
        for kinds, act in ((ImportRow.CREATED, _remove), ({Kind.CHANGED}, _put_back), ({Kind.REVISION}, _withdraw)):
            for rows in chunks(batch.rows.filter(kind__in=kinds).order_by("line").iterator(chunk_size=CHUNK)):
                act(batch, rows)
                write_columns(rows, ["left", "initiative", "revision"])
                done += len(rows)
                beat(done, total)
        moved = ImportBatch.objects.filter(pk=batch.pk, state=State.UNDOING)
        if not moved.update(state=State.UNDONE, undone_at=timezone.now(), note=""):
            raise Stopped


def _sorted_out(rows: list[ImportRow]) -> tuple[list[ImportRow], dict[int, Initiative]]:
    """The rows whose entry is as the import left it; the others say why they stay."""
    entries = Initiative.objects.select_for_update().in_bulk([row.initiative_id for row in rows if row.initiative_id])
    touched = [
        row.initiative_id
        for row in rows
        if row.initiative_id in entries and entries[row.initiative_id].version != row.written
    ]
    last = latest(Initiative, touched) if touched else {}
    prefetch_related_objects(list(last.values()), "history_user")
    untouched = []
    for row in rows:
        entry = entries.get(row.initiative_id)
        if entry is None:
            row.left = "supprimée depuis"
        elif entry.version != row.written:
            by = last[entry.pk].history_user if entry.pk in last else None
            who = f" par {by.get_full_name() or by}" if by else ""
            row.left = f"modifiée depuis{who} : {entry.get_status_display()}"[:200]
        else:
            untouched.append(row)
    return untouched, entries


def _remove(batch: ImportBatch, rows: list[ImportRow]):
    untouched, entries = _sorted_out(rows)
    # Whatever cites one was touched since: no row names an entry that its own import makes.
    citing = Initiative.objects.filter(inspired_by__in=[row.initiative_id for row in untouched])
    cited = dict(citing.order_by("-pk").values_list("inspired_by", "title"))
    gone = []
    for row in untouched:
        if title := cited.get(row.initiative_id):
            row.left = f"citée depuis par « {title} »"
        else:
            gone.append(entries[row.initiative_id])
            row.initiative = None
    _delete(gone, reason=f"annuler l’{batch}")


def _delete(gone: list[Initiative], *, reason: str):
    """Drafts as an import made them, which none cites, with what hangs on them; what points at them lets go first."""
    for one in gone:
        one._change_reason = reason
    keep_deleted(gone)
    keys = [one.pk for one in gone]
    ImportRow.objects.filter(initiative__in=keys).update(initiative=None)
    OutgoingMail.objects.filter(initiative__in=keys).update(initiative=None)
    for rows in (
        *(getattr(Initiative, name).through.objects.filter(initiative__in=keys) for name in SHARED),
        *(model.objects.filter(initiative__in=keys) for model in (*PARTS.values(), SlugRedirect, Revision)),
        Initiative.objects.filter(pk__in=keys),
    ):
        rows._raw_delete(rows.db)


def _put_back(batch: ImportBatch, rows: list[ImportRow]):
    untouched, entries = _sorted_out(rows)
    if not may_change_all(batch.undone_by):
        for row in untouched:
            if (entry := entries[row.initiative_id]).is_set_aside:
                row.left = f"{entry.get_status_display()} : seule la modération peut encore la modifier"
        untouched = [row for row in untouched if not row.left]
    for row, is_unfit in zip(untouched, unfit([(row.initiative_id, row.before) for row in untouched]), strict=True):
        if is_unfit:
            row.left = "sa collectivité, sa catégorie ou un thème d’avant n’existe plus, ou n’est plus le même"
    untouched = [row for row in untouched if not row.left]
    before = without_lost([row.before for row in untouched])
    values = {row.initiative_id: (row.written, said) for row, said in zip(untouched, before, strict=True)}
    apply_values(values, reason=f"annuler l’{batch}")


def _withdraw(batch: ImportBatch, rows: list[ImportRow]):
    """A revision that nobody has decided goes; a decision stays."""
    pending = (
        Revision.objects.pending().select_for_update().in_bulk([row.revision_id for row in rows if row.revision_id])
    )
    for row in rows:
        if row.revision_id in pending:
            row.revision = None
        else:
            row.left = "révision déjà décidée"
    Revision.objects.filter(pk__in=pending).delete()
