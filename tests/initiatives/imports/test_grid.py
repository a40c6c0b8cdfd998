"""The grid of an import: what each row shows, to people and to other tools, and what is decided in it."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from initiatives.imports.grid_columns import GRID
from initiatives.imports.headings import PARTS
from initiatives.models import ImportBatch, ImportDecision, Initiative, Survey
from tests.support import factories
from tests.support.elements import form_values, of_class, text_of, tree
from tests.support.exported import download, entries
from tests.support.imports import BIKES, HEADINGS, TABLETS, cells, faults, kinds, post, sent
from tests.support.kinds import complete_entry

pytestmark = [pytest.mark.ignore_template_errors, pytest.mark.both_databases]

ANSWERED = ["Commune", "Département", "Titre", "Catégorie", "Début", "Logiciel libre"]
PUBLIC_SERVICE = "Organisation de la fonction publique territoriale et du service public"
BOXES = ["Beauvais", "60", "Des paniers", "Cohésion sociale", "2020", ""]


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057", population=56_000)


def page_of(client, batch: ImportBatch, **asked):
    answer = client.get(reverse("admin:import_batch", args=[batch.pk]), asked)
    assert answer.status_code == 200
    return tree(answer.text)


def row_page(client, batch: ImportBatch, line: int, **asked):
    answer = client.get(reverse("admin:import_row", args=[batch.pk, line]), asked)
    assert answer.status_code == 200
    return tree(answer.text)


def rows_in(page) -> dict[int, dict]:
    """By line, the state of each row and its values by the columns of the open data."""
    return {
        int(row.get("data-row")): {
            "state": row.get("data-state"),
            **{one.get("data-field"): one.get("data-value") for one in row.findall(".//*[@data-field]")},
        }
        for row in page.findall(".//*[@data-row]")
    }


def counts_in(page) -> list[str]:
    (root,) = page.findall(".//*[@data-rows]")
    return [root.get(f"data-{name}") for name in ("rows", "importable", "publishable")]


def button(page, name: str):
    (found,) = page.findall(f".//button[@name='{name}']")
    return found


class TestWhatItShows:
    def test_each_row_with_its_state_and_every_value_as_it_will_be_written(self, importer, beauvais):
        category = factories.category(slug="cohesion-sociale")
        factories.draft(territory=beauvais, title="Un annuaire", category=category, started="2019")
        factories.draft(territory=beauvais, title="Une carte", category=category, started="2020")
        factories.draft(territory=beauvais, title="Des vélos en libre service", category=category)
        batch = sent(
            importer,
            HEADINGS,
            TABLETS,
            ["60057", "Un annuaire", "Cohésion sociale", "", "mai 2021"],
            ["60057", "Une carte", "Cohésion sociale", "", "2020"],
            BIKES,
            ["60057", "Un parcours", "Cohésion sociale", "", "hier"],
            ["60057", "Un site", "Cohésion sociale", "", "2020"],
        )
        post(importer, batch, "correct", cote="7")
        page = page_of(importer, batch)
        rows = rows_in(page)
        states = ["new", "changed", "same", "doubt", "fault", "aside"]
        assert [row["state"] for row in rows.values()] == states
        assert list(rows) == [2, 3, 4, 5, 6, 7]
        assert rows[3] == {
            "state": "changed", "territoire_nom": "Beauvais", "territoire_code": "60057", "titre": "Un annuaire",
            "categorie": "Cohésion sociale", "themes": "", "debut": "2021-05",
        }  # fmt: skip
        assert rows[5]["themes"] == "santé publique"
        assert rows[6]["debut"] == ""
        assert counts_in(page)[:2] == ["6", "3"]
        said = [text_of(row.find("th")) for row in page.findall(".//tr[@data-row]")]
        assert said == [
            "2 nouvelle", "3 modifiée", "4 inchangée", "5 doublon probable", "6 à corriger", "7 laissée de côté",
        ]  # fmt: skip

    def test_values_are_those_of_the_open_data(self, importer, beauvais):
        beauvais.delete()
        complete_entry()
        told = entries(".csv", download(importer, ".csv", "?q=annuaire"))[0] | {"reference": "", "titre": "Une autre"}
        batch = sent(importer, list(told), list(told.values()))
        assert (faults(batch), kinds(batch)) == ([], ["new"])
        row = rows_in(page_of(importer, batch))[2]
        told |= {
            "partenaires": told["partenaires"].replace("|", "\n"),
            "cite_par_enquete": "oui",
        }  # as people read them
        shared = row.keys() & told.keys()
        assert len(shared) > 25
        assert {name: row[name] for name in shared} == {name: told[name] for name in shared}

    @pytest.mark.parametrize(("written", "said", "also"), [("Oui", "oui", set()), ("Non", "non", {"Outils"})])
    def test_free_software_of_a_row_without_tools_is_shown_where_it_will_be_written(
        self, importer, written, said, also
    ):
        batch = sent(importer, [*HEADINGS, "Logiciel libre", *also], [*BIKES, written, *([""] if also else [])])
        row = rows_in(page_of(importer, batch))[2]
        assert row["initiative_libre"] == said
        assert ("outils" in row) == bool(also)
        assert "outils_libres" not in row

    def test_what_is_taken_from_another_column_has_one_of_its_own(self, importer):
        title = "Un guichet unique " * 10
        batch = sent(importer, [*HEADINGS, "Coût"], [*BIKES, "2 495 €"])
        row = rows_in(page_of(importer, batch))[2]
        assert (row["cout_investissement"], row["cout_en_clair"]) == ("de 1 000 à 10 000 €", "2 495 €")
        assert "resume" not in row
        batch = sent(importer, HEADINGS, [BIKES[0], title, *BIKES[2:]])
        (fault,) = batch.rows.get().faults
        post(importer, batch, "correct", cellules=cells({2: {"title": fault["suggestions"][0]}}))
        assert rows_in(page_of(importer, batch))[2]["resume"].startswith("Un guichet unique Un guichet unique")

    def test_free_software_that_cannot_be_read_is_typed_in_its_own_cell(self, importer):
        batch = sent(importer, [*HEADINGS, "Outils", "Logiciel libre"], [*BIKES, "Zoom", "peut-être"])
        (cell,) = page_of(importer, batch).findall(".//td[@data-cell='open_source']")
        assert "peut-être" in text_of(cell)
        assert "wrong" in cell.get("class")
        post(importer, batch, "correct", cellules=cells({2: {"open_source": "oui"}}))
        assert faults(batch) == []

    def test_cell_shows_what_the_file_says_where_it_is_something_else_and_what_the_entry_said(self, importer, beauvais):
        category = factories.category(slug="cohesion-sociale")
        factories.draft(territory=beauvais, title="Un annuaire", category=category, started="2019")
        row = ["Beauvais", "Oise", "Un annuaire", "Cohésion sociale", "mai 2021", ""]
        page = page_of(importer, sent(importer, ANSWERED, row))
        shown = {cell.get("data-cell"): text_of(cell) for cell in page.findall(".//tr[@data-row]/td")}
        assert shown["started"] == "2021-05 avant : 2019 dans le fichier : « mai 2021 »"
        assert shown["title"] == "Un annuaire"
        assert shown["territory_name"] == "Beauvais 60057 dans le fichier : « Beauvais · Oise »"
        heads = [text_of(head) for head in of_class(page, "sheet").findall(".//thead/tr/th")]
        assert "Collectivité Commune Département" in heads

    def test_value_that_the_file_has_no_column_for_is_shown_before_it_is_written(self, importer):
        long = "Des paniers " * 15
        rows = ([*ANSWERED, "Budget", "Source"], [*BOXES[:2], long, *BOXES[3:], "2 495 €", "https://ville.example/x"])
        batch = sent(importer, *rows)
        shown = rows_in(page_of(importer, batch))[2]
        assert (shown["cout_en_clair"], shown["source_url"]) == ("2 495 €", "https://ville.example/x")
        assert shown["resume"] == long.strip()
        for name, text in batch.rows.get().values.items():
            assert shown.get(name, "") == text

    def test_theme_that_goes_with_its_category_is_shown(self, importer):
        entry = factories.draft(title="Vélos", category=factories.category(slug="cohesion-sociale"))
        entry.themes.set([factories.theme(slug="sante-publique")])
        batch = sent(importer, ["Référence", "Catégorie"], [entry.reference, "Service public"])
        assert rows_in(page_of(importer, batch))[2]["themes"] == ""
        assert "santé publique" in text_of(page_of(importer, batch))

    def test_a_survey_is_on_one_page_and_every_row_of_a_longer_file_on_one_of_its_pages(self, importer):
        batch = sent(importer, HEADINGS, *[["60057", f"Initiative {n}", *BIKES[2:]] for n in range(260)])
        pages = [rows_in(page_of(importer, batch, page=number)) for number in (1, 2, 3, 4)]
        assert [line for page in pages[:3] for line in page] == list(range(2, 262))
        assert pages[3] == pages[2]
        small = sent(importer, HEADINGS, *[["60057", f"Autre {n}", *BIKES[2:]] for n in range(140)])
        assert len(rows_in(page_of(importer, small))) == 140

    @pytest.mark.parametrize("count", [3, 90])
    def test_number_of_queries_is_fixed(self, importer, django_assert_max_num_queries, count):
        rows = [["60057", f"Initiative {n}", "Cohésion sociale", "", f"{n} mai"] for n in range(count)]
        batch = sent(importer, HEADINGS, *rows)
        with django_assert_max_num_queries(20):
            page_of(importer, batch, lignes="error")
        with django_assert_max_num_queries(26):
            row_page(importer, batch, 3)

    def test_every_field_that_files_tell_has_a_column_and_each_part_goes_by_one(self):
        known = [field for column in GRID for field in (*column.columns, *column.fields)]
        assert {"territoire_code", "outils_libres", "liens_intitules", "declarant_email", "resume"} < set(known)
        parts = [field for column in GRID for field in column.fields]
        assert len(parts) == len(set(parts))
        assert {part for one in PARTS.values() for part in one} <= set(parts)


class TestFilters:
    @pytest.fixture
    def batch(self, importer) -> ImportBatch:
        headings = [*HEADINGS, "Résumé", "Accord de diffusion le"]
        rows = [
            [*BIKES, "Un résumé.", "15/01/2021"],
            [*TABLETS, "Un autre.", ""],
            ["60057", "Un parcours", "Cohésion sociale", "", "hier", "", ""],
            ["60057", "Un site", "Cohésion sociale", "", "hier", "", ""],
        ]
        return sent(importer, headings, *rows)

    def test_first_line_counts_and_leads_to_the_rows(self, importer, batch):
        counted = of_class(page_of(importer, batch), "counted")
        said = "4 lignes : 2 importables, 1 publiable ; à 1 il manque une source publique ou l’accord de diffusion."
        assert text_of(counted) == said
        lines = [
            list(rows_in(tree(importer.get(f"/admin/imports/{batch.pk}/{link.get('href')}").text)))
            for link in counted.iter("a")
        ]
        assert lines == [[2, 3, 4, 5], [2, 3], [2], [3]]

    def test_of_a_kind_of_a_group_and_of_nothing_that_there_is(self, importer, batch):
        group = batch.groups.get()
        assert list(rows_in(page_of(importer, batch, lignes="error"))) == [4, 5]
        page = page_of(importer, batch, groupe=group.pk)
        assert (list(rows_in(page)), counts_in(page)[0]) == ([4, 5], "4")
        for asked in ({"lignes": "x"}, {"groupe": "99999"}, {"groupe": "x"}, {"manque": "password"}):
            assert len(rows_in(page_of(importer, batch, **asked))) == 4, asked

    def test_whoever_decides_comes_back_to_the_same_rows(self, importer, batch):
        page = page_of(importer, batch, lignes="error")
        action = page.find(".//form[@id='cellules']").get("action")
        answer = importer.post(action, {"edition": batch.edition, "cellules": cells({4: {"started": "2021"}})})
        assert answer.url == f"/admin/imports/{batch.pk}/?lignes=error&page=1"
        assert list(rows_in(tree(importer.get(answer.url).text))) == [5]


class TestCellsThatAreTyped:
    def test_any_cell_of_the_grid(self, importer):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        typed = {2: {"title": "Vélos prêtés", "started": "mai 2021"}, 3: {"themes": "santé publique"}}
        post(importer, batch, "correct", cellules=cells(typed))
        rows = rows_in(page_of(importer, batch))
        assert (rows[2]["titre"], rows[2]["debut"], rows[3]["themes"]) == ("Vélos prêtés", "2021-05", "santé publique")
        decided = batch.rows.get(line=2).corrected
        assert {(one["field"], one["from"], one["to"]) for one in decided} == {
            ("title", BIKES[1], "Vélos prêtés"),
            ("started", "2020-04", "mai 2021"),
        }
        assert {one["by"] for one in decided} == {importer.user.get_full_name() or str(importer.user)}

    def test_cell_can_be_typed_again_and_again(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        for text in ("2021", "hier", "2022"):
            post(importer, batch, "correct", cellules=cells({2: {"started": text}}))
        assert (batch.rows.get().after["started"], ImportDecision.objects.count()) == ("2022", 1)

    def test_territory_is_one_text_whatever_columns_told_it(self, importer):
        factories.town(name="Hirson", insee_code="02381", department=factories.department(code="02", name="Aisne"))
        headings = ["Code INSEE", "Commune", "Département", "Code postal", *HEADINGS[1:]]
        batch = sent(importer, headings, ["02381", "Hirson", "Aisne", "02500", *BIKES[1:]])
        post(importer, batch, "correct", cellules=cells({2: {"territory_name": "Beauvais (60)"}}))
        row = rows_in(page_of(importer, batch))[2]
        assert (row["state"], row["territoire_nom"], row["territoire_code"]) == ("new", "Beauvais", "60057")
        # It is one correction, and taken back as one.
        assert batch.groups.corrections().count() == 1
        post(importer, batch, "correct", defaire=batch.groups.corrections().get().pk)
        assert rows_in(page_of(importer, batch))[2]["territoire_nom"] == "Hirson"
        assert not ImportDecision.objects.exists()

    def test_field_that_no_column_tells(self, importer):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        post(importer, batch, "correct", cellules=cells({2: {"summary": "Un résumé."}}))
        rows = rows_in(page_of(importer, batch))
        assert (rows[2]["resume"], rows[3]["resume"]) == ("Un résumé.", "")
        assert "summary" not in batch.rows.get(line=3).after or not batch.rows.get(line=3).after["summary"]

    def test_column_that_was_left_out_stays_out_where_nothing_is_typed(self, importer):
        batch = sent(importer, [*HEADINGS, "Résumé"], [*BIKES, "À ne pas lire."], [*TABLETS, "Ni cela."])
        post(importer, batch, "columns", **{"colonne-5": "-"})
        post(importer, batch, "correct", cellules=cells({2: {"summary": "Un résumé."}}))
        rows = rows_in(page_of(importer, batch))
        assert (rows[2]["resume"], rows[3]["resume"]) == ("Un résumé.", "")

    def test_tools_and_which_of_them_are_free(self, importer):
        batch = sent(importer, [*HEADINGS, "Outils", "Logiciel libre"], [*BIKES, "Zoom", "non"])
        typed = {2: {"tools": "Jitsi|Zoom", "open_source_tools": "Jitsi"}}
        post(importer, batch, "correct", cellules=cells(typed))
        row = rows_in(page_of(importer, batch))[2]
        assert (row["outils"], row["outils_libres"]) == ("Jitsi|Zoom", "Jitsi")


class TestPageOfARow:
    def test_says_every_field_as_it_is_in_the_file_and_as_it_will_be_written(self, importer, beauvais):
        category = factories.category(slug="cohesion-sociale")
        factories.draft(
            territory=beauvais, title="Un annuaire", category=category, started="2019", need="Ce que dit la fiche."
        )
        row = ["Beauvais", "60", "Un annuaire", "Cohésion sociale", "mai 2021", ""]
        page = row_page(importer, sent(importer, ANSWERED, row), 2)
        told = {
            text_of(line.find("th")): [text_of(cell) for cell in line.findall("td")[:3]]
            for line in page.findall(".//table/tbody/tr")
        }
        assert len(told) == len(GRID)
        assert told["Début"] == ["mai 2021", "2021-05", "2019"]
        assert told["Collectivité"] == ["Beauvais · 60", "Beauvais · 60057", "Beauvais · 60057"]
        assert told["Besoin de départ"] == ["–", "inchangé", "Ce que dit la fiche."]
        folded = {text_of(line) for line in page.findall(".//details//tbody/tr/th")}
        assert "Partenaires" in folded
        assert not folded & {"Début", "Besoin de départ"}

    def typed(self, page) -> dict[str, str]:
        """What a browser sends of the form as it is."""
        (form,) = [form for form in page.iter("form") if "cellule-title" in form_values(form)]
        return form_values(form)

    def test_form_that_is_sent_as_it_is_decides_nothing(self, importer):
        headings = [*ANSWERED, "Publics visés", "Coût", "Outils", "Liens", "Chiffres clés", "Vérifiée le", "Besoin"]
        more = ["familles;habitants", "lt1", "Jitsi, Zoom", "Le projet : https://example.org/"]
        more += ["140 : commerces", "5/1/2021", "Un besoin.\n\nUn autre."]
        batch = sent(importer, headings, [*BOXES, *more], ["Bauvais", *BOXES[1:], *more])
        for line in (2, 3):
            post(importer, batch, "correct", **self.typed(row_page(importer, batch, line)))
        assert not ImportDecision.objects.exists()

    def test_any_field_can_be_typed_without_a_script(self, importer):
        batch = sent(importer, ANSWERED, ["Bauvais", *BOXES[1:]])
        data = self.typed(row_page(importer, batch, 2))
        data |= {"cellule-territory_name": "Beauvais (60)", "cellule-summary": "Un résumé.\r\nUn autre."}
        response = post(importer, batch, "correct", **data)
        assert response.redirect_chain[-1][0] == f"/admin/imports/{batch.pk}/lignes/2"
        row = rows_in(page_of(importer, batch))[2]
        assert (row["state"], row["territoire_nom"], row["resume"]) == ("new", "Beauvais", "Un résumé.\nUn autre.")

    def test_leads_to_the_rows_around_of_the_same_state_and_back_to_its_place(self, importer):
        rows = [["60057", f"Initiative {n}", *BIKES[2:4], "hier" if n % 2 else "2020"] for n in range(300)]
        batch = sent(importer, HEADINGS, *rows)
        links = list(of_class(row_page(importer, batch, 203), "pages").iter("a"))
        assert [link.get("href").rpartition("/")[2] for link in links] == ["201?", "?page=3#ligne-203", "205?"]
        links = list(of_class(row_page(importer, batch, 203, lignes="error"), "pages").iter("a"))
        assert links[1].get("href").endswith("?lignes=error&page=2#ligne-203") is False
        assert 203 in rows_in(tree(importer.get(links[1].get("href")).text))

    def test_row_that_is_not_in_the_file_is_not_found(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        assert importer.get(reverse("admin:import_row", args=[batch.pk, 99])).status_code == 404

    def test_what_was_decided_of_it_is_said_and_taken_back(self, importer):
        batch = sent(importer, HEADINGS, ["60057", *BIKES[1:4], "hier"])
        post(importer, batch, "correct", cellules=cells({2: {"started": "2021"}}))
        page = row_page(importer, batch, 2)
        assert "« hier », lu « 2021 »" in text_of(page)
        post(importer, batch, "correct", oublier=button(page, "oublier").get("value"), ligne="2")
        assert (kinds(batch), ImportDecision.objects.count()) == (["error"], 0)


class TestGroups:
    def test_cells_that_say_the_same_are_decided_once(self, importer):
        rows = [
            ["60057", f"Initiative {n}", "Service publique" if n else "Economie locale x", "", ""] for n in range(6)
        ]
        batch = sent(importer, HEADINGS, *rows)
        assert kinds(batch) == ["error"] * 6
        first = batch.groups.faults().order_by("rank").first()
        assert (first.size, first.value, first.lines) == (5, "Service publique", [3, 4, 5, 6, 7])
        page = page_of(importer, batch)
        buttons = of_class(page, "causes").iter("button")
        (offered,) = [one for one in buttons if "Service public »" in text_of(one)]
        assert text_of(offered) == "Mettre « Service public » aux 5 lignes"
        post(importer, batch, "correct", proposition=offered.get("value"))
        assert kinds(batch) == ["error", *["new"] * 5]
        assert ImportDecision.objects.get().kind == "value"
        # A row that comes later and says the same is read the same.
        again = sent(importer, HEADINGS, *rows, ["60057", "Une autre", "Service publique", "", ""])
        assert kinds(again) == ["error", *["new"] * 6]

    def test_any_value_can_be_typed_for_all_of_them(self, importer):
        rows = [["60057", f"Initiative {n}", "Divers", "", "2020"] for n in range(3)]
        batch = sent(importer, HEADINGS, *rows)
        post(importer, batch, "correct", **{f"groupe-{batch.groups.faults().get().pk}": "Cohésion sociale"})
        assert kinds(batch) == ["new"] * 3

    def test_one_row_may_differ_from_what_was_said_of_all(self, importer):
        batch = sent(importer, HEADINGS, *[["60057", f"Initiative {n}", "Divers", "", "2020"] for n in range(3)])
        post(importer, batch, "correct", cellules=cells({3: {"category": "Service public"}}))
        post(importer, batch, "correct", **{f"groupe-{batch.groups.faults().get().pk}": "Cohésion sociale"})
        said = [row["categorie"] for row in rows_in(page_of(importer, batch)).values()]
        assert said == ["Cohésion sociale", PUBLIC_SERVICE, "Cohésion sociale"]

    def test_longest_text_is_decided_by_all_that_it_says(self, importer):
        """Of two cells that begin alike, what is said of one is not said of the other."""
        begun = "x" * 150
        rows = [["60057", f"Initiative {n}", f"{begun}{n}", "", "2020"] for n in range(2)]
        batch = sent(importer, HEADINGS, *rows)
        assert [group.size for group in batch.groups.faults()] == [1, 1]
        post(importer, batch, "correct", **{f"groupe-{batch.groups.faults().first().pk}": "Cohésion sociale"})
        assert sorted(kinds(batch)) == ["error", "new"]

    def test_empty_cells_are_decided_together(self, importer):
        rows = [["60057", f"Initiative {n}", "", "", "2020"] for n in range(3)]
        batch = sent(importer, HEADINGS, *rows)
        group = batch.groups.faults().get()
        assert (group.value, group.size) == ("", 3)
        post(importer, batch, "correct", **{f"groupe-{group.pk}": "Cohésion sociale"})
        assert kinds(batch) == ["new"] * 3

    def test_of_one_message_they_stand_together_and_the_most_frequent_come_first(self, importer):
        dates = ["hier"] * 2 + ["demain"] * 3 + ["2020"] * 2
        rows = [
            ["60057", f"Initiative {n}", "Divers" if n > 2 else "Service public", "", date]
            for n, date in enumerate(dates)
        ]
        batch = sent(importer, HEADINGS, *rows)
        found = [(group.value, group.size) for group in batch.groups.faults().order_by("rank")]
        assert found == [("demain", 3), ("hier", 2), ("Divers", 4)]
        assert len(list(of_class(page_of(importer, batch), "causes").iter("h3"))) == 2


class TestCorrections:
    def test_what_was_decided_is_listed_with_who_and_taken_back(self, importer):
        rows = [["60057", f"Initiative {n}", "Divers", "", "2020"] for n in range(3)]
        batch = sent(importer, HEADINGS, *rows)
        post(importer, batch, "correct", **{f"groupe-{batch.groups.faults().get().pk}": "Cohésion sociale"})
        listed = of_class(page_of(importer, batch), "corrections")
        assert text_of(listed.find("summary")) == "3 corrections"
        said = [text_of(cell) for cell in listed.find(".//tbody/tr")][:4]
        assert said == ["Catégorie", "Divers", "Cohésion sociale", importer.user.get_full_name() or str(importer.user)]
        post(importer, batch, "correct", defaire=button(listed, "defaire").get("value"))
        assert kinds(batch) == ["error"] * 3

    def test_what_is_certain_is_listed_apart_and_can_be_refused(self, importer):
        rows = [["60057", f"Initiative {n}", "SERVICES PUBLICS", "", "2020"] for n in range(3)]
        batch = sent(importer, HEADINGS, *rows, ["60057", "Une autre", "Divers", "", "2020"])
        post(importer, batch, "correct", cellules=cells({5: {"category": "Cohésion sociale"}}))
        assert kinds(batch) == ["new"] * 4
        listed = of_class(page_of(importer, batch), "corrections")
        assert text_of(listed.find("summary")) == "4 corrections, dont 3 automatiques"
        alone = batch.groups.corrections().get(by="")
        assert (alone.value, alone.after, alone.size) == ("SERVICES PUBLICS", "Service public", 3)
        post(importer, batch, "correct", defaire=alone.pk)
        assert kinds(batch) == ["error", "error", "error", "new"]
        group = batch.groups.faults().get()
        assert (group.value, group.suggestions) == ("SERVICES PUBLICS", ["Service public"])
        post(importer, batch, "correct", **{f"groupe-{group.pk}": "Cohésion sociale"})
        said = [row["categorie"] for row in rows_in(page_of(importer, batch)).values()]
        assert said == ["Cohésion sociale"] * 4

    def test_report_keeps_them(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:2], "Divers", "", "2020"])
        post(importer, batch, "correct", cellules=cells({2: {"category": "Cohésion sociale"}}))
        post(importer, batch, "confirm")
        assert batch.state == "done"
        page = page_of(importer, batch)
        assert "Divers" in text_of(of_class(page, "corrections"))
        assert not page.findall(".//button[@name='defaire']")


class TestDuplicates:
    @pytest.fixture
    def entry(self, beauvais) -> Initiative:
        entry = factories.draft(territory=beauvais, title="Le vélo en libre service", summary="Le résumé de la fiche.")
        entry.tools.create(name="Un cadenas", open_source="no")
        return entry

    def test_both_are_shown_whole(self, importer, entry):
        batch = sent(importer, [*HEADINGS, "Conseils"], [*BIKES, "Des conseils. " * 40])
        said = text_of(of_class(row_page(importer, batch, 2), "likeness").find("table"))
        for text in ("Le résumé de la fiche.", "Un cadenas", "Le vélo en libre service", BIKES[1]):
            assert text in said
        assert said.count("Des conseils.") == 40

    def test_another_entry_is_remembered(self, importer, entry):
        batch = sent(importer, HEADINGS, BIKES)
        page = row_page(importer, batch, 2)
        post(importer, batch, "correct", differente=button(page, "differente").get("value"))
        assert kinds(batch) == ["new"]
        assert kinds(sent(importer, HEADINGS, TABLETS, BIKES)) == ["new", "new"]

    def test_another_row_of_the_file_too(self, importer):
        batch = sent(importer, HEADINGS, TABLETS, ["60057", "Tablettes pour écoles", *TABLETS[2:]])
        page = row_page(importer, batch, 3)
        assert "Tablettes pour les écoles" in text_of(of_class(page, "likeness").find("table"))
        assert not page.findall(".//button[@name='fiche']")
        post(importer, batch, "correct", differente=button(page, "differente").get("value"))
        assert kinds(batch) == ["new", "new"]

    def test_the_same_entry_is_completed(self, importer, entry):
        batch = sent(importer, HEADINGS, BIKES)
        page = row_page(importer, batch, 2)
        post(importer, batch, "correct", fiche=button(page, "fiche").get("value"))
        assert (kinds(batch), batch.rows.get().initiative) == (["changed"], entry)


class TestSentAgain:
    def test_newer_file_with_its_rows_elsewhere_and_other_headings_finds_what_was_decided(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title="Le parcours numérique")
        rows = {
            "cell": ["60057", "Vélos", "Cohésion sociale", "", "hier"],
            "value": ["60057", "Trottinettes", "Divers", "", "2020"],
            "entry": ["60057", "Parcours numérique", "Cohésion sociale", "", "2021"],
            "aside": ["60057", "Une plaisanterie", "Cohésion sociale", "", "2021"],
        }
        batch = sent(importer, HEADINGS, *rows.values())
        post(importer, batch, "correct", cellules=cells({2: {"started": "2019"}}))
        post(importer, batch, "correct", **{f"groupe-{batch.groups.faults().get().pk}": "Service public"})
        post(importer, batch, "correct", fiche=f"{batch.rows.get(line=4).pk}:{entry.pk}")
        post(importer, batch, "correct", cote="5")
        assert kinds(batch) == ["new", "new", "changed", "aside"]
        headings = ["Remarque", "Intitulé", "INSEE", "Champ d’action", "Thème", "Année"]
        newer = [["", row[1], row[0], *row[2:]] for row in reversed(rows.values())]
        again = sent(importer, headings, ["", "Nouvelle", "60057", *BIKES[2:]], *newer)
        assert kinds(again) == ["new", "aside", "changed", "new", "new"]
        values = rows_in(page_of(importer, again))
        assert (values[5]["categorie"], values[6]["debut"]) == (PUBLIC_SERVICE, "2019")

    def test_columns_of_the_territory_may_be_named_otherwise(self, importer):
        rows = [["Beauvais", "60", "Vélos", "Cohésion sociale", "hier"]]
        batch = sent(importer, ["Commune", "Département", "Titre", "Catégorie", "Début"], *rows)
        post(importer, batch, "correct", cellules=cells({2: {"started": "2019"}}))
        again = sent(importer, ["Titre", "Code département", "Collectivité", "Catégorie", "Début"],
                     ["Vélos", "60", "Beauvais", "Cohésion sociale", "hier"])  # fmt: skip
        assert kinds(again) == ["new"]

    def test_another_survey_knows_nothing_of_it(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:4], "hier"])
        post(importer, batch, "correct", cellules=cells({2: {"started": "2019"}}))
        other = Survey.objects.create(title="Autre", slug="autre", prefix="AU", started_on="2026-01-01")
        assert faults(sent(importer, HEADINGS, [*BIKES[:4], "hier"], survey=other))


class TestHistoryOfAnEntry:
    def history(self, client, entry: Initiative):
        return tree(client.get(reverse("admin:versions", args=[entry.pk])).text)

    def test_says_what_its_import_corrected_and_who_said_so(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:2], "Divers", "", "2020"])
        post(importer, batch, "correct", cellules=cells({2: {"category": "Cohésion sociale"}}))
        post(importer, batch, "confirm")
        said = text_of(self.history(importer, Initiative.objects.get()))
        who = importer.user.get_full_name() or str(importer.user)
        assert f"Catégorie Divers Cohésion sociale {who} n° {batch.pk}, ligne 2 (version 1)" in said

    def test_names_the_declarant_only_to_who_may_read_it(self, importer, client):
        headings = [*HEADINGS, "Nom du déclarant"]
        batch = sent(importer, headings, [*BIKES, "Camille"])
        post(importer, batch, "correct", cellules=cells({2: {"declarant_name": "Camille Confidentielle"}}))
        post(importer, batch, "confirm")
        entry = Initiative.objects.get()
        assert "Confidentielle" in text_of(self.history(importer, entry))
        importer.user.groups.clear()
        importer.user.user_permissions.set(Permission.objects.filter(codename="view_initiative"))
        assert "Confidentielle" not in text_of(self.history(importer, entry))


class TestConflicts:
    """Of a file that was exported, changed and sent back, while the entry changed too."""

    @pytest.fixture
    def entry(self, beauvais) -> Initiative:
        return factories.draft(territory=beauvais, title="Vélos", summary="Avant.", need="Un besoin.")

    def conflict(self, client, entry: Initiative, **changes) -> ImportBatch:
        """The cells of the file say « Mien. », those of the entry what it is given."""
        headings = ["Référence", "Version de la fiche", "Résumé", "Besoin"]
        version = entry.version
        for name, text in changes.items():
            setattr(entry, name, text)
        entry.save()
        return sent(client, headings, [entry.reference, version, "Mien.", "Mon besoin."])

    def test_are_settled_field_by_field(self, importer, entry):
        batch = self.conflict(importer, entry, summary="D’une autre.", need="Son besoin.")
        assert len(batch.rows.get().faults) == 2
        # Not with one click for both, nor for whatever says the same.
        assert not [one for one in page_of(importer, batch).iter("button") if one.get("name") == "proposition"]
        mine = row_page(importer, batch, 2).findall(".//button[@name='mien']")
        theirs = row_page(importer, batch, 2).findall(".//button[@name='base']")
        post(importer, batch, "correct", mien=mine[0].get("value"))
        assert len(batch.rows.get().faults) == 1
        post(importer, batch, "correct", base=row_page(importer, batch, 2).find(".//button[@name='base']").get("value"))
        assert len(theirs) == 2
        assert (kinds(batch), batch.rows.get().after) == (["changed"], {"summary": "Mien."})
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (entry.summary, entry.need) == ("Mien.", "Son besoin.")

    def test_that_was_settled_is_asked_again_where_the_entry_has_changed_again(self, importer, entry):
        batch = self.conflict(importer, entry, summary="D’une autre.")
        post(importer, batch, "correct", mien=f"{batch.rows.get().pk}:0")
        assert kinds(batch) == ["changed"]
        entry.summary = "D’une troisième."
        entry.save()
        post(importer, batch, "check")
        assert "D’une troisième." in faults(batch)[0]


class TestDecisionsOfRows:
    def test_are_listed_in_the_import_and_taken_back_there(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title="Le vélo en libre service")
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        assert not [one for one in page_of(importer, batch).iter("details") if one.get("id") == "decisions"]
        post(importer, batch, "correct", fiche=f"{batch.rows.get(line=2).pk}:{entry.pk}")
        post(importer, batch, "correct", cote="3")
        listed = of_class(page_of(importer, batch), "decisions")
        who = importer.user.get_full_name() or str(importer.user)
        said = [text_of(one) for one in listed.iter("li")]
        assert said[0].startswith(f"Ligne 2 : c’est cette fiche, « {entry} », par {who}, le")
        assert said[1].startswith(f"Ligne 3 : ligne laissée de côté, par {who}, le")
        post(importer, batch, "correct", oublier=listed.find(".//button").get("value"))
        assert kinds(batch) == ["duplicate", "aside"]
