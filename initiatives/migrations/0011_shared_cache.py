"""The table of the cache that all workers share: without it nobody could log in."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", verbosity=0, database=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0010_desk_permissions")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
