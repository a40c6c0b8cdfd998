"""The desk: the list, the form, what is done to several entries, as each group may."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.adminkit import double_submit
from initiatives.desk import bulk_action_pages, entry_admin
from initiatives.desk.bulk_actions import BULK_ACTIONS
from initiatives.models import Initiative, OutgoingMail, Revision, Survey, Synonym, Theme, declarants
from initiatives.models.record import stored_values
from tests.support import factories
from tests.support.desk import ADD, LIST, address, errors, opened, sent, words
from tests.support.staff import logged_in

pytestmark = pytest.mark.ignore_template_errors


class TestForm:
    @pytest.mark.parametrize("verb", ["archive", "reject"])
    def test_entry_that_may_only_be_read_opens(self, editor, verb):
        entry = factories.published(title="À lire") if verb == "archive" else factories.submitted(title="À lire")
        getattr(entry, verb)(by=factories.user(), **({"reason": "Hors sujet"} if verb == "reject" else {}))
        page = editor.get(address(entry))
        assert page.status_code == 200
        assert "À lire" in page.text
        assert 'name="_save"' not in page.text

    def test_new_entry_has_all_that_was_typed(self, editor):
        factories.town(name="Beauvais", insee_code="60057")
        theme = factories.theme(slug="cybersecurite")
        data = sent(
            opened(editor, ADD),
            territory="60057",
            title="Un annuaire",
            category=theme.category_id,
            themes=[theme.pk],
            started="2020-04",
            **{"tools-0-0": "Jitsi", "tools-0-1": "yes", "links-0-0": "Page", "links-0-1": "HTTP://example.org/"},
        )
        response = editor.post(ADD, data)
        assert response.status_code == 302, errors(response)
        entry = Initiative.objects.get()
        assert (entry.territory_id, entry.title, entry.status) == ("60057", "Un annuaire", "draft")
        assert list(entry.themes.all()) == [theme]
        assert entry.uses_open_source
        assert entry.links.get().url == "http://example.org/"
        version = entry.history.get()
        assert (version.history_user, version.through, version.history_type) == (editor.user, "form", "+")

    def test_what_cannot_be_seen_in_a_pasted_text_does_not_hide_its_words(self, editor):
        """A soft hyphen from a PDF, the mark that turns the direction of what follows, a blank without a width."""
        entry = factories.draft()
        typed = "Télé\u00adtravail\u202e des agents\u200b"
        editor.post(address(entry), sent(opened(editor, address(entry)), title=typed, need="Une\r\nligne 👩\u200d🚒"))
        entry.refresh_from_db()
        assert (entry.title, entry.need) == ("Télétravail des agents", "Une\nligne 👩\u200d🚒")
        assert [one.pk for one in editor.get(LIST, {"q": "télétravail"}).context["cl"].result_list] == [entry.pk]

    def test_nor_in_the_rows_of_its_own(self, editor):
        entry = factories.draft()
        rows = {"tools-0-0": "Jit\0si\u202e", "tools-0-1": "yes", "links-0-0": "Une\u200b page\u2028x"}
        rows |= {"links-0-1": "https://example.org/\0a", "key_figures-0-0": "2\u202f300", "key_figures-0-1": "a\n\n b"}
        response = editor.post(address(entry), sent(opened(editor, address(entry)), **rows))
        assert response.status_code == 302, errors(response)
        values = stored_values(entry)
        assert values["tools"] == [["Jitsi", "yes"]]
        assert values["links"] == [["Une page x", "https://example.org/a"]]
        assert values["key_figures"] == [["2\u202f300", "a b"]]

    def test_rows_change_places(self, editor):
        entry = factories.draft()
        for value in ("1", "2"):
            entry.key_figures.create(value=value, label="ville")
        rows = {"key_figures-0-0": "2", "key_figures-0-1": "ville", "key_figures-1-0": "1", "key_figures-1-1": "ville"}
        editor.post(address(entry), sent(opened(editor, address(entry)), **rows))
        assert [row[0] for row in stored_values(entry)["key_figures"]] == ["2", "1"]

    def test_saving_what_was_opened_changes_nothing(self, moderator):
        entry = factories.draft(
            themes=[factories.theme()], source_url="https://example.org/a", verified_on="2021-01-01"
        )
        entry.tools.create(name="Jitsi", open_source="yes")
        entry.links.create(label="Page", url="https://example.org/")
        before = entry.history.count(), list(entry.tools.values()), list(entry.links.values())
        response = moderator.post(address(entry), sent(opened(moderator, address(entry))))
        assert response.status_code == 302, errors(response)
        assert (entry.history.count(), list(entry.tools.values()), list(entry.links.values())) == before

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("", "obligatoire"),
            ("Beauvay", "Peut-être : Beauvais (60), 60057"),
            ("60999", "Aucune commune n’a le code INSEE 60999"),
            ("<script>", "ne s’appelle"),
        ],
    )
    def test_unknown_territory_is_told_with_what_it_may_be(self, editor, typed, told):
        factories.town(name="Beauvais", insee_code="60057")
        response = editor.post(ADD, sent(opened(editor, ADD), territory=typed, title="Titre"))
        assert told in errors(response)
        assert not Initiative.objects.exists()

    def test_themes_are_of_the_category_and_three_at_most(self, editor):
        town, theme = factories.town(), factories.theme(slug="circuits-courts")
        other = factories.category(slug="cohesion-sociale")
        data = sent(opened(editor, ADD), territory=str(town.pk), title="Titre", category=other.pk, themes=[theme.pk])
        assert "ne sont pas de la catégorie « Cohésion sociale »" in errors(editor.post(ADD, data))
        data["themes"] = list(Theme.objects.filter(category=other).values_list("pk", flat=True)[:4])
        assert "Choisissez 3 thèmes au plus" in errors(editor.post(ADD, data))

    @pytest.mark.parametrize(
        ("cells", "told"),
        [
            ({"links-0-0": "Page", "links-0-1": "javascript:alert(1)"}, "Ligne 1, adresse"),
            ({"links-0-0": "Page"}, "Ligne 1, adresse"),
            ({"tools-0-0": "Jitsi", "tools-1-0": "jitsi"}, "La même ligne y est deux fois"),
            ({"tools-0-0": "x" * 200}, "Ligne 1, nom"),
            ({"tools-0-0": "Jitsi", "tools-0-1": "peut-être"}, "Ligne 1, logiciel libre"),
        ],
        ids=str,
    )
    def test_faulty_row_is_told_with_its_line(self, editor, cells, told):
        data = sent(opened(editor, ADD), territory=factories.town().pk, title="T", category=factories.category().pk)
        assert told in errors(editor.post(ADD, data | cells))

    def test_saving_and_submitting_is_one_version(self, editor):
        entry = factories.draft()
        before = entry.history.count()
        editor.post(address(entry), sent(opened(editor, address(entry)), title="Prête", _submit="1"))
        entry.refresh_from_db()
        assert (entry.title, entry.status, entry.submitted_by) == ("Prête", "submitted", editor.user)
        assert entry.history.count() == before + 1

    def test_each_field_is_explained_with_an_example(self, editor):
        fields = {name: field for name, field in opened(editor, ADD).fields.items() if name != "seen"}
        assert len(fields) > 30
        assert [name for name, field in fields.items() if "Par exemple" not in field.help_text] == []

    def test_what_publishing_asks_for_is_marked_and_nothing_else(self, editor):
        fields = opened(editor, ADD).fields
        marked = {name: field.help_text.split("</strong>")[0] for name, field in fields.items()}
        marked = {name: mark for name, mark in marked.items() if mark.startswith("<strong>")}
        alone = ["territory", "title", "category"]
        assert list(marked) == [
            "territory",
            "title",
            "summary",
            "category",
            "solution",
            "source_url",
            "licence_agreed_on",
        ]
        assert [marked[name] for name in alone] == ["<strong>Nécessaire pour publier."] * 3
        assert marked["source_url"].endswith("ou bien «\xa0Accord de diffusion le\xa0».")
        assert marked["summary"].endswith("ou bien «\xa0Solution\xa0».")
        said = "il faut le titre, le résumé (ou une solution), la collectivité, la catégorie et une source publique ou"
        assert f"Pour publier une fiche, {said} l’accord de diffusion." in words(editor.get(ADD))

    @pytest.mark.parametrize("origin", Initiative.Origin.values)
    def test_entry_from_a_web_page_is_typed_and_published_without_a_declarant(self, moderator, origin):
        typed = {"title": "Un annuaire", "solution": "Une carte libre.", "source_url": "https://example.org/annuaire"}
        where = {"territory": factories.town().pk, "category": factories.category().pk, "origin": origin}
        moderator.post(ADD, sent(opened(moderator, ADD), _submit="1", **typed, **where))
        entry = Initiative.objects.get()
        moderator.post(reverse("admin:bulk_action", args=["publish"]), {"fiches": entry.pk, "confirme": "oui"})
        entry.refresh_from_db()
        assert (entry.is_published, entry.summary) == (True, "Une carte libre.")

    def test_double_click_on_a_new_entry_makes_one(self, editor):
        data = sent(opened(editor, ADD), territory=factories.town().pk, title="T", category=factories.category().pk)
        assert [editor.post(ADD, data).status_code for _ in range(2)] == [302, 302]
        assert Initiative.objects.count() == 1

    def test_page_says_what_is_missing_and_what_may_be_the_same(self, editor):
        town = factories.town()
        lacking = {"licence_agreed_on": None, "summary": "", "need": ""}
        entry = factories.draft(title="Un annuaire des commerces", territory=town, **lacking)
        factories.draft(title="Annuaire des commerces ouverts", territory=town)
        page = editor.get(address(entry)).text
        assert "Pour la publier, il manque une source publique ou l’accord de diffusion." in page
        assert "1 des 8 éléments pour refaire\u00a0: il manque le besoin, les résultats," in page
        assert "<blockquote> Un service en ligne. </blockquote>" in " ".join(page.split())
        assert "Annuaire des commerces ouverts" in page
        assert "Publier…" not in page

    def test_preview_is_the_public_page_before_it_is_public(self, editor):
        entry = factories.draft(title="Pas encore publiée", solution="Une solution.", lead_time="weeks")
        page = editor.get(reverse("admin:preview", args=[entry.pk])).text
        assert "Une solution." in page
        assert "quelques semaines" in page
        assert entry.declarant_name not in page


@pytest.mark.both_databases
class TestTwoPeople:
    def test_second_save_is_refused_and_shows_both_texts(self, moderator):
        entry = factories.draft(title="Ancien", summary="Ancien résumé.")
        form = opened(moderator, address(entry))
        entry._history_user = other = factories.user(first_name="Sylvie", last_name="Martin")
        entry.title, entry.need = "De Sylvie", "Besoin de Sylvie."
        entry.save()
        response = moderator.post(address(entry), sent(form, title="Le mien", summary="Mon résumé."))
        assert response.status_code == 200
        assert "Sylvie Martin a enregistré cette fiche" in errors(response)
        choices = {one.field: (one.theirs, one.mine, one.chosen) for one in response.context["choices"]}
        assert choices == {
            "title": ("De Sylvie", "Le mien", ""),
            "summary": ("Ancien résumé.", "Mon résumé.", "mine"),
            "need": ("Besoin de Sylvie.", "Garder le lien.", "theirs"),
        }
        entry.refresh_from_db()
        assert (entry.title, entry.summary) == ("De Sylvie", "Ancien résumé.")
        assert other

    def test_person_chooses_field_by_field(self, moderator):
        entry = factories.draft(title="Ancien", summary="Ancien résumé.", territory=factories.town(name="Une"))
        form = opened(moderator, address(entry))
        entry._history_user = factories.user()
        entry.title, entry.need, entry.territory = "De Sylvie", "Besoin de Sylvie.", factories.town(name="Deux")
        entry.save()
        entry.tools.create(name="De Sylvie")
        refused = moderator.post(address(entry), sent(form, title="Le mien", summary="Mon résumé."))
        again = refused.context["adminform"].form
        data = {name: again.data.getlist(name) for name in again.data}
        data["conflit"] = [one.field for one in refused.context["choices"]]
        assert set(data["conflit"]) == {"territory", "title", "summary", "need", "tools"}
        unchosen = moderator.post(address(entry), data | {f"choix-{name}": "theirs" for name in ("need", "tools")})
        assert "Choisissez l’un des deux textes" in errors(unchosen)
        choices = {"title": "mine", "summary": "mine", "need": "theirs", "tools": "theirs", "territory": "theirs"}
        saved = moderator.post(address(entry), data | {f"choix-{name}": side for name, side in choices.items()})
        assert saved.status_code == 302, errors(saved)
        entry.refresh_from_db()
        assert (entry.title, entry.summary, entry.need) == ("Le mien", "Mon résumé.", "Besoin de Sylvie.")
        assert entry.territory.name == "Deux"
        assert [tool.name for tool in entry.tools.all()] == ["De Sylvie"]

    def _conflicting(self, moderator) -> tuple[Initiative, dict]:
        """An entry of which Sylvie wrote the need, and what the page that asks is sent with: hers for the need."""
        entry = factories.draft(summary="Ancien résumé.")
        form = opened(moderator, address(entry))
        entry._history_user, entry.need = factories.user(), "Besoin de Sylvie."
        entry.save()
        refused = moderator.post(address(entry), sent(form, summary="Mon résumé."))
        again = refused.context["adminform"].form
        data = {name: again.data.getlist(name) for name in again.data}
        data["conflit"] = [one.field for one in refused.context["choices"]]
        return entry, data | {"choix-need": "theirs", "choix-summary": "mine"}

    def test_double_click_on_the_choice_keeps_what_was_chosen(self, moderator):
        entry, data = self._conflicting(moderator)
        assert [moderator.post(address(entry), data).status_code for _ in range(2)] == [302, 302]
        entry.refresh_from_db()
        assert (entry.need, entry.summary) == ("Besoin de Sylvie.", "Mon résumé.")

    def test_choice_outlives_a_third_person(self, moderator):
        """Who asks anew for one field still knows what was chosen for the others."""
        entry, data = self._conflicting(moderator)
        entry._history_user, entry.summary = factories.user(), "D’une troisième."
        entry.save()
        refused = moderator.post(address(entry), data)
        choices = {one.field: (one.theirs, one.mine, one.chosen) for one in refused.context["choices"]}
        assert choices == {
            "summary": ("D’une troisième.", "Mon résumé.", ""),
            "need": ("Besoin de Sylvie.", "Garder le lien.", "theirs"),
        }
        again = refused.context["adminform"].form
        last = {name: again.data.getlist(name) for name in again.data} | {"conflit": list(choices)}
        saved = moderator.post(address(entry), last | {"choix-need": "theirs", "choix-summary": "mine"})
        assert saved.status_code == 302, errors(saved)
        entry.refresh_from_db()
        assert (entry.need, entry.summary) == ("Besoin de Sylvie.", "Mon résumé.")

    def test_choice_outlives_a_fault_elsewhere_in_the_form(self, moderator):
        entry, data = self._conflicting(moderator)
        faulty = moderator.post(address(entry), data | {"title": ""})
        assert {one.field: one.chosen for one in faulty.context["choices"]} == {"need": "theirs", "summary": "mine"}
        assert re.search(r'name="choix-need"\s+value="theirs"\s+checked', faulty.text)

    def test_what_was_chosen_is_not_asked_again(self, moderator):
        entry, data = self._conflicting(moderator)
        unchosen = moderator.post(address(entry), data | {"choix-summary": ""})
        assert {one.field: one.chosen for one in unchosen.context["choices"]} == {"need": "theirs", "summary": ""}

    def test_form_that_was_opened_before_does_not_bring_a_forgotten_declarant_back(self, moderator):
        entry = factories.draft(declarant_email="camille@ville.example")
        form = opened(moderator, address(entry))
        declarants.forget([entry.pk])
        response = moderator.post(address(entry), sent(form, title="Le mien"))
        choices = {one.field: one.chosen for one in response.context["choices"]}
        assert choices == {"title": "mine", "declarant_name": "theirs", "declarant_email": "theirs"}

    def test_double_click_is_no_conflict(self, moderator):
        entry = factories.draft()
        data = sent(opened(moderator, address(entry)), title="Une fois")
        before = entry.history.count()
        assert [moderator.post(address(entry), data).status_code for _ in range(2)] == [302, 302]
        assert entry.history.count() == before + 1

    def test_double_click_on_submit_is_no_conflict(self, editor):
        entry = factories.draft()
        data = sent(opened(editor, address(entry)), title="Une fois", _submit="1")
        assert [editor.post(address(entry), data).status_code for _ in range(2)] == [302, 302]
        entry.refresh_from_db()
        assert entry.status == "submitted"

    def test_going_back_and_going_on_is_no_conflict(self, moderator):
        entry = factories.draft(title="Ancien")
        data = sent(opened(moderator, address(entry)), title="D’abord")
        moderator.post(address(entry), data)
        response = moderator.post(address(entry), data | {"summary": "Puis le résumé."})
        assert response.status_code == 302, errors(response)
        entry.refresh_from_db()
        assert (entry.title, entry.summary) == ("D’abord", "Puis le résumé.")

    def test_own_second_tab_does_not_put_the_first_one_back(self, moderator):
        entry = factories.draft(title="Ancien")
        form = opened(moderator, address(entry))
        moderator.post(address(entry), sent(form, title="Premier onglet"))
        response = moderator.post(address(entry), sent(form, summary="Second onglet."))
        assert [one.field for one in response.context["choices"]] == ["title"]

    def test_published_meanwhile_stays_published(self, moderator):
        entry = factories.submitted()
        form = opened(moderator, address(entry))
        entry.publish(by=factories.user())
        response = moderator.post(address(entry), sent(form, title="Autre"))
        assert response.status_code == 200
        entry.refresh_from_db()
        assert entry.is_published


class TestPublishedEntry:
    def test_moderator_corrects_it(self, moderator):
        entry = factories.published(title="Faute")
        response = moderator.post(address(entry), sent(opened(moderator, address(entry)), title="Corrigé", _save="1"))
        assert response.status_code == 302, errors(response)
        entry.refresh_from_db()
        assert (entry.title, entry.is_published) == ("Corrigé", True)
        assert not Revision.objects.exists()

    def test_editor_only_proposes(self, editor):
        entry = factories.published(title="Ancien")
        assert "Corriger la fiche publiée" not in editor.get(address(entry)).text
        editor.post(address(entry), sent(opened(editor, address(entry)), title="Nouveau", _save="1"))
        entry.refresh_from_db()
        assert entry.title == "Ancien"
        revision = Revision.objects.get()
        assert (revision.after, revision.proposed_by) == ({"title": "Nouveau"}, editor.user)
        second = editor.post(address(entry), sent(opened(editor, address(entry)), title="Encore"))
        assert "attend déjà une décision" in errors(second)
        decide = reverse("admin:review_revision", args=[revision.pk])
        assert editor.post(decide, {"approuver": "1"}).status_code == 403

    def test_double_click_on_a_revision_proposes_one(self, editor):
        entry = factories.published(title="Ancien")
        entry.tools.create(name="Jitsi")
        form = sent(
            opened(editor, address(entry)), title="Nouveau", started="mai 2020", **{"tools-0-0": "BigBlueButton"}
        )
        for _ in range(2):
            said = words(editor.post(address(entry), form, follow=True))
            assert "Révision de « Ancien » soumise : le public lit l’ancien texte" in said
        revision = Revision.objects.get()
        assert set(revision.after) == {"title", "started", "tools"}
        assert "attend déjà une décision" in errors(editor.post(address(entry), form | {"title": "Encore"}))
        other = logged_in(Client(), "rédaction")
        assert "attend déjà une décision" in errors(other.post(address(entry), form))
        revision.proposed_at -= timedelta(hours=1)
        revision.save()
        assert "attend déjà une décision" in errors(editor.post(address(entry), form))

    def test_moderator_reads_the_difference_and_approves(self, moderator):
        entry = factories.published(title="Ancien")
        moderator.post(address(entry), sent(opened(moderator, address(entry)), title="Nouveau", _revise="1"))
        decide = reverse("admin:review_revision", args=[Revision.objects.get().pk])
        page = moderator.get(decide)
        assert "Ancien" in page.text
        assert "Nouveau" in page.text
        moderator.post(decide, {"approuver": "1", "version": entry.version})
        entry.refresh_from_db()
        assert entry.title == "Nouveau"

    @pytest.mark.parametrize(
        ("decision", "told"),
        [
            ({"approuver": "1"}, "Révision de « Nouveau » approuvée : le public lit le nouveau texte."),
            ({"refuser": "1", "message": "Faux."}, "Révision de « Ancien » refusée : le texte publié ne change pas."),
        ],
    )
    def test_double_click_on_a_decision_says_what_the_first_one_did(self, moderator, decision, told):
        entry, values = factories.published(title="Ancien"), {"title": "Nouveau"}
        revision = Revision.propose(entry, values, by=factories.user())
        decide, data = reverse("admin:review_revision", args=[revision.pk]), decision | {"version": entry.version}
        for _ in range(2):
            said = words(moderator.post(decide, data, follow=True))
            assert told in said
            assert "déjà décidée" not in said
        other = logged_in(Client(), "modération")
        assert "elle est déjà décidée" in words(other.post(decide, data, follow=True))
        contrary = {"approuver": "1"} if "refuser" in decision else {"refuser": "1", "message": "Faux."}
        for another in (contrary, {"refuser": "1", "message": "Une autre raison."}):
            assert "elle est déjà décidée" in words(moderator.post(decide, another, follow=True))
        Revision.objects.update(decided_at=timezone.now() - timedelta(hours=1))
        assert "elle est déjà décidée" in words(moderator.post(decide, data, follow=True))

    @pytest.mark.parametrize(("typed", "kept"), [("avril 2020", "2020-04"), ("04/2020", "2020-04"), ("2020", "2020")])
    def test_month_is_typed_as_in_a_table(self, moderator, typed, kept):
        entry = factories.published()
        form = sent(opened(moderator, address(entry)), started=typed, _correct="1")
        assert moderator.post(address(entry), form).status_code == 302
        entry.refresh_from_db()
        assert entry.started == kept

    def test_month_that_is_none_is_told(self, moderator):
        entry = factories.published()
        form = sent(opened(moderator, address(entry)), started="printemps 2020", _correct="1")
        assert "Écrivez une année (2020), ou un mois" in errors(moderator.post(address(entry), form))

    def test_is_not_verified_on_a_day_to_come(self, moderator):
        entry = factories.published()
        form = sent(opened(moderator, address(entry)), verified_on="01/02/2999", _correct="1")
        assert "Cette date est à venir" in errors(moderator.post(address(entry), form))

    def test_line_ends_of_the_browser_are_no_difference(self, moderator):
        entry = factories.published(solution="Un standard.\nUn annuaire.")
        typed = {"solution": entry.solution.replace("\n", "\r\n"), "results": "Deux\r\nlignes"}
        moderator.post(address(entry), sent(opened(moderator, address(entry)), _revise="1", **typed))
        assert Revision.objects.get().after == {"results": "Deux\nlignes"}
        longest = "a\n" * 300
        moderator.post(address(entry), sent(opened(moderator, address(entry)), need=longest.replace("\n", "\r\n")))
        entry.refresh_from_db()
        assert entry.need == longest.strip()

    def test_may_not_lose_what_it_must_say(self, moderator):
        entry = factories.published()
        response = moderator.post(address(entry), sent(opened(moderator, address(entry)), licence_agreed_on=""))
        told = "Pour que la fiche reste publiée, il manque une source publique ou l’accord de diffusion."
        assert told in errors(response)
        assert Initiative.objects.get(pk=entry.pk).licence_agreed_on

    @pytest.mark.parametrize("click", ["_save", "_revise"])
    def test_summary_that_is_emptied_is_told_by_the_solution(self, moderator, click):
        entry = factories.published(solution="Une solution.")
        moderator.post(address(entry), sent(opened(moderator, address(entry)), summary="", **{click: "1"}))
        if click == "_revise":
            assert Revision.objects.get().after == {"summary": "Une solution."}
        else:
            assert Initiative.objects.get(pk=entry.pk).summary == "Une solution."


@pytest.mark.both_databases
class TestDeeds:
    def test_page_tells_before_and_after_row_by_row(self, moderator):
        complete, draft = factories.submitted(), factories.draft()
        incomplete = factories.submitted(summary="", solution="")
        rows = [complete.pk, incomplete.pk, draft.pk]
        asked = moderator.post(LIST, {"action": "publish", "_selected_action": rows})
        assert [one.pk for one in asked.context["done"]] == [complete.pk]
        assert {one.initiative.pk for one in asked.context["refused"]} == {incomplete.pk, draft.pk}
        assert not Initiative.objects.published().exists()
        assert not OutgoingMail.objects.exists()
        done = moderator.post(
            reverse("admin:bulk_action", args=["publish"]), {"fiches": asked.context["fiches"], "confirme": "oui"}
        )
        reasons = {one.initiative.pk: one.refused for one in done.context["refused"]}
        assert "il manque le résumé (ou une solution)." in reasons[incomplete.pk]
        assert "brouillon" in reasons[draft.pk]
        assert list(Initiative.objects.published()) == [complete]
        version = complete.history.order_by("-history_id").first()
        assert (version.through, version.history_user) == ("bulk", moderator.user)

    def test_request_for_changes_asks_for_its_message(self, moderator):
        entry = factories.submitted()
        where = reverse("admin:bulk_action", args=["request_changes"])
        assert moderator.get(where, {"fiches": entry.pk}).status_code == 200
        empty = moderator.post(where, {"fiches": entry.pk, "confirme": "oui", "message": " "})
        assert empty.context["form"].errors
        moderator.post(where, {"fiches": entry.pk, "confirme": "oui", "message": "Le coût ?"})
        entry.refresh_from_db()
        assert (entry.status, entry.review_message) == ("changes_requested", "Le coût ?")
        assert OutgoingMail.objects.get().to == entry.declarant_email

    def test_request_for_changes_says_who_is_written_to(self, moderator):
        where = reverse("admin:bulk_action", args=["request_changes"])
        one, other, erased = (factories.submitted() for _ in range(3))
        declarants.forget([erased.pk])

        def mailing(*entries) -> str:
            page = moderator.get(where, {"fiches": ",".join(str(entry.pk) for entry in entries)})
            assert page.context["mailing"] in html.unescape(page.text)
            assert "Envoyé au déclarant" not in page.text
            return page.context["mailing"].replace("\xa0", " ")

        assert mailing(one, other) == "Ce message sera envoyé aux déclarants de 2 fiches."
        assert mailing(one, erased) == (
            "Ce message sera envoyé au déclarant de 1 fiche."
            " Pour 1 fiche sans adresse, connue ou gardée, personne ne le recevra."
        )
        assert mailing(erased).startswith("Personne ne recevra ce message :")
        moderator.post(where, {"fiches": erased.pk, "confirme": "oui", "message": "Le coût ?"})
        assert not OutgoingMail.objects.exists()
        assert moderator.get(reverse("admin:bulk_action", args=["reject"]), {"fiches": one.pk}).context["mailing"] == ""

    @pytest.mark.parametrize("name", ["publish", "request_changes", "reject", "archive", "restore"])
    def test_editor_may_decide_nothing(self, editor, name):
        entry = factories.submitted()
        where = reverse("admin:bulk_action", args=[name])
        assert editor.get(where, {"fiches": entry.pk}).status_code == 403
        data = {"fiches": entry.pk, "confirme": "oui", "message": "Oui"}
        assert editor.post(where, data).status_code == 403
        assert name not in dict(editor.get(LIST).context["action_form"].fields["action"].choices)
        entry.refresh_from_db()
        assert entry.status == "submitted"

    def test_theme_is_added_where_it_may_be(self, moderator):
        theme = factories.theme(slug="cybersecurite")
        own, foreign = factories.draft(), factories.draft(category=factories.category(slug="economie-locale"))
        has, full = factories.draft(themes=[theme]), factories.draft()
        full.themes.set(Theme.objects.filter(category=theme.category).exclude(pk=theme.pk)[:3])
        data = {"fiches": f"{own.pk},{foreign.pk},{has.pk},{full.pk}", "theme": theme.pk}
        where = reverse("admin:bulk_action", args=["add_theme"])
        told = moderator.post(where, data | {"choisi": "oui"})
        assert "1\xa0fiche sera modifiée" in told.text
        assert "3\xa0fiches resteront telles quelles" in told.text
        assert not own.themes.exists()
        done = moderator.post(where, data | {"confirme": "oui"})
        for page in (told, done):
            assert [one.pk for one in page.context["done"]] == [own.pk]
            assert {one.initiative.pk for one in page.context["refused"]} == {foreign.pk, has.pk, full.pk}
        assert list(own.themes.all()) == [theme]

    @pytest.mark.parametrize("chosen", [{}, {"choisi": "oui"}, {"choisi": "oui", "theme": "x"}, {"theme": "1"}])
    def test_nothing_is_promised_before_the_theme_is_chosen(self, moderator, chosen):
        own, foreign = factories.draft(), factories.draft(category=factories.category(slug="economie-locale"))
        page = moderator.post(
            reverse("admin:bulk_action", args=["add_theme"]), {"fiches": f"{own.pk},{foreign.pk}"} | chosen
        )
        assert "2\xa0fiches choisies. Rien ne change encore" in page.text
        assert "seront modifiées" not in page.text
        assert bool(page.context["form"].errors) == ("choisi" in chosen)

    def test_editor_sets_no_survey_on_a_published_entry(self, editor):
        published, draft = factories.published(), factories.draft()
        survey = Survey.objects.create(title="Autre", slug="autre", prefix="AU", started_on="2026-01-01")
        data = {"fiches": f"{published.pk},{draft.pk}", "confirme": "oui", "survey": survey.pk}
        done = editor.post(reverse("admin:bulk_action", args=["set_survey"]), data)
        assert [one.pk for one in done.context["done"]] == [draft.pk]
        assert "proposez une révision" in done.context["refused"][0].refused

    @pytest.mark.parametrize("rows", ["", "x", "9" * 40, "1;2"])
    def test_rows_that_are_none_lead_back_to_the_list(self, moderator, rows):
        """As does the address alone, which is what is left of a form once one has logged in again."""
        response = moderator.get(reverse("admin:bulk_action", args=["publish"]), {"fiches": rows}, follow=True)
        assert "choisissez à nouveau les fiches" in response.text

    def test_a_thousand_rows_fit_in_one_field(self, moderator):
        asked = moderator.post(
            reverse("admin:bulk_action", args=["submit"]), {"fiches": ",".join(map(str, range(1, 2001)))}
        )
        assert asked.context["gone"] == 2000

    def test_all_that_the_list_finds_is_taken_across_its_pages(self, moderator):
        town, by = factories.town(), factories.user()
        with factories.at_once():
            for _ in range(60):
                factories.submitted(territory=town, by=by)
        factories.draft(territory=town)
        data = {"action": "publish", "_selected_action": [Initiative.objects.latest("pk").pk], "select_across": "1"}
        asked = moderator.post(f"{LIST}?status__exact=submitted", data)
        assert (len(asked.context["done"]), asked.context["refused"]) == (60, [])
        form = {"fiches": asked.context["fiches"], "confirme": "oui"}
        asked.context["done"][0].delete()
        done = moderator.post(reverse("admin:bulk_action", args=["publish"]), form)
        assert (len(done.context["done"]), done.context["gone"]) == (59, 1)
        assert "1\u00a0fiche n’existe plus" in done.text
        assert Initiative.objects.published().count() == 59

    def test_double_click_says_what_the_first_one_did(self, moderator):
        entry, other = factories.submitted(), factories.submitted()
        other.publish(by=factories.user())
        data = {"fiches": f"{entry.pk},{other.pk}", "confirme": "oui"}
        pages = [moderator.post(reverse("admin:bulk_action", args=["publish"]), data) for _ in range(2)]
        for page in pages:
            assert [one.pk for one in page.context["done"]] == [entry.pk]
            assert [one.initiative.pk for one in page.context["refused"]] == [other.pk]

    @pytest.mark.parametrize(
        ("name", "status", "given"),
        [
            ("submit", "draft", {}),
            ("publish", "submitted", {}),
            ("request_changes", "submitted", {"message": "Le coût ?"}),
            ("reject", "submitted", {"reason": "Hors sujet."}),
            ("archive", "published", {}),
            ("restore", "rejected", {}),
            ("add_theme", "draft", {"theme": "cybersecurite"}),
            ("set_survey", "draft", {"survey": "autre"}),
        ],
    )
    def test_double_click_on_each_deed_is_one_version(self, moderator, name, status, given):
        entry = factories.submitted() if status == "rejected" else getattr(factories, status)()
        if status == "rejected":
            entry.reject(by=factories.user(), reason="Hors sujet.")
        Survey.objects.create(title="Autre", slug="autre", prefix="AU", started_on="2026-01-01")
        rows = {"theme": Theme, "survey": Survey}
        chosen = {key: rows[key].objects.get(slug=value).pk if key in rows else value for key, value in given.items()}
        before, where = entry.history.count(), reverse("admin:bulk_action", args=[name])
        for _ in range(2):
            page = moderator.post(where, {"fiches": entry.pk, "confirme": "oui"} | chosen)
            assert [one.pk for one in page.context["done"]] == [entry.pk]
        assert entry.history.count() == before + 1
        moderator.force_login(factories.member("modération"))
        page = moderator.post(where, {"fiches": entry.pk, "confirme": "oui"} | chosen)
        assert [one.initiative.pk for one in page.context["refused"]] == [entry.pk]

    def test_another_act_of_the_same_person_is_no_double_click(self, moderator):
        entry, has = factories.submitted(), factories.draft(themes=[factories.theme(slug="cybersecurite")])
        other = Theme.objects.filter(category=has.category).exclude(slug="cybersecurite").first()

        def refused(name: str, entry: Initiative, **given) -> list:
            data = {"fiches": entry.pk, "confirme": "oui"} | given
            return moderator.post(reverse("admin:bulk_action", args=[name]), data).context["refused"]

        assert not refused("reject", entry, reason="Hors sujet.")
        assert refused("reject", entry, reason="Un doublon.")
        assert not refused("restore", entry)
        assert refused("submit", entry)
        assert not refused("add_theme", has, theme=other.pk)
        assert refused("add_theme", has, theme=factories.theme(slug="cybersecurite").pk)

    def test_same_act_long_afterwards_is_no_double_click(self, moderator, monkeypatch):
        entry = factories.submitted()
        data, where = {"fiches": entry.pk, "confirme": "oui"}, reverse("admin:bulk_action", args=["publish"])
        assert moderator.post(where, data).context["done"]
        monkeypatch.setattr(double_submit, "DOUBLE_CLICK", timedelta(0))
        assert moderator.post(where, data).context["refused"]

    def test_more_than_can_be_done_at_once_is_told_before_anything_is_tried(self, moderator, monkeypatch):
        for module in (bulk_action_pages, entry_admin):
            monkeypatch.setattr(module, "MOST", 1)
        rows = [factories.draft().pk for _ in range(2)]
        for where, data in (
            (LIST, {"action": "submit", "_selected_action": rows}),
            (reverse("admin:bulk_action", args=["submit"]), {"fiches": ",".join(map(str, rows)), "confirme": "oui"}),
        ):
            assert "2\u00a0fiches choisies\u00a0: 1 au plus à la fois" in moderator.post(where, data, follow=True).text
        assert set(Initiative.objects.values_list("status", flat=True)) == {"draft"}

    def test_every_deed_asks_a_permission_that_exists(self, admin_client):
        assert len(BULK_ACTIONS) == 8
        for bulk_action in BULK_ACTIONS.values():
            assert factories.member("administration").has_perm(bulk_action.permission), bulk_action.name


@pytest.mark.both_databases
class TestList:
    def test_queries_do_not_grow_with_the_rows(self, moderator, django_assert_max_num_queries):
        factories.published(themes=[factories.theme()])
        with django_assert_max_num_queries(40) as few:
            moderator.get(LIST)
        for _ in range(20):
            factories.submitted(themes=[factories.theme()])
        with django_assert_max_num_queries(len(few)):
            page = moderator.get(LIST)
        assert len(page.context["cl"].result_list) == 21

    def test_search_is_the_public_one(self, editor):
        factories.draft(title="Livraisons à domicile"), factories.draft(title="Conseil filmé")
        found = editor.get(LIST, {"q": "livraison"}).context["cl"].result_list
        assert [one.title for one in found] == ["Livraisons à domicile"]

    def test_work_to_do_is_counted_and_listed(self, moderator):
        town = factories.town()
        due = {"declared_on": "2021-01-15"}
        factories.submitted(title="Annuaire des commerces", territory=town, **due)
        factories.draft(title="Un annuaire des commerces", territory=town, licence_agreed_on=None, **due)
        factories.draft()
        home = moderator.get("/admin/")
        piles = {pile.noun.split(",")[0]: pile for pile in home.context["waiting"]}
        assert {noun: pile.count for noun, pile in piles.items()} == {
            "à relire": 1,
            "révision à relire": 0,
            "à compléter": 0,
            "brouillon": 2,
            "doublon probable": 2,
            "incomplète": 1,
            "non vérifiée depuis un an": 0,
            "fiche dont un lien ne répond plus": 0,
            "déclarant à effacer sous 30 jours": 2,
        }
        for pile in piles.values():
            assert len(moderator.get(pile.url).context["cl"].result_list) == pile.count, pile.noun

    def test_piles_have_their_plural(self, moderator):
        for _ in range(2):
            factories.submitted()
            factories.submitted().request_changes(by=moderator.user, message="?")
        text = moderator.get("/admin/").text
        for noun in ("à relire", "à compléter"):
            assert re.search(rf"<strong>2</strong>\s*<span>{noun}</span>", text), noun

    def test_survey_counts_the_answers_to_it_not_what_is_from_elsewhere(self, moderator):
        survey = Survey.objects.get()
        town, other = factories.town(), factories.town()
        factories.draft(territory=other, survey=survey, origin="public_source")
        assert "1 fiche, aucune n’est la réponse d’une collectivité" in words(moderator.get("/admin/"))
        for entry in (factories.draft(territory=town), factories.draft(territory=town)):
            Initiative.objects.filter(pk=entry.pk).update(survey=survey, origin="survey", in_survey=True)
        home = moderator.get("/admin/")
        assert "2 réponses (1 collectivité), sur 3 fiches" in words(home)
        listed = moderator.get(home.context["progress"]["answers_url"])
        assert listed.context["cl"].result_count == 2

    def test_unknown_filter_is_no_error(self, editor):
        for query in ({"travail": "rien"}, {"theme": "inconnu"}, {"q": '"%\x00'}, {"status__exact": "x"}):
            assert editor.get(LIST, query).status_code in (200, 302)


class TestDeletion:
    def test_page_names_what_goes_and_nothing_that_stays(self, moderator):
        entry = factories.draft(title="À supprimer", themes=[factories.theme()])
        entry.tools.create(name="Jitsi")
        asked = words(moderator.get(f"/admin/initiatives/initiative/{entry.pk}/delete/"))
        assert "Outil: Jitsi" in asked
        assert "object (" not in asked
        assert "initiative-theme" not in asked


class TestPast:
    def test_versions_are_compared_field_by_field(self, moderator):
        entry = factories.draft(title="Un")
        entry.title = "Deux"
        entry.save()
        page = moderator.get(reverse("admin:versions", args=[entry.pk]))
        assert [(one.label, one.texts) for one in page.context["history"].differences] == [("titre", ("Un", "Deux"))]

    def test_declarant_is_in_no_difference_that_others_read(self, client):
        """Neither in the history nor in a revision."""
        entry = factories.published()
        values = stored_values(entry) | {"declarant_name": "Dominique Confidentielle", "summary": "Un autre résumé."}
        revision = Revision.propose(entry, values, by=factories.user())
        entry.summary, entry.declarant_name = "Corrigé.", "Confidentielle aussi"
        entry.save()
        pages = [reverse("admin:versions", args=[entry.pk]), reverse("admin:review_revision", args=[revision.pk])]
        reader = factories.user(is_staff=True)
        reader.user_permissions.set(
            Permission.objects.filter(
                codename__in=["view_initiative", "view_revision"], content_type__app_label="initiatives"
            )
        )
        for user, may_read in ((reader, False), (factories.member("modération"), True)):
            client.force_login(user)
            for page in pages:
                told = client.get(page).text
                assert "Résumé" in told
                assert ("Confidentielle" in told) == may_read, page

    def test_entry_goes_back_to_a_version(self, moderator):
        entry = factories.draft(title="Un", themes=[factories.theme()])
        entry.tools.create(name="Jitsi")
        version = entry.history.order_by("-history_id").first()
        entry.title = "Deux"
        entry.save()
        entry.tools.all().delete()
        done = moderator.post(
            reverse("admin:restore_version", args=[entry.pk]), {"version": version.history_id}, follow=True
        )
        assert "« Un » est revenue à la version choisie." in words(done)
        entry.refresh_from_db()
        assert (entry.title, [tool.name for tool in entry.tools.all()]) == ("Un", ["Jitsi"])
        last = entry.history.order_by("-history_id").first()
        assert (last.history_user, last.through) == (moderator.user, "form")
        assert last.history_change_reason.startswith("revenir à la version")

    def test_editor_only_proposes_that_a_published_entry_goes_back(self, editor):
        entry = factories.published(title="Ancien")
        version = entry.history.order_by("-history_id").first()
        entry.title = "Nouveau"
        entry.save()
        where = reverse("admin:restore_version", args=[entry.pk])
        done = words(editor.post(where, {"version": version.history_id}, follow=True))
        assert "Révision de « Nouveau » soumise : le public lit l’ancien texte jusqu’à sa relecture." in done
        assert "est revenue" not in done
        entry.refresh_from_db()
        assert entry.title == "Nouveau"
        assert Revision.objects.get().after == {"title": "Ancien"}

    @pytest.mark.parametrize(
        ("group", "made", "told"),
        [
            ("rédaction", "draft", "« Ancien » est revenue à la version choisie."),
            ("rédaction", "published", "Révision de « Nouveau » soumise : le public lit l’ancien texte"),
            ("modération", "published", "« Ancien » est revenue à la version choisie."),
            ("modération", "deleted", "« Ancien » est revenue, comme brouillon."),
        ],
    )
    def test_double_click_on_the_way_back_is_one_act(self, client, group, made, told):
        theme = Theme.objects.create(name="en trop", slug="en-trop", category=factories.category())
        entry = (factories.published if made == "published" else factories.draft)(title="Ancien", themes=[theme])
        pk, version = entry.pk, entry.history.order_by("-history_id").first()
        if made == "deleted":
            entry.delete()
        else:
            entry.title = "Nouveau"
            entry.save()
        theme.delete()
        before, where = Initiative.history.filter(id=pk).count(), reverse("admin:restore_version", args=[pk])
        data = {"version": version.history_id}
        logged_in(client, group)
        for _ in range(2):
            assert told in words(client.post(where, data, follow=True))
        made_now = Initiative.history.filter(id=pk).count() - before + Revision.objects.count()
        assert made_now == 1
        refused = re.compile("La fiche dit déjà ce que dit cette version|attend déjà une décision")
        assert refused.search(words(logged_in(Client(), group).post(where, data, follow=True)))
        long_ago = timezone.now() - timedelta(hours=1)
        Initiative.history.filter(id=pk).update(history_date=long_ago)
        Revision.objects.update(proposed_at=long_ago)
        assert refused.search(words(client.post(where, data, follow=True)))

    @pytest.mark.parametrize(
        ("group", "made", "offered"),
        [
            ("rédaction", "draft", ["Revenir à la version « avant »"]),
            ("rédaction", "published", ["Revenir à la version « avant »"]),
            ("rédaction", "archived", []),
            ("rédaction", "deleted", []),
            ("modération", "archived", ["Revenir à la version « avant »"]),
            ("modération", "deleted", ["Faire revenir la fiche, comme brouillon"]),
        ],
    )
    def test_way_back_is_offered_to_whom_it_is_allowed(self, client, group, made, offered):
        entry = factories.draft() if made in ("draft", "deleted") else factories.published()
        pk = entry.pk
        if made == "archived":
            entry.archive(by=factories.user())
        if made == "deleted":
            entry.delete()
        page = words(logged_in(client, group).get(reverse("admin:versions", args=[pk])))
        assert re.findall("Revenir à la version « avant »|Faire revenir la fiche, comme brouillon", page) == offered

    def test_deleted_entry_comes_back_at_its_address(self, moderator):
        entry = factories.published(title="Perdue", slug="avant", themes=[factories.theme()])
        entry.slug = "perdue"
        entry.save()
        entry.tools.create(name="Jitsi")
        pk, reference = entry.pk, entry.reference
        assert (
            moderator.post(reverse("admin:initiatives_initiative_delete", args=[pk]), {"post": "yes"}).status_code
            == 302
        )
        assert not Initiative.objects.exists()
        assert "Perdue" in moderator.get(reverse("admin:deleted_entries")).text
        last = Initiative.history.filter(id=pk).order_by("-history_id").first()
        assert (last.history_type, last.history_user) == ("-", moderator.user)
        done = moderator.post(reverse("admin:restore_version", args=[pk]), {"version": last.history_id}, follow=True)
        assert "« Perdue » est revenue, comme brouillon." in words(done)
        back = Initiative.objects.get(pk=pk)
        assert (back.reference, back.slug, back.status, back.title) == (reference, "perdue", "draft", "Perdue")
        assert [tool.name for tool in back.tools.all()] == ["Jitsi"]
        assert list(back.themes.all()) == [factories.theme()]
        assert back.former_slugs.get().slug == "avant"

    def test_deleted_entry_whose_address_another_has_by_now_comes_back_at_a_new_one(self, moderator):
        entry = factories.draft(title="Perdue", slug="perdue")
        pk = entry.pk
        entry.delete()
        other = factories.published(title="Autre", slug="perdue")
        last = Initiative.history.filter(id=pk).order_by("-history_id").first()
        done = moderator.post(reverse("admin:restore_version", args=[pk]), {"version": last.history_id}, follow=True)
        assert "« Perdue » est revenue, comme brouillon." in words(done)
        other.refresh_from_db()
        assert other.slug == "perdue"
        assert Initiative.objects.get(pk=pk).slug not in ("", "perdue")

    def test_editor_brings_no_deleted_entry_back(self, editor):
        entry = factories.draft()
        pk = entry.pk
        entry.delete()
        last = Initiative.history.filter(id=pk).order_by("-history_id").first()
        editor.post(reverse("admin:restore_version", args=[pk]), {"version": last.history_id})
        assert not Initiative.objects.exists()
        assert editor.get(reverse("admin:deleted_entries")).status_code == 403


@pytest.mark.parametrize(
    ("table", "heading"), [("publication", "Publications"), ("initiative", "Les fiches"), ("outgoingmail", "Courriels")]
)
def test_list_is_named_after_what_it_lists(admin_client, table, heading):
    page = admin_client.get(f"/admin/initiatives/{table}/").text
    assert re.findall("<h1>(.*?)</h1>", page) == [heading]
    assert f"{heading} · " in re.search("<title>(.*?)</title>", page, re.DOTALL)[1]


@pytest.mark.parametrize("terms", ["télétravail", "télétravail,", "télétravail, Télétravail", "télétravail, le, !"])
def test_synonym_of_nothing_is_refused(admin_client, terms):
    before = Synonym.objects.count()
    page = admin_client.post("/admin/initiatives/synonym/add/", {"terms": terms})
    assert "Écrivez au moins deux mots différents" in errors(page)
    admin_client.post("/admin/initiatives/synonym/add/", {"terms": "télétravail, travail à distance"})
    assert Synonym.objects.count() == before + 1


@pytest.mark.both_databases
def test_suggestions_know_all_of_the_cog(editor):
    factories.town(name="Beauvais", insee_code="60057", population=56_000)
    where = reverse("admin:suggest_territories")
    for typed in ("beauv", "60057"):
        (found,) = editor.get(where, {"q": typed}).json()["suggestions"]
        assert found == {"value": "Beauvais (60), 60057", "detail": "Oise · Hauts-de-France · 56\u202f000 habitants"}
    factories.draft(title="Annuaire des commerces", territory=factories.town(name="Creil", insee_code="60175"))
    answer = editor.get(
        reverse("admin:suggest_duplicates"), {"collectivite": "60175", "titre": "Un annuaire des commerces"}
    ).json()
    assert [one["title"] for one in answer["duplicates"]] == ["Annuaire des commerces"]
    assert answer["territory"].startswith("Oise")


def test_nobody_without_a_group_reads_anything(client):
    entry = factories.draft()
    client.force_login(factories.user(is_staff=True))
    for where in (
        LIST,
        address(entry),
        reverse("admin:versions", args=[entry.pk]),
        reverse("admin:preview", args=[entry.pk]),
        reverse("admin:deleted_entries"),
        reverse("admin:suggest_territories"),
        reverse("admin:bulk_action", args=["publish"]) + f"?fiches={entry.pk}",
    ):
        assert client.get(where).status_code == 403, where
    assert "waiting" not in client.get("/admin/").context
