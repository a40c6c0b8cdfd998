"""What was previewed becomes entries, all of it or nothing: rows are written as they were shown, and judged no more."""

from collections.abc import Callable, Iterable, Iterator, Set
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from initiatives.models import (
    ImportBatch,
    ImportRow,
    Initiative,
    Revision,
    SlugRedirect,
    Survey,
    derived,
)
from initiatives.models.bulk import write_columns
from initiatives.models.history import CREATED, Through, acting, touch
from initiatives.models.initiative.moves import MOVES
from initiatives.models.record import without_lost
from initiatives.text.french import counted, noun

from .entry_values import CHUNK, Outdated, add_parts, apply_values, own_values, unfit

Kind, State, Then = ImportRow.Kind, ImportBatch.State, ImportBatch.Then
VERBS = {Then.DRAFT: [], Then.SUBMIT: ["submit"], Then.PUBLISH: ["submit", "publish"]}


class ImportRefused(Exception):
    """Whoever asks for it may not do it; says why in French."""


class Stopped(Exception):
    """Somebody stopped it."""


Beat = Callable[[int, int], None]


def write(batch: ImportBatch, beat: Beat):
    """Everything, with its history and its report, in one transaction. `beat` says how far, and may raise Stopped."""
    with transaction.atomic(), acting(by=batch.confirmed_by, through=Through.IMPORT), derived.deferred_reindex():
        # New entries of a survey wait for each other here: two imports cannot both find that one is not there yet.
        survey = Survey.objects.select_for_update().get(pk=batch.survey_id)
        _refuse_who_may_not(batch)
        done, total, at = 0, batch.to_write, timezone.now()
        beat(done, total)

        def rows_of(kinds: Set[Kind]) -> Iterable[ImportRow]:
            return batch.rows.filter(kind__in=kinds).order_by("line").iterator(chunk_size=CHUNK)

        for rows in apply_rows(rows_of, survey=survey, by=batch.confirmed_by, reason=str(batch)):
            if verbs := VERBS[batch.then]:
                _move(rows, verbs, by=batch.confirmed_by, at=at)
            write_columns(rows, ["initiative", "revision", "written"])
            done += len(rows)
            beat(done, total)
        moved = ImportBatch.objects.filter(pk=batch.pk, state=State.WRITING)
        if not moved.update(state=State.DONE, written_at=timezone.now(), note=""):
            raise Stopped


def apply_rows(
    rows_of: Callable[[Set[Kind]], Iterable[ImportRow]], *, survey: Survey, by, reason: str = ""
) -> Iterator[list[ImportRow]]:
    """Write the rows of each kind as they were judged, and give them back as they then are, some at a time.

    New entries come first: a change may take a title that was free when a new one was judged. Raises Outdated;
    the transaction, the act of the history and the lock of the survey are the caller's.
    """
    create = _Creation(survey, reason)
    for kinds, act in (
        (ImportRow.CREATED, create),
        ({Kind.CHANGED}, lambda rows: _change(rows, reason)),
        ({Kind.REVISION}, lambda rows: _propose(rows, by)),
    ):
        for rows in chunks(rows_of(kinds)):
            _refuse_lost(rows)
            act(rows)
            yield rows


def chunks(rows: Iterable[ImportRow]) -> Iterator[list[ImportRow]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def may_change_all(user) -> bool:
    """Whether they may change what was set aside too."""
    return user.has_perm("initiatives.publish_initiative")


def may_go_on(user) -> list[Then]:
    """What this person may make of the entries of an import: with « quatre yeux », nobody publishes what they wrote."""
    verbs = {then: verbs for then, verbs in VERBS.items() if user.has_perms([MOVES[verb].permission for verb in verbs])}
    return [then for then, verbs in verbs.items() if not (settings.FOUR_EYES and "publish" in verbs)]


def _refuse_who_may_not(batch: ImportBatch):
    """The preview judged what whoever sent the file may change: somebody else may confirm it."""
    if batch.then not in may_go_on(batch.confirmed_by):
        raise ImportRefused(
            "Vous ne pouvez pas publier ces fiches vous-même : rien n’a été importé. Importez-les et soumettez-les."
        )
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


def _move(rows: list[ImportRow], verbs: list[str], *, by, at: datetime):
    """Submit, or submit and publish, the entries of the rows that lack nothing for it."""
    found = {row.initiative_id: row for row in rows if row.kind != Kind.REVISION}
    stored = Initiative.objects.select_for_update().in_bulk(list(found)).values()
    for entry in Initiative.move_many(stored, verbs, by=by, at=at):
        found[entry.pk].written = entry.version
        entry._change_reason = ", ".join(MOVES[verb].reason for verb in verbs)
        touch(entry)
        derived.entry_changed(entry)


def _refuse_lost(rows: list[ImportRow]):
    """Since the preview, what the rows name may be gone, or a theme may be of another category."""
    after = [row.after for row in rows]
    if without_lost(after) != after or any(unfit([(row.initiative_id, row.after) for row in rows])):
        raise Outdated


class _Creation:
    """New entries: references and addresses are drawn for all of them at once."""

    def __init__(self, survey: Survey, reason: str):
        self.survey, self.reason = survey, reason
        self.slugs = None

    def __call__(self, rows: list[ImportRow]):
        if self.slugs is None:
            self.slugs = {*Initiative.objects.values_list("slug", flat=True)}
            self.slugs |= {*SlugRedirect.objects.values_list("slug", flat=True)}
        fresh = [Initiative(**own_values(row.after)) for row in rows]
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


def _change(rows: list[ImportRow], reason: str):
    apply_values({row.initiative_id: (row.seen, row.after) for row in rows}, reason=reason)
    for row in rows:
        row.written = row.seen + 1


def _propose(rows: list[ImportRow], by):
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
        [Revision(initiative_id=row.initiative_id, before=row.before, after=row.after, proposed_by=by) for row in rows],
        batch_size=CHUNK,
    )
    for row, revision in zip(rows, revisions, strict=True):
        row.revision, row.written = revision, row.seen
