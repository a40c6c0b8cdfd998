"""The afternoon of the desk in a browser, from the file of answers to the public page and back.

The journey of `make test` plays it, and so does the camera of the guide: `look` is called wherever
there is something to be shown, with the part of the page that shows it.
"""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from .answers import COUNT, answers, as_french_excel, typed_into
from .servers import PATIENCE

EDITOR, MODERATOR = "camille.exemple", "dominique.exemple"
PASSWORD = "mot de passe des tests"
PEOPLE = f"""
from django.contrib.auth.models import Group, User
for name, group in (({EDITOR!r}, "rédaction"), ({MODERATOR!r}, "modération")):
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""
FICTITIOUS = "/admin/initiatives/initiative/?q=fictive"


def log_in(page: Page, name: str):
    page.goto("/admin/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("text=Se connecter")
    page.wait_for_url("**/admin/")


class Afternoon:
    """Two people, each with a browser of their own, a visitor, and a folder for their files."""

    def __init__(self, *, editor: Page, moderator: Page, visitor: Page, folder: Path, look=lambda *shown: None):
        self.editor, self.moderator, self.visitor = editor, moderator, visitor
        self.folder, self.look = folder, look
        for page in (editor, moderator, visitor):
            page.set_default_timeout(PATIENCE * 1000)
        log_in(editor, EDITOR)
        log_in(moderator, MODERATOR)

    def play(self, results: str):
        """All of it, in order."""
        self.fill_in_the_model()
        self.send()
        self.correct()
        self.confirm()
        self.submit()
        self.read()
        self.publish()
        self.revise(results)
        self.restore()
        self.undo(touched=1)
        self.archive()

    # The editor

    def fill_in_the_model(self):
        """The workbook is downloaded, filled in and understood at once; that import is dropped."""
        page = self.editor
        page.click("text=Importer un tableau")
        with page.expect_download() as download:
            page.click("text=Modèle pour les réponses")
        model = self.folder / "modele.xlsx"
        download.value.save_as(model)
        page.set_input_files("[name=file]", typed_into(model, self.folder / "Réponses fictives.xlsx", answers()))
        page.click("text=Envoyer et vérifier")
        page.wait_for_selector("a:has-text('1 laissée de côté')")  # the example
        page.click("button:has-text('Abandonner')")
        page.wait_for_selector("h2:has-text('Abandonné')")

    def send(self):
        """The file of French Excel, with one heading of its own."""
        page = self.editor
        page.click("text=Importer un tableau")
        sent = as_french_excel(self.folder / "Réponses fictives.csv", answers(), title="Ce qui a été fait")
        page.set_input_files("[name=file]", sent)
        self.look("importer", page, "#content .module >> nth=0")
        page.click("text=Envoyer et vérifier")
        page.wait_for_selector("text=Il manque une colonne : Titre.")
        page.wait_for_selector("text=encodage Windows-1252, séparateur point-virgule")
        heading = page.locator("tr:has(th:has-text('Ce qui a été fait')) select")
        heading.select_option(label="Titre")
        self.look("colonnes", page, ".outcome", ".mapping thead", ".mapping tr:has(th:has-text('Résumé'))")
        page.click("text=Garder ces choix et vérifier les lignes")

    def correct(self):
        """With a click where the answer can be guessed, by typing where it cannot."""
        page = self.editor
        page.wait_for_selector("h2:has-text('11 lignes à corriger')")
        self.look("corriger", page, ".causes h2", ".causes li >> nth=2")
        for town in ("Castres (81)", "Saint-Denis (93)"):
            page.click(f"button:has-text('Mettre « {town} » aux 3 lignes')")
        for meant in ("Service public", "déployée", "continuité des services publics"):
            page.click(f"button:has-text('Mettre « {meant} »')")
        page.wait_for_selector("h2:has-text('2 lignes à corriger')")
        page.fill("[aria-label^='Ligne 14,']", "avril 2020")
        page.fill("[aria-label^='Ligne 21,']", "declarant.fictif@ville.example")
        page.keyboard.press("Enter")

    def confirm(self):
        page = self.editor
        page.wait_for_selector(f"text={COUNT} lignes seront importées, toutes ou aucune")
        self.look("pret", page, ".outcome", ".sheet tbody tr >> nth=4")
        page.click(f"button:has-text('Importer {COUNT} lignes')")
        page.wait_for_selector("h2:has-text('Importé')")
        self.look("importe", page, ".outcome")

    def submit(self):
        page = self.editor
        page.click("text=Voir les brouillons")
        self._choose_all(page, "Soumettre…", picture="choisir")
        self.look("soumettre", page, "h1", "#content table tbody tr >> nth=4")
        page.click("button:has-text('Soumettre')")
        page.wait_for_selector(f"text={COUNT} fiches soumises.")

    # The moderator

    def read(self):
        """One entry before all of them, as the public would see it."""
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

    def publish(self):
        page = self.moderator
        page.goto("/admin/")
        page.click(f".piles a:has-text('{COUNT} à relire')")
        self._choose_all(page, "Publier…")
        page.click("button:has-text('Publier')")
        page.wait_for_selector(f"text={COUNT} fiches publiées.")
        self.look("publiees", page, "h1", "#content table tbody tr >> nth=4")

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

    # The way back

    def restore(self):
        page = self.moderator
        page.goto(self.entry)
        page.click(".moves a:has-text('Historique')")
        self.look("historique", page, "h1", "button:has-text('Revenir')")
        page.click("button:has-text('Revenir à la version « avant »')")
        page.wait_for_selector("text=est revenue à la version choisie")

    def undo(self, *, touched: int):
        """A second file of three answers; what was touched since stays."""
        page = self.editor
        page.goto("/admin/imports/")
        rows = [row | {"Titre": f"Une école du code (réponse fictive {n})"} for n, row in enumerate(answers()[:3], 98)]
        page.set_input_files("[name=file]", as_french_excel(self.folder / "Oubliées, fictives.csv", rows))
        page.click("text=Envoyer et vérifier")
        page.click("button:has-text('Importer 3 lignes')")
        page.wait_for_selector("h2:has-text('Importé')")
        report = page.url
        for at in range(touched):
            page.goto(report)
            page.locator(".sheet a:has-text('fiche')").nth(at).click()
            page.fill("[name=advice]", "Commencer petit.")
            page.click("button:has-text('Enregistrer') >> nth=0")
            page.wait_for_selector(".messagelist .success")
        page.goto(report)
        page.click("text=Annuler cet import")
        page.wait_for_selector("h2:has-text('Annulé')")
        page.click("text=voir laquelle")
        expect(page.locator(".sheet [data-row]")).to_have_count(touched)
        expect(page.locator(".sheet em").first).to_contain_text(f"modifiée depuis par {EDITOR}")
        self.look("annule", page, ".outcome", ".sheet tbody tr >> nth=0")

    def archive(self):
        """What was published is taken back in bulk too; it can come back."""
        page = self.moderator
        page.goto(FICTITIOUS + "&status__exact=published")
        self._choose_all(page, "Archiver…")
        page.click("button:has-text('Archiver')")
        page.wait_for_selector(f"text={COUNT} fiches archivées.")

    # What the public sees

    def listed(self, words: str = "") -> int:
        self.visitor.goto(f"/initiatives/?q={words}")
        return int(self.visitor.get_attribute("[data-total]", "data-total"))

    def exported(self, words: str = "") -> list[dict]:
        answer = self.visitor.request.get(f"/export/initiatives.csv?q={words}")
        return list(csv.DictReader(io.StringIO(answer.text())))

    def public_page(self) -> str:
        self.visitor.goto("/initiatives/?q=marchés+producteurs+fictive+97")
        self.visitor.click("article a >> nth=0")
        return self.visitor.inner_text("main")

    def _choose_all(self, page: Page, bulk_action: str, *, picture: str = ""):
        page.check("#action-toggle")
        page.select_option("[name=action]", label=bulk_action)
        if picture:
            self.look(picture, page, ".actions", "#result_list tbody tr >> nth=3")
        page.click("button[name=index]")
        page.wait_for_selector(f"h1:has-text('{bulk_action.removesuffix('…')}')")
