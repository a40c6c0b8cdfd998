"""Who makes the report: whoever edits writes its texts, whoever moderates freezes it and takes entries out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0015_publications"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = []
