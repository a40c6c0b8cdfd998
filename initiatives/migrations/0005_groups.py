"""The three groups of the desk."""

from django.db import migrations

from initiatives.accounts.groups import ADMINISTRATORS, EDITORS, MODERATORS, grant

EDITING = [
    "initiatives.view_initiative",
    "initiatives.add_initiative",
    "initiatives.change_initiative",
    "initiatives.submit_initiative",
    "initiatives.import_initiative",
    "initiatives.view_declarant_initiative",
    "initiatives.view_survey",
    # Choosing a territory means looking it up.
    "towns.view_region",
    "towns.view_department",
    "towns.view_intercommunality",
    "towns.view_town",
]
MODERATING = [
    "initiatives.publish_initiative",
    "initiatives.request_changes_initiative",
    "initiatives.reject_initiative",
    "initiatives.archive_initiative",
    "initiatives.restore_initiative",
    "initiatives.delete_initiative",
]
# Territories change only with a vintage of the COG: nobody edits them.
ADMINISTERING = [
    "initiatives.purge_initiative",
    *(
        f"initiatives.{act}_{model}"
        for model in ("category", "theme", "audience", "synonym", "survey")
        for act in ("view", "add", "change", "delete")
    ),
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
]


def make(apps, schema_editor):
    grant(apps, EDITORS, EDITING)
    grant(apps, MODERATORS, MODERATING)
    grant(apps, ADMINISTRATORS, ADMINISTERING)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0004_permissions"),
        ("towns", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
