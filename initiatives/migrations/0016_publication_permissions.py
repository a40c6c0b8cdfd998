"""Who makes the report: whoever edits writes its texts, whoever moderates freezes it and takes entries out."""

from django.db import migrations

from initiatives.accounts.groups import EDITORS, MODERATORS, grant

WRITING = [
    "initiatives.view_publication",
    "initiatives.add_publication",
    "initiatives.change_publication",
    "initiatives.view_introduction",
    "initiatives.add_introduction",
    "initiatives.change_introduction",
    "initiatives.delete_introduction",
    "initiatives.view_edition",
]
PUBLISHING = [
    "initiatives.freeze_publication",
    "initiatives.withdraw_entry",
    "initiatives.delete_publication",
]


def give(apps, schema_editor):
    grant(apps, EDITORS, WRITING)
    grant(apps, MODERATORS, PUBLISHING)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0015_publications"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
