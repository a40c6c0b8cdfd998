"""Which column is which field: headings as people write them, missing, unknown, twice, or mapped by hand."""

import pytest

from initiatives.exports.columns import COLUMNS
from initiatives.imports.column_matching import Match, match
from initiatives.imports.file_headings import Headings
from initiatives.imports.headings import DERIVED, HEADINGS, LABELS, key
from initiatives.imports.readers.tables import Table
from initiatives.imports.resources import InitiativeResource
from initiatives.models import Initiative
from tests.support import factories, imports


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Résumé", "summary"),
        ("RESUME", "summary"),
        (" résumé * ", "summary"),
        ("Début (AAAA-MM)", "started"),
        ("Coût d'investissement", "investment_cost"),
        ("cout_investissement", "investment_cost"),
        ("Commune", "town_name"),
        ("Ville", "town_name"),
        ("code_insee", "insee_code"),
        ("Code INSEE", "insee_code"),
        ("Code postal", "postal_code"),
        ("N° SIREN", "siren"),
        ("SIREN", "siren"),
        ("Département", "department"),
        ("Points de vigilance\n(difficultés)", "caveats"),
        ("E-mail", "declarant_email"),
        ("territory_kind", "territory_kind"),
        ("open_source", "tools_open_source"),
        ("Open source", "tools_open_source"),
        ("initiative_libre", "open_source"),
        ("Catégorie (une seule réponse)", "category"),
        ("Publics visés / bénéficiaires", "audiences"),
        # Questions, as forms ask them
        ("Quelle est votre commune ?", "town_name"),
        ("Titre de votre initiative", "title"),
        ("Dans quel champ d’action ?", "category"),
        ("Quels publics ? (plusieurs réponses possibles)", "audiences"),
        ("Quel est le coût de votre projet ?", "investment_cost"),
        ("Logiciel libre", "tools_open_source"),
        ("Votre logiciel est-il libre ?", "tools_open_source"),
        ("Q1. Quelle est votre commune ? *", "town_name"),
        ("G01Q02. Titre", "title"),
        ("commune. Quelle est votre commune ?", "town_name"),
        ("V3_Titre", "title"),
        ("Titre de votre initiative [Réponse libre]", "title"),
        # What stands between brackets tells which part it is
        ("Commune (Code INSEE)", "insee_code"),
        ("Commune (Code)", "insee_code"),
        ("Commune (Département)", "department"),
        ("EPCI (Code)", "siren"),
        ("Code INSEE (from Commune)", "insee_code"),
        ("Nom (from Communes)", "town_name"),
        ("Coût (fonctionnement)", "yearly_cost"),
        ("Établissement SIRET", "siren"),
        ("Dossier ID", "reference"),
        # Either of two
        ("Commune / EPCI", "territory_name"),
        ("Ville ou agglo", "territory_name"),
        ("Collectivité (commune ou EPCI)", "territory_name"),
        ("Code INSEE / SIREN", "territory_code"),
        ("Nom du projet", "title"),
        ("Intitulé de l’action", "title"),
        ("Thème 2", "themes"),
        ("", ""),
        ("()", ""),
    ],
)
def test_heading_names_field(heading, field):
    found = match(heading)
    assert (found.field, found.is_sure) == (field, bool(field))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Porteur", "carrying_service"),
        # May be a person, and the service is public
        ("Contact", "declarant_name"),
        ("À qui s’adresse votre projet ?", "audiences"),
        ("Quels ont été les principaux freins rencontrés ?", "caveats"),
        ("Quelle commune représentez-vous ?", "town_name"),
        # Whether, not what
        ("Avez-vous un site internet ?", "links"),
        # A title, or all of it
        ("Votre projet", "title"),
        # Those of a grant are towns
        ("Bénéficiaire", "audiences"),
        ("Nature de l’action", "territory_kind"),
        ("Description (besoin)", "summary"),
        ("Identité [Courriel]", "declarant_email"),
        ("Ville / Département", "territory_name"),
        ("Titre 2", "title"),
        ("Comune", "town_name"),
        ("Catgorie", "category"),
        ("cout_total_ht", "investment_cost"),
        ("Email du contact", "declarant_email"),
        ("Nom du contact", "declarant_name"),
    ],
)
def test_heading_that_may_name_a_field_is_asked(heading, field):
    assert match(heading) == Match(field, is_sure=False)


@pytest.mark.parametrize(
    ("heading", "field", "option"),
    [
        ("Publics visés [Seniors]", "audiences", "Seniors"),
        ("Publics visés : Seniors", "audiences", "Seniors"),
        ("Publics visés / Seniors", "audiences", "Seniors"),
        ("Publics visés – Personnes âgées", "audiences", "Personnes âgées"),
        ("publics[SQ001]. Quels publics ? [Seniors]", "audiences", "Seniors"),
        ("Outils [Jitsi]", "tools", "Jitsi"),
        ("État [Déployée]", "state", "Déployée"),
    ],
)
def test_column_of_one_option(heading, field, option):
    assert match(heading) == Match(field, is_sure=True, option=option)


@pytest.mark.parametrize(
    "heading",
    ["Remarques", "Humeur", "Date de naissance", "Nature du sol", "Avez-vous des enfants ?", "Téléphone du contact"],
)
def test_heading_that_is_nothing_of_ours(heading):
    assert match(heading) == Match()


