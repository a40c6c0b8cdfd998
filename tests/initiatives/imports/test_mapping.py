"""The columns of a file: what is asked about them before rows are judged, what is said, and what is remembered."""

import pytest
from django.urls import reverse

from initiatives.imports.joined_columns import one_a_field
from initiatives.imports.readers.tables import Table
from initiatives.imports.recognition import recognised
from initiatives.models import FileLayout, ImportBatch, Initiative
from tests.support import factories
from tests.support.imports import BIKES, HEADINGS, TABLETS, faults, kinds, post, said, sent
from tests.support.staff import logged_in
from tests.support.workbooks import xlsx

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057", population=56_000)


def said_of(batch: ImportBatch, at: int) -> tuple[str, str, str]:
    """A heading, the field that it is, and how that is known."""
    return tuple(batch.headings[at][name] for name in ("heading", "field", "how"))


def page_of(client, batch: ImportBatch, name: str = "import_batch") -> str:
    return client.get(reverse(f"admin:{name}", args=[batch.pk])).text


class TestColumns:
    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ([], "5 colonnes."),
            (["Population"], "6 colonnes."),  # follows from the town
            (["Truc bidule"], "6 colonnes, dont 1 laissée de côté&nbsp;: «&nbsp;Truc bidule&nbsp;»."),
            (
                ["Truc", "Machin"],
                "7 colonnes, dont 2 laissées de côté&nbsp;: «&nbsp;Truc&nbsp;», «&nbsp;Machin&nbsp;».",
            ),
            (list("bcdfgh"), "11 colonnes, dont 6 laissées de côté&nbsp;: {}…."),
        ],
    )
    def test_columns_left_out_are_named(self, importer, more, told):
        batch = sent(importer, [*HEADINGS, *more], [*BIKES, *["x" for _ in more]])
        summary = page_of(importer, batch).partition('class="understood">')[2].partition("<a ")[0]
        told = told.format(", ".join(f"«&nbsp;{heading}&nbsp;»" for heading in "bcdfg"))
        assert " ".join(summary.split()) == f"Ce qui a été compris&nbsp;: {batch.understanding}, {told}"

    def test_column_can_be_left_out(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:4], "n’importe quoi"])
        assert kinds(batch) == ["error"]
        post(importer, batch, "columns", **{"colonne-4": "-"})
        assert kinds(batch) == ["new"]

    @pytest.mark.parametrize("chosen", ["-", "advice"])
    @pytest.mark.parametrize(
        "heading",
        ["Résumé", "RESUME", "Date", "Thèmes", "Résumé (500 caractères)", "Début *", "Bénéficiaires", "summary",
         "Courriel", "Quel est le résumé de votre projet ?"],
    )  # fmt: skip
    def test_what_is_said_of_one_of_our_headings_is_said_of_this_file_only(self, importer, heading, chosen):
        headings = ["Code INSEE", "Titre", "Catégorie", heading]
        batch = sent(importer, headings, [*BIKES[:3], "2020"])
        understood = said_of(batch, 3)
        post(importer, batch, "columns", **{"colonne-3": chosen})
        assert said_of(batch, 3) == (heading, "" if chosen == "-" else chosen, "choix")
        assert not FileLayout.objects.exists()
        assert said_of(sent(importer, headings, [*TABLETS[:3], "2020"]), 3) == understood

    @pytest.mark.parametrize("heading", ["Région", "Statut", "population"])
    def test_column_that_follows_from_the_others_is_read_in_the_file_where_somebody_says_so(self, importer, heading):
        headings = ["Code INSEE", "Titre", "Catégorie", heading]
        post(importer, sent(importer, headings, [*BIKES[:3], "x"]), "columns", **{"colonne-3": "advice"})
        assert ImportBatch.objects.get().rows.get().after["advice"] == "x"
        assert said_of(sent(importer, headings, [*TABLETS[:3], "x"]), 3) == (heading, "", "déduite")


