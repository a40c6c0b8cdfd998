"""A catalogue in which everything has happened, and what there is to see of it.

`python -m tests.support.busy make` does it to a database that has the real entries; `show` prints
what each address answers there, as JSON. Each is a process, with the database that its environment names.
"""

import hashlib
import json
import re
import sys
from functools import partial

import django
from django.apps import apps

if not apps.ready:  # as a program
    django.setup()

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client, override_settings
from django.test.utils import setup_test_environment
from django.urls import reverse

from initiatives.links.checking import gather as gather_addresses
from initiatives.models import (
    Audience,
    Category,
    Edition,
    FileLayout,
    ImportBatch,
    Initiative,
    Publication,
    Revision,
    SlugRedirect,
    Survey,
    Synonym,
    WebAddress,
)
from initiatives.models.answers import Answer
from initiatives.models.history import Through, acting
from initiatives.publication.jobs import build_next
from initiatives.publication.snapshot import build
from towns.models import Town

from . import factories
from .imports import post, sent
from .logos import svg
from .public_addresses import ADDRESSES

NAME, PASSWORD = "cheffe", "une tisane à la verveine"
ANSWERS = [
    ["Code INSEE", "Titre", "Catégorie", "Nom du déclarant", "Courriel du déclarant"],
    ["60057", "Vélos en libre-service", "Cohésion sociale", "Camille Privée", "camille@prive.example"],
    ["60057", "Un conseil filmé", "Service public", "Camille Privée", "camille@prive.example"],
]


def make():
    """Rows in every table, some of them gone again."""
    # 35,000 communes say no more than a thousand. No signal: each would index its entries.
    cited = Initiative.objects.values("territory")
    Town.objects.exclude(pk__in=cited).exclude(department="60")._raw_delete("default")
    chief, editor = _people()
    with acting(by=chief, through=Through.FORM):
        _moderate(chief, editor)
    _import(chief)
    _publish(chief)
    gather_addresses()
    WebAddress.objects.order_by("pk").first().record(Answer(404))
    # The last key that was given is that of an entry that is gone, and that may come back.
    factories.published(by=chief, territory=Town.objects.first(), title="Une fiche supprimée").delete()


def _people():
    chief = factories.user(username=NAME, password=PASSWORD, is_staff=True, is_superuser=True, email="c@ville.example")
    editor = factories.user(username="rédactrice", is_staff=True)
    editor.groups.add(Group.objects.get(name="rédaction"))
    editor.user_permissions.add(Permission.objects.get(codename="freeze_publication"))
    RecoveryCodes.activate(editor)
    address = EmailAddress.objects.create(user=editor, email="r@ville.example")
    EmailConfirmation.create(address)
    LogEntry.objects.log_actions(chief.pk, [editor], ADDITION, change_message="Ajouté.", single_object=True)
    return chief, editor


def _moderate(chief, editor):
    """What the desk does in an afternoon, and what it leaves behind."""
    first, second, third, fourth = Initiative.objects.order_by("pk")[:4]
    first.slug = "une-autre-adresse"
    first.internal_note, first.declarant_name = "À rappeler.", "Camille Privée"
    first.save()
    first.audiences.set(Audience.objects.all()[:2])
    first.links.create(label="La délibération", url="https://example.org/deliberation")
    first.key_figures.create(value="140", label="commerces inscrits")
    first.more_sources.create(title="Bilan", publisher="Aqui.fr", url="https://example.org/bilan")
    second.inspired_by = fourth
    second.save()
    Revision.propose(third, {"title": "Un autre titre"}, by=editor)
    fourth.archive(by=chief)
    waiting = factories.submitted(by=editor, territory=first.territory, title="À compléter \U0001f600")
    waiting.request_changes(by=chief, message="Précisez le coût.")
    Synonym.objects.first().delete()
    Survey.objects.create(title="La suite", slug="suite", prefix="S26", started_on="2026-01-01").next_references(7)


