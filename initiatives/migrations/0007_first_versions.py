"""What there already was when the history began is its first version."""

from django.db import migrations
from django.utils import timezone

MODELS = ["Category", "Theme", "Audience", "Synonym", "Survey", "Initiative"]
LISTS = {
    "tools": ("Tool", "name", "open_source"),
    "links": ("Link", "label", "url"),
    "former_slugs": ("SlugRedirect", "slug"),
}


def parts_of(apps, initiative) -> dict:
    found = {name: sorted(getattr(initiative, name).values_list("pk", flat=True)) for name in ("themes", "audiences")}
    for name, (model, *columns) in LISTS.items():
        rows = apps.get_model("initiatives", model).objects.filter(initiative=initiative).order_by("pk")
        found[name] = [list(row) if len(row) > 1 else row[0] for row in rows.values_list(*columns)]
    return found


def begin(apps, schema_editor):
    now = timezone.now()
    for name in MODELS:
        model = apps.get_model("initiatives", name)
        version = apps.get_model("initiatives", f"Historical{name}")
        own = {field.attname for field in version._meta.concrete_fields}
        columns = [field.attname for field in model._meta.concrete_fields if field.attname in own]
        version.objects.bulk_create(
            [
                version(
                    history_date=now,
                    history_type="+",
                    through="command",
                    parts=parts_of(apps, row) if name == "Initiative" else {},
                    **{column: getattr(row, column) for column in columns},
                )
                for row in model.objects.order_by("pk").iterator(chunk_size=500)
            ],
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0006_history")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