class TestJoining:
    def test_column_that_says_the_same_as_another_is_asked_about(self, importer):
        batch = sent(importer, ["Ville", "Commune", *HEADINGS[1:]], ["Beauvais", "Bâle", *BIKES[1:]])
        assert (batch.asks, batch.faults, said_of(batch, 1)) == (["columns"], [], ("Commune", "town_name", "double"))
        assert "dit la même chose qu’une autre colonne" in page_of(importer, batch)
        post(importer, batch, "columns", **{"colonne-0": "town_name", "colonne-1": "-"})
        assert (batch.faults, kinds(batch)) == ([], ["new"])

    def test_heading_that_comes_again_is_a_column_of_its_own(self, importer):
        headings = [*HEADINGS, "Contexte", "Contexte", "Contexte (2)"]
        batch = sent(importer, headings, [*BIKES, "Un besoin", "Une remarque", "Une autre"])
        assert [one["heading"] for one in batch.headings[5:]] == ["Contexte", "Contexte (3)", "Contexte (2)"]
        assert [one["how"] for one in batch.headings[5:]] == ["nom", "double", "double"]
        post(importer, batch, "columns", **{"colonne-5": "need", "colonne-6": "-", "colonne-7": "advice"})
        after = batch.rows.get().after
        assert (batch.faults, after["need"], after["advice"]) == ([], "Un besoin", "Une autre")
        post(importer, batch, "columns", **{"colonne-6": "need", "colonne-7": "need"})
        assert batch.rows.get().after["need"] == "Un besoin\n\nUne remarque\n\nUne autre"

    def test_texts_are_joined_each_with_its_heading_unless_that_names_the_field(self, importer):
        headings = [*HEADINGS, "Besoin", "Le point de départ", "Et aussi ?"]
        batch = sent(importer, headings, [*BIKES, "Trop loin.", "", "Trop cher."], [*TABLETS, "Rien.", "L’école.", ""])
        post(importer, batch, "columns", **{"colonne-6": "need", "colonne-7": "need"})
        assert [row.after["need"] for row in batch.rows.order_by("line")] == [
            "Trop loin.\n\nEt aussi ?\nTrop cher.", "Rien.\n\nLe point de départ\nL’école.",
        ]  # fmt: skip

    def test_lists_are_joined_whatever_separates_their_values(self, importer):
        headings = [*HEADINGS, "Partenaires", "Avec qui encore", "Thème 2", "Outils", "Et quoi d’autre"]
        row = [*BIKES, "La Poste ; Emmaüs", "Emmaüs|Secours populaire", "numérique éducatif", "Jitsi, Zoom", "Zoom"]
        batch = sent(importer, headings, row)
        post(importer, batch, "columns", **{"colonne-6": "partners", "colonne-9": "tools"})
        after = batch.rows.get().after
        assert after["partners"] == "La Poste\nEmmaüs\nSecours populaire"
        assert [name for name, _ in after["tools"]] == ["Jitsi", "Zoom"]
        assert len(after["themes"]) == 2

    @pytest.mark.parametrize(
        ("first", "second", "kind"),
        [
            ("Beauvais", "", "new"),
            ("", "Beauvais", "new"),
            ("Beauvais", "Beauvais", "new"),
            ("Beauvais", "Bâle", "error"),
        ],
    )
    def test_what_has_one_value_is_that_of_the_column_which_says_it(self, importer, first, second, kind):
        """As of a form that asks the same on two of its branches."""
        batch = sent(importer, ["Ville", "Commune", *HEADINGS[1:]], [first, second, *BIKES[1:]])
        post(importer, batch, "columns", **{"colonne-0": "town_name", "colonne-1": "town_name"})
        assert kinds(batch) == [kind]

    def test_columns_of_the_names_of_options_are_ticked(self, importer):
        batch = sent(importer, [*HEADINGS, "Seniors", "Familles"], [*BIKES, "x", ""], [*TABLETS, "x", "x"])
        post(importer, batch, "columns", **{"colonne-5": "audiences", "colonne-6": "audiences"})
        assert [len(row.after["audiences"]) for row in batch.rows.order_by("line")] == [1, 2]

    def test_cell_that_is_wrong_is_wrong_whatever_stands_beside_it(self, importer):
        batch = sent(importer, [*HEADINGS, "Besoin", "Départ"], [*BIKES, "Trop loin.", "#REF!"])
        post(importer, batch, "columns", **{"colonne-6": "need"})
        assert kinds(batch) == ["error"]
        assert "n’a pas de résultat" in faults(batch)[0]

    def test_columns_of_no_field_are_dropped_however_many(self):
        headings = ["Commune", "Titre", "Catégorie", *(f"G{number}Q1 Temps" for number in range(2_000))]
        table = Table(["Beauvais", "Large", "Service public", *["1"] * 2_000], headers=headings)
        made, mapping = one_a_field(table, recognised(table, {}, {}), {})
        assert (made.headers, list(made)) == (headings[:3], [("Beauvais", "Large", "Service public")])
        assert (mapping["Titre"], mapping["G7Q1 Temps"]) == ("title", None)

    def test_what_stands_below_no_heading_stays_a_fault(self, importer):
        batch = sent(importer, [*HEADINGS, "", "Humeur"], [*BIKES, "perdu", "bonne"])
        assert (kinds(batch), "perdu" in faults(batch)[0]) == (["error"], True)


