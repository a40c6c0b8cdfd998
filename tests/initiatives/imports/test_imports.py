"""Imports at the desk: from the file that is sent to its report, and back."""

import io
import threading
from contextlib import ExitStack

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.imports import jobs
from initiatives.imports.headings import key
from initiatives.imports.urls import addresses
from initiatives.imports.views import EXPIRED
from initiatives.imports.workbooks_to_fill import EXAMPLE
from initiatives.models import (
    Audience,
    Category,
    ContentVersion,
    FileLayout,
    ImportBatch,
    ImportRow,
    Initiative,
    Revision,
    Survey,
    Theme,
    declarants,
)
from initiatives.models.record import stored_values
from initiatives.models.retention import months_after
from initiatives.text.french import day
from tests.support import factories
from tests.support.imports import BIKES, HEADINGS, TABLETS, as_csv, cells, faults, kinds, post, said, sent
from tests.support.staff import logged_in
from towns.models import Town

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057", population=56_000)


@pytest.mark.both_databases
class TestPreview:
    def test_says_what_was_understood_and_writes_nothing(self, importer):
        batch = sent(importer, [*HEADINGS, "Remarques"], [*BIKES, "x"], [*TABLETS, ""])
        assert (batch.state, kinds(batch)) == ("ready", ["new", "new"])
        assert batch.understanding == "CSV, encodage Windows-1252, séparateur point-virgule"
        assert {"heading": "Remarques", "field": "", "how": "inconnue"} in batch.headings
        assert "Résumé" in batch.missing
        assert not Initiative.objects.exists()
        page = importer.get(reverse("admin:import_batch", args=[batch.pk]))
        assert page.text.count("<h1") == 1
        assert "Vélos en libre-service" in page.text
        assert "Importer 2\u00a0lignes" in page.text

    def test_changed_row_tells_field_by_field(self, importer, beauvais):
        factories.draft(
            territory=beauvais, title=BIKES[1], started="2019", category=factories.category(slug="cohesion-sociale")
        )
        batch = sent(importer, HEADINGS, BIKES)
        row = batch.rows.get()
        assert row.kind == "changed"
        assert row.previous == {"themes": "", "debut": "2019"}
        assert {name: row.values[name] for name in row.previous} == {"themes": "santé publique", "debut": "2020-04"}
        assert row.after == {"themes": [factories.theme(slug="sante-publique").pk], "started": "2020-04"}

    def test_unchanged_row_is_told_apart(self, importer):
        post(importer, first := sent(importer, HEADINGS, BIKES), "confirm")
        again = sent(importer, HEADINGS, BIKES)
        assert (first.state, kinds(again)) == ("done", ["unchanged"])
        assert "Rien à importer" in importer.get(reverse("admin:import_batch", args=[again.pk])).text

    def test_probable_duplicate_of_an_entry_and_of_a_row(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title="Le vélo en libre service")
        batch = sent(importer, HEADINGS, BIKES, TABLETS, ["60057", "Tablettes pour écoles", *TABLETS[2:]])
        assert kinds(batch) == ["duplicate", "new", "duplicate"]
        assert batch.rows.get(line=2).close == [
            {"entry": entry.pk, "line": None, "name": "la fiche « Le vélo en libre service »"}
        ]
        assert batch.rows.get(line=4).close == [{"entry": None, "line": 3, "name": "la ligne 3"}]

    def test_duplicate_can_be_said_to_be_the_entry(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title="Le vélo en libre service")
        batch = sent(importer, HEADINGS, BIKES)
        post(importer, batch, "correct", fiche=f"{batch.rows.get().pk}:{entry.pk}")
        row = batch.rows.get()
        assert (row.kind, row.initiative) == ("changed", entry)

    def test_error_has_line_column_value_expectation_and_a_correction(self, importer):
        factories.town(name="Saint-Denis", department=factories.department(code="93", name="Seine-Saint-Denis"))
        reunion = factories.department(code="974", name="La Réunion", region="La Réunion", region_code="04")
        factories.town(name="Saint-Denis", insee_code="97411", department=reunion)
        batch = sent(importer, ["Commune", *HEADINGS[1:]], ["Saint-Denis", *BIKES[1:]], ["Beauvais", *TABLETS[1:]])
        row = batch.rows.get(kind="error")
        fault = row.faults[0]
        suggestions = fault["suggestions"]
        assert (row.line, fault["column"], fault["value"]) == (2, "Commune", "Saint-Denis")
        assert "Plusieurs collectivités" in fault["message"]
        assert "Saint-Denis (974)" in suggestions
        post(importer, batch, "correct", accepter=f"{row.pk}:0:{suggestions.index('Saint-Denis (974)')}")
        assert kinds(batch) == ["new", "new"]
        post(importer, batch, "confirm")
        assert Initiative.objects.get(title=BIKES[1]).territory_id == "97411"

    @pytest.mark.parametrize(
        ("headings", "cells", "clicks"),
        [
            (["Ville", "Dép"], ["Bauvais", "60"], ["Beauvais (60)"]),
            (["Ville", "Dép"], ["Beauvais", "2"], ["Beauvais (60)", "Oise (60)"]),
            (["Code INSEE"], ["60000"], ["60057"]),
            (["Code INSEE", "Ville"], ["60000", "Beauvais"], ["60057"]),
            (["Code INSEE", "Ville"], ["02381", "Beauvais"], ["Beauvais (60)", "60057"]),
            (["Code INSEE", "Ville", "Dép"], ["02381", "Beauvais", "02"], ["Beauvais (60)", "60057", "Oise (60)"]),
        ],
    )
    def test_town_that_is_proposed_is_the_one_of_the_row_once_it_is_taken(
        self, importer, beauvais, headings, cells, clicks
    ):
        """In the cell where it is put; one that contradicts it is a fault of its own, with its own correction."""
        beauvais.postal_codes = "60000"
        beauvais.save()
        aisne = factories.department(code="02", name="Aisne")
        factories.town(name="Hirson", insee_code="02381", department=aisne)
        batch = sent(importer, [*headings, *HEADINGS[1:]], [*cells, *BIKES[1:]])
        for click in clicks:
            row = batch.rows.get()
            assert len(row.faults) == 1
            suggestions = row.faults[0]["suggestions"]
            assert f"Mettre «&nbsp;{click}&nbsp;»" in importer.get(reverse("admin:import_batch", args=[batch.pk])).text
            post(importer, batch, "correct", accepter=f"{row.pk}:0:{suggestions.index(click)}")
        assert (faults(batch), batch.rows.get().after.get("territory")) == ([], "60057")

    def test_code_that_is_proposed_is_named(self, importer, beauvais):
        beauvais.postal_codes = "60000"
        beauvais.save()
        assert "Peut-être « Beauvais (60), 60057 » ?" in faults(sent(importer, HEADINGS, ["60000", *BIKES[1:]]))[0]

    def test_correction_of_a_list_replaces_the_wrong_name_only(self, importer):
        themes = "Inclusion numériques; santé publique; numérique educ"
        batch = sent(importer, HEADINGS, [*BIKES[:3], themes, "2020"], [*TABLETS[:3], "inclusions numeriques", "2020"])
        assert kinds(batch) == ["error", "new"]
        row = batch.rows.get(line=2)
        assert "« numérique educ » est inconnu" in row.faults[0]["message"]
        post(importer, batch, "correct", accepter=f"{row.pk}:0:0")
        slugs = ["inclusion-numerique", "sante-publique", "numerique-educatif"]
        assert set(batch.rows.get(line=2).after["themes"]) == {factories.theme(slug=slug).pk for slug in slugs}

    def test_theme_of_another_category_is_not_taken_for_one_of_this(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:3], "mobilisation des entreprises|santé publique", "2020"])
        assert "n’est pas un thème de la catégorie" in faults(batch)[0]
        assert batch.rows.get().faults[0]["suggestions"] == []

    def test_value_typed_in_one_row_is_kept_when_another_is_clicked(self, importer):
        rows = [
            ["60057", "Vélos", "Cohesion social", "", "2020"],
            ["60057", "Tablettes", "Cohésion sociale", "", "hier"],
        ]
        batch = sent(importer, HEADINGS, *rows)
        clicked, typed = batch.rows.order_by("line")
        post(
            importer, batch, "correct", accepter=f"{clicked.pk}:0:0", cellules=cells({typed.line: {"started": "2021"}})
        )
        assert kinds(batch) == ["new", "new"]
        assert batch.rows.get(line=3).after["started"] == "2021"

    def test_row_can_be_left_aside_and_taken_back(self, importer):
        batch = sent(importer, HEADINGS, BIKES, ["", *TABLETS[1:]])
        assert "Il reste des lignes" in said(post(importer, batch, "confirm"))
        post(importer, batch, "correct", cote="3")
        assert kinds(batch) == ["new", "aside"]
        post(importer, batch, "correct", reprendre="3")
        assert kinds(batch) == ["new", "error"]
        post(importer, batch, "correct", cote="3")
        post(importer, batch, "confirm")
        assert (batch.state, Initiative.objects.count()) == ("done", 1)

    def test_number_of_queries_does_not_grow_with_the_rows(self, importer, django_assert_max_num_queries):
        batch = sent(importer, HEADINGS, *[["60057", f"Initiative {n}", *BIKES[2:]] for n in range(60)])
        with django_assert_max_num_queries(20):
            importer.get(reverse("admin:import_batch", args=[batch.pk]))

    @pytest.mark.parametrize("said", ["code", "name"])
    def test_preview_asks_no_more_for_many_territories(self, importer, said):
        """Of which the rows of a file may be as many as there are rows."""
        places = [factories.town(name=f"Commune {n}", insee_code=f"60{n:03d}") for n in range(500, 560)]
        asked = {}
        for count in (10, 40):
            rows = [[place.pk if said == "code" else f"{place.name} (60)", *BIKES[1:]] for place in places[:count]]
            with CaptureQueriesContext(connection) as queries:
                batch = sent(importer, [HEADINGS[0] if said == "code" else "Commune", *HEADINGS[1:]], *rows)
            assert kinds(batch) == ["new"] * count
            asked[count] = len(queries)
        assert asked[40] <= asked[10]

    def test_preview_asks_no_more_for_many_entries_that_are_known(self, importer, beauvais):
        """Whatever their rows say, also where the file was exported before the entries changed."""
        category, inspiring = factories.category(slug="cohesion-sociale"), factories.draft(territory=beauvais)
        entries = [factories.draft(territory=beauvais, title=f"Initiative {n}", category=category) for n in range(40)]
        for entry in entries:
            entry.tools.create(name="Jitsi", open_source="yes")
            entry.save()
        headings = ["Référence", "Version de la fiche", *HEADINGS, "Fin", "Outils", "Liens", "S’inspire de"]
        said = ["", "2020-04", "2021", "Zoom|Jitsi", "https://example.org/", inspiring.reference]
        asked = {}
        for count in (5, 40):
            rows = [[one.reference, 1, "60057", one.title, "Cohésion sociale", *said] for one in entries[:count]]
            with CaptureQueriesContext(connection) as queries:
                batch = sent(importer, headings, *rows)
            assert (kinds(batch), faults(batch)) == (["changed"] * count, [])
            asked[count] = len(queries)
        assert asked[40] == asked[5]

    def test_form_says_when_declarants_of_a_survey_that_is_over_are_erased(self, importer):
        Survey.objects.update(ended_on=None)
        assert "seront effacés le" not in importer.get(reverse("admin:imports")).text
        Survey.objects.update(ended_on="2021-03-31")
        page = " ".join(importer.get(reverse("admin:imports")).text.replace("\xa0", " ").split())
        due = day(months_after(timezone.localdate(), 24))
        assert f"Les noms et adresses de déclarants que vous y importez aujourd’hui seront effacés le {due}" in page

    def test_row_that_changes_an_entry_can_be_left_aside(self, importer):
        entry = factories.draft(territory=Town.objects.get(pk="60057"), title=BIKES[1], started="2019")
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        assert kinds(batch) == ["changed", "new"]
        page = importer.get(reverse("admin:import_row", args=[batch.pk, 2])).text
        assert "Laisser cette ligne de côté" in page
        post(importer, batch, "correct", cote="2")
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (batch.state, entry.started, Initiative.objects.count()) == ("done", "2019", 2)

    def test_same_numbers_in_another_survey_are_other_answers(self, importer):
        """Each survey numbers its answers from 1 on: the second leaves those of the first alone, and is known again."""
        headings = ["N° de réponse", *HEADINGS]
        factories.town(name="Melun", insee_code="77288")
        first = sent(importer, headings, ["1", *BIKES])
        post(importer, first, "confirm")
        entry = Initiative.objects.get()
        other = Survey.objects.create(title="Autre", slug="autre", prefix="AU", started_on="2026-01-01")
        row = ["1", "77288", *TABLETS[1:]]
        second = sent(importer, headings, row, survey=other)
        assert kinds(second) == ["new"]
        post(importer, second, "confirm")
        entry.refresh_from_db()
        assert (entry.reference, entry.version, entry.territory_id) == ("1", 1, "60057")
        assert Initiative.objects.get(survey=other).reference == "AU/1"
        assert kinds(sent(importer, headings, [*row[:2], "Autre titre", *row[3:]], survey=other)) == ["changed"]
        assert kinds(sent(importer, headings, ["1", *BIKES], survey=first.survey)) == ["unchanged"]


