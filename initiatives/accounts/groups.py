"""Who may do what: three groups, each with all that the one before it has. Migrations give them their permissions."""

from collections.abc import Iterable

from django.contrib.auth.management import create_permissions

EDITORS, MODERATORS, ADMINISTRATORS = "rédaction", "modération", "administration"
GROUPS = (EDITORS, MODERATORS, ADMINISTRATORS)


def grant(apps, group: str, permissions: Iterable[str]):
    """In a migration: give « app.codename » permissions to a group and to those above it, made if need be.

    Permissions are rows that Django writes after the last migration; those that are granted here
    may be of a model that the same run has just made.
    """
    labels = {name.partition(".")[0] for name in permissions}
    for label in labels:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    model, rows = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission").objects
    for name in GROUPS[GROUPS.index(group) :]:
        having, _ = model.objects.get_or_create(name=name)
        for permission in permissions:
            label, _, codename = permission.partition(".")
            having.permissions.add(rows.get(content_type__app_label=label, codename=codename))