class TestConstants:
    HEADINGS = ["Code INSEE", "Titre"]

    def test_missing_category_is_given_to_all_rows(self, importer):
        batch = sent(importer, self.HEADINGS, BIKES[:2], TABLETS[:2])
        assert (batch.asks, batch.faults) == (["columns"], ["Il manque une colonne : Catégorie."])
        post(
            importer, batch, "columns", category="Cohésion sociale", themes=["santé publique", "numérique éducatif"],
            audiences=["seniors"], state="déployée", licence_agreed_on="2021-01-15",
        )  # fmt: skip
        assert (batch.asks, kinds(batch)) == ([], ["new", "new"])
        for row in batch.rows.all():
            assert (row.after["state"], row.after["licence_agreed_on"]) == ("deployed", "2021-01-15")
            assert (len(row.after["themes"]), len(row.after["audiences"])) == (2, 1)

    def test_file_of_one_town(self, importer, beauvais):
        batch = sent(importer, ["Titre", "Catégorie"], BIKES[1:3])
        assert batch.asks == ["columns"]
        response = post(importer, batch, "columns", territory_name="Bovais")
        assert "Aucune commune" in response.text or "ne s’appelle" in response.text
        assert (batch.asks, batch.constants) == (["columns"], {})
        post(importer, batch, "columns", territory_name="Beauvais (60)")
        assert (kinds(batch), batch.rows.get().after["territory"]) == (["new"], beauvais.pk)

    def test_counts_where_the_cell_is_empty_and_nowhere_else(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:2], "", *BIKES[3:]], [*TABLETS[:2], "Service public", "", "2020"])
        post(importer, batch, "columns", category="Cohésion sociale")
        categories = [factories.category(slug=slug).pk for slug in ("cohesion-sociale", "service-public")]
        assert [row.after["category"] for row in batch.rows.order_by("line")] == categories

    def test_town_of_all_rows_is_that_of_those_which_name_none(self, importer, beauvais):
        lyon = factories.town(name="Lyon", insee_code="69123")
        rows = [["", "", *BIKES[1:3]], ["Lyon", "", *TABLETS[1:3]], ["", "69123", "Un troc", BIKES[2]]]
        batch = sent(importer, ["Ville", "Code INSEE", "Titre", "Catégorie"], *rows)
        assert kinds(batch) == ["error", "new", "new"]
        post(importer, batch, "columns", territory_name="Beauvais (60)")
        towns = [row.after["territory"] for row in batch.rows.order_by("line")]
        assert towns == [beauvais.pk, lyon.pk, lyon.pk]

    def test_never_changes_what_an_entry_says(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title="Vélos", category=factories.category(slug="service-public"))
        batch = sent(importer, ["Référence", "Début"], [entry.reference, "2019"])
        post(importer, batch, "columns", category="Cohésion sociale", territory_name="Beauvais (60)", state="déployée")
        assert batch.rows.get().after == {"started": "2019"}

    @pytest.mark.parametrize(
        ("said", "refused"),
        [
            ({"category": "Service public"}, "n’est pas dans la liste|Sélectionnez un choix valide"),
            ({"licence_agreed_on": "hier"}, "Écrivez une date"),
            ({"licence_agreed_on": "2099-01-15"}, "à venir"),
            ({"state": "finie"}, "choix valide"),
            ({"category": "Soutien à l’économie locale", "themes": ["santé publique"]}, "n’est pas un thème"),
        ],
    )
    def test_what_cannot_be_is_refused_and_the_form_comes_back_as_it_was(self, importer, said, refused):
        batch = sent(importer, [*self.HEADINGS, "Quoi"], [*BIKES[:2], "?"])
        response = post(importer, batch, "columns", **said, **{"colonne-2": "advice"})
        assert any(one in response.text for one in refused.split("|")), refused
        assert '<option value="advice" selected>' in response.text
        assert (batch.constants, batch.mapping) == ({}, {})