def rows_of(heading: str, cells: list[str]) -> list[list[str]]:
    """A file of as many initiatives that say nothing else."""
    said = {"Code INSEE": "60057", "Titre": "Vélos", "Catégorie": "Service public", heading: ""}
    rows = [said | {"Titre": f"Vélos {number}", heading: cell} for number, cell in enumerate(cells)]
    return [list(said), *(list(row.values()) for row in rows)]


def one_row(heading: str, cell: str) -> list[list[str]]:
    return rows_of(heading, [cell])


# Heading, cell, sign that is named, values that are offered.
SIGNS = [
    *[("Publics visés", cell, sign, [offered]) for cell, sign, offered in (
        ("☒ habitants; ☐ agents; ☐ élus", "☒", "habitants¦☐ agents¦☐ élus"),
        ("✗ agents|élus", "✗", "agents¦élus"),
        ("habitants|❌agents", "❌", "habitants¦agents"),
        ("[ ] habitants;[x] agents", "[ ]", "habitants¦[x] agents"),
        ("( ) habitants, agents", "( )", "habitants¦agents"),
        ("[] seniors", "[]", "seniors"), ("(-) seniors", "(-)", "seniors"), ("{ } senior", "{ }", "seniors"),
        ("habitants\n~~agents~~", "~", "habitants¦agents"),
        ("• ○ familles", "○", "familles"), ("familles\uf0a8", "\uf0a8", "familles"),
        ("habitants + agents ; +élus", "+", None), ("+ habitants ; - agents", "+", "habitants¦- agents"),
        ("élèves ≠ étudiants", "≠", None), ("__ familles", "_", "familles"), ("familles*", "*", "familles"),
        ("не habitants", "н", "habitants"), ("\U0001f6ab habitants", "\U0001f6ab", "habitants"),
    )],
    *[("État", cell, sign, ["déployée"]) for cell, sign in (
        ("✗ déployée", "✗"), ("❌ déployée", "❌"), ("≠ déployée", "≠"), ("déployée ?", "?"),
        ("!déployée", "!"),
        ("¬déployées", "¬"), ("déployée\u0336", "◌\u0336"), ("déployée\u20e0", "◌\u20e0"), ("✗ déployé", "✗"),
        ("不 déployée", "不"), ("[déployée]", "["), ("= deployee", "="), ("☐\ufe0f déployée", "☐"),
    )],
    *[("Coût", cell, sign, ["moins de 1 000 €"]) for cell, sign in (
        ("moins de 1 000 $", "$"), ("moins de 1 000 £", "£"), ("> moins de 1 000 €", ">"),
        ("moins de -1 000 €", "-"), ("moins de – 1 000 €", "–"), ("moins de \u22121 000 €", "\u2212"),
        ("moins de ~1 000 €", "~"), ("moins de ± 1 000 €", "±"), ("moins de 1 000 € ?", "?"),
        ("≥ MOIN DE 1000 €", "≥"), ("MOIN DE -1000 €", "-"), ("moins de (1 000) €", "("),
        ("moins de 1/000 €", "/"), ("moins de 1-000 €", "-"), ("moins de 1 000 ¥", "¥"),
    )],
    ("Coût annuel", "≠ aucun", "≠", ["aucun"]),
    ("Délai", "< quelques semaines", "<", ["quelques semaines"]),
    ("Délai", "plus de six mois ?", "?", ["plus de six mois"]),
    ("Catégorie", "✗ Service public", "✗", ["Service public"]),
    ("Catégorie", "Service public ?", "?", ["Service public"]),
    ("Thèmes", "☐ cybersécurité", "☐", ["cybersécurité"]),
    *[("Cité par l’enquête", cell, sign, ["oui", "non"]) for cell, sign in (
        ("✗ oui", "✗"), ("❌", "❌"), ("oui ?", "?"), ("[x]", "["), ("[ ]", "[ ]"),
    )],
    *[("Logiciel libre", cell, sign, ["oui", "non", "ne sait pas"]) for cell, sign in (
        ("✗ oui", "✗"), ("❌", "❌"), ("oui ?", "?"), ("[ ]", "[ ]"),
    )],
]  # fmt: skip


