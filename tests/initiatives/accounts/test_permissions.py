"""Who may do what at the desk: every address and every action of the admin, asked by everybody.

The sweep finds the groups in the database and the models, addresses and actions in the admin. What it
finds and MAY does not name is a failure: whoever adds something says here who may use it.
"""

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from initiatives.accounts.groups import ADMINISTRATORS, EDITORS, MODERATORS
from initiatives.models import ImportRow, OutgoingMail, PersonalDataEvent, Revision, SecondFactor, Synonym, WebAddress
from initiatives.models.initiative.moves import MOVES
from tests.support import editions, factories

pytestmark = pytest.mark.ignore_template_errors

ROOT = "superuser"  # also what only its bearer may
EVERY_GROUP = {EDITORS, MODERATORS, ADMINISTRATORS}
READING = ("changelist", "change", "history")


def pages(reading=(), **others: set[str] | None) -> dict[str, set[str] | None]:
    """Who may, for each page of a model; None is nobody, not even a superuser."""
    return {page: set(reading) for page in READING} | others


LOOKED_UP = pages(reading=EVERY_GROUP, add=None, delete=None, delete_selected=None)
MODERATION = {MODERATORS, ADMINISTRATORS}
VOCABULARY = pages(
    reading={ADMINISTRATORS},
    add={ADMINISTRATORS},
    delete={ADMINISTRATORS},
    delete_selected={ADMINISTRATORS},
)
MAY = {
    "initiatives.initiative": pages(
        reading=EVERY_GROUP,
        add=EVERY_GROUP,
        delete=MODERATION,
        **{verb: EVERY_GROUP if move.group == EDITORS else MODERATION for verb, move in MOVES.items()},
        add_theme=EVERY_GROUP,
        set_survey=EVERY_GROUP,
        export_selection=EVERY_GROUP,
        export_declarants=EVERY_GROUP,
        export_for_correction=EVERY_GROUP,
    ),
    "initiatives.publication": pages(
        reading=EVERY_GROUP, add=EVERY_GROUP, delete=MODERATION, delete_selected=MODERATION, freeze=MODERATION
    ),
    "initiatives.edition": pages(
        reading=EVERY_GROUP,
        add=None,
        delete=None,
        delete_selected=None,
        edition_documents=MODERATION,
        edition_withdraw=MODERATION,
    ),
    "initiatives.category": VOCABULARY,
    "initiatives.theme": VOCABULARY,
    "initiatives.audience": VOCABULARY,
    "initiatives.synonym": VOCABULARY,
    "initiatives.survey": VOCABULARY | pages(reading=EVERY_GROUP),
    "initiatives.outgoingmail": pages(reading={ADMINISTRATORS}, add=None, delete=None, delete_selected=None),
    "initiatives.webaddress": pages(reading=EVERY_GROUP, add=None, delete=None, delete_selected=None),
    "initiatives.personaldataevent": pages(reading={ADMINISTRATORS}, add=None, delete=None, delete_selected=None),
    "auth.user": pages(
        reading={ADMINISTRATORS},
        add={ADMINISTRATORS},
        password_change={ADMINISTRATORS},
        delete=set(),
        delete_selected=set(),
    ),
    "auth.group": pages(reading={ADMINISTRATORS}, add=set(), delete=set(), delete_selected=set()),
    "initiatives.secondfactor": pages(
        reading={ADMINISTRATORS}, add=None, delete={ADMINISTRATORS}, delete_selected={ADMINISTRATORS}
    ),
    "towns.region": LOOKED_UP,
    "towns.department": LOOKED_UP,
    "towns.intercommunality": LOOKED_UP,
    "towns.town": LOOKED_UP,
}
# The history of an entry is a page of the desk: this one leads to it.
ELSEWHERE = {("initiatives.initiative", "history")}
# What only takes a button, and shows nothing.
BUTTONS = {("initiatives.edition", "edition_documents")}
# The pages of the desk that belong to no model: who may read them, with the rows of `rows`.
DESK = {
    "guide": ([], EVERY_GROUP | {"nobody"}),
    "suggest_territories": ([], EVERY_GROUP),
    "suggest_entries": ([], EVERY_GROUP),
    "suggest_duplicates": ([], EVERY_GROUP),
    "deleted_entries": ([], MODERATION),
    "forget_person": ([], {ADMINISTRATORS}),
    "forget_declarant": (["entry"], {ADMINISTRATORS}),
    "preview": (["entry"], EVERY_GROUP),
    "versions": (["entry"], EVERY_GROUP),
    "review_revision": (["revision"], EVERY_GROUP),
    "imports": ([], EVERY_GROUP),
    "import_model": ([], EVERY_GROUP),
    "import_export": ([], EVERY_GROUP),
    "import_batch": (["import"], EVERY_GROUP),
    "import_layouts": ([], EVERY_GROUP),
    "import_row": (["import", "line"], EVERY_GROUP),
    "import_progress": (["import"], EVERY_GROUP),
    "import_file": (["import"], EVERY_GROUP),
    "import_undo": (["import"], EVERY_GROUP),
}
# Those that only take what a form of the desk posts.
DESK_POSTS = {"bulk_action": ["publish"], "restore_version": ["entry"]} | {
    f"import_{what}": ["import"] for what in ("columns", "correct", "check", "agree", "confirm", "stop", "drop")
}
# What someone without a session gets to see of the desk: the entrance.
OPEN = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Of every member of the staff: the home, its words, one's own account.
SHARED = {"index", "jsi18n", "password_change_done"}