class TestMemory:
    """Of a layout of file, its headings together: never of a word for all."""

    ASKED = ["Code INSEE", "Nom donné", "Catégorie", "Bénéficiaire"]

    def answered(self, client, headings=None, **said) -> ImportBatch:
        batch = sent(client, headings or self.ASKED, [*BIKES[:3], "Beauvais"])
        post(client, batch, "columns", **said)
        return batch

    def test_next_file_of_the_same_headings_is_read_as_the_last_was_said_to_be(self, importer):
        batch = self.answered(importer, **{"colonne-1": "title", "colonne-3": "carrying_service"})
        assert (kinds(batch), said_of(batch, 1)) == (["new"], ("Nom donné", "title", "choix"))
        again = sent(importer, ["Catégorie", "CODE INSEE", "NOM DONNÉ", "Bénéficiaire"], [BIKES[2], *BIKES[:2], "DSI"])
        assert (again.asks, said_of(again, 2)) == ([], ("NOM DONNÉ", "title", "mémoire"))
        assert again.rows.get().after["carrying_service"] == "DSI"
        told = page_of(importer, again, "import_columns")
        assert f"comme la dernière fois, choisi par {importer.user} le" in told

    def test_word_of_one_layout_says_nothing_in_another(self, importer):
        """« Bénéficiaire » is a town in a file of grants, and the public in one of initiatives."""
        self.answered(importer, **{"colonne-1": "title", "colonne-3": "territory_name"})
        other = sent(importer, ["Code INSEE", "Titre", "Catégorie", "Bénéficiaire"], [*TABLETS[:3], "seniors"])
        assert (other.asks, said_of(other, 3)) == (["columns"], ("Bénéficiaire", "audiences", "proposée"))

    def test_known_field_that_was_left_aside_once_is_read_in_every_other_file(self, importer):
        headings = ["Code INSEE", "Titre", "Catégorie", "Résumé"]
        first = self.answered(importer, headings, **{"colonne-3": "-"})
        assert not first.rows.get().after["summary"]
        assert sent(importer, headings, [*TABLETS[:3], "Un texte."]).rows.get().after["summary"] == "Un texte."

    def test_unsure_column_that_was_left_aside_is_left_aside_in_its_layout(self, importer):
        self.answered(importer, **{"colonne-1": "title", "colonne-3": "-"})
        again = sent(importer, self.ASKED, [*TABLETS[:3], "Beauvais"])
        assert (again.asks, kinds(again), said_of(again, 3)) == ([], ["new"], ("Bénéficiaire", "", "mémoire"))

    def test_what_is_said_of_a_heading_that_comes_again_is_not_said_of_the_first(self, importer):
        headings = [*HEADINGS, "Contexte", "Contexte"]
        batch = sent(importer, headings, [*BIKES, "Un besoin", "Une remarque"])
        post(importer, batch, "columns", **{"colonne-6": "-"})
        assert FileLayout.objects.get().mapping == {"contexte2": None}
        alone = sent(importer, [*HEADINGS, "Contexte"], [*TABLETS, "Un besoin"])
        assert alone.rows.get().after["need"] == "Un besoin"
        again = sent(importer, headings, [*TABLETS, "Un besoin", "Une remarque"])
        assert (again.asks, again.rows.get().after["need"]) == ([], "Un besoin")

    def test_constants_are_proposed_and_never_applied_unseen(self, importer):
        headings = ["Code INSEE", "Titre"]
        batch = sent(importer, headings, BIKES[:2])
        post(importer, batch, "columns", category="Cohésion sociale", licence_agreed_on="2021-01-15")
        again = sent(importer, headings, TABLETS[:2])
        assert (again.asks, again.faults, again.total) == (["columns"], [], 0)
        page = page_of(importer, again)
        assert '<option value="Cohésion sociale" selected>' in page
        assert "2021-01-15" not in page
        post(importer, again, "columns", category="Cohésion sociale")
        assert (again.asks, kinds(again), again.rows.get().after.get("licence_agreed_on")) == ([], ["new"], None)

    def test_same_file_sent_again_finds_all_that_was_said_of_it(self, importer):
        rows = [["Code INSEE", "Titre", "Porteur"], [*BIKES[:2], "DSI"]]
        batch = sent(importer, *rows)
        constants = {"category": "Cohésion sociale", "licence_agreed_on": "2021-01-15"}
        post(importer, batch, "columns", **constants, **{"colonne-2": "carrying_service"})
        after = batch.rows.get().after
        post(importer, batch, "confirm")
        post(importer, batch, "undo")
        again = sent(importer, *rows)
        assert (again.pk != batch.pk, again.asks, again.rows.get().after) == (True, [], after)
        assert after["licence_agreed_on"] == "2021-01-15"

    def test_what_is_taken_back_is_forgotten(self, importer):
        self.answered(importer, **{"colonne-1": "title", "colonne-3": "-"})
        again = sent(importer, self.ASKED, [*TABLETS[:3], "seniors"])
        post(importer, again, "columns", **{"colonne-3": "audiences"})
        assert FileLayout.objects.get().mapping == {"nomdonne": "title", "beneficiaire": "audiences"}

    def test_page_lists_what_is_remembered_by_whom_and_forgets_it(self, importer):
        self.answered(importer, **{"colonne-1": "title", "colonne-3": "-"})
        address = reverse("admin:import_layouts")
        page = importer.get(address).text
        assert "«&nbsp;Nom donné&nbsp;» → Titre" in page
        assert "«&nbsp;Bénéficiaire&nbsp;» → laissée de côté" in page
        assert f"Dit par {importer.user} le" in page
        layout = FileLayout.objects.get()
        assert importer.get(address, {"disposition": layout.pk}).status_code == 200
        assert "oublié" in said(importer.post(address, {"disposition": layout.pk}, follow=True))
        assert not FileLayout.objects.exists()
        assert "déjà" in said(importer.post(address, {"disposition": layout.pk}, follow=True))
        assert importer.post(address, {"disposition": "x" * 30}).status_code == 302
        assert sent(importer, self.ASKED, [*TABLETS[:3], "seniors"]).asks == ["columns"]

    def test_page_asks_the_same_of_the_database_however_much_is_remembered(
        self, importer, django_assert_max_num_queries
    ):
        address = reverse("admin:import_layouts")
        for count in (1, 5):
            for number in range(count):
                FileLayout.objects.create(
                    digest=f"{count}-{number}", headings=["Quoi"], mapping={"quoi": "title"}, said_by=importer.user
                )
            with django_assert_max_num_queries(6):
                importer.get(address)

    def test_field_that_there_is_no_more_is_not_obeyed(self, importer):
        self.answered(importer, **{"colonne-1": "title", "colonne-3": "-"})
        FileLayout.objects.update(mapping={"nomdonne": "champ_disparu", "beneficiaire": None})
        assert sent(importer, self.ASKED, [*TABLETS[:3], "seniors"]).faults == ["Il manque une colonne : Titre."]
        assert importer.get(reverse("admin:import_layouts")).status_code == 200