class TestCertainEquivalences:
    """What says the same, otherwise written, is read by itself; what says something else never is, nor by one click."""

    @pytest.mark.parametrize(
        ("heading", "cell", "field", "value"),
        [
            ("Catégorie", "SERVICES PUBLICS", "category", "service-public"),
            ("Catégorie", "economies  locale", "category", "economie-locale"),
            ("Thèmes", "Cyber-sécurités", "themes", "cybersecurite"),
            ("Thèmes", "Continuité des service public|télétravail des agents", "themes",
             "continuite-des-services-publics teletravail-des-agents"),
            ("Publics visés", "Senior ; HABITANT", "audiences", "habitants seniors"),
            ("Publics visés", "Personne en situations de handicap", "audiences", "personnes-en-situation-de-handicap"),
            ("État", "Déployées", "state", "deployed"),
            ("État", "en\u00a0projets", "state", "planned"),
            ("État", "En-Cour", "state", "ongoing"),
            ("Coût", "MOIN DE 1000 €", "investment_cost", "lt1"),
            ("Coût annuel", "aucuns", "yearly_cost", "0"),
            ("Délai", "quelque semaine", "lead_time", "weeks"),
        ],
    )  # fmt: skip
    def test_takes_case_accents_plural_and_spacing(self, importer, heading, cell, field, value):
        batch = sent(importer, *one_row(heading, cell))
        assert kinds(batch) == ["new"], faults(batch)
        after = batch.rows.get().after[field]
        if model := {"category": Category, "themes": Theme, "audiences": Audience}.get(field):
            keys = after if isinstance(after, list) else [after]
            after = " ".join(model.objects.filter(pk__in=keys).order_by("slug").values_list("slug", flat=True))
        assert after == value

    @pytest.mark.parametrize(
        ("heading", "cells"),
        [
            ("Coût", [
                "moins de 10 000 €", "plus de 2 000,00 €", "plus de 20 000 €", "moins de 200 000 €",
                "de 1 000 à 50 000 €",
                "de 10 000 à 5 000 €", "de 1 à 10 000 €", "pas moins de 1 000 €", "moins de 1 000 k€",
                "moins de mille €", "environ 1 000 €", "quelqu’un", "10-5", "aucun sauf 200 €",
            ]),
            ("Coût annuel", ["moins de 1 001 €", "aucune idée", "1 %"]),
            ("Délai", [
                "plus de trois mois", "moins de six mois", "quelques mois", "quelques années", "quelques heures",
                "un an à six mois", "pas plus de six mois",
            ]),
            ("État", [
                "non déployée", "pas déployée", "jamais arrêtée", "pas en cours", "plus en cours",
                "pas encore déployée", "sans projet", "non arrêtée", "indéployée", "redéployée", "connu",
                "à déployer", "déployable", "presque déployée", "en cours d’arrêt", "bientôt en cours",
                "n’est pas en projet", "en cours, arrêtée", "employée",
            ]),
            ("Publics visés", [
                "Jeunes", "Parents", "Enfants", "Citoyens", "Touristes", "Aînés", "Patients", "Usagers",
                "non habitants", "pas les agents", "Étudiants", "ex-élus", "associés", "sauf familles",
                "habitants sans agents", "santé", "personnes sans handicap", "professionnels", "seniors|Jeunes",
            ]),
            ("Catégorie", [
                "Services privés", "Économie globale", "Cohésion territoriale", "Service non public", "Public",
            ]),
            ("Thèmes", [
                "insécurité", "cyberinsécurité", "discontinuité des services publics", "circuits longs",
                "mobilisation des entreprises", "non télétravail des agents", "télétravail des élus",
                "mobilisation des corps constitués",
            ]),
            ("Cité par l’enquête", ["ouais"]),
        ],
    )  # fmt: skip
    def test_is_a_fault_of_its_own(self, importer, heading, cells):
        batch = sent(importer, *rows_of(heading, cells))
        assert kinds(batch) == ["error"] * len(cells)
        assert not batch.groups.corrections().exists()
        # No click says anything of two cells that do not say the same.
        assert [group.size for group in batch.groups.faults()] == [1] * len(cells)

    @pytest.mark.parametrize(
        ("heading", "cell", "offered"),
        [
            ("Catégorie", "Service publique", ["Service public"]),
            ("État", "déployé", ["déployée"]),
            ("État", "arrétez", ["arrêtée"]),
            ("Publics visés", "Commerssants", ["commerçants"]),
            ("Thèmes", "continuité du service public", ["continuité des services publics"]),
        ],
    )
    def test_near_spelling_is_offered_and_taken_by_its_own_button_only(self, importer, heading, cell, offered):
        batch = sent(importer, *one_row(heading, cell))
        row = batch.rows.get()
        assert (row.kind, [fault["suggestions"] for fault in row.faults]) == ("error", [offered])
        post(importer, batch, "correct", accepter=f"{row.pk}:0:0")
        assert kinds(batch) == ["new"]

    @pytest.mark.parametrize("heading", dict.fromkeys(heading for heading, *_ in SIGNS))
    def test_sign_that_may_say_the_contrary_is_named_and_left_to_a_person(self, importer, heading):
        signs = [said for named, *said in SIGNS if named == heading]
        content = as_csv(*rows_of(heading, [cell for cell, *_ in signs]), encoding="utf-8")
        batch = sent(importer, content=content)
        assert kinds(batch) == ["error"] * len(signs)
        for row, (cell, sign, offered) in zip(batch.rows.order_by("line"), signs, strict=True):
            [fault] = row.faults
            assert f"Le signe « {sign} » peut changer" in fault["message"], cell
            assert fault["suggestions"] == [one.replace("¦", "|") for one in offered if one], cell

    @pytest.mark.parametrize("cell", ["x habitants", "habitants x", "(x) habitants", "s habitants"])
    def test_letter_that_stands_alone_is_no_plural(self, importer, cell):
        assert kinds(sent(importer, *one_row("Publics visés", cell))) == ["error"]

    def test_town_is_chosen_by_somebody_and_never_against_the_département(self, importer):
        yonne, essonne = factories.department(code="89", name="Yonne"), factories.department(code="91", name="Essonne")
        factories.town(name="Évry", insee_code="89162", department=yonne)
        factories.town(name="Évry-Courcouronnes", insee_code="91228", department=essonne, population=60_000)
        factories.town(name="Bernon", insee_code="10040", department=factories.department(code="10", name="Aube"))
        headings = ["Commune", "Département", *HEADINGS[1:]]
        batch = sent(
            importer,
            headings,
            ["Évry", "91", *BIKES[1:]],
            ["Bauvais", "60", *TABLETS[1:]],
            ["bernons", "", *BIKES[1:]],
        )
        assert batch.rows.get(line=2).faults[0]["suggestions"] == ["Évry-Courcouronnes (91)"]
        assert kinds(batch) == ["error"] * 3


