"""Values of the record, as previews and undoing keep them, written to many entries at once."""

from django.db.models import prefetch_related_objects

from initiatives.models import Initiative, Theme, derived
from initiatives.models.bulk import write_columns
from initiatives.models.history import touch
from initiatives.models.record import existing
from initiatives.models.record_table import OWN, SHARED

# Rows that are in memory and in one statement at once.
CHUNK = 500
PARTS = {name: Initiative.part_model(name) for name in OWN}


class Outdated(Exception):
    """The catalogue is no longer what the preview was compared with."""


def own_values(values: dict) -> dict:
    """Those of the entry's own row, by attname, from values as record.py has them."""
    fields = {name: Initiative._meta.get_field(name) for name in values if name not in (*SHARED, *OWN)}
    return {
        field.attname: values[name] if values[name] is None else field.to_python(values[name])
        for name, field in fields.items()
    }


def unfit(said: list[tuple[int | None, dict]]) -> list[bool]:
    """Of values for an entry each (None: a new one): whether they name a territory or a category that is no more, or
    a theme of another category. Themes that are no more are the business of without_lost."""
    territories, categories = (
        existing(name, {values.get(name) for _, values in said} - {None}) | {None} for name in ("territory", "category")
    )
    of_theme = dict(Theme.objects.values_list("pk", "category"))
    stored = Initiative.objects.filter(pk__in=[pk for pk, values in said if "themes" in values])
    of_entry = dict(stored.values_list("pk", "category"))

    def fits(pk: int | None, values: dict) -> bool:
        category = values.get("category") or of_entry.get(pk)
        themes_fit = all(of_theme.get(theme, category) == category for theme in values.get("themes", []))
        return values.get("territory") in territories and values.get("category") in categories and themes_fit

    return [not fits(pk, values) for pk, values in said]


def add_parts(values: dict[int, dict]):
    """Write what hangs on each of the entries; `values` by their keys."""
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


def apply_values(values: dict[int, tuple[int, dict]], *, reason: str):
    """Make each entry say its values; one that is no longer at its version makes it all Outdated."""
    entries = Initiative.objects.select_for_update().in_bulk(list(values))
    for pk, (version, said) in values.items():
        entry = entries.get(pk)
        if entry is None or entry.version != version or entry.is_published:
            raise Outdated
        for attname, value in own_values(said).items():
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
    write_columns(entries.values(), [*named, "version", "department", "sort_key", "declared_on"])
    add_parts(said)
    for entry in entries.values():
        touch(entry)
        derived.entry_changed(entry)
