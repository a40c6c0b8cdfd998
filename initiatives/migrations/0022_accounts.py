"""Accounts: one address each, that of `User.email`. allauth kept a copy of each that had asked for a password."""

from django.db import migrations


def drop_copies(apps, schema_editor):
    apps.get_model("account", "EmailAddress").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0021_moment_of_the_data"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(drop_copies, migrations.RunPython.noop),
    ]