class TestLists:
    """What the list of imports and the home of the desk say of each."""

    def both(self, client) -> list[str]:
        return [" ".join(client.get(reverse(f"admin:{name}")).text.split()) for name in ("imports", "index")]

    @pytest.mark.parametrize(
        ("content", "state"),
        [
            (as_csv(HEADINGS, BIKES), "à confirmer"),
            (as_csv(HEADINGS, [*BIKES[:3], "\x01", "2020"]), "refusé"),
            (as_csv(["Code INSEE", "Nom donné", "Catégorie"], BIKES[:3]), "à corriger"),
        ],
    )
    def test_file_that_cannot_be_imported_as_it_is_waits_for_no_confirmation(self, importer, content, state):
        sent(importer, content=content)
        listed, home = self.both(importer)
        assert f"<td>{state}</td>" in listed
        assert f"</a>&nbsp;: {state}, " in home

    def test_lines_are_those_that_the_report_counts(self, importer):
        example = ["60057", f"{EXAMPLE}Des tablettes", *BIKES[2:]]
        batch = sent(importer, HEADINGS, example, BIKES, [*TABLETS[:4], "hier"])
        assert kinds(batch) == ["aside", "new", "error"]
        for state, lines, counted in (("à confirmer", 2, "2 lignes"), ("importé", 1, "1 ligne")):
            listed, home = self.both(importer)
            assert f"<td>{state}</td> <td>{lines}</td>" in listed
            assert f"</a>&nbsp;: {state}, {counted}, le" in home
            post(importer, batch, "correct", cote="4")
            post(importer, batch, "confirm")
        assert "1\u00a0ligne importée" in importer.get(reverse("admin:import_batch", args=[batch.pk])).text

    def test_lines_of_a_file_that_was_given_up_are_all_that_it_has(self, importer):
        example = ["60057", f"{EXAMPLE}Des tablettes", *BIKES[2:]]
        post(importer, sent(importer, HEADINGS, example, BIKES, [*TABLETS[:4], "hier"]), "drop")
        listed, home = self.both(importer)
        assert "<td>abandonné</td> <td>3</td>" in listed
        assert "</a>&nbsp;: abandonné, 3 lignes, le" in home

    @pytest.mark.parametrize("headings", [HEADINGS, ["Code INSEE", "Nom donné", *HEADINGS[2:]]])
    def test_lines_that_could_not_be_read_are_not_counted(self, importer, headings):
        batch = sent(importer, headings, [*BIKES[:3], "\x01" if headings == HEADINGS else "", "2020"])
        for state in (batch.said_state, "abandonné"):
            listed, home = self.both(importer)
            assert f"<td>{state}</td> <td></td>" in listed
            assert f"</a>&nbsp;: {state}, le" in home
            post(importer, batch, "drop")


