"""Which territory is meant by what people write, and what they are told when it cannot be known."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import factories
from towns.gazetteer import Gazetteer, UnknownPlace
from towns.models import Intercommunality, Town
from towns.names import sort_key

pytestmark = pytest.mark.both_databases
properties = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def found_by(**said) -> str | None:
    """The code of the territory that is found, None where none is."""
    try:
        return Gazetteer().find(**said).pk
    except UnknownPlace:
        return None


@pytest.fixture(scope="module")
def places(kept_rows):
    """A few départements, with homonyms and the names that trip people up."""
    with kept_rows():
        oise = factories.department()
        alpes = factories.department(code="04", name="Alpes-de-Haute-Provence", region="Provence", region_code="93")
        seine = factories.department(code="93", name="Seine-Saint-Denis", region="Île-de-France", region_code="11")
        corse = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
        sarthe = factories.department(code="72", name="Sarthe", region="Pays de la Loire", region_code="52")
        reunion = factories.department(code="974", name="La Réunion", region="La Réunion", region_code="04")
        for name, code, department, population, postal_codes in [
            ("Beauvais", "60057", oise, 56000, "60000"),
            ("Saint-Denis", "93066", seine, 150000, "93200|93210"),
            ("Saint-Denis", "97411", reunion, 153000, "97400"),
            ("Digne-les-Bains", "04070", alpes, 16000, "04000"),
            # Where the dot of 4070.0 would lead, were it dropped
            ("Ronno", "40700", sarthe, 600, "69550"),
            ("Ajaccio", "2A004", corse, 73000, "20000|20090"),
            ("Le Mans", "72181", sarthe, 145000, "72000"),
            ("L'Île-Saint-Denis", "93039", seine, 8000, "93450"),
            ("Chaumont", "60143", oise, 3000, "60240"),
        ]:
            factories.town(
                name=name, insee_code=code, department=department, population=population, postal_codes=postal_codes
            )
        factories.intercommunality(name="CA du Beauvaisis", siren="200067999", department=oise)
        factories.intercommunality(name="CA de Chaumont", siren="200000001", department=oise)
        yield


def with_all_read_ahead(said: dict) -> Gazetteer:
    """One that was told, before it is asked, what a whole file says."""
    gazetteer = Gazetteer()
    gazetteer.read(codes=["72181", said.get("code", "")], names=["Le Mans", said.get("name", "")])
    return gazetteer


@pytest.fixture(params=["asked", "read ahead"])
def gazetteer(request):
    """What makes the one to ask, given what it will be asked."""
    return with_all_read_ahead if request.param == "read ahead" else lambda said: Gazetteer()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"code": "60057"}, "60057"),
        ({"code": "4070"}, "04070"),
        ({"code": "2a004"}, "2A004"),
        # What software makes of a code that it took for a number
        ({"code": "4070.0"}, "04070"),
        ({"code": "4070,0"}, "04070"),
        ({"code": "04070.00"}, "04070"),
        ({"code": "60057.0", "name": "Beauvais", "department": "60.0"}, "60057"),
        ({"code": "60057,000"}, "60057"),
        ({"code": "60.057"}, "60057"),
        ({"code": "4.070"}, "04070"),
        ({"code": "200067999.0"}, "200067999"),
        ({"code": "200067999,0"}, "200067999"),
        ({"code": "200.067.999"}, "200067999"),
        ({"code": "20006799900012.0"}, "200067999"),
        ({"name": "Digne-les-Bains", "department": "4.0"}, "04070"),
        ({"name": "Saint-Denis", "postal_code": "93210.0"}, "93066"),
        ({"code": "60 057"}, "60057"),
        ({"code": " 4 070 "}, "04070"),
        ({"code": "2A 004"}, "2A004"),
        ({"code": "200\u202f067\xa0999"}, "200067999"),
        ({"code": "200 067 999 00012"}, "200067999"),
        ({"code": "200 067 999"}, "200067999"),
        ({"code": "20006799900012"}, "200067999"),
        ({"code": "60057", "name": "beauvais", "department": "60"}, "60057"),
        ({"code": "60057", "name": "Beauvais-Tillé"}, "60057"),
        ({"name": "BEAUVAIS"}, "60057"),
        ({"name": "Ville de Beauvais"}, "60057"),
        ({"name": "Mairie d'Ajaccio"}, "2A004"),
        ({"name": "mans"}, "72181"),
        ({"name": "Ville du Mans"}, "72181"),
        ({"name": "ile saint denis"}, "93039"),
        ({"name": "St-Denis", "department": "93"}, "93066"),
        ({"name": "Saint-Denis", "department": "Seine Saint Denis"}, "93066"),
        ({"name": "Saint-Denis", "department": "la reunion"}, "97411"),
        ({"name": "Saint-Denis (974)"}, "97411"),
        ({"name": "Saint-Denis - 93"}, "93066"),
        ({"name": "Saint-Denis, 93"}, "93066"),
        ({"name": "Saint-Denis (93200)"}, "93066"),
        ({"name": "97400 Saint-Denis"}, "97411"),
        ({"name": "Saint-Denis 93210"}, "93066"),
        # Of its town hall
        ({"code": "216000562"}, "60057"),
        ({"code": "216 000 562 00012"}, "60057"),
        ({"code": "216000562", "name": "Beauvais"}, "60057"),
        ({"code": "929939411", "name": "Pierrefitte-sur-Seine"}, "93066"),
        ({"name": "Saint-Denis", "postal_code": "93210"}, "93066"),
        ({"name": "Saint-Denis (93)", "department": "93"}, "93066"),
        ({"name": "Saint-Denis (93)", "code": "93066"}, "93066"),
        ({"name": "Beauvais (60)", "code": "200067999"}, "200067999"),
        ({"name": "CA du Beauvaisis (60)", "department": "80"}, "200067999"),
        ({"name": "Digne-les-Bains", "department": "4"}, "04070"),
        ({"name": "Digne les Bains", "department": "04 - Alpes-de-Haute-Provence"}, "04070"),
        ({"name": "Digne les Bains", "department": "04-Alpes-de-Haute-Provence"}, "04070"),
        ({"name": "Digne les Bains", "department": "04 Alpes"}, "04070"),
        ({"name": "Digne les Bains", "department": "04 (04)"}, "04070"),
        ({"name": "Digne les Bains", "department": "Alpes-de-Haute-Provence (04)"}, "04070"),
        ({"name": "Communauté d’agglomération du Beauvaisis"}, "200067999"),
        ({"name": "CA du Beauvaisis", "department": "80"}, "200067999"),
        ({"name": "Chaumont"}, "60143"),
        ({"name": "Saint-Denis (La Réunion)"}, "97411"),
        ({"name": "SAINT DENIS, SEINE-SAINT-DENIS"}, "93066"),
        ({"name": "Le Mans (Sarthe)", "code": "72181"}, "72181"),
        # Of companies, and of a town that delivers to its neighbours
        ({"name": "Beauvais", "postal_code": "60021"}, "60057"),
        ({"name": "Le Mans (72)", "postal_code": "60000"}, "72181"),
        ({"name": "Chaumont", "kind": Intercommunality}, "200000001"),
    ],
    ids=str,
)
def test_place_that_is_meant(places, gazetteer, said, code):
    factories.department(code="80", name="Somme")
    assert gazetteer(said).find(**said).pk == code


@pytest.mark.parametrize(
    ("said", "about", "message", "candidates"),
    [
        ({"name": "Saint-Denis"}, "name", "précisez le département", ["97411", "93066"]),
        ({"name": "Saint-Denis", "department": "60"}, "name", "dans le département Oise", ["97411", "93066"]),
        ({"name": "Saint-Denis, Oise"}, "name", "dans le département Oise", ["97411", "93066"]),
        ({"name": "Beauvais", "postal_code": "59000"}, "name", "n’a pas le code postal 59000", ["60057"]),
        ({"name": "Beauvais (59000)"}, "name", "n’a pas le code postal 59000", ["60057"]),
        ({"name": "Bauvais"}, "name", "Aucune collectivité ne s’appelle « Bauvais »", ["60057", "200067999"]),
        ({"name": "CA de Beauvais"}, "name", "Aucune collectivité", ["200067999"]),
        ({"name": "Bauvais", "kind": Intercommunality}, "name", "Aucune intercommunalité", ["200067999"]),
        ({"code": "60057", "name": "Le Manss"}, "name", "pas de « Le Manss »", ["60057", "72181"]),
        ({"name": "Saint"}, "name", "Aucune", ["97411", "93066", "93039"]),
        ({"name": "日本"}, "name", "Aucune", []),
        ({"code": "60000"}, "code", "c’est un code postal", ["60057"]),
        ({"code": "99999"}, "code", "Aucune commune n’a le code INSEE 99999", []),
        ({"code": "123456789"}, "code", "Aucune intercommunalité", []),
        ({"code": "soixante"}, "code", "ni un code INSEE", []),
        *[
            ({"code": code} | beside, "code", "ni un code INSEE", [])
            for code in (
                "6005.7",
                "6005,7",
                "600.57",
                "6.0057",
                "60057.1",
                "6.0057E4",
                "2A004.0",
                "60057.0.0",
                "2000679.99",
                "4070-0",
                "4070 0",
                "4070 - 0",
                "4070 00",
                "407-00",
                "60-057",
                "2A-004",
                "-4070",
            )
            for beside in ({}, {"name": "Le Mans"})
        ],
        ({"name": "Saint-Denis", "department": "93.5"}, "department", "n’est pas un département", []),
        *[
            ({"name": "Digne-les-Bains", "department": written}, "department", "n’est pas un département", [])
            for written in ("4,2", "4-0", "4 0", "4 - 0", "4/0", "4.0.0", "4 2", "04, 93")
        ],
        ({"code": "60057", "kind": Intercommunality}, "code", "est une commune, pas une intercommunalité", []),
        (
            {"code": "60057", "name": "Le Mans"},
            "name",
            "est celui de Beauvais (60), pas de « Le Mans »",
            ["60057", "72181"],
        ),
        ({"code": "60057", "name": "CA du Beauvaisis"}, "name", "pas de « CA du Beauvaisis »", ["60057", "200067999"]),
        ({"code": "60057", "department": "93"}, "department", "n’est pas dans le département", ["60"]),
        (
            {"name": "Saint-Denis (93)", "department": "60"},
            "department",
            "Saint-Denis (93) n’est pas dans le département Oise (60).",
            ["93"],
        ),
        ({"name": "Saint-Denis (99)", "department": "93"}, "name", "« 99 » n’est pas un département", []),
        # What we propose names one territory: then it is the code that is wrong.
        (
            {"code": "60057", "name": "Le Mans (72)"},
            "code",
            "est celui de Beauvais (60), pas de « Le Mans (72) »",
            ["72181"],
        ),
        ({"code": "97411", "name": "Saint-Denis (93)"}, "code", "pas de « Saint-Denis (93) »", ["93066"]),
        ({"code": "60057", "name": "Beauvais (72)"}, "name", "pas de « Beauvais (72) »", ["60057"]),
        ({"code": "60057", "name": "Nulle-Part (60)"}, "name", "pas de « Nulle-Part (60) »", ["60057"]),
        ({"code": "200067999", "name": "Nulle-Part (60)"}, "name", "pas de « Nulle-Part (60) »", ["200067999"]),
        ({"name": "Beauvais", "department": "Oize"}, "department", "n’est pas un département", []),
        ({"name": ""}, "name", "Indiquez la collectivité", []),
    ],
    ids=str,
)
def test_place_that_cannot_be_known(places, gazetteer, said, about, message, candidates):
    with pytest.raises(UnknownPlace) as unknown:
        gazetteer(said).find(**said)
    assert message in str(unknown.value)
    assert (unknown.value.about, [one.pk for one in unknown.value.candidates]) == (about, candidates)


def test_former_commune_is_known_by_its_code_alone(places):
    former = factories.town(name="Vieux-Bourg", is_former=True)
    for name in ("", "Vieux-Bourg", "Vieux-Bourg (60)"):
        assert Gazetteer().find(code=former.pk, name=name) == former
    with pytest.raises(UnknownPlace):
        Gazetteer().find(name="Vieux-Bourg", kind=Town)


def test_places_of_many_rows_are_read_together(places, django_assert_max_num_queries):
    gazetteer, said = Gazetteer(), ["60057", "93066", "97411", "4070", "2A004", "72181", "200067999", "99999"]
    names = [
        "Beauvais",
        "Le Mans",
        "Ajaccio",
        "Mairie d’Ajaccio",
        "Digne-les-Bains (04)",
        "Ville de Saint-Denis - 93",
        "",
    ]
    with django_assert_max_num_queries(5):
        gazetteer.read(codes=said, names=names)
        gazetteer.read(codes=said, names=["Beauvais"])
        found = [gazetteer.find(code=code, name="") for code in said[:-1]]
        found += [gazetteer.find(name=name) for name in ("Beauvais", "Le Mans", "Mairie d’Ajaccio")]
        found += [
            gazetteer.find(code="4070", name="Digne-les-Bains (04)"),
            gazetteer.find(code="93066", name="Ville de Saint-Denis - 93"),
        ]
    assert len({one.pk for one in found}) == 7


def test_asked_again_it_asks_the_database_nothing(places, django_assert_num_queries):
    gazetteer = Gazetteer()
    gazetteer.find(code="60057")
    with django_assert_num_queries(0):
        gazetteer.find(code="60057")


WAYS = [str, float, "{}.0".format, "{},0".format, " {} ".format, lambda code: str(code).zfill(5), "{:,}".format]


@properties
@given(st.data())
def test_code_is_never_read_as_that_of_another_commune(places, data):
    """As software spoils it, or with a digit that is lost or changed: it is found by its own digits only."""
    town = data.draw(st.sampled_from(sorted(Town.objects.exclude(pk="2A004"), key=lambda one: one.pk)))
    written = str(data.draw(st.sampled_from(WAYS))(int(town.pk)))
    assert found_by(code=written) in (None, town.pk)
    at = data.draw(st.integers(0, len(written) - 1))
    spoilt = written[:at] + data.draw(st.sampled_from(["", *"0123456789"])) + written[at + 1 :]
    other = found_by(code=spoilt)
    assert other is None or other in re.sub(r"[.,]0*$", "", spoilt.strip()).replace(",", "").zfill(5)
    # Beside the name of its town, it is that one or a fault.
    assert found_by(code=spoilt, name=f"{town}") in (None, town.pk)


@properties
@given(st.data())
def test_name_is_never_read_as_that_of_another_commune(places, data):
    town = data.draw(st.sampled_from(sorted(Town.objects.all(), key=lambda one: one.pk)))
    at = data.draw(st.integers(0, len(town.name) - 1))
    spoilt = town.name[:at] + data.draw(st.sampled_from(["", *"aeinrs-' "])) + town.name[at + 1 :]
    found = found_by(name=spoilt, department=town.department_id)
    assert found is None or found == town.pk
    assert found is None or sort_key(spoilt) == town.sort_key
