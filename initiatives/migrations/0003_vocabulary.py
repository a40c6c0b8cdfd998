"""The row of the content version, without which no page is answered. The vocabulary is loaded by load_vocabulary."""

from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("initiatives", "ContentVersion").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_search_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