def asks_of(page: str) -> str:
    return page.partition('data-asks="')[2].partition('"')[0]


class TestPage:
    def test_shows_each_column_with_samples_and_how_it_was_recognised(self, importer):
        rows = [[*BIKES, "bonne"], [*TABLETS, "bonne"], [*TABLETS[:1], "C", *TABLETS[2:], "x" * 200]]
        batch = sent(importer, [*HEADINGS, "Humeur"], *rows)
        assert batch.choices["samples"][5] == ["bonne", "x" * 80 + "…"]
        assert batch.choices["samples"][0] == ["60057"]
        page = page_of(importer, batch, "import_columns")
        for told in ("par son titre", "inconnue&nbsp;: laissée de côté", '<optgroup label="Territoire">', "bonne"):
            assert told in page, told
        assert "data-asks" not in page
        assert reverse("admin:import_columns", args=[batch.pk]) in page_of(importer, batch)

    def test_what_is_asked_comes_first_and_is_said_to_other_tools(self, importer):
        batch = sent(importer, [*HEADINGS, "Porteur"], [*BIKES, "DSI"])
        for name in ("import_batch", "import_columns"):
            page = page_of(importer, batch, name)
            assert asks_of(page) == "columns"
            assert "proposée&nbsp;: à confirmer" in page
            assert page.index('<th scope="row">Porteur</th>') < page.index('<th scope="row">Code INSEE</th>')
        assert "à préciser" in importer.get(reverse("admin:imports")).text
        post(importer, batch, "confirm")
        assert (batch.state, Initiative.objects.count()) == ("ready", 0)

    def test_cells_are_text_and_nothing_else(self, importer):
        batch = sent(importer, [*HEADINGS, "<b>Titre"], [*BIKES, "<script>alert(1)</script>"])
        page = page_of(importer, batch, "import_columns")
        assert "<script>alert" not in page
        assert "<b>Titre" not in page

    def test_sheet_is_chosen_and_can_be_changed(self, importer):
        years = [("2019", [HEADINGS, BIKES], "visible"), ("Essais", [HEADINGS, BIKES, TABLETS], "hidden")]
        batch = sent(importer, content=xlsx(HEADINGS, TABLETS, sheet="2020", before=years), name="années.xlsx")
        page = page_of(importer, batch)
        assert (asks_of(page), batch.total, batch.headings) == ("sheet", 0, [])
        for told in ("2019", "2020", "Essais</strong> (masquée)", "1\u00a0ligne", "Code INSEE · Titre"):
            assert told in page, told
        post(importer, batch, "columns", sheet="2020")
        assert (batch.asks, batch.rows.get().title) == ([], TABLETS[1])
        assert "(non lues : « 2019 » (1\xa0ligne), « Essais » (2\xa0lignes, masquée))" in batch.understanding
        post(importer, batch, "columns", **{"colonne-4": "-"})
        post(importer, batch, "columns", sheet="2019", **{"colonne-4": "-"})
        assert (batch.rows.get().title, batch.mapping, batch.rows.get().after["started"]) == (BIKES[1], {}, "2020-04")

    def test_encoding_is_chosen_on_lines_that_have_accents(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:1], "Épicerie à l’école", *BIKES[2:]])
        page = page_of(importer, batch, "import_columns")
        assert page.count("Épicerie à l’école") == 2  # in the samples of its column too
        assert "Mac Roman" in page
        post(importer, batch, "columns", encoding="mac_roman")
        assert batch.rows.get().title != "Épicerie à l’école"
        assert "Mac Roman" in batch.understanding
        post(importer, batch, "columns", encoding="cp1252")
        assert batch.rows.get().title == "Épicerie à l’école"

    def test_encoding_that_nothing_tells_is_asked(self, importer):
        batch = sent(importer, ["Code INSEE", "Titre", "Axe"], ["60057", "Ê", "Service public"])
        page = page_of(importer, batch)
        assert (asks_of(page), batch.total) == ("encoding", 0)
        assert all(f'<span class="sample">60057;{read};Service public</span>' in page for read in "Ê╩")
        assert {one["codec"] for one in batch.choices["encodings"]} == {"cp1252", "mac_roman", "cp850"}
        post(importer, batch, "columns", encoding="cp1252")
        assert (batch.asks, batch.rows.get().title) == ([], "Ê")

    def test_choice_that_is_none_of_those_offered_changes_nothing(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        post(importer, batch, "columns", sheet="Autre", encoding="utf-7", **{"colonne-0": "slug", "colonne-x": "title"})
        assert (batch.sheet, batch.encoding, batch.mapping, kinds(batch)) == ("", "", {}, ["new"])

    def test_of_two_people_at_once_one_is_heard(self, importer, another):
        batch = sent(importer, [*HEADINGS, "Porteur"], [*BIKES, "DSI"])
        other = logged_in(another(), "rédaction")
        post(importer, batch, "columns", **{"colonne-5": "carrying_service"})
        response = post(other, batch, "columns", edition=batch.edition - 1, **{"colonne-5": "-"})
        assert "L’aperçu a changé" in said(response)
        assert batch.rows.get().after["carrying_service"] == "DSI"
        assert FileLayout.objects.get().said_by == importer.user

    def test_what_is_imported_is_shown_and_said_no_more(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        post(importer, batch, "confirm")
        page = page_of(importer, batch, "import_columns")
        assert "<select" not in page.partition('class="mapping"')[2].partition("<fieldset>")[0]
        assert "déjà été confirmé" in said(post(importer, batch, "columns", **{"colonne-4": "-"}))

    def test_file_that_is_no_table_has_no_such_page(self, importer):
        batch = sent(importer, content=b"Titre\n")
        response = importer.get(reverse("admin:import_columns", args=[batch.pk]))
        assert response.url == reverse("admin:import_batch", args=[batch.pk])

    def test_queries_are_as_many_whatever_the_number_of_columns(self, importer, django_assert_max_num_queries):
        for count in (1, 100):
            more = [f"Porteur {number}" for number in range(count)]
            batch = sent(importer, [*HEADINGS, *more], [*BIKES, *more])
            assert batch.asks == ["columns"]
            for name in ("import_batch", "import_columns"):
                with django_assert_max_num_queries(18):
                    page_of(importer, batch, name)

    def test_what_it_shows_of_people_is_forgotten_with_the_file(self, importer):
        batch = sent(importer, [*HEADINGS, "Porteur"], [*BIKES, "Camille Confidentielle"])
        assert ImportBatch.objects.personal().exists()
        batch.forget()
        assert "Confidentielle" not in str([*ImportBatch.objects.values()])
        assert not ImportBatch.objects.personal().exists()
        assert importer.get(reverse("admin:import_columns", args=[batch.pk])).status_code == 200


class TestWithoutHeadings:
    ANSWERS = (
        ["60057", "Vélos", "Cohésion sociale", "Camille Dupont", "camille@ville.example"],
        ["60057", "Tablettes", "Cohésion sociale", "Camille Dupont", "camille@ville.example"],
    )

    @pytest.mark.parametrize("columns", [3, 4, 5])
    def test_first_answer_is_never_taken_for_headings(self, importer, columns):
        batch = sent(importer, *(row[:columns] for row in self.ANSWERS))
        assert (batch.asks, batch.headings, kinds(batch)) == ([], [], [])
        assert "ajoutez au-dessus une ligne qui dit ce qu’est chaque colonne" in batch.faults[0]
        post(importer, batch, "columns", **{"colonne-0": "insee_code", "colonne-1": "title", "colonne-2": "category"})
        assert not FileLayout.objects.exists()

    def test_headings_that_show_an_address_are_headings(self, importer):
        batch = sent(importer, ["Code INSEE", "Titre", "Catégorie", "nom@ville.example"], self.ANSWERS[0][:4])
        assert (batch.faults, len(batch.headings)) == ([], 4)

    def test_file_of_one_column_is_told(self, importer):
        batch = sent(importer, content="Commune~Titre~Catégorie\nBeauvais~Vélos~Cohésion sociale\n".encode())
        assert "n’a qu’une colonne" in batch.faults[1]


@pytest.mark.parametrize("numbers", [["1", "2"], ["0", "1"], ["12", "40"]])
def test_numbers_of_rows_below_no_heading_are_none_of_the_file(importer, numbers):
    """As R and pandas write them."""
    rows = [["", *HEADINGS[:3]], *([one, *row[:3]] for one, row in zip(numbers, (BIKES, TABLETS), strict=True))]
    assert kinds(sent(importer, *rows)) == ["new", "new"]  # and no heading is « Code INSEE [60057] »
    rows[2][0] = numbers[0]
    batch = sent(importer, *rows)
    assert kinds(batch) == ["error", "error"]
    assert "n’est sous aucun titre de colonne" in faults(batch)[0]