def _import(chief):
    client = Client()
    client.force_login(chief)
    batch = sent(client, *ANSWERS)
    post(client, batch, "correct", cellules=json.dumps({"2": {"started": "2021"}}))
    post(client, batch, "confirm")
    client.get(reverse("admin:import_export"))  # which the journal tells
    FileLayout.objects.create(digest="0" * 64, headings=["Quoi ?"], mapping={"quoi": "title"}, said_by=chief)
    assert ImportBatch.objects.get().state == ImportBatch.State.DONE


def _publish(chief):
    report = Publication.objects.create(title="Le rapport", slug="rapport", logo=svg(), logo_type="svg", logo_text="B")
    report.introductions.create(category=Category.objects.first(), text="Un **mot**.")
    report.filters = "region=32"
    report.save()
    frozen = report.freeze(by=chief, build=partial(build, site="https://catalogue.example/"))
    frozen.withdraw(reference=frozen.contents["records"][0][0], by=chief, reason="À la demande de la ville.")
    while build_next():
        pass


def public_addresses() -> list[str]:
    """Those of each kind, and of each row that has one."""
    entries = Initiative.objects.published().order_by("pk")
    slug = entries.first().slug
    known = [address.replace("/fiche/", f"/{slug}/") for address in ADDRESSES if address != "/sante"]
    editions = [edition.get_absolute_url() for edition in Edition.objects.select_related("publication").order_by("pk")]
    return [
        *known,
        "/initiatives/?q=entraide&tri=pertinence",
        "/initiatives/?theme=sante-publique&tri=titre&page=2",
        "/carte/?region=32",
        "/collectivites/?q=beauv",
        f"/selection/?fiche={slug}",
        # Rows are compared whole elsewhere.
        *(entry.get_absolute_url() for entry in entries[::4]),
        *(f"/initiatives/{former.slug}/" for former in SlugRedirect.objects.order_by("pk")),
        *(f"{edition}{name}" for edition in editions for name in ("", "publication.pdf", "publication.zip")),
    ]


def desk_addresses() -> list[str]:
    """What only staff read: the past, the private data, the imports."""
    return [
        "/admin/",
        *(f"{reverse('admin:initiatives_initiative_changelist')}{pk}/versions/" for pk in _versions()),
        reverse("admin:deleted_entries"),
        reverse("admin:initiatives_initiative_change", args=[Initiative.objects.earliest("pk").pk]),
        reverse("admin:review_revision", args=[Revision.objects.get().pk]),
        reverse("admin:import_batch", args=[ImportBatch.objects.get().pk]),
        reverse("admin:import_file", args=[ImportBatch.objects.get().pk]),
        reverse("admin:initiatives_outgoingmail_changelist"),
        reverse("admin:initiatives_personaldataevent_changelist"),
        reverse("admin:initiatives_secondfactor_changelist"),
    ]


def _versions() -> list[int]:
    """The first entry, and the one that was deleted."""
    deleted = Initiative.history.filter(history_type="-").latest("history_id")
    return [Initiative.objects.earliest("pk").pk, deleted.id]


def show() -> dict[str, list]:
    client = Client()
    public = {address: _answer(client.get(address)) for address in public_addresses()}
    client.post(reverse("account_login"), {"login": NAME, "password": PASSWORD})
    return public | {address: _answer(client.get(address)) for address in desk_addresses()}


def _answer(response) -> list:
    """Status, ETag, where it leads, and a digest of its bytes without the token of the session."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    content = re.sub(rb'csrf\w*" value="\w+"|X-CSRFToken[^}]+', b"", content)
    headers = [response.get("ETag", ""), response.get("Location", "")]
    return [response.status_code, *headers, hashlib.sha256(content).hexdigest()]


if __name__ == "__main__":
    setup_test_environment()
    # The tests have passwords that are quick to check; these are those of the site.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        if sys.argv[1] == "make":
            make()
        else:
            print(json.dumps(show()))  # noqa: T201
