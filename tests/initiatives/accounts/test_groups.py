"""The three groups: what each has, that it has all of the one before, and what a migration leaves of it."""

import sqlite3

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from initiatives.accounts.groups import PERMISSIONS
from initiatives.models.initiative.moves import MODERATORS, MOVES
from tests.support.servers import manage

DECISIONS = {"publish", "request_changes", "reject", "archive", "restore"}


def permissions(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in rows}


def test_each_group_may_all_that_the_one_before_it_may():
    editing, moderating, administering = map(permissions, ("rédaction", "modération", "administration"))
    assert editing < moderating < administering
    assert Group.objects.count() == 3


def test_editors_enter_and_submit_and_decide_nothing():
    editing = permissions("rédaction")
    assert editing >= {f"initiatives.{act}_initiative" for act in ("add", "change", "submit", "import")}
    assert not editing & {f"initiatives.{verb}_initiative" for verb in (*DECISIONS, "delete", "purge")}


def test_moderators_decide_and_change_no_vocabulary():
    moderating = permissions("modération")
    assert moderating >= {f"initiatives.{verb}_initiative" for verb in DECISIONS}
    assert not any(name.endswith(("_category", "_theme", "_synonym", "_user")) for name in moderating)


def test_table_of_moves_names_the_first_group_that_may():
    assert {verb for verb, move in MOVES.items() if move.group == MODERATORS} == DECISIONS
    for move in MOVES.values():
        having = [
            name for name in ("rédaction", "modération", "administration") if move.permission in permissions(name)
        ]
        assert having[0] == move.group, move.verb


def test_administrators_purge_and_change_accounts_but_no_territory():
    administering = permissions("administration")
    assert administering >= {"initiatives.purge_initiative", "auth.change_user", "initiatives.change_theme"}
    assert {name for name in administering if name.startswith("towns.")} == {
        f"towns.view_{place}" for place in ("region", "department", "intercommunality", "town")
    }


def test_groups_have_what_the_table_says_and_nothing_else():
    wanted = set()
    for name, added in PERMISSIONS.items():
        wanted.update(added)
        assert permissions(name) == wanted


def test_migration_leaves_what_an_administrator_has_added_and_taken_away():
    editing = Group.objects.get(name="rédaction")
    editing.permissions.add(Permission.objects.get(codename="view_theme"))
    editing.permissions.remove(Permission.objects.get(codename="view_declarant_initiative"))
    Group.objects.create(name="une autre équipe")
    before = permissions("rédaction")
    call_command("migrate", verbosity=0)
    assert permissions("rédaction") == before
    assert permissions("une autre équipe") == set()


def test_migration_makes_a_group_that_is_missing_and_gives_new_permissions_to_all():
    before = {name: permissions(name) for name in PERMISSIONS}
    Permission.objects.filter(codename="freeze_publication").delete()
    Group.objects.get(name="administration").delete()
    assert "initiatives.freeze_publication" not in permissions("modération")
    call_command("migrate", verbosity=0)
    assert {name: permissions(name) for name in PERMISSIONS} == before


@pytest.mark.server
def test_groups_wait_for_the_tables_that_they_need(tmp_path):
    for application in (["towns"], []):
        done = manage("migrate", "-v0", *application, VAR_DIR=tmp_path)
        assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM auth_group").fetchone() == (3,)
