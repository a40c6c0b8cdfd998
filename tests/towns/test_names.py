"""How names sort, are folded and become addresses."""

import pytest

from tests.support import factories
from towns.models import Department, Intercommunality, Town
from towns.names import epci_sort_key, fold, sort_key, territory_slugs

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Évreux", "evreux"),
        ("Le Havre", "havre"),
        ("La Réunion", "reunion"),
        ("Les Abymes", "abymes"),
        ("L'Haÿ-les-Roses", "hay les roses"),
        ("L’Île-d’Yeu", "ile d yeu"),
        ("Los Masos", "masos"),
        ("Laon", "laon"),
        ("Lesparre-Médoc", "lesparre medoc"),
        ("Levallois-Perret", "levallois perret"),
        ("Lansargues", "lansargues"),
        ("Las", "las"),
        ("La", "la"),
        ("Aux Marais", "aux marais"),
        ("Œuilly", "oeuilly"),
        ("OEuilly", "oeuilly"),
        ("Y", "y"),
        ("St-Ouen", "saint ouen"),
        ("Saint-Ouen", "saint ouen"),
        ("Ste Maxime", "sainte maxime"),
        ("Stains", "stains"),
        ("\x00", ""),
    ],
)
def test_name_sorts_by_its_words_without_its_article(name, key):
    assert sort_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("CA du Beauvaisis", "beauvaisis"),
        ("Communauté d’agglomération du Beauvaisis", "beauvaisis"),
        ("CC de l'Ouest Rhodanien", "ouest rhodanien"),
        ("CU d'Arras", "arras"),
        ("CU Le Havre Seine Métropole", "havre seine metropole"),
        ("CC Le Grésivaudan", "gresivaudan"),
        ("CC Desvres - Samer", "desvres samer"),
        ("CC Dunes", "dunes"),
        ("CC des 7 Vallées", "7 vallees"),
        ("Métropole de Lyon", "metropole de lyon"),
        ("Cap Excellence", "cap excellence"),
        ("CC", "cc"),
    ],
)
def test_epci_sorts_by_what_it_is_called_and_not_by_its_kind(name, key):
    assert epci_sort_key(name) == key


def test_fold_takes_accents_and_ligatures_away():
    assert fold("Œuvre d’Été, ÆGIR, ÿ ç ﬁ") == "oeuvre d'ete, aegir, y c fi"


@pytest.mark.parametrize(
    ("name", "department", "slug"),
    [
        ("Beauvais", "60", "beauvais-60"),
        ("L'Haÿ-les-Roses", "94", "l-hay-les-roses-94"),
        ("Ajaccio", "2A", "ajaccio-2a"),
        ("Œuilly", "02", "oeuilly-02"),
        ("CC Castillon/Pujols", "33", "cc-castillon-pujols-33"),
    ],
)
def test_slug_is_the_name_and_the_departement(name, department, slug):
    assert territory_slugs(name, department, "2A004") == (slug, f"{slug}-2a004")


def test_territories_sort_as_a_french_index_does():
    names = [
        "Zuydcoote",
        "Évreux",
        "Le Havre",
        "L'Haÿ-les-Roses",
        "Œuilly",
        "Étampes",
        "Eu",
        "Odomez",
        "Orly",
        "Hyères",
    ]
    for name in names:
        factories.town(name=name)
    assert [town.name for town in Town.objects.alphabetical()] == [
        "Étampes",
        "Eu",
        "Évreux",
        "Le Havre",
        "L'Haÿ-les-Roses",
        "Hyères",
        "Odomez",
        "Œuilly",
        "Orly",
        "Zuydcoote",
    ]


def test_departements_sort_as_a_french_index_does():
    for code, name in [("974", "La Réunion"), ("26", "Drôme"), ("91", "Essonne"), ("66", "Pyrénées-Orientales")]:
        factories.department(code=code, name=name)
    assert list(Department.objects.alphabetical().values_list("code", flat=True)) == ["26", "91", "66", "974"]


def test_two_territories_never_share_a_slug():
    town = factories.town(name="Val-Fleuri", insee_code="60700")
    twin = factories.town(name="Val Fleuri", insee_code="60701")
    epci = factories.intercommunality(name="Val Fleuri", siren="200000001")
    namesake = factories.intercommunality(name="Val Fleuri", siren="200000002")
    assert [place.slug for place in (town, twin, epci, namesake)] == [
        "val-fleuri-60",
        "val-fleuri-60-60701",
        "val-fleuri-60-200000001",
        "val-fleuri-60-200000002",
    ]


def test_slug_stays_when_the_name_changes():
    town = factories.town(name="Châlons-sur-Marne")
    town.name = "Châlons-en-Champagne"
    town.save()
    town.refresh_from_db()
    assert town.slug == "chalons-sur-marne-60"
    assert town.sort_key == "chalons en champagne"


def test_epci_is_named_in_full_where_its_kind_is_abbreviated():
    assert Intercommunality(name="CA Flers Agglo", kind="CA").full_name == "Communauté d’agglomération Flers Agglo"
    assert Intercommunality(name="CA Agglomération d'Agen", kind="CA").full_name == "Agglomération d'Agen"
    assert Intercommunality(name="Dijon Métropole", kind="METRO").full_name == "Dijon Métropole"
