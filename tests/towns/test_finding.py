"""Finding a territory by what a person types: the autocompletion and the search of the admin."""

import pytest

from tests.support import factories
from towns.models import Department, Intercommunality, Region, Town

pytestmark = pytest.mark.both_databases


@pytest.fixture
def towns():
    oise = factories.department(code="60", name="Oise")
    pas_de_calais = factories.department(code="62", name="Pas-de-Calais")
    corsica = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
    paris = factories.department(code="75", name="Paris", region="Île-de-France", region_code="11")
    facts = [
        ("60057", "Beauvais", oise, 56605, "60000"),
        ("60058", "Beauvoir", oise, 250, "60120"),
        ("60029", "Auneuil", oise, 3000, "60390"),
        ("60001", "Le Beauvillage", oise, None, ""),
        ("62119", "Béthune", pas_de_calais, 25000, "62400"),
        ("62605", "Nœux-les-Mines", pas_de_calais, 11000, "62290"),
        ("2A004", "Ajaccio", corsica, 71000, "20000|20090|20167"),
        ("75056", "Paris", paris, 2100000, "75001|75002|75116"),
    ]
    for code, name, department, population, postal_codes in facts:
        factories.town(
            insee_code=code, name=name, department=department, population=population, postal_codes=postal_codes
        )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("beauv", ["Beauvais", "Beauvoir", "Le Beauvillage"]),
        ("BEAUVAIS", ["Beauvais"]),
        ("60057", ["Beauvais"]),
        ("6005", ["Beauvais", "Beauvoir"]),
        ("60000", ["Beauvais"]),
        ("60 000", ["Beauvais"]),
        ("20090", ["Ajaccio"]),
        ("2a004", ["Ajaccio"]),
        ("2A", ["Ajaccio"]),
        ("75116", ["Paris"]),
        ("Béthune", ["Béthune"]),
        ("bethune", ["Béthune"]),
        ("Béthune (62)", ["Béthune"]),
        ("62", ["Béthune", "Nœux-les-Mines"]),
        ("noeux", ["Nœux-les-Mines"]),
        ("nœux les m", ["Nœux-les-Mines"]),
        ("mines", ["Nœux-les-Mines"]),
        ("le beauvi", ["Le Beauvillage"]),
        ("beauvais 62", []),
        ("uvais", []),
        ("", []),
        ("%", []),
        ("_eauvais", []),
        ("beauvais'; --", ["Beauvais"]),
        ("\x00🏛 ", []),
        ("x" * 500, []),
        (" ".join("abcdefghijklmnopqrstuvwxyz0123456789" * 20), []),
    ],
)
def test_town_is_found_by_the_beginnings_of_its_words_and_by_its_codes(towns, typed, found):
    assert [town.name for town in Town.objects.found_by(typed).by_relevance(typed)] == found


def test_closest_name_comes_first_then_the_largest_and_former_towns_last():
    facts = {
        "Saint-Denis": 150000,
        "Sérifontaine-Saint": 900000,
        "Saint-Denis-le-Petit": 300,
        "Saint-Denis-le-Grand": 3000,
    }
    for name, population in facts.items():
        factories.town(name=name, population=population)
    factories.town(name="Saint-Denis-Ancien", population=10**6, is_former=True)
    for typed in ("saint-denis", "St Denis", "SAINT DENIS 60"):
        assert [town.name for town in Town.objects.found_by(typed).by_relevance(typed)] == [
            "Saint-Denis",
            "Saint-Denis-le-Grand",
            "Saint-Denis-le-Petit",
            "Saint-Denis-Ancien",
        ]
    assert Town.objects.found_by("saint").by_relevance("saint").first().name == "Saint-Denis"
    assert not Town.objects.current().filter(name="Saint-Denis-Ancien").exists()


@pytest.mark.parametrize(
    "typed",
    [
        "beauvaisis",
        "CA du Beauv",
        "communauté d’agglomération du beauvaisis",
        "200067999",
        "200 067 999",
        "2000679",
        "60",
    ],
)
def test_intercommunality_is_found_with_or_without_its_kind(typed):
    factories.intercommunality(name="CA du Beauvaisis", siren="200067999")
    factories.intercommunality(
        name="CC du Pays de Bray",
        siren="246000129",
        department=factories.department(code="76", name="Seine-Maritime"),
    )
    assert [epci.name for epci in Intercommunality.objects.found_by(typed)] == ["CA du Beauvaisis"]


def test_region_and_departement_are_found_by_name_and_code():
    reunion = factories.department(code="974", name="La Réunion", region="La Réunion", region_code="04")
    factories.department(
        code="04", name="Alpes-de-Haute-Provence", region="Provence-Alpes-Côte d'Azur", region_code="93"
    )
    assert list(Department.objects.found_by("réunion")) == [reunion]
    assert list(Department.objects.found_by("974")) == [reunion]
    assert list(Region.objects.found_by("04")) == [reunion.region]
    assert Region.objects.found_by("azur").get().code == "93"
