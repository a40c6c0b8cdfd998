"""Who sees what waits beside the entries: revisions everybody at the desk, mails those who look after it."""

from django.db import migrations

from initiatives.accounts.groups import ADMINISTRATORS, EDITORS, grant


def give(apps, schema_editor):
    grant(apps, EDITORS, ["initiatives.view_revision"])
    grant(apps, ADMINISTRATORS, ["initiatives.view_outgoingmail"])


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0009_revisions"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