@pytest.mark.both_databases
class TestWriting:
    def test_all_rows_become_drafts_with_their_history(self, importer):
        before = ContentVersion.current().number
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        post(importer, batch, "confirm")
        bikes = Initiative.objects.get(title=BIKES[1])
        assert (bikes.status, bikes.origin, bikes.in_survey, bikes.department_id) == ("draft", "survey", True, "60")
        assert (bikes.reference, bikes.slug, bikes.version) == ("CS20-00001", "velos-en-libre-service", 1)
        assert [theme.slug for theme in bikes.themes.all()] == ["sante-publique"]
        assert " velo " in bikes.search_text
        version = bikes.history.get()
        assert (version.history_type, version.history_user, version.through) == ("+", importer.user, "import")
        assert version.parts["themes"] == [theme.pk for theme in bikes.themes.all()]
        assert ContentVersion.current().number == before
        assert (batch.confirmed_by, batch.rows.filter(initiative=bikes).count()) == (importer.user, 1)

    def test_report_stays_with_the_file(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        post(importer, batch, "confirm")
        page = importer.get(reverse("admin:import_batch", args=[batch.pk])).text
        assert "Importé" in page
        assert reverse("admin:initiatives_initiative_change", args=[Initiative.objects.get().pk]) in page
        file = importer.get(reverse("admin:import_file", args=[batch.pk]))
        assert b"".join(file.streaming_content) == as_csv(HEADINGS, BIKES)
        assert "attachment" in file["Content-Disposition"]

    def test_report_speaks_of_drafts_where_there_are_some_and_of_revisions_where_there_are(self, importer, beauvais):
        drafts, revisions = "Les fiches nouvelles s", "1 fiche publiée"
        entry = factories.published(territory=beauvais, title="Annuaire", category=factories.category(), started="2019")
        change = ["60057", "Annuaire", "Service public", "", "2021"]
        for rows, told in (([change], (False, True)), ([BIKES], (True, False)), ([TABLETS, change], (True, True))):
            Revision.objects.all().delete()
            batch = sent(importer, HEADINGS, *rows)
            post(importer, batch, "confirm")
            page = importer.get(reverse("admin:import_batch", args=[batch.pk])).text
            outcome = " ".join(page.partition('class="outcome"')[2].partition("</section>")[0].split())
            assert (drafts in outcome, revisions in outcome) == told
            assert ("?travail=revisions" in outcome, "?status__exact=draft" in outcome) == told[::-1]
        assert Revision.objects.get().initiative == entry

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([BIKES], "Le catalogue dit déjà tout ce que dit ce fichier."),
            ([TABLETS], "Toutes les lignes sont laissées de côté."),
            ([BIKES, TABLETS], "Le catalogue dit déjà ce que disent les lignes qui ne sont pas laissées de côté."),
        ],
    )
    def test_why_there_is_nothing_to_import(self, importer, rows, told):
        post(importer, sent(importer, HEADINGS, BIKES), "confirm")
        batch = sent(importer, HEADINGS, *[[*row[:4], "hier" if row is TABLETS else row[4]] for row in rows])
        if TABLETS in rows:
            post(importer, batch, "correct", cote=str(1 + len(rows)))
        assert f"<h2>Rien à importer</h2> <p>{told}</p>" in " ".join(
            importer.get(reverse("admin:import_batch", args=[batch.pk])).text.split()
        )

    def test_published_entry_gets_a_revision_and_the_public_sees_nothing(self, importer, beauvais):
        entry = factories.published(territory=beauvais, title=BIKES[1], started="2019")
        before = ContentVersion.current().number
        batch = sent(importer, ["Référence", "Début"], [entry.reference, "2020-04"])
        assert kinds(batch) == ["revision"]
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        revision = Revision.objects.get()
        assert (entry.started, revision.after, revision.proposed_by) == ("2019", {"started": "2020-04"}, importer.user)
        assert ContentVersion.current().number == before
        again = sent(importer, ["Référence", "Début"], [entry.reference, "2020-05"])
        assert "attend déjà une décision" in faults(again)[0]

    def test_entry_that_was_put_aside_is_changed_by_whoever_reviews_only(self, importer, another, beauvais):
        entry = factories.published(territory=beauvais, title=BIKES[1], started="2019")
        entry.archive(by=importer.user)
        rows = (["Référence", "Début"], [entry.reference, "2020-04"])
        assert "seule la modération peut encore" in faults(sent(importer, *rows))[0]
        assert kinds(sent(logged_in(another(), "modération"), *rows)) == ["changed"]

    def test_entry_that_was_put_aside_is_not_changed_by_who_confirms_the_file_of_who_may(
        self, importer, another, beauvais
    ):
        entry = factories.published(territory=beauvais, title=BIKES[1], started="2019")
        entry.archive(by=importer.user)
        reviewer = logged_in(another(), "modération")
        batch = sent(reviewer, ["Référence", "Début"], [entry.reference, "2020-04"])
        response = post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (batch.state, entry.started) == ("ready", "2019")
        assert "1\u00a0fiche que seule la modération peut encore modifier (ligne 2)" in response.text
        post(reviewer, batch, "confirm")
        entry.refresh_from_db()
        assert (batch.state, entry.started, batch.note) == ("done", "2020-04", "")

    def test_entry_changed_since_the_preview_is_not_overwritten(self, importer, beauvais):
        entry = factories.draft(territory=beauvais, title=BIKES[1], started="2019")
        batch = sent(importer, ["Référence", "Début"], [entry.reference, "2020-04"])
        entry.started = "2018"
        entry.save()
        response = post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (entry.started, batch.state) == ("2018", "ready")
        assert "Le catalogue a changé depuis l’aperçu" in response.text
        row = batch.rows.get()
        assert (row.previous, row.values["debut"]) == ({"debut": "2018"}, "2020-04")

    def test_same_entry_made_since_the_preview_is_not_made_twice(self, importer, beauvais):
        batch = sent(importer, HEADINGS, BIKES)
        factories.draft(territory=beauvais, title=BIKES[1])
        post(importer, batch, "confirm")
        assert (batch.state, Initiative.objects.count(), kinds(batch)) == ("ready", 1, ["changed"])

    def test_revision_proposed_since_the_preview_is_previewed_again(self, importer, beauvais):
        entries = [factories.published(territory=beauvais, started="2019") for _ in range(3)]
        batch = sent(importer, ["Référence", "Début"], *[[entry.reference, "2020-04"] for entry in entries])
        assert kinds(batch) == ["revision"] * 3
        values = stored_values(entries[1]) | {"started": "2018"}
        waiting = Revision.propose(entries[1], values, by=factories.user())
        response = post(importer, batch, "confirm")
        assert (batch.state, kinds(batch)) == ("ready", ["revision", "error", "revision"])
        assert "Le catalogue a changé depuis l’aperçu" in response.text
        assert list(Revision.objects.all()) == [waiting]

    @pytest.mark.parametrize("kind", ["new", "changed", "revision"])
    @pytest.mark.parametrize("lost", ["theme", "category of the theme", "town", "inspiring entry"])
    def test_what_a_row_names_and_is_gone_since_the_preview_is_previewed_again(self, importer, beauvais, kind, lost):
        theme = factories.theme(slug="sante-publique")
        inspiring = factories.draft(territory=beauvais, title="Trottinettes")
        creil = factories.town(name="Creil", insee_code="60175")
        headings = ["Référence", *HEADINGS, "S’inspire de"]
        if kind != "new":
            make = factories.draft if kind == "changed" else factories.published
            entry = make(territory=beauvais, title="Vélos", category=theme.category)
        reference = "" if kind == "new" else entry.reference
        batch = sent(importer, headings, [reference, creil.pk, *BIKES[1:], inspiring.reference])
        assert kinds(batch) == [kind]
        if lost == "category of the theme":
            theme.category = factories.category()
            theme.save()
        else:
            {"theme": theme, "town": creil, "inspiring entry": inspiring}[lost].delete()
        response = post(importer, batch, "confirm")
        assert (batch.state, kinds(batch)) == ("ready", ["error"])
        assert "Le catalogue a changé depuis l’aperçu" in response.text
        assert not Initiative.objects.filter(title=BIKES[1]).exists()

    def test_fault_in_the_middle_leaves_nothing(self, importer):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        batch.rows.filter(line=3).update(after={**batch.rows.get(line=3).after, "title": None})
        response = post(importer, batch, "confirm")
        assert (batch.state, Initiative.objects.count()) == ("ready", 0)
        assert "rien n’a changé dans le catalogue" in response.text


