"""What was previewed becomes entries, all of it or nothing: rows are written as they were shown, and judged no more."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from initiatives.models import (
    ImportBatch,
    ImportRow,
    Initiative,
    Link,
    Revision,
    SlugRedirect,
    Survey,
    Theme,
    Tool,
    derived,
)
from initiatives.models.bulk import write_columns
from initiatives.models.history import CREATED, Through, acting, touch
from initiatives.models.record import OWN, SHARED, without_lost
from initiatives.text.french import counted, noun

Kind, State = ImportRow.Kind, ImportBatch.State
# Rows that are in memory and in one statement at once.
CHUNK = 500
PARTS = {"tools": Tool, "links": Link}


class Outdated(Exception):
    """The catalogue is no longer what the preview was compared with."""


class ImportRefused(Exception):
    """Whoever asks for it may not do it; says why in French."""


class Stopped(Exception):
    """Somebody stopped it."""


Beat = Callable[[int, int], None]


def write(batch: ImportBatch, beat: Beat):
    """Everything, with its history and its report, in one transaction. `beat` says how far, and may raise Stopped."""
    with transaction.atomic(), acting(by=batch.confirmed_by, through=Through.IMPORT), derived.deferred_reindex():
        # New entries wait for each other here: two imports cannot both find that an entry is not there yet.
        survey = Survey.objects.select_for_update().get(pk=batch.survey_id)
        _refuse_who_may_not(batch)
        done, total = 0, batch.to_write
        beat(done, total)
        for kinds, act in (
            (ImportRow.CREATED, _Creation(batch, survey)),
            ({Kind.CHANGED}, _change),
            ({Kind.REVISION}, _propose),
        ):
            for rows in chunks(batch.rows.filter(kind__in=kinds).order_by("line")):
                _refuse_lost(rows)
                act(batch, rows)
                write_columns(rows, ["initiative", "revision", "written"])
                done += len(rows)
                beat(done, total)
        moved = ImportBatch.objects.filter(pk=batch.pk, state=State.WRITING)
        if not moved.update(state=State.DONE, written_at=timezone.now(), note=""):
            raise Stopped


def chunks(rows) -> Iterator[list[ImportRow]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def may_change_all(user) -> bool:
    """Whether they may change what was set aside too."""
    return user.has_perm("initiatives.publish_initiative")


def _refuse_who_may_not(batch: ImportBatch):
    """The preview judged what whoever sent the file may change: somebody else may confirm it."""
    if may_change_all(batch.confirmed_by):
        return
    rows = batch.rows.filter(kind=Kind.CHANGED, initiative__in=Initiative.objects.set_aside())
    if lines := list(rows.order_by("line").values_list("line", flat=True)):
        count = len(lines)
        raise ImportRefused(
            f"Cet import modifie {counted(count, 'fiche')} que seule la modération peut encore modifier"
            f" ({noun(count, 'ligne')} {', '.join(map(str, lines[:5]))}{'…' if count > 5 else ''}) : rien n’a été"
            " importé. Demandez à la modération de le confirmer."
        )


def _refuse_lost(rows: list[ImportRow]):
    """Since the preview, what the rows name may be gone, or a theme may be of another category."""
    after = [row.after for row in rows]
    if without_lost(after) != after:
        raise Outdated
    for name in ("territory", "category"):
        keys = {values.get(name) for values in after} - {None}
        there = Initiative._meta.get_field(name).related_model.objects.filter(pk__in=keys)
        if keys and there.count() < len(keys):
            raise Outdated
    of_theme = dict(Theme.objects.values_list("pk", "category"))
    stored = Initiative.objects.filter(pk__in=[row.initiative_id for row in rows if "themes" in row.after])
    of_entry = dict(stored.values_list("pk", "category"))
    for row in rows:
        category = row.after.get("category") or of_entry.get(row.initiative_id)
        if any(of_theme[theme] != category for theme in row.after.get("themes", [])):
            raise Outdated


def columns(values: dict) -> dict:
    """The columns of the entry itself, from values as record.py has them."""
    fields = {name: Initiative._meta.get_field(name) for name in values if name not in (*SHARED, *OWN)}
    return {
        field.attname: values[name] if values[name] is None else field.to_python(values[name])
        for name, field in fields.items()
    }


def add_parts(values: dict[int, dict]):
    """What hangs on each of the entries."""
    for name in SHARED:
        through = getattr(Initiative, name).through
        target = f"{Initiative._meta.get_field(name).m2m_reverse_field_name()}_id"
        through.objects.bulk_create(
            [through(initiative_id=pk, **{target: key}) for pk, said in values.items() for key in said.get(name, [])],
            batch_size=CHUNK,
        )
    for name, model in PARTS.items():
        model.objects.bulk_create(
            [
                model(initiative_id=pk, **dict(zip(OWN[name], one, strict=True)))
                for pk, said in values.items()
                for one in said.get(name, [])
            ],
            batch_size=CHUNK,
        )


def drop_parts(values: dict[int, dict]):
    for name in SHARED:
        keys = [pk for pk, said in values.items() if name in said]
        getattr(Initiative, name).through.objects.filter(initiative__in=keys).delete()
    for name, model in PARTS.items():
        keys = [pk for pk, said in values.items() if name in said]
        # In bulk: each row would tell of its entry, which is told of here.
        model.objects.filter(initiative__in=keys)._raw_delete(model.objects.db)


class _Creation:
    """New entries: references and addresses are drawn for all of them at once."""

    def __init__(self, batch: ImportBatch, survey: Survey):
        self.survey, self.reason = survey, str(batch)
        self.slugs = None

    def __call__(self, batch: ImportBatch, rows: list[ImportRow]):
        if self.slugs is None:
            self.slugs = {*Initiative.objects.values_list("slug", flat=True)}
            self.slugs |= {*SlugRedirect.objects.values_list("slug", flat=True)}
        fresh = [Initiative(**columns(row.after)) for row in rows]
        self._refuse_known(rows, fresh)
        nameless = [one for one in fresh if not one.reference]
        for one, reference in zip(nameless, self.survey.next_references(len(nameless)), strict=True):
            one.reference = reference
        prefetch_related_objects(fresh, "territory__department")
        for one in fresh:
            free = (slug for slug in (*one.slug_candidates, one.last_slug) if slug not in self.slugs)
            one.slug = next(free)
            self.slugs.add(one.slug)
            one.derive_columns()
        Initiative.objects.bulk_create(fresh, batch_size=CHUNK)
        add_parts({one.pk: row.after for one, row in zip(fresh, rows, strict=True)})
        for one, row in zip(fresh, rows, strict=True):
            row.initiative, row.written = one, one.version
            one._change_reason = self.reason
            touch(one, CREATED)
            derived.entry_changed(one)

    def _refuse_known(self, rows: list[ImportRow], fresh: list[Initiative]):
        """Since the preview, somebody may have entered the same."""
        references = [one.reference for one in fresh if one.reference]
        known = Initiative.objects.filter(reference__in=references)
        same = Initiative.objects.filter(title__in=[one.title for one in fresh])
        stored = set(same.values_list("territory", "title"))
        ours = {(one.territory_id, one.title) for one in fresh if not one.reference}
        if known.exists() or stored & ours:
            raise Outdated


def _change(batch: ImportBatch, rows: list[ImportRow]):
    apply_values(batch, {row.initiative_id: (row.seen, row.after) for row in rows}, reason=str(batch))
    for row in rows:
        row.written = row.seen + 1


def apply_values(batch: ImportBatch, values: dict[int, tuple[int, dict]], *, reason: str):
    """Make each entry say its values; one that is no longer at its version makes it all Outdated."""
    entries = Initiative.objects.select_for_update().in_bulk(list(values))
    for pk, (version, said) in values.items():
        entry = entries.get(pk)
        if entry is None or entry.version != version or entry.is_published:
            raise Outdated
        for attname, value in columns(said).items():
            setattr(entry, attname, value)
        entry.version += 1
        entry._change_reason = reason
    prefetch_related_objects(list(entries.values()), "territory__department")
    named = sorted({name for _, said in values.values() for name in said if name not in (*SHARED, *OWN)})
    for entry in entries.values():
        entry.derive_columns()
    said = {pk: one for pk, (_, one) in values.items()}
    # In this order: at no moment has an entry a theme of another category.
    drop_parts(said)
    write_columns(entries.values(), [*named, "version", "department", "sort_key"])
    add_parts(said)
    for entry in entries.values():
        touch(entry)
        derived.entry_changed(entry)


def _propose(batch: ImportBatch, rows: list[ImportRow]):
    """A revision for each published entry: the public reads the old text until someone approves."""
    now = dict(
        Initiative.objects.published()
        .select_for_update()
        .filter(pk__in=[row.initiative_id for row in rows])
        .values_list("pk", "version")
    )
    if any(now.get(row.initiative_id) != row.seen for row in rows):
        raise Outdated
    if Revision.objects.pending().filter(initiative__in=now).exists():
        raise Outdated
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                initiative_id=row.initiative_id, before=row.before, after=row.after, proposed_by=batch.confirmed_by
            )
            for row in rows
        ],
        batch_size=CHUNK,
    )
    for row, revision in zip(rows, revisions, strict=True):
        row.revision, row.written = revision, row.seen
