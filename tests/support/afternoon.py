"""The afternoon of the desk in a browser, from the file of answers to the public page and back.

The journey of `make test` plays it, and so does the camera of the guide: `look` is called wherever
there is something to be shown, with the part of the page that shows it.
"""

import csv
import io
from operator import itemgetter
from pathlib import Path

from playwright.sync_api import Page, expect

from .answers import COUNT, answers, as_french_excel
from .servers import PATIENCE

EDITOR, MODERATOR = "camille.exemple", "dominique.exemple"
PASSWORD = "mot de passe des tests"
PEOPLE = f"""
from django.contrib.auth.models import Group, User
for name, group in (({EDITOR!r}, "rédaction"), ({MODERATOR!r}, "modération")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""
AGREED_ON = "2021-01-15"
FICTITIOUS = "/admin/initiatives/initiative/?q=fictive"
SEEN = """() => Object.fromEntries([...document.querySelectorAll("[data-row]")].map((row) => {
    const values = [...row.querySelectorAll("[data-field]")].map(({ dataset }) => [dataset.field, dataset.value]);
    return [Object.fromEntries(values).titre, Object.fromEntries(values)];
}))"""


class Afternoon:
    """Two people, each with a browser of their own, a visitor, and a folder for their files.

    `clicks` counts those of the moderator, who does all of it alone until it is undone.
    """

    def __init__(self, *, editor: Page, moderator: Page, visitor: Page, folder: Path, look=lambda *shown: None):
        self.editor, self.moderator, self.visitor = editor, moderator, visitor
        self.file = as_french_excel(folder / "Réponses fictives.csv", answers())
        self.look, self.clicks = look, 0
        for page in (editor, moderator, visitor):
            page.set_default_timeout(PATIENCE * 1000)

    def play(self, results: str):
        """All of it, in order."""
        self.log_in(self.moderator, MODERATOR)
        self.send(self.moderator)
        self.confirm_columns()
        self.correct()
        self.agree()
        self.publish()
        self.undo(stays=0)
        self.log_in(self.editor, EDITOR)
        self.redo()
        self.read_and_publish()
        self.revise(results)
        self.undo(stays=1)
        self.restore()

    def click(self, page: Page, selector: str):
        self.clicks += page is self.moderator
        page.click(selector)

    # From the log-in to the public

    def log_in(self, page: Page, name: str):
        page.goto("/admin/")
        page.fill("[name=login]", name)
        page.fill("[name=password]", PASSWORD)
        self.click(page, "text=Se connecter")
        page.wait_for_url("**/admin/")

    def send(self, page: Page):
        self.click(page, "text=Importer un tableau")
        with page.expect_file_chooser() as chooser:
            self.click(page, "[name=file]")
        chooser.value.set_files(self.file)
        self.look("importer", page, "#content .module >> nth=0")
        self.click(page, "text=Envoyer et vérifier")

    def confirm_columns(self):
        page = self.moderator
        page.wait_for_selector("[data-asks=columns]")
        expect(page.locator("select[name=colonne-3] :checked")).to_have_text("Résumé")
        self.look("colonnes", page, ".outcome", ".mapping tr:has-text('Commune / EPCI')")
        self.click(page, "text=Garder ces choix et vérifier les lignes")

    def correct(self):
        """What is not certain, each once for all rows that say it."""
        page = self.moderator
        page.wait_for_selector("h2:has-text('39 lignes à corriger')")
        self.look("corriger", page, ".causes h2", ".causes li >> nth=1")
        for meant in ("aucun", "Castres (81)", "Saint-Denis (93)", "déployée", "continuité des services publics"):
            self.click(page, f".causes button:has-text('Mettre « {meant} »')")
        self.click(page, ".causes button:has-text('Mettre « 2020 »')")
        page.wait_for_selector("h2:has-text('Prêt')")
        self.look("tableau", page, ".kinds", ".sheet tbody tr >> nth=1")

    def agree(self):
        page = self.moderator
        page.fill("[name=agreed_on]", AGREED_ON)
        self.click(page, "text=Noter cet accord")
        page.wait_for_selector(f"text={COUNT} publiables")
        self.look("pret", page, ".counted", ".outcome")

    def publish(self):
        """Everything of the preview, which is kept in `seen` by the titles of its rows."""
        page = self.moderator
        self.seen = page.evaluate(SEEN)
        self.click(page, f"button:has-text('Importer et publier {COUNT} fiches')")
        page.wait_for_selector("h2:has-text('Importé')")
        self.look("importe", page, ".outcome")

    # And back

    def undo(self, *, stays: int):
        """What it would do is said before."""
        page = self.moderator
        page.goto("/admin/imports/")
        page.click(".past a >> nth=0")
        page.click("text=Annuler cet import…")
        page.wait_for_selector(f".prospect:has-text('{COUNT - stays} fiches créées par cet import seront retirées')")
        expect(page.locator(".prospect > li")).to_have_count(2 if stays else 1)
        if stays:
            self.look("annuler", page, "h1", "#content form")
        page.click("#content button:has-text('Annuler cet import')")
        page.wait_for_selector("h2:has-text('Annulé')")
        if stays:
            page.click("text=voir laquelle")
            expect(page.locator(".sheet [data-row]")).to_have_count(stays)
            expect(page.locator(".sheet em")).to_contain_text(f"modifiée depuis par {MODERATOR}")
            self.look("annule", page, "h1", ".outcome")
        else:
            page.wait_for_selector("text=Tout est redevenu comme avant")

    def redo(self):
        """The same file, sent by somebody else: nothing is asked again."""
        page = self.editor
        self.send(page)
        page.wait_for_selector(f"text={COUNT} publiables")
        assert page.evaluate(SEEN) == self.seen
        page.click("button:has-text('Importer et soumettre')")
        page.wait_for_selector("h2:has-text('Importé')")

    def read_and_publish(self):
        """One entry as the public would read it, then all of them."""
        page = self.moderator
        page.goto("/admin/")
        self.look("accueil", page, "#content-main")
        page.click(f".piles a:has-text('{COUNT} à relire')")
        page.click("#result_list a:has-text('Des tablettes prêtées aux familles') >> nth=0")
        self.look("fiche", page, "h1", ".field-title")
        with page.expect_popup() as opened:
            page.click("text=Aperçu de la page publique")
        opened.value.wait_for_selector("h1:has-text('Des tablettes prêtées aux familles')")
        opened.value.close()
        page.goto("/admin/")
        page.click(f".piles a:has-text('{COUNT} à relire')")
        page.check("#action-toggle")
        page.select_option("[name=action]", label="Publier…")
        page.click("button[name=index]")
        page.wait_for_selector("h1:has-text('Publier')")
        page.click("button:has-text('Publier')")
        page.wait_for_selector(f"text={COUNT} fiches publiées.")

    def revise(self, results: str):
        """The editor proposes; the public reads the old text until the moderator has approved the new one."""
        page = self.editor
        page.goto(FICTITIOUS)
        page.click("#result_list a:has-text('Une carte des marchés') >> nth=0")
        self.entry = page.url
        page.fill("[name=results]", results)
        page.click("button:has-text('Soumettre une révision')")
        page.wait_for_selector("text=le public lit l’ancien texte jusqu’à sa relecture")
        assert results not in self.public_page()
        page = self.moderator
        page.goto("/admin/")
        page.click(".piles a:has-text('1 révision à relire')")
        page.click("#result_list a:has-text('Une carte des marchés')")
        page.click("text=Une révision attend une décision")
        expect(page.locator(".differences tbody tr")).to_have_count(1)
        self.look("revision", page, "h1", ".decide >> nth=1")
        page.click("button:has-text('Approuver')")
        page.wait_for_selector("text=le public lit le nouveau texte")
        assert results in self.public_page()

    def restore(self):
        page = self.moderator
        page.goto(self.entry)
        page.click(".moves a:has-text('Historique')")
        self.look("historique", page, "h1", "button:has-text('Revenir')")
        page.click("button:has-text('Revenir à la version « avant »')")
        page.wait_for_selector("text=est revenue à la version choisie")

    # What the public sees

    def listed(self, words: str = "", **filters: str) -> int:
        self.visitor.goto(f"/initiatives/?q={words}" + "".join(f"&{name}={one}" for name, one in filters.items()))
        return int(self.visitor.get_attribute("[data-total]", "data-total"))

    def exported(self, words: str = "") -> list[dict]:
        answer = self.visitor.request.get(f"/export/initiatives.csv?q={words}")
        return sorted(csv.DictReader(io.StringIO(answer.text())), key=itemgetter("reference"))

    def public_page(self) -> str:
        self.visitor.goto("/initiatives/?q=marchés+producteurs+fictive+97")
        self.visitor.click("article a >> nth=0")
        return self.visitor.inner_text("main")
