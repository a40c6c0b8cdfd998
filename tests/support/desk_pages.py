"""Every page of the desk, in every state that it has, one after the other in a browser."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from initiatives.imports.jobs import ImportJob
from initiatives.models import ImportBatch, Initiative, OutgoingMail, Revision, Survey
from initiatives.publication.jobs import build_next

from . import editions, factories
from .browsers import enter
from .imports import BIKES, HEADINGS, TABLETS, post, sent
from .kinds import complete_entry
from .workbooks import xlsx

ENTRIES = "/admin/initiatives/initiative/"
PASSWORD = "huit tasses de tisane"
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def log_in(page, user):
    """As whoever has typed the password; no second factor is asked of an account that has none."""
    client = Client()
    client.force_login(user)
    enter(page, client)


class Desk:
    """A desk at work: something on each pile, an import in each state, and somebody who may all of it."""

    def __init__(self):
        cache.clear()
        self.chief = factories.user(
            username="camille", first_name="Camille", last_name="Roux", email="camille@ville.example",
            password=PASSWORD, is_staff=True, is_superuser=True,
        )  # fmt: skip
        self.entry = complete_entry()
        town = self.entry.territory
        self.waiting = factories.submitted(title="Un annuaire des commerces", territory=town, need="")
        self.draft = factories.draft(title="Annuaire des commerces", territory=town, themes=[factories.theme()])
        factories.published(title="Un site de troc").archive(by=self.chief)
        asked = factories.submitted(title="Des tablettes")
        asked.request_changes(by=self.chief, message="Quel a été le coût ?")
        self.revision = Revision.propose(self.entry, {"title": "Un autre titre", "need": ""}, by=self.chief)
        gone = factories.draft(title="Une fiche en trop")
        self.gone = gone.pk
        gone.delete()
        self.edition = editions.edition(of=editions.publication(foreword="Un **mot**."), by=self.chief)
        build_next()  # its page shows the checksums
        OutgoingMail.objects.create(to="maire@ville.example", subject="Vos compléments", body="Bonjour")

    @contextmanager
    def batches(self) -> Iterator[dict[str, ImportBatch]]:
        """One in each state; those under way have somebody who works on them as long as the block lasts."""
        client = Client()
        client.force_login(self.chief)
        town = self.draft.territory_id
        made = {
            "ready": sent(
                client,
                ["Référence", *HEADINGS, "Remarque"],
                ["", town, "Vélos en libre-service", "Cohésion social", "santé publique", "avril", ""],
                ["", town, "Les annuaires des commerces", *BIKES[2:], ""],
                ["", town, *TABLETS[1:], "Rien"],
                [self.draft.reference, town, "Un autre titre", "Service public", "", "2021", ""],
            ),
            "faulty": sent(client, ["Ville", "Remarque"], ["Beauvais", "?"]),
            "asked its columns": sent(client, ["Porteur", "Ville", "Commune", "Titre"], ["DSI", "Beauvais", "", "A"]),
            "asked its sheet": sent(
                client, content=xlsx(HEADINGS, BIKES, before=[("2019", [HEADINGS, TABLETS], "visible")])
            ),
            "publishable": sent(
                client,
                [*HEADINGS, "Résumé", "Adresse de la source"],
                [town, "Un standard", *BIKES[2:], "Un standard unique.", "https://ville.example/"],
                [town, "Un guichet", *BIKES[2:], "Un guichet unique.", ""],
            ),
            "done": sent(client, HEADINGS, [town, "Une carte des médecins", *BIKES[2:]]),
            "undone": sent(client, HEADINGS, [town, "Un parcours", *BIKES[2:]], [town, "Une boîte", *BIKES[2:]]),
            "dropped": sent(client, HEADINGS, BIKES),
        }
        post(client, made["done"], "confirm")
        post(client, made["undone"], "confirm")
        touched = Initiative.objects.get(title="Un parcours")
        touched.advice = "Commencer petit."
        touched.save()
        post(client, made["undone"], "undo")
        post(client, made["dropped"], "drop")
        with ExitStack() as stack:
            for state in ("received", *ImportBatch.RUNNING):
                made[state] = factories.batch(by=self.chief, content=state.encode(), state=state)
                if state in ImportBatch.RUNNING:
                    stack.enter_context(ImportJob(made[state]).held())
                    ImportJob(made[state]).beat(97, 16_000)
            yield made

    def pages(self, page) -> Iterator[str]:
        """Goes to each page in turn and gives its name."""
        for address in self._addresses():
            page.goto(address)
            yield address
        yield from self._forms(page)
        yield from self._deeds(page)
        yield from self._people(page)
        yield from self._selections(page)
        with self.batches() as batches:
            for name, batch in batches.items():
                page.goto(f"/admin/imports/{batch.pk}/")
                yield f"import {name}"
                if batch.headings:
                    page.goto(f"/admin/imports/{batch.pk}/colonnes/")
                    page.evaluate(UNFOLD)
                    yield f"columns of the import {name}"
                if batch.is_done or batch.is_undone:
                    page.goto(f"/admin/imports/{batch.pk}/annuler/")
                    yield f"undoing the import {name}"
                for kind in sorted(batch.counts)[1:] if name == "ready" else ():
                    page.goto(f"/admin/imports/{batch.pk}/?lignes={kind}")
                    yield f"import {name}, {kind}"
                for line in batch.rows.values_list("line", flat=True) if name in ("ready", "done") else ():
                    page.goto(f"/admin/imports/{batch.pk}/lignes/{line}")
                    page.evaluate(UNFOLD)
                    yield f"import {name}, line {line}"
            page.goto("/admin/imports/")
            yield "imports"
            client = Client()
            client.force_login(self.chief)
            post(client, batches["faulty"], "columns", **{"colonne-1": "title"})
            page.goto("/admin/imports/colonnes-memorisees/")
            yield "remembered columns"
        yield from self._account(page)

    def _addresses(self) -> list[str]:
        own = [
            "/admin/",
            ENTRIES,
            f"{ENTRIES}?q=introuvable",
            f"{ENTRIES}?status__exact=draft&travail=doublons",
            *(f"{ENTRIES}{one.pk}/change/" for one in (self.entry, self.waiting)),
            f"{ENTRIES}{self.draft.pk}/delete/",
            f"{ENTRIES}{self.draft.pk}/versions/",
            f"{ENTRIES}{self.gone}/versions/",
            f"{ENTRIES}{self.draft.pk}/apercu/",
            f"{ENTRIES}declarants/",
            f"{ENTRIES}{self.entry.pk}/declarant/",
            f"{ENTRIES}supprimees/",
            f"/admin/initiatives/revision/{self.revision.pk}/relire/",
            f"/admin/initiatives/edition/{self.edition.pk}/retirer/",
            "/admin/auth/user/add/",
            f"/admin/auth/user/{self.chief.pk}/password/",
            "/admin/initiatives/",
            "/admin/perdue/",
        ]
        tables = {
            "initiatives/publication": self.edition.publication_id,
            "initiatives/edition": self.edition.pk,
            "initiatives/survey": Survey.objects.get().pk,
            "initiatives/category": self.entry.category_id,
            "initiatives/outgoingmail": OutgoingMail.objects.latest("pk").pk,
            "auth/user": self.chief.pk,
            "auth/group": Group.objects.earliest("pk").pk,
            "towns/town": self.entry.territory_id,
        }
        for table, key in tables.items():
            own += [f"/admin/{table}/", f"/admin/{table}/{key}/change/"]
        return [*own, f"/admin/initiatives/theme/{factories.theme().pk}/history/"]

    def _forms(self, page) -> Iterator[str]:
        page.goto(f"{ENTRIES}add/")
        yield "an empty form"
        page.fill("[name=links-0-0]", "Sans adresse")
        page.click("[name=_save]")
        page.wait_for_selector(".errornote")
        yield "a form with faults"
        page.goto(f"{ENTRIES}{self.draft.pk}/change/")
        self.draft._history_user = factories.user(first_name="Sylvie", last_name="Martin")
        self.draft.title = "Le titre d’une autre"
        self.draft.save()
        page.fill("[name=title]", "Le mien")
        page.click("[name=_save]")
        page.wait_for_selector(".errornote")
        yield "a form with a conflict"
        page.goto("/admin/initiatives/publication/add/")
        page.click("[name=_save]")
        page.wait_for_selector(".errornote")
        yield "a publication with faults"

    def _deeds(self, page) -> Iterator[str]:
        keys = f"{self.draft.pk},{self.waiting.pk}"
        for bulk_action in ("request_changes", "add_theme"):
            page.goto(f"{ENTRIES}faire/{bulk_action}/?fiches={keys}")
            yield bulk_action
        page.select_option("[name=theme]", index=1)
        page.click("#content button.default")
        page.wait_for_selector("[name=confirme]", state="attached")
        yield "add_theme, chosen"
        page.goto(f"{ENTRIES}faire/submit/?fiches={keys}")
        yield "submit"
        page.click("#content button.default")
        yield "submit, done"

    def _people(self, page) -> Iterator[str]:
        page.goto(f"{ENTRIES}declarants/")
        page.fill("[name=person]", "x")
        page.click("#content form button")
        page.wait_for_selector(".errorlist")
        yield "a person with a fault"
        page.fill("[name=person]", self.entry.declarant_name)
        page.click("#content form button")
        page.wait_for_selector("[name=confirme]", state="attached")
        yield "a person who was found"
        page.goto(f"{ENTRIES}declarants/")
        page.fill("[name=person]", "Personne de ce nom")
        page.click("#content form button")
        page.wait_for_load_state()
        yield "a person whom nobody knows"

    def _selections(self, page) -> Iterator[str]:
        for selection in ("export_selection", "export_declarants", "export_for_correction"):
            page.goto(ENTRIES)
            page.check(f"[name=_selected_action][value='{self.draft.pk}']")
            page.select_option("[name=action]", selection)
            page.click(".actions button[type=submit]")
            page.wait_for_selector("[name=confirme]", state="attached")
            yield selection

    def _account(self, page) -> Iterator[str]:
        own = "/admin/compte/"
        for address in ("", "mot-de-passe/", "application/", "cles/", "cles/ajouter/"):
            page.goto(f"{own}{address}")
            yield f"{own}{address}"
        page.context.clear_cookies()
        for address in ("login/", "mot-de-passe-oublie/", "mot-de-passe-oublie/envoye/", "mot-de-passe-oublie/1-x/"):
            page.goto(f"/admin/{address}")
            yield address
        TOTP.activate(self.chief, generate_totp_secret())
        RecoveryCodes.activate(self.chief)
        assert Authenticator.objects.filter(user=self.chief).count() == 2
        page.goto("/admin/login/")
        page.fill("[name=login]", "camille")
        page.fill("[name=password]", "pas le bon")
        page.click("text=Se connecter")
        yield "log-in refused"
        page.fill("[name=login]", "camille")
        page.fill("[name=password]", PASSWORD)
        page.click("text=Se connecter")
        page.wait_for_url("**/second-facteur/")
        yield "second factor"
