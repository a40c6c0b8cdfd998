"""The three groups: what the migrations give each, and that each has all of the one before."""

from django.contrib.auth.models import Group

VERBS = {"publish", "request_changes", "reject", "archive", "restore"}


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
    assert not editing & {f"initiatives.{verb}_initiative" for verb in (*VERBS, "delete", "purge")}


def test_moderators_decide_and_change_no_vocabulary():
    moderating = permissions("modération")
    assert moderating >= {f"initiatives.{verb}_initiative" for verb in VERBS}
    assert not any(name.endswith(("_category", "_theme", "_synonym", "_user")) for name in moderating)


def test_administrators_purge_and_change_accounts_but_no_territory():
    administering = permissions("administration")
    assert administering >= {"initiatives.purge_initiative", "auth.change_user", "initiatives.change_theme"}
    assert {name for name in administering if name.startswith("towns.")} == {
        f"towns.view_{place}" for place in ("region", "department", "intercommunality", "town")
    }
