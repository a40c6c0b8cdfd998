"""Who sees what waits beside the entries: revisions everybody at the desk, mails those who look after it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0009_revisions"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = []
