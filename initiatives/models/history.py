"""The history of what staff may change: the whole row as it became, by whom, when and through what.

django-simple-history makes the tables. What this module adds is the act: all that one person does at
once (a form, an import, a bulk action) is one version of each row that it touches, written at its
end, with what hangs on the row. Outside of an act each save is a version.

Bulk writes (`bulk_create`, `update`) send no signal and leave no version: the loading of a vintage
of the COG, the derived columns, the counter of a survey.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

BATCH = 500
CREATED, CHANGED, DELETED = "+", "~", "-"


class Through(models.TextChoices):
    FORM = "form", "formulaire"
    IMPORT = "import", "import"
    BULK = "bulk", "action groupée"
    COMMAND = "command", "commande"


class Version(models.Model):
    """What every version says besides the row itself."""

    through = models.CharField("par", max_length=7, choices=Through, default=Through.COMMAND)
    # What hangs on the row: its themes, its tools… by name of the relation.
    parts = models.JSONField("éléments", default=dict)

    class Meta:
        abstract = True


@dataclass
class Touch:
    """A row that an act has changed."""

    kind: str = CHANGED
    reasons: list[str] = field(default_factory=list)
    by: models.Model | None = None


@dataclass
class Act:
    """What one person does at once."""

    by: models.Model | None
    through: Through
    at: datetime = field(default_factory=timezone.now)
    touched: dict[type, dict] = field(default_factory=lambda: defaultdict(dict))

    def touch(self, instance, kind: str):
        touch = self.touched[type(instance)].setdefault(instance.pk, Touch(kind))
        touch.by = getattr(instance, "_history_user", None) or touch.by
        if (reason := getattr(instance, "_change_reason", "")) and reason not in touch.reasons:
            touch.reasons.append(reason)

    def write(self):
        for model, touched in self.touched.items():
            keys = list(touched)
            for start in range(0, len(keys), BATCH):
                self._write(model, {key: touched[key] for key in keys[start : start + BATCH]})

    def _write(self, model, touched: dict):
        parts = parts_of(model, touched)
        last = latest(model, [key for key, touch in touched.items() if touch.kind == CHANGED])
        versions = [
            version(row, touched[row.pk], parts.get(row.pk, {}), self)
            for row in model._default_manager.filter(pk__in=touched).order_by("pk")
        ]
        model.history.model.objects.bulk_create(
            [one for one in versions if not is_same(one, last.get(getattr(one, model._meta.pk.attname)))]
        )


_act: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(*, by: models.Model | None = None, through: Through) -> Iterator[None]:
    """All changes of the block are one act of this person. A block within another adds to it.

    The block stands in one transaction; one that fails writes nothing, since that is undone.
    """
    if _act.get() is not None:
        yield
        return
    act = Act(by, through)
    token = _act.set(act)
    try:
        yield
    finally:
        _act.reset(token)
    act.write()


def touch(instance, kind: str = CHANGED):
    """The row, or what hangs on it, has changed."""
    if act := _act.get():
        act.touch(instance, kind)
        return
    act = Act(None, Through.COMMAND)
    act.touch(instance, kind)
    act.write()


def keep_deleted(rows: list):
    """The last version of rows of one model that are about to be deleted in bulk, which sends no signal."""
    if not rows:
        return
    act, parts = _act.get() or Act(None, Through.COMMAND), parts_of(type(rows[0]), [row.pk for row in rows])
    type(rows[0]).history.model.objects.bulk_create(
        [
            version(row, Touch(DELETED, [getattr(row, "_change_reason", "")]), parts.get(row.pk, {}), act)
            for row in rows
        ],
        batch_size=BATCH,
    )


def parts_of(model, keys) -> dict:
    return model.parts_of(list(keys)) if hasattr(model, "parts_of") else {}


def latest(model, keys) -> dict:
    """The last version of each row."""
    own, versions = model._meta.pk.attname, model.history.model.objects
    last = versions.filter(**{f"{own}__in": keys}).order_by().values(own).annotate(last=models.Max("history_id"))
    return {getattr(row, own): row for row in versions.filter(history_id__in=last.values("last"))}


@cache
def versions_of(model):
    """The table of its versions: simple-history makes a manager anew each time that it is asked."""
    return model.history.model


def version(row, touch: Touch, parts: dict, act: Act):
    model = versions_of(type(row))
    return model(
        history_date=act.at,
        history_type=touch.kind,
        history_user=touch.by or act.by,
        history_change_reason=", ".join(touch.reasons)[:100],
        through=act.through,
        parts=parts,
        **{field.attname: getattr(row, field.attname) for field in model.tracked_fields},
    )


def is_same(new, old) -> bool:
    """Whether a version says nothing that the one before it did not: the number of the version aside."""
    names = [field.attname for field in new.tracked_fields if field.name != "version"]
    return (
        old is not None
        and old.history_type != DELETED
        and not new.history_change_reason
        and new.parts == old.parts
        and all(getattr(new, name) == getattr(old, name) for name in names)
    )


class Versions(HistoricalRecords):
    """`history = Versions()` on a model."""

    def __init__(self, **options):
        super().__init__(bases=(Version,), **options)

    def create_historical_record(self, instance, history_type, using=None):
        if history_type == DELETED:
            act = _act.get() or Act(None, Through.COMMAND)
            deletion = Touch(DELETED, by=getattr(instance, "_history_user", None))
            version(instance, deletion, instance.__dict__.get("_parts", {}), act).save()
            return
        touch(instance, history_type)

    def pre_delete(self, instance, **kwargs):
        """The parts go before the row that they hang on."""
        super().pre_delete(instance, **kwargs)
        instance._parts = parts_of(type(instance), [instance.pk]).get(instance.pk, {})
