from django.db import migrations, models

# What PostgreSQL is told of columns that are counted together: taking each for independent of the others it
# expects hundreds of thousands of groups where there are hundreds, and counts them with one processor.
STATISTICS = {
    "initiative_cells": 'category_id, is_of_town, population_band, uses_open_source, in_survey, ("left"(started, 4))',
    "initiative_territories": "territory_id, is_of_town",
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in STATISTICS.items():
            schema_editor.execute(f"CREATE STATISTICS {name} (ndistinct) ON {columns} FROM initiatives_initiative")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in STATISTICS:
            schema_editor.execute(f"DROP STATISTICS IF EXISTS {name}")


class Migration(migrations.Migration):
    """`manage.py reindex` fills the new column; `make run` does so by itself."""

    dependencies = [("initiatives", "0012_second_factor")]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="population_band",
            field=models.CharField(default="", editable=False, max_length=15),
        ),
        migrations.AddField(
            model_name="initiative",
            name="is_of_town",
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="initiative",
            index=models.Index(
                fields=[
                    "status",
                    "category",
                    "department",
                    "population_band",
                    "uses_open_source",
                    "in_survey",
                    "started",
                    "is_of_town",
                    "territory",
                ],
                name="initiative_counted",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