def label(model) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}"


REGISTERED = {label(model): model for model in admin.site._registry}


@pytest.fixture
def rows() -> dict[str, object]:
    """One row of each model of the admin."""
    cache.clear()
    town = factories.town(intercommunality=factories.intercommunality())
    owner = factories.user(username="dominique", is_staff=True)
    TOTP.activate(owner, generate_totp_secret())
    group, _ = Group.objects.get_or_create(name="une autre équipe")
    factories.published(territory=factories.town())
    frozen = editions.edition()
    made = [
        frozen,
        editions.publication(title="Sans édition", slug="sans-edition"),
        town,
        town.intercommunality,
        town.department,
        town.department.region,
        owner,
        group,
        SecondFactor.objects.get(),
        factories.draft(territory=town),
        OutgoingMail.objects.create(to="maire@ville.example", subject="Vos compléments", body="Bonjour"),
        Synonym.objects.create(terms="télétravail, travail à distance"),
        WebAddress.objects.create(url="https://ville.example/"),
        PersonalDataEvent.objects.create(act="request", by=owner, entries=1),
    ]
    found = {label(type(row)): row for row in made}
    return found | {name: model.objects.first() for name, model in REGISTERED.items() if name not in found}


def people() -> dict[str, object]:
    """By the name that MAY gives them; « nobody » is staff in no group."""
    found = {"nobody": factories.user(is_staff=True), ROOT: factories.user(is_staff=True, is_superuser=True)}
    for group in Group.objects.filter(name__in=EVERY_GROUP):
        found[group.name] = factories.user(is_staff=True)
        found[group.name].groups.add(group)
    return found


def may(person: str, model: str, page: str) -> bool:
    allowed = MAY[model][page]
    return allowed is not None and (person == ROOT or person in allowed)


def model_pages(rows) -> Iterator[tuple[str, str, str]]:
    """Model, page and address of everything that a ModelAdmin serves under a name."""
    for name, model in REGISTERED.items():
        for pattern in admin.site._registry[model].get_urls():
            if pattern.name:
                page = pattern.name.removeprefix(f"{name.replace('.', '_')}_")
                arguments = [rows[name].pk] if pattern.pattern.converters or pattern.pattern.regex.groups else []
                yield name, page, reverse(f"admin:{pattern.name}", args=arguments)


def everything(model: str) -> list[dict]:
    return list(REGISTERED[model].objects.order_by("pk").values())


