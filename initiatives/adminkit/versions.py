"""The past of what staff write: its versions, the difference between two of them, and the way back to one."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.functional import cached_property

from initiatives.models import Category, IllegalMove, Initiative, Revision, SlugRedirect
from initiatives.models.history import Through, latest
from initiatives.models.record import (
    NOTHING,
    Difference,
    differences,
    read,
    stored_values,
    version_values,
    without_lost,
    write,
)
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import moment

from .double_submit import has_just_written, just_proposed

SHOWN = 200
# The reason of a version in the history.
REVIVING = "faire revenir une fiche supprimée"
# What has become of an entry, as the person who did it reads it.
BACK = "« {entry} » est revenue à la version choisie."
REVIVED = "« {entry} » est revenue, comme brouillon."
PROPOSED = "Révision de « {entry} » soumise : le public lit l’ancien texte jusqu’à sa relecture."


@dataclass(frozen=True)
class VersionColumn:
    """One column on which two versions differ, as a person reads both."""

    label: str
    texts: tuple[str, str]


class History:
    """The versions of a row, the last first, and the two that are compared: by default the last two."""

    def __init__(self, model, pk, *, before: str | None = None, after: str | None = None):
        self.pk = pk
        rows = model.history.filter(**{model._meta.pk.attname: pk}).select_related("history_user")
        self.versions = list(rows.order_by("-history_id")[:SHOWN])
        self._before, self._after = before, after

    def _chosen(self, key: str | None, default: int):
        found = [version for version in self.versions if str(version.history_id) == key]
        return (found or self.versions[default:] or self.versions[-1:])[0]

    @cached_property
    def after(self):
        return self._chosen(self._after, 0)

    @cached_property
    def before(self):
        return self._chosen(self._before, 1)

    @cached_property
    def differences(self) -> list[VersionColumn]:
        sides = self.before, self.after
        made = []
        for field in self.after.tracked_fields:
            values = [getattr(side, field.attname) for side in sides]
            if values[0] != values[1]:
                made.append(VersionColumn(str(field.verbose_name), tuple(read(field, value) for value in values)))
        if self.before.parts != self.after.parts:
            made.append(VersionColumn("introductions", tuple(_introductions(side.parts) for side in sides)))
        return made


def _introductions(parts: dict) -> str:
    names = {category.pk: category.name for category in Category.objects.all()}
    return "\n\n".join(f"{names.get(key, NOTHING)}\n{text}" for key, text in parts["introductions"]) or NOTHING


class EntryHistory(History):
    """That of an entry, by the fields of its record."""

    def __init__(self, pk: int, **chosen):
        super().__init__(Initiative, pk, **chosen)
        self.entry = Initiative.objects.filter(pk=pk).first()

    @cached_property
    def differences(self) -> list[Difference]:
        return differences(version_values(self.before), version_values(self.after))


def may_read_declarants(user) -> bool:
    return user.has_perm("initiatives.view_declarant_initiative")


def readable_by(user, found: list[Difference]) -> list[Difference]:
    """Those of the declarant are for whoever may read them."""
    if may_read_declarants(user):
        return found
    return [one for one in found if one.name not in Initiative.DECLARANT]


def _version(model, pk, key: str):
    rows = model.history.filter(**{model._meta.pk.attname: pk})
    version = rows.filter(history_id=whole_number(key)).first()
    if version is None:
        raise ValidationError("Cette version n’existe pas.")
    return version


def put_back(row, key: str):
    """Make a row that is no entry what one of its versions says."""
    row = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    version = _version(type(row), row.pk, key)
    # Its address stays where it is.
    fixed = getattr(row, "fixed_fields", ())
    kept = [field.attname for field in version.tracked_fields if field.name not in fixed]
    if latest(type(row), [row.pk])[row.pk].history_id == version.history_id:
        raise IllegalMove("C’est déjà ce que dit cette version.")
    for name in kept:
        setattr(row, name, getattr(version, name))
    row._change_reason = f"revenir à la version du {moment(version.history_date)}"
    row.full_clean()
    row.save()
    if version.parts:
        row.take_parts(version.parts)


def may_correct(user) -> bool:
    """Whether the public reads at once what this person writes in a published entry: else it is a revision."""
    return user.has_perm("initiatives.publish_initiative") and not settings.FOUR_EYES


def refusal(entry: Initiative | None, by) -> str:
    """Why this person may not make the entry, or one that was deleted, what a version says; nothing where they may."""
    if entry is None:
        if not by.has_perm("initiatives.delete_initiative"):
            return "Seules les personnes qui peuvent supprimer une fiche peuvent la faire revenir."
    elif entry.is_set_aside and not by.has_perm("initiatives.publish_initiative"):
        return f"Elle est {entry.get_status_display()} : une personne qui publie peut la modifier."
    return ""


def restore_version(pk: int, key: str, *, by) -> str:
    """Make an entry what one of its versions says; one that was deleted comes back, as a draft. Say which was done."""
    version = _version(Initiative, pk, key)
    (values,) = without_lost([version_values(version)])
    entry = Initiative.objects.select_for_update().filter(pk=pk).first()
    if why := refusal(entry, by):
        raise IllegalMove(why)
    if entry is None:
        return REVIVED.format(entry=_revive(version, values))
    reason = f"revenir à la version {version.version}"
    if not differences(stored_values(entry), values):
        last = latest(Initiative, [pk]).get(pk)
        told = {reason: BACK, REVIVING: REVIVED}
        if has_just_written(by, last, Through.FORM) and last.history_change_reason in told:
            return told[last.history_change_reason].format(entry=entry)  # a second click
        raise IllegalMove("La fiche dit déjà ce que dit cette version.")
    if entry.is_published and not may_correct(by):
        if not just_proposed(by, entry, values):
            Revision.propose(entry, values, by=by)
        return PROPOSED.format(entry=entry)
    entry._change_reason = reason
    write(entry, values)
    return BACK.format(entry=entry)


def _revive(version, values: dict) -> Initiative:
    if other := Initiative.objects.filter(reference=version.reference).first():
        raise IllegalMove(f"Sa référence {version.reference} est maintenant celle de « {other} ».")
    if Initiative.objects.filter(slug=values["slug"]).exists():
        values = values | {"slug": ""}  # another has its address by now: it draws a new one
    entry = Initiative(pk=version.id, reference=version.reference, created_at=version.created_at)
    entry.declared_on, entry.declarant_erased_on = version.declared_on, version.declarant_erased_on
    entry._change_reason = REVIVING
    write(entry, values)
    for slug in version.parts.get("former_slugs", []):
        SlugRedirect.objects.get_or_create(slug=slug, defaults={"initiative": entry})
    return entry


def deleted_entries() -> list:
    """The last version of each entry that is no more, the last deleted first."""
    last = Initiative.history.exclude(id__in=Initiative.objects.values("pk")).order_by().values("id")
    keys = last.annotate(last=Max("history_id")).values("last")
    return list(Initiative.history.filter(history_id__in=keys).select_related("history_user").order_by("-history_id"))