@pytest.mark.both_databases
class TestTwoPeople:
    def test_second_who_confirms_is_told_who_was_first(self, importer, another):
        batch = sent(importer, HEADINGS, BIKES)
        edition = batch.edition
        post(importer, batch, "confirm")
        other = logged_in(another(), "rédaction")
        response = post(other, batch, "confirm", edition=edition)
        assert f"déjà été confirmé par {importer.user}" in said(response)
        assert Initiative.objects.count() == 1

    def test_preview_that_changed_meanwhile_is_not_confirmed(self, importer, another):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        edition = batch.edition
        post(logged_in(another(), "rédaction"), batch, "correct", cote="3")
        response = post(importer, batch, "confirm", edition=edition)
        assert "L’aperçu a changé" in said(response)
        assert not Initiative.objects.exists()

    def test_work_under_way_is_not_begun_twice(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        ImportBatch.objects.filter(pk=batch.pk).update(state="writing")
        with jobs.ImportJob(batch).held():
            assert "déjà en cours" in said(post(importer, batch, "confirm"))
        batch.refresh_from_db()
        assert (batch.state, Initiative.objects.count()) == ("writing", 0)

    def test_process_that_has_said_its_result_is_waited_for_until_it_is_gone(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        leaving = ExitStack()
        leaving.enter_context(jobs.ImportJob(batch).held())
        timer = threading.Timer(0.3, leaving.close)
        timer.start()
        assert "déjà en cours" not in said(post(importer, batch, "confirm"))
        timer.join()
        batch.refresh_from_db()
        assert (batch.state, Initiative.objects.count()) == ("done", 1)

    def test_session_that_expired_comes_back_to_the_import_with_nothing_done(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        where = reverse("admin:import_confirm", args=[batch.pk])
        importer.logout()
        refused = importer.post(where, {"edition": batch.edition})
        assert refused.status_code == 302
        assert refused.url.startswith("/admin/login/")
        importer.force_login(importer.user)
        assert EXPIRED in said(importer.get(where, follow=True))
        batch.refresh_from_db()
        assert (batch.state, Initiative.objects.count()) == ("ready", 0)


@pytest.mark.both_databases
class TestUndoing:
    def test_everything_is_as_before(self, importer, beauvais):
        theme = factories.theme(slug="cybersecurite")
        entry = factories.draft(territory=beauvais, title=TABLETS[1], started="2019", themes=[theme])
        entry.tools.create(name="Jitsi", open_source="yes")
        published = factories.published(territory=beauvais, title="Annuaire", started="2019")
        before = Initiative.objects.values().get(pk=entry.pk)
        batch = sent(
            importer,
            ["Référence", *HEADINGS, "Outils"],
            ["", *BIKES, "Zoom"],
            [entry.reference, *TABLETS, "Zoom"],
            [published.reference, "60057", "Annuaire", "Service public", "", "2021", ""],
        )
        assert kinds(batch) == ["new", "changed", "revision"]
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (entry.category.slug, list(entry.themes.all())) == ("cohesion-sociale", [])
        response = post(importer, batch, "undo")
        assert batch.state == "undone"
        assert "Tout est redevenu comme avant" in response.text
        after = Initiative.objects.values().get(pk=entry.pk)
        assert {name for name in before if before[name] != after[name]} == {"version"}
        assert list(entry.themes.all()) == [theme]
        assert list(entry.tools.values_list("name", "open_source")) == [("Jitsi", "yes")]
        assert Initiative.objects.count() == 2
        assert not Revision.objects.exists()
        assert Initiative.history.filter(history_type="-", title=BIKES[1]).get().history_user == importer.user

    def test_what_was_touched_since_stays_and_is_named(self, importer, another):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        post(importer, batch, "confirm")
        bikes = Initiative.objects.get(title=BIKES[1])
        bikes.summary = "Un résumé."
        bikes.save()
        response = post(importer, batch, "undo")
        assert Initiative.objects.get() == bikes
        assert batch.rows.exclude(left="").get().initiative == bikes
        assert "1\u00a0fiche touchée depuis est restée telle quelle" in response.text
        assert (
            "modifiée depuis" in importer.get(f"{reverse('admin:import_batch', args=[batch.pk])}?lignes=laissees").text
        )

    def test_entry_that_another_cites_since_stays_with_it(self, importer):
        batch = sent(importer, HEADINGS, BIKES, TABLETS)
        post(importer, batch, "confirm")
        bikes, tablets = Initiative.objects.get(title=BIKES[1]), Initiative.objects.get(title=TABLETS[1])
        bikes.inspired_by = tablets
        bikes.save()
        before = bikes.history.count()
        response = post(importer, batch, "undo")
        bikes.refresh_from_db()
        assert (bikes.inspired_by, bikes.history.count()) == (tablets, before)
        assert [row.left[:15] for row in batch.rows.order_by("line")] == ["modifiée depuis", "citée depuis pa"]
        assert batch.rows.get(line=3).left == f"citée depuis par « {BIKES[1]} »"
        assert "2\u00a0fiches touchées depuis sont restées telles quelles" in response.text

    def test_entry_that_was_put_aside_is_given_back_by_whoever_reviews_only(self, importer, another, beauvais):
        entry = factories.published(territory=beauvais, title=BIKES[1], started="2019")
        entry.archive(by=importer.user)
        reviewer = logged_in(another(), "modération")
        batch = sent(reviewer, ["Référence", "Début"], [entry.reference, "2020-04"])
        post(reviewer, batch, "confirm")
        post(importer, batch, "undo")
        entry.refresh_from_db()
        assert (batch.state, entry.started) == ("undone", "2020-04")
        assert batch.rows.get().left == "archivée : seule la modération peut encore la modifier"

    @pytest.mark.parametrize("lost", ["theme", "category", "territory"])
    def test_one_that_cannot_say_again_what_it_said_stays_and_the_others_come_back(self, importer, beauvais, lost):
        category = Category.objects.create(name="Autre", short_name="Autre", slug="autre", position=9)
        theme = Theme.objects.create(name="Un thème", slug="un-theme", category=category)
        melun = factories.town(name="Melun", insee_code="77288")
        entries = [
            factories.draft(territory=melun, title="Première", category=category, themes=[theme]),
            factories.draft(territory=beauvais, title="Seconde", started="2019"),
        ]
        said = [["60057", "Première", "Service public", "", "2020"], ["60057", "Seconde", "", "", "2021"]]
        said[1][2] = entries[1].category.name
        headings = ["Référence", *HEADINGS]
        batch = sent(importer, headings, *([one.reference, *row] for one, row in zip(entries, said, strict=True)))
        assert (kinds(batch), faults(batch)) == (["changed", "changed"], [])
        post(importer, batch, "confirm")
        if lost == "theme":
            Theme.objects.filter(pk=theme.pk).update(category=entries[1].category)
        else:
            theme.delete()
            {"category": category, "territory": melun}[lost].delete()
        post(importer, batch, "undo")
        assert (batch.state, batch.note) == ("undone", "")
        assert [bool(row.left) for row in batch.rows.order_by("line")] == [True, False]
        assert "d’avant n’existe plus" in batch.rows.get(line=2).left
        assert [one.started for one in Initiative.objects.order_by("pk")] == ["2020", "2019"]

    def test_revisions_are_taken_back_together_but_for_those_that_are_decided(self, importer, another, beauvais):
        entries = [factories.published(territory=beauvais, title=f"Initiative {n}", started="2019") for n in range(12)]
        asked = {}
        for count in (4, 12):
            batch = sent(importer, ["Référence", "Début"], *([one.reference, "2020"] for one in entries[:count]))
            post(importer, batch, "confirm")
            batch.rows.get(line=2).revision.reject(by=factories.user(), reason="Non.")
            with CaptureQueriesContext(connection) as queries:
                post(importer, batch, "undo")
            assert [row.left for row in batch.rows.order_by("line")] == ["révision déjà décidée", *[""] * (count - 1)]
            assert not Revision.objects.pending().exists()
            asked[count] = len(queries)
        assert asked[12] == asked[4]

    def test_undoing_twice_is_refused_with_a_sentence(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        post(importer, batch, "confirm")
        post(importer, batch, "undo")
        assert "Cet import est « annulé »" in said(post(importer, batch, "undo"))


class TestRoundTrip:
    @pytest.fixture
    def entry(self, beauvais):
        entry = factories.draft(
            territory=beauvais,
            title="Vélos à « louer »",
            themes=[factories.theme(slug="cybersecurite")],
            need="Une ligne\r\nune autre",
            inspired_by=factories.draft(territory=beauvais, title="Trottinettes"),
        )
        entry.tools.create(name="Jitsi", open_source="yes")
        entry.tools.create(name="Zoom", open_source="no")
        entry.links.create(label="Projet", url="https://example.org/a")
        return entry

    def exported(self, client, entry: Initiative):
        response = client.get(reverse("admin:import_export"), {"fiches": entry.pk})
        return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))

    def sent_back(self, client, book, **cells) -> ImportBatch:
        sheet = book.worksheets[0]
        places = {cell.value: cell.column for cell in sheet[1]}
        for heading, value in cells.items():
            sheet.cell(2, places[heading]).value = value
        stream = io.BytesIO()
        book.save(stream)
        return sent(client, content=stream.getvalue(), name="fiches.xlsx")

    def remember(self, client, headings: list[str], field: str | None):
        """A choice for each heading that is ours, of a file that has them."""
        FileLayout.objects.update_or_create(
            digest=FileLayout.digest_of(map(key, headings)),
            defaults={
                "headings": headings,
                "mapping": dict.fromkeys(map(key, headings), field),
                "said_by": client.user,
            },
        )

    def test_hides_what_tells_the_version_and_offers_the_choices(self, importer, entry):
        sheet = self.exported(importer, entry).worksheets[0]
        assert [sheet[place].value for place in ("A1", "B1", "A2", "B2")] == [
            "Référence", "Version de la fiche", entry.reference, entry.version,
        ]  # fmt: skip
        assert (sheet.column_dimensions["A"].hidden, sheet.column_dimensions["B"].hidden) == (True, True)
        assert sheet.freeze_panes == "A2"
        assert any("Listes!" in rule.formula1 for rule in sheet.data_validations.dataValidation)

    def test_file_that_comes_back_as_it_was_changes_nothing(self, importer, entry):
        assert kinds(self.sent_back(importer, self.exported(importer, entry))) == ["unchanged"]

    def test_only_the_changed_cell_changes(self, importer, entry):
        batch = self.sent_back(importer, self.exported(importer, entry), Résumé="Un nouveau résumé.")
        assert batch.rows.get().after == {"summary": "Un nouveau résumé."}
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (entry.summary, entry.need, entry.tools.count()) == ("Un nouveau résumé.", "Une ligne\r\nune autre", 2)

    def test_version_that_is_no_number_is_said(self, importer, entry):
        """Without it nothing would tell what was changed here meanwhile."""
        book = self.exported(importer, entry)
        batch = self.sent_back(importer, book, **{"Version de la fiche": "v2", "Résumé": "Un nouveau résumé."})
        assert faults(batch)[0].startswith("2 Version de la fiche : Ce n’est pas un numéro de version")

    def test_other_cells_changed_meanwhile_stay(self, importer, entry):
        book = self.exported(importer, entry)
        entry.title = "Vélos à prêter"
        entry.save()
        batch = self.sent_back(importer, book, Résumé="Un nouveau résumé.")
        assert batch.rows.get().after == {"summary": "Un nouveau résumé."}
        post(importer, batch, "confirm")
        entry.refresh_from_db()
        assert (entry.title, entry.summary) == ("Vélos à prêter", "Un nouveau résumé.")

    def test_same_cell_changed_meanwhile_is_a_conflict_that_is_shown(self, importer, entry):
        book = self.exported(importer, entry)
        entry.summary = "Ce que dit un collègue."
        entry.save()
        batch = self.sent_back(importer, book, Résumé="Un nouveau résumé.")
        row = batch.rows.get()
        assert (row.kind, row.faults[0]["column"]) == ("error", "Résumé")
        assert "Conflit" in row.faults[0]["message"]
        assert row.faults[0]["suggestions"] == ["Ce que dit un collègue."]
        post(importer, batch, "correct", accepter=f"{row.pk}:0:0")
        assert kinds(batch) == ["unchanged"]

    def test_conflict_is_decided_by_somebody_however_alike_the_texts_are(self, importer, entry):
        book = self.exported(importer, entry)
        entry.summary = "Un resume."
        entry.save()
        batch = self.sent_back(importer, book, Résumé="Un résumé.")
        assert (batch.rows.get().corrected, "Conflit" in faults(batch)[0]) == ([], True)

    def test_what_was_said_of_our_headings_for_other_files_is_not_obeyed(self, importer, entry):
        """Not even what an earlier version of the catalogue remembered."""
        for field in (None, "advice"):
            book = self.exported(importer, entry)
            self.remember(importer, [cell.value for cell in book.worksheets[0][1]], field)
            batch = self.sent_back(importer, book, Résumé="Un nouveau résumé.")
            assert batch.rows.get().after == {"summary": "Un nouveau résumé."}
            assert {one["how"] for one in batch.headings} <= {"nom", "déduite"}

    def test_model_comes_in_whole_whatever_was_said_of_its_headings(self, importer):
        response = importer.get(reverse("admin:import_model"))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        self.remember(importer, [cell.value for cell in book.worksheets[0][1]], None)
        batch = self.sent_back(importer, book, **{"Code de la collectivité": "60057", "Titre": "Vélos"})
        assert faults(batch) == []
        assert all(one["field"] for one in batch.headings)
        assert {"summary", "need", "started", "declarant_email"} <= batch.rows.get().after.keys()

    def test_file_from_before_does_not_bring_a_forgotten_declarant_back(self, importer, entry):
        book = self.exported(importer, entry)
        declarants.forget([entry.pk])
        batch = self.sent_back(importer, book, Résumé="Un nouveau résumé.")
        assert batch.rows.get().after == {"summary": "Un nouveau résumé."}

    def test_example_of_the_model_is_an_entry_of_the_town_that_it_names(self, importer):
        ain = factories.department(code="01", name="Ain")
        factories.town(name="Ambérieu-en-Bugey", insee_code="01004", department=ain)
        response = importer.get(reverse("admin:import_model"))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        sheet = book.worksheets[0]
        for cell in sheet[2]:
            cell.value = str(cell.value).removeprefix(EXAMPLE)
        stream = io.BytesIO()
        book.save(stream)
        row = sent(importer, content=stream.getvalue(), name="modele.xlsx").rows.get()
        assert (row.kind, row.faults, row.place) == ("new", [], "Ambérieu-en-Bugey (01)")

    def test_model_can_be_typed_in_and_its_example_is_not_taken(self, importer):
        response = importer.get(reverse("admin:import_model"))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        sheet = book.worksheets[0]
        places = {cell.value: cell.column for cell in sheet[1]}
        for heading, value in {
            "Code de la collectivité": "60057",
            "Titre": "Vélos",
            "Catégorie": "Cohésion sociale",
        }.items():
            sheet.cell(3, places[heading]).value = value
        stream = io.BytesIO()
        book.save(stream)
        batch = sent(importer, content=stream.getvalue(), name="modele.xlsx")
        assert (kinds(batch), faults(batch)) == (["aside", "new"], [])


@pytest.mark.both_databases
class TestInterruption:
    @pytest.mark.parametrize(("running", "back"), [("reading", "received"), ("writing", "ready"), ("undoing", "done")])
    def test_running_import_that_nobody_works_on_says_so(self, importer, running, back):
        batch = sent(importer, HEADINGS, BIKES)
        ImportBatch.objects.filter(pk=batch.pk).update(state=running)
        page = importer.get(reverse("admin:import_batch", args=[batch.pk]))
        batch.refresh_from_db()
        assert batch.state == back
        assert "interrompu" in page.text
        assert 'http-equiv="refresh"' not in page.text

    def test_running_import_shows_how_far_it_is_and_comes_again(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        ImportBatch.objects.filter(pk=batch.pk).update(state="writing")
        run = jobs.ImportJob(batch)
        with run.held():
            run.beat(40, 97)
            page = importer.get(reverse("admin:import_batch", args=[batch.pk]))
            without_scripts = page.text.partition("<noscript>")[2].partition("</noscript>")[0]
            assert '<meta http-equiv="refresh" content="2">' in without_scripts
            assert '<progress max="97" value="40"' in page.text
            assert importer.get(reverse("admin:import_progress", args=[batch.pk])).json() == {
                "running": True, "done": 40, "total": 97,
            }  # fmt: skip
            post(importer, batch, "stop")
            with pytest.raises(jobs.Stopped):
                run.beat(50, 97)

    def test_stopped_work_leaves_the_catalogue_as_it_was(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        ImportBatch.objects.filter(pk=batch.pk).update(state="writing", confirmed_by=importer.user)
        batch.refresh_from_db()
        run = jobs.ImportJob(batch)
        with run.held():
            run.stop()
            jobs.work(batch, run)
        assert (batch.state, batch.note, Initiative.objects.count()) == ("ready", jobs.STOPPED, 0)


class TestPermissions:
    @staticmethod
    def every_address(batch: ImportBatch) -> list[str]:
        known = {"pk": batch.pk, "line": 2}
        return [
            reverse(f"admin:{one.name}", kwargs={name: known[name] for name in one.pattern.converters})
            for one in addresses(lambda view: view)
        ]

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("permission", ["add_initiative", "import_initiative", "view_declarant_initiative"])
    def test_who_may_not_import_sees_no_address_and_changes_nothing(self, client, another, method, permission):
        """Files name declarants: who may import and may not see them is refused too."""
        batch = sent(logged_in(client, "rédaction"), HEADINGS, BIKES)
        stranger, outsider = another(), another()
        staff = factories.user(is_staff=True)
        outsider.force_login(staff)
        staff.user_permissions.add(Permission.objects.get(codename=permission))
        for where in self.every_address(batch):
            assert getattr(stranger, method)(where).url.startswith("/admin/login/"), where
            assert getattr(outsider, method)(where, {"edition": 1}).status_code in (403, 405), where
        batch.refresh_from_db()
        assert (batch.state, Initiative.objects.count()) == ("ready", 0)

    @pytest.mark.parametrize("group", ["rédaction", "modération", "administration"])
    def test_each_group_may_import(self, client, group):
        batch = sent(logged_in(client, group), HEADINGS, BIKES)
        post(client, batch, "confirm")
        assert batch.state == "done"


def test_what_is_forgotten_leaves_the_report(importer):
    batch = sent(importer, [*HEADINGS, "Déclarant"], [*BIKES, "Camille Confidentielle"])
    post(importer, batch, "confirm")
    # As of a sheet that is named after somebody.
    ImportBatch.objects.update(understanding="Excel (.xlsx), feuille « Réponses Confidentielle »")
    batch.forget()
    assert importer.get(reverse("admin:import_file", args=[batch.pk])).status_code == 404
    assert "Confidentielle" not in str([*ImportRow.objects.values(), *ImportBatch.objects.values()])
    assert not ImportBatch.objects.personal().exists()
    assert importer.get(reverse("admin:import_batch", args=[batch.pk])).status_code == 200
