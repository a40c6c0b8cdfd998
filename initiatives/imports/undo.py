"""Undoing an import: what it made goes, what it changed comes back, and what was touched since stays as it is."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from initiatives.models import (
    ContentVersion,
    ImportBatch,
    ImportDecision,
    ImportRow,
    Initiative,
    OutgoingMail,
    Revision,
    SlugRedirect,
    derived,
)
from initiatives.models.bulk import write_columns
from initiatives.models.history import Through, acting, keep_deleted, latest
from initiatives.models.initiative.moves import MOVES
from initiatives.models.record import SHARED, without_lost

from .apply import Beat, Stopped, chunks, may_change_all
from .entry_values import CHUNK, PARTS, apply_values, unfit

Kind, State = ImportRow.Kind, ImportBatch.State
# What submitting and publishing write: an entry that differs in nothing else is as the import left it.
OF_WORKFLOW = {
    "version",
    "status",
    *(f"{act}_{what}" for verb in ("submit", "publish") for act in MOVES[verb].acts for what in ("at", "by_id")),
}


@dataclass
class Prospect:
    """What undoing an import would do now: how many entries go and come back, how many stay, by reason."""

    gone: int = 0
    published: int = 0
    back: int = 0
    withdrawn: int = 0
    left: Counter = field(default_factory=Counter)

    @property
    def stays(self) -> int:
        return self.left.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why entries stay, the most frequent first, and how many."""
        return self.left.most_common()


def prospect(batch: ImportBatch, *, by) -> Prospect:
    found = Prospect()
    for kinds, name in ((ImportRow.CREATED, "gone"), ({Kind.CHANGED}, "back"), ({Kind.REVISION}, "withdrawn")):
        for rows in chunks(_rows(batch, kinds)):
            entries = _entries(rows)
            ready = _ready(rows, entries, by=by)
            setattr(found, name, getattr(found, name) + len(ready))
            if name == "gone":
                found.published += sum(entries[row.initiative_id].is_published for row in ready)
            found.left.update(row.left for row in rows if row.left)
    return found


def undo(batch: ImportBatch, beat: Beat):
    with transaction.atomic(), acting(by=batch.undone_by, through=Through.IMPORT), derived.deferred_reindex():
        done, total = 0, batch.to_write
        beat(done, total)
        for kinds, act in ((ImportRow.CREATED, _remove), ({Kind.CHANGED}, _put_back), ({Kind.REVISION}, _withdraw)):
            for rows in chunks(_rows(batch, kinds)):
                entries = _entries(rows, lock=True)
                act(_ready(rows, entries, by=batch.undone_by), entries, reason=f"annuler l’{batch}")
                write_columns(rows, ["left", "initiative", "revision"])
                done += len(rows)
                beat(done, total)
        moved = ImportBatch.objects.filter(pk=batch.pk, state=State.UNDOING)
        if not moved.update(state=State.UNDONE, undone_at=timezone.now(), note=""):
            raise Stopped


def _rows(batch: ImportBatch, kinds):
    return batch.rows.filter(kind__in=kinds).order_by("line").iterator(chunk_size=CHUNK)


def _entries(rows: list[ImportRow], *, lock: bool = False) -> dict[int, Initiative]:
    stored = Initiative.objects.select_for_update() if lock else Initiative.objects
    return stored.in_bulk([row.initiative_id for row in rows if row.initiative_id])


def _ready(rows: list[ImportRow], entries: dict[int, Initiative], *, by) -> list[ImportRow]:
    """The rows of one kind that can be undone; the others say in `left` why they stay."""
    kind = rows[0].kind
    if kind == Kind.REVISION:
        pending = set(
            Revision.objects.pending().filter(pk__in=[row.revision_id for row in rows]).values_list("pk", flat=True)
        )
        reasons = {row.pk: "" if row.revision_id in pending else "révision déjà décidée" for row in rows}
    else:
        reasons = _touched(rows, entries)
        for row in rows:
            if not reasons[row.pk]:
                refused = _not_put_back if kind == Kind.CHANGED else _not_removed
                reasons[row.pk] = refused(entries[row.initiative_id], by)
        more = _unfit(rows) if kind == Kind.CHANGED else _cited(rows)
        reasons = {pk: reason or more.get(pk, "") for pk, reason in reasons.items()}
    for row in rows:
        row.left = reasons[row.pk][:200]
    return [row for row in rows if not row.left]


