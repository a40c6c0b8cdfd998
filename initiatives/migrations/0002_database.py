"""What the database has besides the tables of the models: a row, the shared cache, and what speeds PostgreSQL up.

Written by hand. 0001 is what `makemigrations` makes of the models and nothing else: while nothing is released it is
not changed but made again, with this file set aside meanwhile.
"""

from django.core.management import call_command
from django.db import migrations

INDEX = "initiative_search_text_trigrams"
# What PostgreSQL is told of columns that are counted together: taking each for independent of the others it
# expects hundreds of thousands of groups where there are hundreds, and counts them with one processor.
STATISTICS = {
    "initiative_cells": 'category_id, is_of_town, population_band, uses_open_source, in_survey, ("left"(started, 4))',
    "initiative_territories": "territory_id, is_of_town",
}


def begin_content_version(apps, schema_editor):
    """The one row, without which no page is answered."""
    apps.get_model("initiatives", "ContentVersion").objects.create(pk=1)


def create_shared_cache(apps, schema_editor):
    """The table of the cache that all workers share: without it nobody could log in."""
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)


def create_search_index(apps, schema_editor):
    """« contains » on 16,000 texts wants trigrams; SQLite reads them all in as many milliseconds."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(f"CREATE INDEX {INDEX} ON initiatives_initiative USING gin (search_text gin_trgm_ops)")


def create_statistics(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in STATISTICS.items():
            schema_editor.execute(f"CREATE STATISTICS {name} (ndistinct) ON {columns} FROM initiatives_initiative")


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial")]

    operations = [
        migrations.RunPython(begin_content_version, migrations.RunPython.noop),
        migrations.RunPython(create_shared_cache, migrations.RunPython.noop),
        migrations.RunPython(create_search_index, migrations.RunPython.noop),
        migrations.RunPython(create_statistics, migrations.RunPython.noop),
    ]