def test_table_names_every_model_page_and_action(rf, rows):
    found = {(model, page) for model, page, _ in model_pages(rows)} | {
        (model, action) for model, _, action in actions(rf, people()[ROOT])
    }
    named = {(model, page) for model, entry in MAY.items() for page in entry if entry[page] is not None}
    assert len(found) > 30
    unnamed = {(model, page) for model, page in found if page not in MAY.get(model, {})}
    assert not unnamed, "say in MAY who may"
    assert named <= found


def test_groups_of_the_table_are_those_of_the_database(rows):
    """None at all before the migration that makes them."""
    found = set(Group.objects.values_list("name", flat=True)) - {"une autre équipe"}
    assert found in (set(), EVERY_GROUP)


def test_each_page_of_each_model_opens_to_whom_it_should_and_to_nobody_else(client, rows):
    looked = 0
    for person, user in people().items():
        client.force_login(user)
        for model, page, address in model_pages(rows):
            opens = 302 if (model, page) in ELSEWHERE else 405 if (model, page) in BUTTONS else 200
            expected = opens if may(person, model, page) else 403
            before = everything(model)
            assert client.get(address).status_code == expected, (person, address)
            if expected == 403:
                # « post » is what confirms a deletion; the rest fills no form, and must not be read at all.
                refused = client.post(address, {"post": "yes", "username": "x", "name": "x"})
                assert refused.status_code == 403, (person, address)
            assert everything(model) == before, (person, address)
            looked += 1
    assert looked >= 2 * 30


def test_each_page_of_the_desk_opens_to_whom_it_should_and_to_nobody_else(client, rows):
    entry = factories.published(territory=rows["towns.town"])
    proposed = Revision.propose(entry, {"title": "Un autre titre"}, by=factories.user())
    row = factories.batch().rows.create(line=2, kind=ImportRow.Kind.NEW)
    numbers = {"entry": entry.pk, "revision": proposed.pk, "publish": "publish", "import": row.batch_id, "line": 2}
    stock, all_of_them = (
        {getattr(found, "name", None) for found in urls}
        for urls in (admin.AdminSite.get_urls(admin.site), admin.site.get_urls())
    )
    assert all_of_them - stock == {*DESK, *DESK_POSTS}, "say in DESK who may"
    for person, user in people().items():
        client.force_login(user)
        for name, (wanted, allowed) in DESK.items():
            address = reverse(f"admin:{name}", args=[numbers[one] for one in wanted])
            expected = 200 if person == ROOT or person in allowed else 403
            answer = client.get(address)
            assert answer.status_code == expected, (person, address)
            b"".join(answer)  # some are files, which end when they have been read
        if person == "nobody":
            for name, wanted in DESK_POSTS.items():
                address = reverse(f"admin:{name}", args=[numbers[one] for one in wanted])
                assert client.post(address).status_code == 403, address


def actions(rf, user) -> Iterator[tuple[str, admin.ModelAdmin, str]]:
    """Every action that a superuser may be offered, and those that the class declares."""
    request = rf.get("/admin/")
    request.user = user
    for name, model in REGISTERED.items():
        model_admin = admin.site._registry[model]
        declared = {function.__name__ if callable(function) else function for function in model_admin.actions or ()}
        for action in declared | set(model_admin.get_actions(request)):
            yield name, model_admin, action


def test_each_action_runs_for_whom_it_should_and_for_nobody_else(client, rf, rows):
    found = people()
    looked = list(actions(rf, found[ROOT]))
    assert looked
    for person, user in found.items():
        client.force_login(user)
        request = rf.get("/admin/")
        request.user = user
        for model, model_admin, action in looked:
            offered = action in model_admin.get_actions(request)
            assert offered == may(person, model, action), (person, model, action)
            if not offered:
                before = everything(model)
                form = {"action": action, "_selected_action": [rows[model].pk], "post": "yes", "apply": "yes"}
                client.post(reverse(f"admin:{model.replace('.', '_')}_changelist"), form)
                assert everything(model) == before, (person, model, action)