def _touched(rows: list[ImportRow], entries: dict[int, Initiative]) -> dict[int, str]:
    """By row: who changed its entry since, unless it was only submitted or published; nothing for the others."""
    moved = {
        row.initiative_id: row.written
        for row in rows
        if row.initiative_id in entries and entries[row.initiative_id].version != row.written
    }
    last = latest(Initiative, list(moved)) if moved else {}
    prefetch_related_objects(list(last.values()), "history_user")
    known = Initiative.history.filter(id__in=moved, version__in=set(moved.values())) if moved else ()
    left_so = {one.id: one for one in known if one.version == moved[one.id]}

    def reason(row: ImportRow) -> str:
        if row.initiative_id not in entries:
            return "supprimée depuis"
        now, then = last.get(row.initiative_id), left_so.get(row.initiative_id)
        if row.initiative_id not in moved or (now and then and _content(now) == _content(then)):
            return ""
        user = now and now.history_user
        who = f" par {user.get_full_name() or user}" if user else ""
        return f"modifiée depuis{who} : {entries[row.initiative_id].get_status_display()}"

    return {row.pk: reason(row) for row in rows}


def _content(version) -> list:
    names = (field.attname for field in version.tracked_fields)
    return [version.parts, *(getattr(version, name) for name in names if name not in OF_WORKFLOW)]


def _not_removed(entry: Initiative, by) -> str:
    if entry.is_published and not may_change_all(by):
        return f"{entry.get_status_display()} : seule la modération peut encore la retirer"
    return ""


def _not_put_back(entry: Initiative, by) -> str:
    if entry.is_published:
        return f"{entry.get_status_display()} depuis : corrigez-la elle-même"
    if entry.is_set_aside and not may_change_all(by):
        return f"{entry.get_status_display()} : seule la modération peut encore la modifier"
    return ""


def _cited(rows: list[ImportRow]) -> dict[int, str]:
    # Whatever cites one was touched since: no row names an entry that its own import makes.
    citing = Initiative.objects.filter(inspired_by__in=[row.initiative_id for row in rows if row.initiative_id])
    cited = dict(citing.order_by("-pk").values_list("inspired_by", "title"))
    return {row.pk: f"citée depuis par « {cited[row.initiative_id]} »" for row in rows if row.initiative_id in cited}


def _unfit(rows: list[ImportRow]) -> dict[int, str]:
    gone = "sa collectivité, sa catégorie ou un thème d’avant n’existe plus, ou n’est plus le même"
    judged = unfit([(row.initiative_id, row.before) for row in rows])
    return {row.pk: gone for row, is_unfit in zip(rows, judged, strict=True) if is_unfit}


def _remove(rows: list[ImportRow], entries: dict[int, Initiative], *, reason: str):
    """Entries as an import made them, which none cites, with what hangs on them; what points at them lets go first."""
    gone = [entries[row.initiative_id] for row in rows]
    for one in gone:
        one._change_reason = reason
    keep_deleted(gone)
    keys = [one.pk for one in gone]
    ImportRow.objects.filter(initiative__in=keys).update(initiative=None)
    OutgoingMail.objects.filter(initiative__in=keys).update(initiative=None)
    for row in rows:
        row.initiative = None
    for stored in (
        *(getattr(Initiative, name).through.objects.filter(initiative__in=keys) for name in SHARED),
        *(
            model.objects.filter(initiative__in=keys)
            for model in (*PARTS.values(), SlugRedirect, Revision, ImportDecision)
        ),
        Initiative.objects.filter(pk__in=keys),
    ):
        stored._raw_delete(stored.db)
    if any(one.is_published for one in gone):
        ContentVersion.bump()


def _put_back(rows: list[ImportRow], entries: dict[int, Initiative], *, reason: str):
    before = without_lost([row.before for row in rows])
    versions = {row.initiative_id: entries[row.initiative_id].version for row in rows}
    apply_values(
        {row.initiative_id: (versions[row.initiative_id], said) for row, said in zip(rows, before, strict=True)},
        reason=reason,
    )


def _withdraw(rows: list[ImportRow], entries: dict[int, Initiative], *, reason: str):
    """A revision that nobody has decided goes; a decision stays."""
    Revision.objects.filter(pk__in=[row.revision_id for row in rows]).delete()
    for row in rows:
        row.revision = None
