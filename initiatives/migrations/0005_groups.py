"""The three groups of the desk."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0004_permissions"),
        ("towns", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = []
