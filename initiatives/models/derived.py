"""What follows from a change: the content version, the search index, the derived columns, the history of the parts.

The receivers below run in the transaction of the change itself, at once, or once for all of them at
the end of a block of `deferred_reindex`. Bulk writes (`bulk_create`, `update`) send no signal: whoever uses
them calls `entry_changed`, or `reindex` and `ContentVersion.bump`, or runs `manage.py reindex`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from initiatives.search.query import stems
from towns.models import Department, Intercommunality, Region, Town, territories_changed
from towns.names import sort_key

from . import (
    Audience,
    Category,
    ContentVersion,
    Initiative,
    Introduction,
    Publication,
    Survey,
    Theme,
    Tool,
    history,
)
from .bands import band_of
from .bulk import write_columns
from .record_table import OWN, SEARCHED, SEARCHED_PARTS

BATCH = 500
DERIVED = ["department", "is_of_town", "population_band", "sort_key", "search_text", "search_title", "uses_open_source"]


def public_texts(initiative: Initiative) -> list[str]:
    """What the search knows of an entry: nothing that the public cannot read."""
    territory, department = initiative.territory, initiative.department
    return [
        *(getattr(initiative, name) for name in SEARCHED),
        initiative.category.name,
        *(theme.name for theme in initiative.themes.all()),
        *(audience.name for audience in initiative.audiences.all()),
        *(getattr(row, part) for name, part in SEARCHED_PARTS.items() for row in getattr(initiative, name).all()),
        territory.full_name,
        territory.pk,
        territory.postal_codes,
        department.code,
        department.name,
        department.region.name,
    ]


def derive(initiative: Initiative) -> bool:
    """Set the derived columns; return whether one of them was not what it should be."""
    before = [getattr(initiative, column) for column in DERIVED]
    initiative.department = initiative.territory.department
    initiative.is_of_town = initiative.territory.is_town
    initiative.population_band = band_of(initiative.territory.population)
    initiative.sort_key = sort_key(initiative.title)
    initiative.search_text = stems(public_texts(initiative))
    initiative.search_title = stems([initiative.title])
    licences = {initiative.open_source, *(tool.open_source for tool in initiative.tools.all())}
    initiative.uses_open_source = Tool.OpenSource.YES in licences
    return before != [getattr(initiative, column) for column in DERIVED]


def reindex(initiatives: QuerySet[Initiative]) -> int:
    """Write the derived columns of the entries where they are not what they should be; return for how many."""
    done, batch = 0, []
    rows = initiatives.select_related("category", "department__region", "territory__department__region")
    rows = rows.prefetch_related("themes", "audiences", "tools", *SEARCHED_PARTS)
    for initiative in rows.iterator(chunk_size=BATCH):
        if derive(initiative):
            batch.append(initiative)
        if len(batch) == BATCH:
            done += _write(batch)
            batch = []
    return done + _write(batch)


def _write(batch: list[Initiative]) -> int:
    write_columns(batch, DERIVED)
    return len(batch)


@dataclass
class PendingChanges:
    """What is to be done once at the end of a block of `deferred_reindex`."""

    entries: set[int] = field(default_factory=set)
    are_public: bool = False


_changes: ContextVar[PendingChanges | None] = ContextVar("changes", default=None)


@contextmanager
def deferred_reindex() -> Iterator[None]:
    """Put off what follows from the changes of the block to its end: one reindex, one new content version.

    The block stands in one transaction, and reads no derived column of what it has changed. A block
    within another adds to it; one that fails does nothing, since its transaction is undone.
    """
    if _changes.get() is not None:
        yield
        return
    token = _changes.set(PendingChanges())
    try:
        yield
        changes = _changes.get()
    finally:
        _changes.reset(token)
    entries = sorted(changes.entries)
    for start in range(0, len(entries), BATCH):
        reindex(Initiative.objects.filter(pk__in=entries[start : start + BATCH]))
    if changes.are_public:
        ContentVersion.bump()


def entry_changed(initiative: Initiative):
    """What follows from an entry is to be written; whoever writes in bulk says so of each."""
    if changes := _changes.get():
        changes.entries.add(initiative.pk)
    else:
        reindex(Initiative.objects.filter(pk=initiative.pk))
    if initiative.is_published or initiative.was_published:
        _public_changed()


def _public_changed():
    if changes := _changes.get():
        changes.are_public = True
    else:
        ContentVersion.bump()


@receiver(post_save, sender=Initiative)
def initiative_saved(instance, **kwargs):
    entry_changed(instance)


@receiver(post_delete, sender=Initiative)
def initiative_deleted(instance, **kwargs):
    if instance.was_published:
        _public_changed()


def part_changed(instance, **kwargs):
    if initiative := Initiative.objects.filter(pk=instance.initiative_id).only("status").first():
        entry_changed(initiative)
        history.touch(initiative)


for _name in OWN:
    receiver([post_save, post_delete], sender=Initiative.part_model(_name))(part_changed)


@receiver([post_save, post_delete], sender=Introduction)
def introduction_changed(instance, **kwargs):
    if publication := Publication.objects.filter(pk=instance.publication_id).first():
        history.touch(publication)


@receiver(m2m_changed, sender=Initiative.themes.through)
@receiver(m2m_changed, sender=Initiative.audiences.through)
def sorting_changed(instance, action, **kwargs):
    if action.startswith("post_") and isinstance(instance, Initiative):
        entry_changed(instance)
        history.touch(instance)


@receiver([post_save, post_delete], sender=Category)
@receiver([post_save, post_delete], sender=Theme)
@receiver([post_save, post_delete], sender=Audience)
@receiver([post_save, post_delete], sender=Survey)
@receiver([post_save, post_delete], sender=Region)
@receiver([post_save, post_delete], sender=Department)
@receiver([post_save, post_delete], sender=Intercommunality)
@receiver([post_save, post_delete], sender=Town)
def context_changed(sender, instance, created=False, **kwargs):
    """A name that many entries show has changed: their text follows. A new one stands in none yet."""
    _public_changed()
    if created:
        return
    paths = {
        Category: "category",
        Theme: "themes",
        Audience: "audiences",
        Region: "department__region",
        Department: "department",
        Intercommunality: "territory",
        Town: "territory",
    }
    if sender in paths and instance.pk:
        reindex(Initiative.objects.filter(**{paths[sender]: instance.pk}))


@receiver(territories_changed)
def vintage_loaded(**kwargs):
    reindex(Initiative.objects.all())
    _public_changed()
