"""Accounts: one address each, and secrets of second factors that the database does not tell.

allauth kept a copy of each address that had asked for a password; `User.email` is the only one that counts.
"""

from django.db import migrations

from initiatives.accounts import encryption


def drop_copies(apps, schema_editor):
    apps.get_model("account", "EmailAddress").objects.all().delete()


def encrypt(apps, schema_editor):
    encryption.rewrite(apps.get_model("mfa", "Authenticator"))


def decrypt(apps, schema_editor):
    encryption.rewrite(apps.get_model("mfa", "Authenticator"), encryption.decrypt)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0021_moment_of_the_data"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(drop_copies, migrations.RunPython.noop),
        migrations.RunPython(encrypt, decrypt),
    ]
