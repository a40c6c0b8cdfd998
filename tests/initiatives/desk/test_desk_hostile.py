"""The desk met by what no page of it sends, and by forms whose entry is no longer what it was: nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from initiatives.desk.bulk_actions import BULK_ACTIONS, carry_out
from initiatives.models import Initiative, Publication, Revision, Survey, Theme
from initiatives.models.record import stored_values
from tests.support import editions, factories
from tests.support.desk import ADD, LIST, address, errors, opened
from tests.support.desk import sent as typed
from tests.support.imports import as_csv, faults, kinds, post, said, sent

pytestmark = pytest.mark.ignore_template_errors
# No key of a row: beyond 64 bits, beyond what Python reads, no number, a number in other figures.
NO_KEYS = ["9" * 19, "9" * 30, "9" * 5_000, "-1", "abc", "1.5", "٣", "\0", ""]


@pytest.fixture
def root(client):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    return client


def test_script_in_a_difference_is_text_on_both_sides(root):
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    draft, entry = factories.draft(summary=f"{evil} avant"), factories.published(summary=f"{evil} avant")
    draft.summary = f"{evil} après"
    draft.save()
    revision = Revision.propose(entry, stored_values(entry) | {"summary": f"{evil} après"}, by=factories.user())
    theme = Theme.objects.earliest("pk")
    for name in (f"{evil} avant", f"{evil} après"):
        theme.name = name
        theme.save()
    for where in (
        reverse("admin:review_revision", args=[revision.pk]),
        reverse("admin:versions", args=[draft.pk]),
        reverse("admin:initiatives_theme_history", args=[theme.pk]),
    ):
        page = root.get(where).text
        for side in ("avant", "après"):
            assert f"onerror=alert(1)&gt; {side}</div>" in page, where
        assert not any(sign in page for sign in ("<script>alert", "<img src=x")), where


@pytest.mark.both_databases
@pytest.mark.parametrize("key", NO_KEYS)
class TestKeys:
    def test_history_of_no_entry_is_not_found(self, moderator, key):
        name = key.replace("\0", "%00")
        assert moderator.get(f"{LIST}{name}/history/").status_code in ((404,) if key else (200, 302, 404))

    def test_no_entry_has_no_duplicates_set_aside(self, moderator, key):
        found = moderator.get(reverse("admin:suggest_duplicates"), {"titre": "Un titre", "fiche": key})
        assert found.json() == {"territory": "", "duplicates": []}

    def test_revision_is_not_approved_against_no_version(self, moderator, key):
        revision = Revision.propose(factories.published(), {"title": "Autre"}, by=factories.user())
        where = reverse("admin:review_revision", args=[revision.pk])
        assert "relisez la différence" in moderator.post(where, {"approuver": "1", "version": key}, follow=True).text
        assert Revision.objects.get().is_pending

    def test_publication_that_is_none_leads_away(self, moderator, key):
        where = f"/admin/initiatives/publication/{key.replace(chr(0), '%00') or '0'}/change/"
        assert moderator.get(where).status_code == 302

    def test_version_that_is_none_is_said(self, importer, key):
        entry = factories.draft()
        rows = ["Référence", "Version de la fiche", "Titre"], [entry.reference, key.strip("\0"), "Autre"]
        batch = sent(importer, content=as_csv(*rows, encoding="utf-8"))
        assert (batch.note, kinds(batch)) == ("", ["error" if key.strip("\0") else "changed"])

    @pytest.mark.parametrize(
        ("table", "action"),
        [
            ("initiatives/theme", "delete_selected"),
            ("initiatives/survey", "delete_selected"),
            ("initiatives/publication", "freeze"),
            ("initiatives/secondfactor", "delete_selected"),
            ("auth/user", "delete_selected"),
            ("auth/group", "delete_selected"),
        ],
    )
    def test_action_on_no_row_does_nothing(self, root, table, action, key):
        before = Theme.objects.count(), Survey.objects.count(), Publication.objects.count()
        data = {"action": action, "_selected_action": key, "post": "yes"}
        assert root.post(f"/admin/{table}/", data).status_code == 302
        assert (Theme.objects.count(), Survey.objects.count(), Publication.objects.count()) == before

    def test_filter_by_no_key_is_a_page(self, moderator, key):
        assert moderator.get(LIST, {"id__in": key}).status_code in (200, 302, 400)


class TestForm:
    def test_text_typed_into_an_entry_that_was_deleted_is_given_back(self, editor):
        entry = factories.draft(title="Une fiche en trop")
        data = typed(opened(editor, address(entry)), need="Ce que j’ai tapé")
        where, reference = address(entry), entry.reference
        entry.delete()
        page = editor.post(where, data)
        assert "a été supprimée pendant que vous la modifiiez" in errors(page)
        assert not Initiative.objects.exists()
        given = page.context["adminform"].form
        assert f'action="{ADD}"' in page.text
        assert editor.post(ADD, typed(given)).status_code == 302
        entry = Initiative.objects.get()
        assert (entry.need, entry.status, entry.slug) == ("Ce que j’ai tapé", "draft", "une-fiche-en-trop")
        assert entry.reference != reference

    @pytest.mark.parametrize("verb", ["reject", "archive"])
    def test_text_typed_into_an_entry_that_was_set_aside_is_given_back(self, editor, verb):
        entry = factories.submitted() if verb == "reject" else factories.published()
        data = typed(opened(editor, address(entry)), need="Ce que j’ai tapé")
        getattr(entry, verb)(by=factories.user(), **({"reason": "Déjà là."} if verb == "reject" else {}))
        page = editor.post(address(entry), data)
        assert "vous ne pouvez plus la modifier" in errors(page)
        assert "Ce que j’ai tapé" in page.text
        assert Initiative.objects.get().need == "Garder le lien."

    def test_text_is_kept_where_another_tab_has_submitted_the_entry(self, editor):
        entry = factories.draft()
        data = typed(opened(editor, address(entry)), need="Ce que j’ai tapé") | {"_submit": ""}
        editor.post(f"{LIST}faire/submit/", {"fiches": entry.pk, "confirme": "oui"})
        page = editor.post(address(entry), data, follow=True)
        assert "Ce que vous avez écrit est enregistré" in said(page)
        assert f"le statut de « {entry} » est « à relire »" in said(page).replace("\u00a0", " ")
        entry = Initiative.objects.get()
        assert (entry.status, entry.need) == ("submitted", "Ce que j’ai tapé")

    def test_form_that_changes_nothing_submits_all_the_same(self, editor):
        entry = factories.draft()
        data = typed(opened(editor, address(entry))) | {"_submit": ""}
        stored = Initiative.objects.get()
        stored.need = "Écrit par une collègue"
        stored.save()
        editor.post(address(entry), data)
        entry = Initiative.objects.get()
        assert (entry.status, entry.need) == ("submitted", "Écrit par une collègue")


class TestSetAside:
    """What the form does not let an editor change is changed by no other way."""

    @pytest.fixture
    def archived(self):
        entry = factories.published(title="Avant")
        entry.title = "Après"
        entry.save()
        entry.archive(by=factories.user())
        return entry

    def test_editor_restores_no_version_of_it(self, editor, archived):
        first = archived.history.earliest("history_id").history_id
        page = editor.post(reverse("admin:restore_version", args=[archived.pk]), {"version": first}, follow=True)
        assert "Elle est archivée" in said(page)
        assert Initiative.objects.get().title == "Après"

    def test_editor_sorts_it_no_other_way(self, editor, archived):
        theme = factories.theme()
        page = editor.post(f"{LIST}faire/add_theme/", {"fiches": archived.pk, "confirme": "oui", "theme": theme.pk})
        assert "Elle est archivée" in page.text
        assert not archived.themes.exists()

    def test_moderator_does_both(self, moderator, archived):
        first = archived.history.earliest("history_id").history_id
        moderator.post(reverse("admin:restore_version", args=[archived.pk]), {"version": first})
        theme = factories.theme()
        moderator.post(f"{LIST}faire/add_theme/", {"fiches": archived.pk, "confirme": "oui", "theme": theme.pk})
        assert (Initiative.objects.get().title, archived.themes.get()) == ("Avant", theme)


@pytest.mark.both_databases
class TestLost:
    """The past names rows that are no more."""

    @pytest.fixture
    def cited(self):
        return factories.published(title="La source d’inspiration")

    def lose(self, entry: Initiative):
        entry.archive(by=factories.user())
        entry.delete()

    def test_deleted_entry_comes_back_without_what_inspired_it(self, moderator, cited):
        entry = factories.draft(title="Enfant", inspired_by=cited)
        pk = entry.pk
        entry.delete()
        self.lose(cited)
        last = Initiative.history.filter(id=pk).latest("history_id").history_id
        moderator.post(reverse("admin:restore_version", args=[pk]), {"version": last})
        entry = Initiative.objects.get(pk=pk)
        assert (entry.title, entry.inspired_by) == ("Enfant", None)

    def test_deleted_entry_comes_back_at_another_address_where_its_own_is_taken(self, moderator):
        entry = factories.draft(title="Vélos")
        pk, reference = entry.pk, entry.reference
        entry.delete()
        factories.draft(title="Vélos")
        last = Initiative.history.filter(id=pk).latest("history_id").history_id
        moderator.post(reverse("admin:restore_version", args=[pk]), {"version": last})
        assert Initiative.objects.get(pk=pk).slug == f"velos-{reference.lower()}"

    def test_deleted_entry_whose_reference_is_taken_stays_away_and_says_why(self, moderator):
        entry = factories.draft(title="Vélos")
        pk, reference = entry.pk, entry.reference
        entry.delete()
        factories.draft(title="Trottinettes", reference=reference)
        last = Initiative.history.filter(id=pk).latest("history_id").history_id
        page = moderator.post(reverse("admin:restore_version", args=[pk]), {"version": last}, follow=True)
        assert f"Sa référence {reference} est maintenant celle de « Trottinettes »" in said(page)
        assert not Initiative.objects.filter(pk=pk).exists()

    def test_revision_that_cites_it_is_approved(self, cited):
        revision = Revision.propose(
            factories.published(), {"title": "Autre", "inspired_by": cited.pk}, by=factories.user()
        )
        self.lose(cited)
        revision.approve(by=factories.user())
        entry = Initiative.objects.get(pk=revision.initiative_id)
        assert (entry.title, entry.inspired_by) == ("Autre", None)

    def test_import_that_changed_it_is_undone(self, importer, cited):
        theme = Theme.objects.create(name="Éphémère", slug="ephemere", category=factories.category(), position=99)
        entry = factories.draft(title="Enfant", inspired_by=cited, themes=[theme])
        other = factories.draft(title="Autre source")
        row = [entry.reference, "Enfant bis", other.reference, "cybersécurité"]
        batch = sent(importer, ["Référence", "Titre", "S’inspire de", "Thèmes"], row)
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (batch.state, entry.title, entry.inspired_by) == ("done", "Enfant bis", other)
        self.lose(cited)
        theme.delete()
        post(importer, batch, "undo")
        entry.refresh_from_db()
        assert (batch.state, entry.title, entry.inspired_by) == ("undone", "Enfant", None)
        assert not entry.themes.exists()

    def test_deed_passes_over_an_entry_that_is_deleted_meanwhile(self):
        gone, stays = factories.draft(), factories.draft()
        rows = [gone, stays]
        Initiative.objects.get(pk=gone.pk).delete()
        first, second = carry_out(BULK_ACTIONS["submit"], rows, by=factories.user(), given={})
        assert (first.refused, second.refused) == ("Elle a été supprimée entre-temps.", "")
        assert Initiative.objects.get().status == "submitted"


@pytest.mark.both_databases
class TestMidnight:
    """Half past midnight in Paris is the day before in the database."""

    MOMENT, DAY = datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "1er juillet 2026"

    def test_list_has_the_day_of_the_clock_on_the_wall(self, moderator):
        entry = factories.submitted()
        entry.publish(by=factories.user(), at=self.MOMENT)
        assert "1 juillet 2026" in moderator.get(LIST).text.replace("\u00a0", " ").replace("1er", "1")

    def test_so_has_a_conflict_of_an_import(self, importer):
        entry = factories.draft(title="Avant")
        stored = Initiative.objects.get()
        stored.title = "Après"
        stored.save()
        Initiative.history.filter(version=stored.version).update(history_date=self.MOMENT)
        batch = sent(importer, ["Référence", "Version de la fiche", "Titre"], [entry.reference, "1", "Encore"])
        assert f"a modifié cette fiche le {self.DAY}" in faults(batch)[0]


@pytest.mark.both_databases
@pytest.mark.parametrize(("first", "last"), [("9999-01-01", "9999-12-31"), ("0001-01-01", "0001-01-31")])
def test_survey_of_an_impossible_year_closes_no_page(root, first, last):
    facts = {"title": "Un jour", "slug": "un-jour", "prefix": "UJ"}
    root.post("/admin/initiatives/survey/add/", facts | {"started_on": first, "ended_on": last})
    survey = Survey.objects.get(slug="un-jour")
    entry = factories.published(survey=survey, verified_on=first)
    editions.edition(by=factories.user())
    desk = ["/admin/", LIST, f"{LIST}?travail=a-effacer", f"{LIST}?travail=a-verifier", address(entry)]
    desk += [f"/admin/initiatives/survey/{survey.pk}/change/", "/admin/initiatives/survey/"]
    public = [
        "/",
        "/initiatives/",
        entry.get_absolute_url(),
        "/chiffres/",
        "/donnees/",
        "/api/initiatives",
        "/flux.atom",
    ]
    assert {where: root.get(where).status_code for where in desk + public} == dict.fromkeys(desk + public, 200)