def desk(patterns=None, prefix="") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern below /admin/, with the name that reverses it."""
    if patterns is None:
        patterns = [found for found in get_resolver().url_patterns if str(found.pattern) == "admin/"]
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from desk(found.url_patterns, f"{prefix}{found.namespace}:" if found.namespace else prefix)
        else:
            yield prefix + (found.name or ""), found


def filled(name: str, pattern: URLPattern) -> str:
    """An address of the pattern; that of a pattern without a name is found beside those that have one."""
    for arguments in ([], [1], [1, 1], ["auth"], ["1", "a-b"]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return f"/admin/auth/user/{pattern.name or 1}/"


def test_without_a_session_only_the_entrance_opens(client, rows):
    looked = set()
    for name, pattern in desk():
        address = filled(name, pattern)
        looked.add(address)
        for response in (client.get(address), client.post(address, {"post": "yes"})):
            if name in OPEN or name.removeprefix("admin:") == "login":
                assert response.status_code in (200, 302, 405), address
            else:
                assert response.status_code == 302, (name, address)
                target = response["Location"]
                assert target.startswith(("/admin/login/", "/admin/compte/mot-de-passe/")), (name, address, target)
            assert "_auth_user_id" not in client.session
    assert len(looked) > 60
    assert {"/admin/", "/admin/auth/user/", "/admin/compte/", "/admin/login/", "/admin/autocomplete/"} <= looked


def test_pages_of_the_site_itself_show_staff_without_a_group_nothing(client, rows):
    client.force_login(factories.user(is_staff=True))
    for name in SHARED:
        assert client.get(reverse(f"admin:{name}")).status_code == 200, name
    home = client.get("/admin/").text
    for model in REGISTERED:
        assert reverse(f"admin:{model.replace('.', '_')}_changelist") not in home, model
    for app in {model.partition(".")[0] for model in REGISTERED}:
        assert client.get(reverse("admin:app_list", args=[app])).status_code == 404, app


@pytest.fixture
def administrator():
    """Whoever may change accounts and is no superuser."""
    user = factories.user(username="gerante", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user", "view_group"]))
    return user


def test_nobody_makes_a_superuser_without_being_one(client, rows, administrator):
    client.force_login(administrator)
    group = Group.objects.get(name="une autre équipe")
    since = {"date_joined_0": "25/11/2026", "date_joined_1": "09:00:00"}
    everything_else = {"username": "gerante", "is_active": "on", "is_staff": "on", "groups": [group.pk]} | since
    powers = {"is_superuser": "on", "user_permissions": list(Permission.objects.values_list("pk", flat=True))}
    saved = client.post(f"/admin/auth/user/{administrator.pk}/change/", everything_else | powers)
    assert saved.status_code == 302
    administrator.refresh_from_db()
    assert not administrator.is_superuser
    assert administrator.user_permissions.count() == 3
    assert list(administrator.groups.all()) == [group]


def test_nobody_takes_over_a_superuser_without_being_one(client, rows, administrator):
    chief = factories.user(username="cheffe", is_staff=True, is_superuser=True)
    TOTP.activate(chief, generate_totp_secret())
    factor = SecondFactor.objects.get(user=chief)
    client.force_login(administrator)
    for address in (
        f"/admin/auth/user/{chief.pk}/change/",
        f"/admin/auth/user/{chief.pk}/password/",
        f"/admin/auth/user/{chief.pk}/delete/",
        f"/admin/initiatives/secondfactor/{factor.pk}/delete/",
    ):
        assert client.post(address, {"post": "yes", "password1": "x", "password2": "x"}).status_code == 403, address
    form = {"action": "delete_selected", "_selected_action": [factor.pk], "post": "yes"}
    client.post("/admin/initiatives/secondfactor/", form)
    assert SecondFactor.objects.filter(pk=factor.pk).exists()


def test_account_given_in_the_admin_can_log_in(client, rows):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    password = "huit tasses de tisane"
    facts = {"username": "nouvelle", "email": "nouvelle@ville.example", "usable_password": "true"}
    client.post("/admin/auth/user/add/", facts | {"password1": password, "password2": password})
    client.logout()
    client.post("/admin/login/", {"login": "nouvelle", "password": password})
    assert client.get("/admin/").status_code == 200
    assert "nouvelle@ville.example" in client.get("/admin/compte/").text
