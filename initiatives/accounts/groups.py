"""Who may do what: three groups, each with all that the one before it has."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from initiatives.models.initiative.moves import EDITORS, MODERATORS, MOVES

ADMINISTRATORS = "administration"
# By group, the « app.codename » permissions that it has besides those of the group before it;
# those of the workflow stand in its table.
PERMISSIONS = {
    EDITORS: [
        *(move.permission for move in MOVES.values() if move.group == EDITORS),
        "initiatives.view_initiative",
        "initiatives.add_initiative",
        "initiatives.change_initiative",
        "initiatives.import_initiative",
        "initiatives.view_declarant_initiative",
        "initiatives.view_revision",
        "initiatives.view_survey",
        "initiatives.view_webaddress",
        "initiatives.view_publication",
        "initiatives.add_publication",
        "initiatives.change_publication",
        "initiatives.view_introduction",
        "initiatives.add_introduction",
        "initiatives.change_introduction",
        "initiatives.delete_introduction",
        "initiatives.view_edition",
        # Choosing a territory means looking it up.
        "towns.view_region",
        "towns.view_department",
        "towns.view_intercommunality",
        "towns.view_town",
    ],
    MODERATORS: [
        *(move.permission for move in MOVES.values() if move.group == MODERATORS),
        "initiatives.delete_initiative",
        "initiatives.freeze_publication",
        "initiatives.withdraw_entry",
        "initiatives.delete_publication",
    ],
    # Territories change only with a vintage of the COG: nobody edits them.
    ADMINISTRATORS: [
        "initiatives.purge_initiative",
        "initiatives.view_personaldataevent",
        "initiatives.view_outgoingmail",
        *(
            f"initiatives.{act}_{model}"
            for model in ("category", "theme", "audience", "synonym", "survey")
            for act in ("view", "add", "change", "delete")
        ),
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
    ],
}


@receiver(post_migrate)
def grant(sender, using, apps=installed, **kwargs):
    """Make the groups that are missing, with all that PERMISSIONS gives them; give the others what is new of it.

    Nothing else changes in a group that is there: what an administrator has added stays, and what one has taken away
    is not given back. Only permissions that this very run adds to the database are new: one that there was, and that
    the table gives to another group, is granted by a migration.
    """
    if sender.name != "initiatives":
        return
    try:
        groups, permissions = (apps.get_model("auth", name).objects.using(using) for name in ("Group", "Permission"))
    except LookupError:
        return  # another application is migrated alone, before this one and those that it needs
    before = set(permissions.values_list("pk", flat=True))
    for label in sorted({name.partition(".")[0] for names in PERMISSIONS.values() for name in names}):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    rows = permissions.values_list("pk", "content_type__app_label", "codename")
    found = {f"{label}.{codename}": key for key, label, codename in rows}
    given = set()
    for name, added in PERMISSIONS.items():
        given.update(added)
        group, is_new = groups.get_or_create(name=name)
        group.permissions.add(*(found[one] for one in given & found.keys() if is_new or found[one] not in before))