@pytest.mark.parametrize(
    "heading", ["Statut", "Région", "Commune (Région)", "Titre [Score]", "Points – Titre", "G3Q2 Temps"]
)
def test_column_that_follows_from_others(heading):
    assert match(heading) == Match(is_aside=True)


@pytest.mark.parametrize(
    "tools",
    [
        "ID de la réponse · Date de soumission · Dernière page · Langue de départ · Tête de série · Date de lancement",
        "ID · Déposé le · Traité le · Instructeurs · Établissement code INSEE localité · Entreprise date de création",
        "N° de réponse · CLE · DATE_SAISIE · DATE_ENREG · DATE_MODIF · TEMPS_SAISIE · PROGRESSION",
    ],
)
def test_columns_that_a_survey_tool_makes_for_itself_are_none_of_ours(tools):
    """« Date de lancement » is when somebody began to answer LimeSurvey, and that of the project elsewhere."""
    reference, *own = tools.split(" · ")
    found = Headings.of([reference, *own, "Titre"])
    assert (found.derived, found.unsure, found.unknown) == (own, [], [])
    assert found.found == {"reference": reference, "title": "Titre"}
    assert Headings.of(["Date de lancement", "Titre"]).found["started"] == "Date de lancement"


def test_no_heading_names_two_fields():
    fields = {}
    for name, headings in HEADINGS.items():
        for heading in headings.split(" · "):
            assert fields.setdefault(key(heading), name) == name, heading
    assert len(fields) > 100


def test_every_field_of_the_resource_has_a_heading_and_every_heading_a_field():
    parts = {part for column in InitiativeResource.fields.values() for part in column.parts}
    # The version is no field: it says what the row is compared with.
    assert parts | {"version"} == HEADINGS.keys() == LABELS.keys()


def test_resource_holds_the_record_and_never_the_system():
    columns = {column.attribute for column in InitiativeResource.fields.values()}
    system = {"status", "slug", "survey", "origin", "internal_note", "verified_on", "review_message"}
    assert not columns & system
    stored = {field.name for field in Initiative._meta.get_fields() if field.concrete and field.editable}
    read = columns - {"tools", "links"}
    assert stored - read == {"id", "slug", "uses_open_source", "survey", "origin", "verified_on", "internal_note"}


def test_every_column_of_our_exports_is_known():
    for column in COLUMNS:
        for heading in (column.name, column.heading):
            assert match(heading).is_sure or key(heading) in DERIVED, heading


def load(headings: list[str], *cells, **options) -> imports.Loaded:
    return imports.load(Table(list(cells), headers=headings), **options)


@pytest.fixture(autouse=True)
def beauvais():
    return factories.town(name="Beauvais", insee_code="60057")


def test_unknown_headings_are_reported_and_do_no_harm():
    result = load(
        ["Titre", "Humeur", "Commune", "Catégorie", "Région", "Humeur"],
        "A",
        "1",
        "Beauvais",
        "cohesion-sociale",
        "?",
        "2",
    )
    assert result.faults == []
    assert result.preview.headings.unknown == ["Humeur", "Humeur"]
    assert result.preview.headings.derived == ["Région"]
    assert result.preview.headings.found == {"title": "Titre", "town_name": "Commune", "category": "Catégorie"}


@pytest.mark.parametrize(
    ("headings", "fault"),
    [
        (["Titre", "Commune"], "Il manque une colonne : Catégorie."),
        (["Résumé"], "Il manque des colonnes : Titre ; Catégorie ; Commune (ou Code INSEE, Collectivité, SIREN…)."),
        (
            ["Titre", "Catégorie", "Département"],
            "Il manque une colonne : Commune (ou Code INSEE, Collectivité, SIREN…).",
        ),
        (
            ["Titre", "Catégorie", "Ville", "Commune"],
            "Les colonnes « Ville » et « Commune » disent la même chose : gardez-en une.",
        ),
        (
            ["Titre", "Titre", "Catégorie", "Ville"],
            "Les colonnes « Titre » et « Titre » disent la même chose : gardez-en une.",
        ),
    ],
)
def test_file_whose_headings_are_wrong_is_one_fault_and_no_row(headings, fault):
    result = load(headings, *["Beauvais"] * len(headings))
    assert [(str(found), found.line) for found in result.faults] == [(fault, None)]
    assert not Initiative.objects.exists()


def test_headings_are_mapped_by_hand_where_they_cannot_be_guessed():
    headings = ["Quoi ?", "Où ?", "Commune", "Catégorie"]
    mapping = {"Quoi ?": "title", "Où ?": "town_name", "Commune": None}
    result = load(headings, "Vélos", "Beauvais", "Bâle", "cohesion-sociale", mapping=mapping)
    assert (result.faults, result.preview.headings.unknown) == ([], [])
    assert Initiative.objects.get().title == "Vélos"


def test_without_a_survey_nothing_can_be_imported():
    factories.Survey.objects.all().delete()
    result = load(["Titre", "Commune", "Catégorie"], "A", "Beauvais", "cohesion-sociale")
    assert [str(fault) for fault in result.faults] == ["Créez d’abord l’enquête dont ces fiches viennent."]


def test_headings_of_one_file_are_not_those_of_the_next():
    load(["Titre", "Commune", "Catégorie"], "A", "Beauvais", "cohesion-sociale")
    result = load(["title", "INSEE", "category"], "B", "60057", "x")
    assert [str(fault)[:40] for fault in result.faults] == ["Ligne 2, colonne « category », valeur « "]
    assert Headings.of(["Titre"]).found == {"title": "Titre"}
