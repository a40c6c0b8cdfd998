"""Territories that are no more lead to what has taken their place, in a sentence, and never by themselves."""

import pytest
from django.core.management import call_command

from tests.support import factories
from towns import successors
from towns.gazetteer import Gazetteer, UnknownPlace
from towns.models import Intercommunality, Town

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def places(kept_rows):
    with kept_rows():
        savoie = factories.department(code="74", name="Haute-Savoie", region="Auvergne-Rhône-Alpes", region_code="84")
        seine = factories.department(code="93", name="Seine-Saint-Denis", region="Île-de-France", region_code="11")
        essonne = factories.department(code="91", name="Essonne", region="Île-de-France", region_code="11")
        yonne = factories.department(code="89", name="Yonne", region="Bourgogne", region_code="27")
        moselle = factories.department(code="54", name="Meurthe-et-Moselle", region="Grand Est", region_code="44")
        jura = factories.department(code="39", name="Jura", region="Bourgogne", region_code="27")
        for name, code, department, population in [
            ("Annecy", "74010", savoie, 132_000),
            ("Saint-Denis", "93066", seine, 150_000),
            ("Saint-Ouen-sur-Seine", "93070", seine, 53_000),
            ("Paris", "75056", factories.department(code="75", name="Paris"), 2_100_000),
            ("Lyon", "69123", factories.department(code="69", name="Rhône"), 520_000),
            ("Évry", "89162", yonne, 400),
            ("Évry-Courcouronnes", "91228", essonne, 66_000),
            ("Longwy", "54323", moselle, 15_000),
        ]:
            factories.town(name=name, insee_code=code, department=department, population=population)
        factories.intercommunality(name="CA Grand Longwy", siren="245400262", department=moselle, population=60_000)
        Town.objects.filter(pk="93070").update(postal_codes="93400")
        for number, department in enumerate((yonne, jura)):
            factories.town(name="Saint-Ouen", insee_code=f"3999{number}", department=department, postal_codes="39999")
        factories.intercommunality(name="CC Terre d'Émeraude Communauté", siren="200090579", department=jura)
        yield


@pytest.mark.parametrize(
    ("said", "about", "message", "candidates"),
    [
        ({"code": "74011"}, "code", "Annecy-le-Vieux (74011) a rejoint Annecy (74), 74010.", ["74010"]),
        ({"code": "74011.0"}, "code", "Annecy-le-Vieux (74011) a rejoint Annecy (74), 74010.", ["74010"]),
        ({"code": "93059", "name": "Pierrefitte-sur-Seine"}, "code", "a rejoint Saint-Denis (93)", ["93066"]),
        ({"code": "75112", "name": "Paris 12e"}, "code",
         "Paris 12e Arrondissement (75112) est un arrondissement de Paris (75), 75056.", ["75056"]),
        ({"code": "243900412"}, "code", "CC Jura Sud (243900412) a fait place à CC Terre d'Émeraude", ["200090579"]),
        ({"name": "Annecy-le-Vieux"}, "name", "a rejoint Annecy (74)", ["74010"]),
        ({"name": "Annecy le vieux (74)"}, "name", "a rejoint Annecy (74)", ["74010"]),
        ({"name": "Lyon 3e"}, "name", "Lyon 3e Arrondissement (69383) est un arrondissement de Lyon", ["69123"]),
        ({"name": "Lyon 3ème arrondissement"}, "name", "est un arrondissement de Lyon", ["69123"]),
        ({"name": "Paris 1er"}, "name", "est un arrondissement de Paris", ["75056"]),
        ({"name": "Paris 12"}, "name", "est un arrondissement de Paris", ["75056"]),
        ({"name": "CC Jura Sud"}, "name", "a fait place à", ["200090579"]),
        ({"name": "CA de Longwy"}, "name", "est l’ancien nom de", ["245400262"]),
        ({"name": "Saint-Ouen", "department": "93"}, "name",
         "« Saint-Ouen » est l’ancien nom de Saint-Ouen-sur-Seine (93), 93070.", ["93070"]),
        ({"name": "Saint-Ouen, 93"}, "name", "est l’ancien nom de", ["93070"]),
        ({"name": "Saint-Ouen (Seine-Saint-Denis)"}, "name", "est l’ancien nom de", ["93070"]),
        ({"name": "Saint-Ouen", "postal_code": "93400"}, "name", "est l’ancien nom de", ["93070"]),
        ({"name": "93400 Saint-Ouen"}, "name", "est l’ancien nom de", ["93070"]),
        # The homonym of another département is never proposed against the one that is said.
        ({"name": "Évry", "department": "91"}, "name", "Évry (78228) a rejoint Évry-Courcouronnes (91)", ["91228"]),
        ({"name": "Évry"}, "name", "Plusieurs collectivités s’appellent « Évry »", ["89162", "91228"]),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("is_read_ahead", [True, False], ids=["read ahead", "asked"])
def test_former_territory_leads_to_its_successor(places, said, about, message, candidates, is_read_ahead):
    gazetteer = Gazetteer()
    if is_read_ahead:
        gazetteer.read(codes=[said.get("code", "")], names=[said.get("name", "")])
    with pytest.raises(UnknownPlace) as unknown:
        gazetteer.find(**said)
    assert message in str(unknown.value)
    assert (unknown.value.about, [one.pk for one in unknown.value.candidates]) == (about, candidates)


@pytest.mark.parametrize(
    "said",
    [
        {"code": "93066", "name": "Pierrefitte-sur-Seine"},
        {"code": "74010", "name": "Annecy-le-Vieux"},
        {"code": "75056", "name": "Paris 12e"},
        {"code": "91228", "name": "Évry"},
        {"code": "93070", "name": "Saint-Ouen", "department": "93"},
        {"name": "Évry", "department": "89"},
        {"name": "Longwy"},
    ],
    ids=str,
)
def test_successor_that_was_taken_stands_beside_the_former_name(places, said):
    code = {"Évry": "89162", "Longwy": "54323"}.get(said["name"])
    assert Gazetteer().find(**said).pk == said.get("code", code)


def test_each_successor_is_a_territory_of_the_vintage():
    call_command("load_territories", verbosity=0)
    codes = {*Town.objects.values_list("pk", flat=True), *Intercommunality.objects.values_list("pk", flat=True)}
    found = [one for rows in map(successors.of_name, ("Évry", "Annecy-le-Vieux", "Lyon 3e")) for one in rows]
    assert len(found) == 3
    rows = successors._rows("former.csv")
    assert len(rows) > 4_900
    assert {successor for *_, successor in rows} <= codes
    assert not {code for code, _, successor in rows if code != successor} & codes
    assert set(successors._sirens().values()) <= codes
