"""The rows of a spreadsheet, then the effect or the message: one table a subject."""

import time
from contextlib import suppress
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.adminkit.rows_field import RowsField
from initiatives.imports.cells import CellError, CorrectedCell
from initiatives.imports.headings import LABELS
from initiatives.imports.readers.tables import Table
from initiatives.imports.resources import InitiativeResource
from initiatives.models import Audience, ContentVersion, Initiative
from tests.support import factories, imports


def sheet(*rows: dict) -> Table:
    """A table whose headings are those that any of the rows has."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return Table(*[[row.get(heading) for heading in headings] for row in rows], headers=headings)


def load(*rows: dict, **options) -> imports.Loaded:
    return imports.load(sheet(*rows), **options)


def row(**cells) -> dict:
    """A row that is right, in the headings of a survey file; `cells` name others, or change some."""
    return {"Code INSEE": "60057", "Titre": "Vélos en libre-service", "Catégorie": "Cohésion sociale"} | cells


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057", population=56000)


def imported(*rows: dict, **options) -> Initiative:
    """The one entry that the rows make; they must be right."""
    result = load(*rows, **options)
    assert [str(fault) for fault in result.faults] == []
    return Initiative.objects.get()


def messages(*rows: dict, **options) -> list[str]:
    """The faults of rows that are wrong, which must leave nothing behind."""
    before = Initiative.objects.count()
    result = load(*rows, **options)
    assert Initiative.objects.count() == before
    return [str(fault) for fault in result.faults]


# One entry


@pytest.mark.both_databases
def test_new_entry_is_a_draft_of_the_survey_and_has_all_that_follows_from_it(beauvais):
    initiative = imported(row())
    assert (initiative.status, initiative.origin, initiative.in_survey) == ("draft", "survey", True)
    assert (initiative.territory, initiative.department_id) == (beauvais, "60")
    assert (initiative.reference, initiative.slug) == ("CS20-00001", "velos-en-libre-service")
    assert " velo " in initiative.search_text


def test_origin_is_that_of_the_loading():
    initiative = imported(row(), origin="public_source")
    assert (initiative.origin, initiative.in_survey) == ("public_source", False)


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        # Text
        ("Titre", "  Vélos\u200b en\nlibre-service\xa0", "title", "Vélos en libre-service"),
        ("Titre", 2020.0, "title", "2020"),
        ("Titre", "<script>alert(1)</script>", "title", "<script>alert(1)</script>"),
        ("Titre", '=HYPERLINK("http://x")', "title", '=HYPERLINK("http://x")'),
        ("Titre", "'=1+1", "title", "=1+1"),
        ("Titre", "E\u0301te\u0301", "title", "Été"),
        ("Titre", "Nul\x00 et \ud800 \u202eenvers", "title", "Nul et  envers"),
        ("Titre", "👩\u200d🚒", "title", "👩\u200d🚒"),
        ("Solution", " Un \r\nDeux\r\n\r\nTrois ", "solution", "Un\nDeux\n\nTrois"),
        ("Résumé", None, "summary", ""),
        ("Adresse de la source", "HTTPS://Example.org/A", "source_url", "https://Example.org/A"),
        # Category
        ("Catégorie", "cohesion-sociale", "category.slug", "cohesion-sociale"),
        ("Catégorie", "COHESION SOCIALE", "category.slug", "cohesion-sociale"),
        ("Catégorie", "Soutien à l'économie locale", "category.slug", "economie-locale"),
        # Dates
        ("Début", "2020", "started", "2020"),
        ("Début", 2020, "started", "2020"),
        ("Début", 2020.0, "started", "2020"),
        ("Début", "2020-04", "started", "2020-04"),
        ("Début", "2020/4", "started", "2020-04"),
        ("Début", "04/2020", "started", "2020-04"),
        ("Début", "4-2020", "started", "2020-04"),
        ("Début", "15/04/2020", "started", "2020-04"),
        ("Début", "2020-04-15", "started", "2020-04"),
        ("Début", "2020-04-15 00:00:00", "started", "2020-04"),
        ("Début", "Avril 2020", "started", "2020-04"),
        ("Début", "avr. 2020", "started", "2020-04"),
        ("Début", "1er août 2020", "started", "2020-08"),
        ("Début", "juil 2020", "started", "2020-07"),
        ("Début", datetime(2020, 4, 15), "started", "2020-04"),
        ("Début", date(2020, 4, 1), "started", "2020-04"),
        ("Début", "", "started", ""),
        ("Accord de diffusion le", "15/01/2021", "licence_agreed_on", date(2021, 1, 15)),
        ("Accord de diffusion le", "2021-01-15T10:12:00", "licence_agreed_on", date(2021, 1, 15)),
        ("Accord de diffusion le", datetime(2021, 1, 15, 10, 12), "licence_agreed_on", date(2021, 1, 15)),
        # Choices
        ("État", "Déployée", "state", "deployed"),
        ("État", "en cours", "state", "ongoing"),
        ("État", "stopped", "state", "stopped"),
        ("État", "", "state", "unknown"),
        ("Coût d’investissement", "De 1000 à 10000 €", "investment_cost", "1-10"),
        ("Coût d’investissement", "lt1", "investment_cost", "lt1"),
        ("Coût annuel", 0, "yearly_cost", "0"),
        ("Délai", "Quelques semaines", "lead_time", "weeks"),
        # Bullets, quotation marks and other punctuation say nothing
        *[("État", cell, "state", "deployed") for cell in (
            "• déployée", "* Déployée", "- déployée", "\uf0b7\tdéployée", "« déployée »", '"déployée"', "(déployée)",
            "déployée.",
            "déployée…", "déployé·e", "d\u200déployée", "déploye\u0301e",
        )],
        ("État", "en_cours", "state", "ongoing"),
        ("Coût annuel", "- Moins de 1.000 €.", "yearly_cost", "lt1"),
        ("Coût annuel", "1-10", "yearly_cost", "1-10"),
        ("Cité par l’enquête", "oui.", "in_survey", True),
        ("Catégorie", "Soutien à l´économie locale", "category.slug", "economie-locale"),
        # Nothing to say
        *[("Service porteur", cell, "carrying_service", "") for cell in (
            "NC", "nc", "N/C", "n/a", "N.A.", "NA", "-", "--", "–", "/", "...", "?", "sans objet", "Sans objet.", "s/o",
            "néant", "Néant", "non concerné", "Non renseigné", "non renseignée", "ne sait pas", "(néant)", "NaN",
        )],
        ("Début", "NC", "started", ""),
        ("Coût", "n/a", "investment_cost", ""),
        ("Délai", "-", "lead_time", ""),
        ("Agents mobilisés", "NC", "staff_count", None),
        ("Accord de diffusion le", "sans objet", "licence_agreed_on", None),
        ("Adresse de la source", "-", "source_url", ""),
        ("État", "?", "state", "unknown"),
        ("Publics visés", "néant", "audiences.count", 0),
        ("Chiffres clés", "NC", "key_figures.count", 0),
        ("Solution", "-", "solution", ""),
        ("Solution", "Néant", "solution", "Néant"),
        ("Points de vigilance", "NC", "caveats", "NC"),
        ("Partenaires", "CAF ; NC ; La Poste | -", "partners", "CAF ; NC ; La Poste"),
        ("Partenaires", "CAF ; - ; La Poste", "partners", "CAF\nLa Poste"),
        # Lists
        ("Partenaires", "La Poste, agence de Beauvais ; Emmaüs Connect\nCAF;CAF", "partners",
         "La Poste, agence de Beauvais\nEmmaüs Connect\nCAF"),
        ("Partenaires", "La Poste ; Beauvais|Emmaüs ¦ Connect", "partners", "La Poste ; Beauvais\nEmmaüs | Connect"),
        # Contact
        ("Courriel", "camille@prive.example", "declarant_email", "camille@prive.example"),
        ("Déclarant", "Camille Confidentielle", "declarant_name", "Camille Confidentielle"),
    ],
    ids=str,
)  # fmt: skip
def test_cell_gives_value(heading, cell, field, value):
    initiative = imported(row(**{heading: cell}))
    for name in field.split("."):
        initiative = getattr(initiative, name)
    assert (initiative() if callable(initiative) else initiative) == value


@pytest.mark.parametrize(
    "yes", ["oui", "Oui", "O", "yes", "VRAI", "true", True, 1, 1.0, "x", "X", "✓", "✔", "✔️", "☑", "☒", "✅"]
)
def test_yes(yes):
    assert imported(row(**{"Cité par l’enquête": yes}), origin="public_source").in_survey


@pytest.mark.parametrize("no", ["non", "N", "no", "FAUX", False, 0, "", None, "☐", "✗", "✘"])
def test_no(no):
    assert not imported(row(**{"Cité par l’enquête": no}), origin="public_source").in_survey


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("cell", "themes"),
    [
        ("santé publique", ["santé publique"]),
        ("Numérique éducatif|sante-publique", ["numérique éducatif", "santé publique"]),
        ("Accès aux droits et à l'aide sociale ; inclusion numérique",
         ["accès aux droits et à l’aide sociale", "inclusion numérique"]),
        ("culture, sports et loisirs\nsanté publique", ["santé publique", "culture, sports et loisirs"]),
        ("inclusion numérique, santé publique", ["inclusion numérique", "santé publique"]),
        ("", []),
    ],
    ids=str,
)  # fmt: skip
def test_themes(cell, themes):
    initiative = imported(row(Thèmes=cell))
    assert [theme.name for theme in initiative.themes.order_by("position")] == themes
    assert (" sant " in initiative.search_text) == ("santé publique" in themes)


def test_sign_that_a_name_has_itself_says_nothing_beside_it():
    for slug, name in (("rd", "R&D"), ("autre", "autre ?"), ("titulaires", "agents [titulaires]")):
        Audience.objects.create(slug=slug, name=name, position=99)
    cell = "r&d ; Autre ? ; • Agents [titulaires]"
    assert imported(row(**{"Publics visés": cell})).audiences.count() == 3
    assert len(messages(row(Titre="B", **{"Publics visés": "habitants ?"}))) == 1
    assert len(messages(row(Titre="B", **{"Publics visés": "agents [ ] titulaires"}))) == 1


def test_list_that_is_pasted_with_its_bullets():
    initiative = imported(row(**{"Publics visés": "• habitants\n* Élus\n- agents\n– seniors\n▪\tfamilles"}))
    assert {one.name for one in initiative.audiences.all()} == {"habitants", "élus", "agents", "seniors", "familles"}


@pytest.mark.both_databases
def test_audiences():
    initiative = imported(row(**{"Publics visés": "Habitants ; eleves et etudiants"}))
    assert {audience.name for audience in initiative.audiences.all()} == {"habitants", "élèves et étudiants"}


@pytest.mark.parametrize(
    ("cells", "tools"),
    [
        ({"Outils": "Zoom|Jitsi"}, {"Zoom": "unknown", "Jitsi": "unknown"}),
        ({"Outils": "Zoom, Suite Google (Docs, Drive)"}, {"Zoom": "unknown", "Suite Google (Docs, Drive)": "unknown"}),
        ({"Outils": "Jitsi", "Logiciel libre": "oui"}, {"Jitsi": "yes"}),
        ({"Outils": "Zoom", "Logiciel libre": "non"}, {"Zoom": "no"}),
        ({"Outils": "Zoom", "Logiciel libre": "ne sait pas"}, {"Zoom": "unknown"}),
        ({"Outils": "Jitsi", "Logiciel libre": "☑"}, {"Jitsi": "yes"}),
        ({"Outils": "Zoom", "Logiciel libre": "☐"}, {"Zoom": "no"}),
        ({"Outils": "Zoom", "Logiciel libre": "?"}, {"Zoom": "unknown"}),
        ({"Outils": "Zoom", "Logiciel libre": "-"}, {"Zoom": "unknown"}),
        ({"Outils": "C#|Notepad++", "Outils libres": "notepad++"}, {"C#": "unknown", "Notepad++": "yes"}),
        ({"Outils": "Zoom|Jitsi", "Outils libres": "jitsi", "Logiciel libre": "true"},
         {"Zoom": "unknown", "Jitsi": "yes"}),
    ],
    ids=str,
)  # fmt: skip
def test_tools(cells, tools):
    initiative = imported(row(**cells))
    assert dict(initiative.tools.values_list("name", "open_source")) == tools
    assert initiative.uses_open_source == ("yes" in tools.values())


@pytest.mark.parametrize(
    ("cells", "said", "is_used"),
    [
        ({"Logiciel libre": "Oui"}, "yes", True),
        ({"Outils": "", "Logiciel libre": "✓"}, "yes", True),
        ({"Logiciel libre": "non"}, "no", False),
        ({"Logiciel libre": "ne sait pas"}, "", False),
        ({"Outils": "Zoom", "Logiciel libre": "oui"}, "", True),
        ({"Outils": "Zoom", "Initiative libre": "oui"}, "yes", True),
        ({"Outils": "Zoom", "Logiciel libre": "non", "Initiative libre": "oui"}, "yes", True),
    ],
    ids=str,
)
def test_free_software_is_said_of_the_whole_where_no_tool_is_named(cells, said, is_used):
    initiative = imported(row(**cells))
    assert (initiative.open_source, initiative.uses_open_source) == (said, is_used)
    assert load(row(**cells)).kinds == ["unchanged"]


def test_free_software_of_tools_that_are_wrong_is_one_fault():
    assert len(messages(row(Outils="Zoom", **{"Logiciel libre": "peut-être"}))) == 1
    assert len(messages(row(**{"Logiciel libre": "peut-être"}))) == 1


@pytest.mark.parametrize(
    ("cells", "links"),
    [
        ({"Liens": "https://example.org/a"}, {"example.org": "https://example.org/a"}),
        ({"Liens": "Le projet : https://www.example.org/a?b=1;c ; Http://autre.example"},
         {"Le projet": "https://www.example.org/a?b=1;c", "autre.example": "http://autre.example"}),
        ({"Liens": "https://example.org/a|https://example.org/b", "Intitulés des liens": "Un|Deux"},
         {"Un": "https://example.org/a", "Deux": "https://example.org/b"}),
    ],
    ids=str,
)  # fmt: skip
def test_links(cells, links):
    assert dict(imported(row(**cells)).links.values_list("label", "url")) == links


@pytest.mark.both_databases
def test_entry_that_inspired_it_is_named_by_its_reference():
    model = factories.published()
    load(row(**{"S’inspire de": model.reference}))
    assert Initiative.objects.get(title="Vélos en libre-service").inspired_by == model


# The territory


@pytest.fixture
def namesakes():
    seine = factories.department(code="93", name="Seine-Saint-Denis", region="Île-de-France", region_code="11")
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    factories.town(name="Saint-Denis", insee_code="93066", department=seine, postal_codes="93200|93210")
    factories.town(name="Saint-Denis", insee_code="01344", department=ain)
    factories.town(name="Ambérieu-en-Bugey", insee_code="01004", department=ain)
    factories.intercommunality(name="CA du Beauvaisis", siren="200067999")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Code INSEE": 1004}, "01004"),
        ({"Code INSEE": 60057.0}, "60057"),
        ({"Code INSEE": "1004.0"}, "01004"),
        ({"SIREN": "200067999.0"}, "200067999"),
        ({"Code INSEE": "60057", "Commune": "BEAUVAIS", "Département": "60 - Oise"}, "60057"),
        ({"SIREN": 200067999}, "200067999"),
        ({"SIREN": "200 067 999"}, "200067999"),
        ({"Commune": "beauvais"}, "60057"),
        ({"Ville": "\u200bBeauvais\xa0"}, "60057"),
        ({"Commune": "Saint Denis", "Département": 1}, "01344"),
        ({"Commune": "Saint Denis", "Département": "Seine-St-Denis"}, "93066"),
        ({"Commune": "Saint-Denis", "Code postal": 93210}, "93066"),
        ({"Collectivité": "Communauté d'agglomération du Beauvaisis"}, "200067999"),
        ({"EPCI": "CA du Beauvaisis"}, "200067999"),
        # A commune that also says its EPCI, or its own SIREN, is a commune still
        ({"Commune": "Beauvais", "EPCI": "CA du Beauvaisis", "SIREN": "216000562"}, "60057"),
        ({"Code INSEE": "60057", "SIREN": "200067999"}, "60057"),
        # The SIREN of its town hall tells it from its homonyms
        ({"Commune": "Saint-Denis", "SIREN": "929 939 411"}, "93066"),
        ({"Type de collectivité": "commune", "SIREN": "21600056200012"}, "60057"),
        ({"Commune": "Beauvais", "EPCI": "CA du Beauvaisis", "Type de collectivité": "Intercommunalité"}, "200067999"),
        # The headings of our own exports, and those of the fixture
        ({"territoire_type": "ville", "territoire_code": "60057", "territoire_nom": "Beauvais",
          "departement_code": "60", "departement_nom": "Oise", "epci_siren": "200067999",
          "epci_nom": "CA du Beauvaisis"}, "60057"),
        ({"territory_kind": "intercommunality", "territory_code": "200067999", "territory_name": "Agglo"}, "200067999"),
    ],
    ids=str,
)  # fmt: skip
def test_territory(namesakes, cells, code):
    assert imported({"Titre": "A", "Catégorie": "cohesion-sociale"} | cells).territory.pk == code


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"Commune": "Saint-Denis"},
         "Ligne 2, colonne « Commune », valeur « Saint-Denis » : Plusieurs collectivités s’appellent « Saint-Denis » :"
         " précisez le département ou le code. Peut-être « Saint-Denis (01) », « Saint-Denis (93) » ?"),
        ({"Commune": "Bauvais", "Département": "60"},
         "Ligne 2, colonne « Commune », valeur « Bauvais » : Aucune commune ne s’appelle « Bauvais » dans le"
         " département Oise (60). Peut-être « Beauvais (60) » ?"),
        ({"Commune": "Beauvais", "Département": "Ouaze"},
         "Ligne 2, colonne « Département », valeur « Ouaze » : « Ouaze » n’est pas un département : écrivez son numéro"
         " ou son nom."),
        ({"Code INSEE": "", "Commune": None},
         "Ligne 2, colonne « Commune » : Indiquez la collectivité : son code, ou son nom et son département."),
        ({"Type": "", "Type de territoire": "Planète", "Commune": "Beauvais"},
         "Ligne 2, colonne « Type de territoire », valeur « Planète » : Écrivez « commune » ou « intercommunalité »."),
        ({"Commune": "x" * 300},
         f"Ligne 2, colonne « Commune », valeur « {'x' * 80}… » :"
         " Ce texte est trop long pour nommer une collectivité."),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_territory_that_cannot_be_known(namesakes, cells, fault):
    assert messages({"Titre": "A", "Catégorie": "cohesion-sociale"} | cells) == [fault]


@pytest.mark.both_databases
def test_proposed_territories_are_answers(namesakes):
    faults = load({"Commune": "Saint-Denis", "Titre": "A", "Catégorie": "cohesion-sociale"}).faults
    assert faults[0].suggestions == ("Saint-Denis (01)", "Saint-Denis (93)")
    assert (
        imported({"Commune": faults[0].suggestions[1], "Titre": "A", "Catégorie": "cohesion-sociale"}).territory_id
        == "93066"
    )


# Faults of a row


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"Titre": ""}, "colonne « Titre » : Cette cellule est obligatoire."),
        ({"Titre": " \u200b\n"}, "colonne « Titre » : Cette cellule est obligatoire."),
        ({"Titre": "t" * 121}, "Ce titre dépasse 120 caractères."),
        ({"Titre": "-"}, "colonne « Titre », valeur « - » : Cette cellule est obligatoire."),
        ({"Titre": "NC"}, "colonne « Titre », valeur « NC » : Cette cellule est obligatoire."),
        ({"Catégorie": None}, "colonne « Catégorie » : Cette cellule est obligatoire."),
        ({"Catégorie": "Cohésion social"},
         "colonne « Catégorie », valeur « Cohésion social » : « Cohésion social » est inconnu ; attendu :"
         " « Service public », « Économie locale », « Cohésion sociale »."),
        ({"Thèmes": "circuits courts"}, "« circuits courts » n’est pas un thème de la catégorie « Cohésion sociale »"),
        ({"Thèmes": "yoga"}, "« yoga » est inconnu ; attendu :"),
        ({"Thèmes": "santé publique|inclusion numérique|numérique éducatif|mobilisation des associations"},
         "Gardez 3 thèmes au plus : il y en a 4."),
        ({"Début": "au printemps"}, "colonne « Début », valeur « au printemps » : Écrivez une année (2020)"),
        ({"Début": "2020-13"}, "Écrivez une année"),
        ({"Début": "20/2020"}, "Écrivez une année"),
        ({"Début": 4392}, "valeur « 4392 » : Écrivez une année"),
        ({"Début": "1789"}, "Écrivez une année"),
        ({"Début": date(1, 1, 1)}, "Écrivez une année"),
        ({"Début": "2020-05", "Fin": "2020-04"}, "colonne « Fin », valeur « 2020-04 » : La fin ne peut pas précéder"),
        ({"État": "finie"}, "Attendu : « en projet », « en cours », « déployée », « arrêtée », « inconnu »."),
        ({"Coût annuel": "110 par agent"}, "Attendu : « aucun »"),
        ({"Coût annuel": datetime(2026, 10, 1)}, "Attendu : « aucun »"),
        ({"Accord de diffusion": "oui"}, "Écrivez le jour de cet accord"),
        ({"Cité par l’enquête": "peut-être"}, "Écrivez oui ou non."),
        ({"Courriel": "camille"}, "colonne « Courriel », valeur « camille » : Saisissez une adresse"),
        ({"Outils": "Zoom", "Outils libres": "Jitsi"}, "Nommez aussi ces outils"),
        ({"Outils": "Jitsi|Zoom", "Outils libres": "Jitsi|☐ Zoom"}, "Le signe « ☐ » peut changer le sens"),
        ({"Outils": "C#", "Outils libres": "C+"}, "Le signe « + »"),
        ({"Type de collectivité": "≠ commune"}, "Le signe « ≠ »"),
        ({"Outils": "o" * 121}, "dépasse 120 caractères"),
        ({"Partenaires": "p" * 1001}, "La liste a 1\u202f001\u00a0caractères, la limite est de 1\u202f000."),
        ({"Liens": "javascript:alert(1)"}, "Écrivez des adresses complètes"),
        ({"Liens": "www.ville.example"}, "Écrivez des adresses complètes"),
        ({"Liens": "https://e.org/1 et ailleurs"}, "Écrivez des adresses complètes"),
        ({"Outils": "|".join(f"Outil {n}" for n in range(21))}, "Il y en a 21 : gardez-en 20 au plus"),
        ({"Liens": "https://[oups"}, "n’est pas une adresse web"),
        ({"Liens": "|".join(f"https://e.org/{n}" for n in range(6))}, "Il y en a 6 : gardez-en 5 au plus"),
        ({"Liens": "https://e.org", "Intitulés des liens": "Un|Deux"}, "Il y a 1 liens et 2 intitulés."),
        ({"Adresse de la source": "ftp://e.org"}, "Écrivez une adresse complète"),
        ({"S’inspire de": "CS20-99999"}, "Aucune fiche n’a la référence « CS20-99999 »."),
        ({"Référence": "CS20-99999"}, "Aucune fiche n’a cette référence"),
        ({"Référence": "r" * 41}, "au plus 40 caractères"),
        ({"": "perdu"}, "« perdu » n’est sous aucun titre de colonne"),
        ({"Résumé": "#REF!"}, "La formule de cette cellule n’a pas de résultat"),
        ({"Code INSEE": "#N/A"}, "La formule de cette cellule n’a pas de résultat"),
        ({"Résumé": "é" * 20_000_000}, "au plus 500 caractères"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_cell_that_is_wrong(cells, fault):
    found = messages(row(**cells))
    assert len(found) == 1
    assert found[0].startswith("Ligne 2")
    assert fault in found[0]
    assert len(found[0]) < 800


@pytest.mark.both_databases
def test_all_faults_of_all_rows_are_told_at_once():
    result = load(
        row(Début="hier", Fin="demain", Catégorie="yoga", Thèmes="yoga", État="peut-être"),
        row(Titre="Autre"),
        row(Titre="", Début="2020"),
    )
    assert [(fault.line, fault.column) for fault in result.faults] == [
        (2, "Catégorie"),
        (2, "Thèmes"),
        (2, "État"),
        (2, "Début"),
        (2, "Fin"),
        (4, "Titre"),
    ]
    assert not Initiative.objects.exists()


@pytest.mark.both_databases
def test_suggestions_are_what_was_probably_meant():
    faults = load(row(Catégorie="Cohesion social", État="deployé")).faults
    assert [fault.suggestions for fault in faults] == [("Cohésion sociale",), ("déployée",)]


@pytest.mark.parametrize(
    ("heading", "cell", "field", "read"),
    [
        ("Catégorie", "SERVICES PUBLICS", "category", "Service public"),
        ("Catégorie", "economies locale", "category", "Économie locale"),
        ("Catégorie", "Soutien à l'économie locale", "category", "Économie locale"),
        ("Thèmes", "Inclusion numériques", "themes", "inclusion numérique"),
        ("Publics visés", "Senior ; HABITANT", "audiences", "seniors|habitants"),
        ("État", "Déployées", "state", "déployée"),
        ("État", "• déployée", "state", "déployée"),
        ("Coût", "MOIN DE 1000 €", "investment_cost", "moins de 1 000 €"),
        ("Coût annuel", "aucuns", "yearly_cost", "aucun"),
        ("Délai", "quelque semaine", "lead_time", "quelques semaines"),
    ],
)
def test_what_is_otherwise_written_is_read_and_listed(heading, cell, field, read):
    [judged] = load(row(**{heading: cell}), dry_run=True).rows
    assert judged.kind == "new"
    others = [one for one in judged.corrected if one["field"] != field]
    assert [one for one in judged.corrected if one not in others] == [{"field": field, "from": cell, "to": read}]


def test_what_is_written_as_we_write_it_is_no_correction():
    cells = {
        "État": "déployée",
        "Coût": "lt1",
        "Délai": "3 mois",
        "Thèmes": "santé publique",
        "Catégorie": "cohesion-sociale",
    }
    [judged] = load(row(**cells), dry_run=True).rows
    assert judged.corrected == []


LONG_TITLE = "Des tablettes prêtées aux familles sans ordinateur, " * 3 + "avec une aide"
CUT_TITLE = f"{'Des tablettes prêtées aux familles sans ordinateur, ' * 2}Des tablettes…"


@pytest.mark.parametrize(("title", "cut"), [(LONG_TITLE, CUT_TITLE), ("t" * 121, f"{'t' * 119}…")])
def test_long_title_is_proposed_cut_at_a_word(title, cut):
    [fault] = load(row(Titre=title)).faults
    assert fault.suggestions == (cut,)
    assert len(cut) <= 120


@pytest.mark.parametrize(
    ("cells", "summary"),
    [
        ({}, LONG_TITLE),
        ({"Résumé": ""}, LONG_TITLE),
        ({"Résumé": "NC"}, LONG_TITLE),
        ({"Résumé": "Un prêt."}, "Un prêt."),
    ],
)
def test_title_that_was_cut_is_kept_whole_in_a_summary_that_is_empty(cells, summary):
    assert imported(row(Titre=CorrectedCell.of(CUT_TITLE, LONG_TITLE), **cells)).summary == summary


@pytest.mark.parametrize("heading", sorted(set(LABELS.values()) - {"Version de la fiche"}))
@pytest.mark.parametrize(
    "cell",
    [
        "#REF!",
        "#REF !",
        "#VALEUR !",
        "#NOM ?",
        "#DIV/0 !",
        "#N/D",
        "#ERROR!",
        "#SPILL!",
        "Loading...",
        "Err:502",
        "#FORMULE!",
    ],
)
def test_formula_without_a_result_is_a_fault_in_every_column(heading, cell):
    cells = {"Outils": "Jitsi", "Liens": "https://e.org"} | {heading: cell}
    found = load(row(**cells)).faults
    assert [(fault.column, "La formule de cette cellule n’a pas de résultat" in fault.message) for fault in found] == [
        (heading, True)
    ]


@pytest.mark.parametrize(
    ("heading", "cell", "proposed"),
    [
        ("Titre", "Ã‰picerie numÃ©rique", ("Épicerie numérique",)),
        ("Solution", "Lâ€™été Ã vélo", ("L’été à vélo",)),
        ("Résumé", "Lâ€™Ã©tÃ© Ã  vÃ©lo", ("L’été à vélo",)),
        ("Commune", "CompiÃ¨gne", ("Compiègne",)),
        ("Titre", "\ufffdpicerie num\ufffdrique", ()),
        ("Partenaires", "SociÃ©tÃ© gÃ©nÃ©rale", ("Société générale",)),
    ],
)
def test_spoilt_accents_are_a_fault_with_what_was_meant(heading, cell, proposed):
    found = load(row(**{heading: cell})).faults
    assert [(fault.column, fault.suggestions) for fault in found] == [(heading, proposed)]


def test_line_is_that_of_the_file():
    table = sheet(row(), row(Titre=""))
    table.lines = [7, 12]
    assert [fault.line for fault in imports.load(table).faults] == [12]


# Which entry a row is


@pytest.mark.both_databases
def test_same_territory_and_title_is_the_same_entry():
    draft = imported(row(Titre="L’été à vélo"))
    result = load(row(Titre="L'ETE à vélo", Résumé="Deux roues."))
    draft.refresh_from_db()
    assert (result.kinds, draft.title, draft.summary) == (["changed"], "L'ETE à vélo", "Deux roues.")


@pytest.mark.both_databases
def test_reference_names_the_entry_whatever_the_title():
    draft = imported(row())
    load(row(Référence=draft.reference, Titre="Un autre titre"))
    assert Initiative.objects.get().title == "Un autre titre"


@pytest.mark.both_databases
def test_entry_that_is_known_by_its_title_keeps_its_reference_where_the_cell_is_empty():
    draft = imported(row())
    result = load(row(Référence=""), row(Titre="Autre", Référence="R-1"))
    assert (result.kinds, result.faults) == (["unchanged", "new"], [])
    assert Initiative.objects.get(pk=draft.pk).reference == draft.reference


@pytest.mark.both_databases
def test_file_of_corrections_needs_no_other_column_than_the_reference():
    draft = imported(row(Résumé="Avant."))
    load({"Référence": draft.reference, "Résumé": "Après."})
    draft.refresh_from_db()
    assert (draft.summary, draft.title) == ("Après.", "Vélos en libre-service")
    assert messages({"Référence": "", "Résumé": "Nouveau."}) == [
        "Ligne 2, colonne « Collectivité » : Il manque cette colonne : la ligne est une fiche nouvelle.",
        "Ligne 2, colonne « Titre » : Il manque cette colonne : la ligne est une fiche nouvelle.",
        "Ligne 2, colonne « Catégorie » : Il manque cette colonne : la ligne est une fiche nouvelle.",
    ]


@pytest.mark.both_databases
def test_answers_keep_the_number_that_the_survey_gave_them():
    assert imported(row(Référence="R-017")).reference == "R-017"


@pytest.mark.both_databases
def test_same_title_elsewhere_is_another_entry():
    factories.town(name="Creil", insee_code="60175")
    load(row(), row(**{"Code INSEE": "60175"}))
    assert Initiative.objects.count() == 2


@pytest.mark.both_databases
def test_same_entry_twice_in_one_file_is_a_fault_of_the_second_row():
    twice = "Ligne 3, colonne « Titre », valeur « VELOS en libre service » : C’est la même fiche qu’à la ligne 2."
    assert messages(row(), row(Titre="VELOS en libre service")) == [twice]
    draft = imported(row())
    assert messages(row(Référence=draft.reference), row(Titre="VELOS en libre service", Référence="")) == [twice]


@pytest.mark.both_databases
def test_same_reference_twice_is_a_fault_of_the_second_reference():
    assert messages(row(Référence="R-1"), row(Référence="R-1", Titre="Autre")) == [
        "Ligne 3, colonne « Référence », valeur « R-1 » : C’est la même fiche qu’à la ligne 2."
    ]
    draft = imported(row())
    assert messages(row(Référence=""), row(Référence=draft.reference, Titre="Autre")) == [
        f"Ligne 3, colonne « Référence », valeur « {draft.reference} » : C’est la même fiche qu’à la ligne 2."
    ]


@pytest.mark.both_databases
def test_title_of_two_entries_does_not_tell_which(beauvais):
    for _ in range(2):
        factories.draft(territory=beauvais, title="Vélos en libre-service")
    assert messages(row()) == [
        "Ligne 2, colonne « Titre », valeur « Vélos en libre-service » :"
        " Plusieurs fiches de cette collectivité ont ce titre : indiquez la référence."
    ]


# What changes, and what does not


FULL = {
    "Thèmes": "santé publique|inclusion numérique",
    "Publics visés": "habitants",
    "Début": "avril 2020",
    "Fin": "2021",
    "Outils": "Zoom|Jitsi",
    "Outils libres": "Jitsi",
    "Liens": "Un : https://e.org/1|Deux : https://e.org/2",
    "Partenaires": "CAF ; La Poste",
    "Accord de diffusion": "15/01/2021",
    "Coût": "aucun",
    "Solution": "Une\r\nsolution.",
}


@pytest.mark.both_databases
def test_second_import_of_the_same_file_writes_nothing():
    initiative = imported(row(**FULL))
    rows = list(initiative.tools.values_list("pk", "name")), list(initiative.links.values_list("pk", "label"))
    result = load(row(**FULL))
    assert (result.kinds, result.rows[0].previous, result.faults) == (["unchanged"], {}, [])
    assert (list(initiative.tools.values_list("pk", "name")), list(initiative.links.values_list("pk", "label"))) == rows


@pytest.mark.both_databases
def test_preview_tells_each_change_and_makes_none():
    imported(row(**FULL))
    changed = FULL | {
        "Thèmes": "santé publique",
        "Outils": "Zoom",
        "Outils libres": "",
        "Début": "2020",
        "Résumé": "Oh.",
    }
    result = load(row(**changed), dry_run=True)
    judged = result.rows[0]
    assert {name: (before, judged.values.get(name, "")) for name, before in judged.previous.items()} == {
        "resume": ("", "Oh."),
        "themes": ("inclusion numérique|santé publique", "santé publique"),
        "debut": ("2020-04", "2020"),
        "outils": ("Zoom|Jitsi", "Zoom"),
        "outils_libres": ("Jitsi", ""),
    }
    initiative = Initiative.objects.get()
    assert (initiative.summary, initiative.themes.count(), initiative.tools.count()) == ("", 2, 2)


@pytest.mark.both_databases
def test_tool_that_stays_keeps_what_is_known_of_it():
    initiative = imported(row(Outils="Zoom|Jitsi", **{"Outils libres": "Jitsi"}))
    load(row(Outils="Moodle|Jitsi"))
    assert dict(initiative.tools.values_list("name", "open_source")) == {"Moodle": "unknown", "Jitsi": "yes"}


@pytest.mark.both_databases
def test_column_that_the_file_has_not_stays_and_an_empty_cell_empties():
    initiative = imported(row(**FULL))
    load(row(Partenaires=""))
    initiative.refresh_from_db()
    assert (initiative.partners, initiative.started, initiative.tools.count()) == ("", "2020-04", 2)


@pytest.mark.both_databases
def test_what_follows_from_the_rows_follows_once():
    with CaptureQueriesContext(connection) as queries:
        load(*[row(Titre=f"Vélo {number}", Outils="Zoom|Jitsi") for number in range(3)])
    written = [query["sql"] for query in queries if "UPDATE" in query["sql"] and '"search_text" = ' in query["sql"]]
    assert len(written) == 1


@pytest.mark.both_databases
def test_what_staff_know_of_a_tool_is_not_lost_to_a_file_that_does_not_say():
    initiative = imported(row(Outils="Jitsi"))
    initiative.tools.update(open_source="yes")
    assert load(row(**{"Outils": "Jitsi", "Logiciel libre": "unknown"})).kinds == ["unchanged"]


@pytest.mark.both_databases
def test_changed_entry_keeps_its_status_and_moves_no_content_version(beauvais):
    submitted = factories.submitted(territory=beauvais, title="Vélos en libre-service")
    before = ContentVersion.current().number
    load(row(Résumé="Relu."))
    submitted.refresh_from_db()
    assert (submitted.status, submitted.summary) == ("submitted", "Relu.")
    assert ContentVersion.current().number == before


@pytest.mark.both_databases
class TestPublishedEntry:
    @pytest.fixture
    def published(self, beauvais):
        return factories.published(
            territory=beauvais,
            title="Vélos en libre-service",
            summary="Avant.",
            category=factories.category(slug="cohesion-sociale"),
        )

    def test_is_skipped_by_a_row_that_says_the_same(self, published):
        before = ContentVersion.current().number
        result = load(row(Résumé="Avant."))
        assert (result.kinds, result.faults) == (["unchanged"], [])
        assert ContentVersion.current().number == before

    def test_is_not_changed_and_each_difference_is_a_fault(self, published):
        assert messages(row(Résumé="Après.", Outils="Zoom")) == [
            "Ligne 2, colonne « Résumé », valeur « Après. » : Cette fiche est déjà publiée, et dit « Avant. » :"
            " un import ne change pas ce que le public lit. Corrigez la fiche elle-même.",
            "Ligne 2, colonne « Outils », valeur « Zoom » : Cette fiche est déjà publiée, et dit «  » :"
            " un import ne change pas ce que le public lit. Corrigez la fiche elle-même.",
        ]
        published.refresh_from_db()
        assert (published.summary, published.tools.count()) == ("Avant.", 0)

    def test_keeps_the_other_rows_out_too(self, published):
        assert len(messages(row(Résumé="Après."), row(Titre="Nouvelle"))) == 1


@pytest.mark.both_databases
def test_one_fault_and_no_row_is_kept():
    before = ContentVersion.current().number
    assert len(messages(row(), row(Titre="Autre", Outils="Zoom"), row(Titre=""))) == 1
    assert ContentVersion.current().number == before
    assert not Initiative.objects.exists()


# What makes a pattern try each place of a cell again and again

LONG = 100_000
SLOW = {
    "blanks": "a" + " " * LONG + "b",
    "boxes": "(" * LONG,
    "letters": "a" * LONG,
    "commas": "a," * (LONG // 2),
    "lines": "a\n" * (LONG // 2),
    "dots": "a · " * (LONG // 4),
    "dots and blanks": "a ·" + " " * LONG + "b",
    "colons": "1 :" + " " * LONG + "\x0b",
    "digits": "1" * LONG,
    "dashes": "- " * (LONG // 2),
}


@pytest.mark.parametrize("kind", SLOW)
def test_long_cell_costs_no_more_than_its_length_explains(kind):
    """The same in all columns; where each place is tried from each, it takes minutes."""
    columns = InitiativeResource().fields.values()
    headings = {part: LABELS[part] for column in columns for part in column.parts}
    begun = time.process_time()
    for column in columns:
        column.match(headings)
        with suppress(CellError):
            column.read(dict.fromkeys(headings.values(), SLOW[kind]), values={})
    assert time.process_time() - begun < 10


def test_tool_that_is_told_twice_is_told_once():
    names = "Jitsi|jitsi|Zoom|R|R"
    assert [tool.name for tool in imported(row(Outils=names)).tools.order_by("pk")] == ["Jitsi", "Zoom", "R"]


def test_links_of_one_host_are_an_entry_that_the_form_takes():
    """Their label is the host where they have none."""
    entry = imported(row(Liens="https://a.fr/1|https://a.fr/2"))
    rows = [[link.label, link.url] for link in entry.links.order_by("pk")]
    assert RowsField("links").clean(rows) == [["a.fr", "https://a.fr/1"], ["a.fr", "https://a.fr/2"]]
