"""One vintage after another: what is new, what changed, what disappeared, and what stays for ever."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from initiatives.models import ContentVersion, Initiative
from tests.support import factories
from tests.support.vintages import ALLONNE, BEAUVAIS, BEAUVAISIS, OISE, write
from towns.models import Department, Intercommunality, Region, Town, territories_changed

pytestmark = pytest.mark.both_databases

LILLE = ("59350", "Lille", "59", 236710, "", "59000|59160|59260|59777|59800", 3.05, 50.63)
NORD = ("59", "Nord", "32", "metro")
BRAY = ("246000129", "CC du Pays de Bray", "CC", "60", 18000, 23)


@pytest.fixture
def load(tmp_path):
    """Load a small vintage; return the counts that the command prints."""

    def load_vintage(**files):
        out = StringIO()
        call_command("load_territories", write(tmp_path, **files), stdout=out)
        line = out.getvalue()
        assert re.fullmatch(r"Territories: ([\d,]+ [a-z]+(, |\.\n)){5}", line)
        counts = {act: int(number.replace(",", "")) for number, act in re.findall(r"([\d,]+) ([a-z]+)", line)}
        return {act: number for act, number in counts.items() if number}

    return load_vintage


def test_first_vintage_fills_the_tables(load):
    assert load() == {"created": 5}
    beauvais = Town.objects.get(pk="60057")
    assert beauvais.name == "Beauvais"
    assert beauvais.slug == "beauvais-60"
    assert beauvais.sort_key == "beauvais"
    assert beauvais.department.region.name == "Hauts-de-France"
    assert beauvais.intercommunality.name == "CA du Beauvaisis"
    assert (beauvais.population, beauvais.postal_codes) == (56605, "60000")
    assert (beauvais.longitude, beauvais.latitude) == (2.09, 49.43)
    epci = Intercommunality.objects.get()
    assert (epci.slug, epci.sort_key, epci.population) == ("ca-du-beauvaisis-60", "beauvaisis", 104000)
    assert Region.objects.get().sort_key == "hauts de france"
    assert Department.objects.get().sort_key == "oise"


def test_intercommunality_stands_where_its_most_populated_commune_does(load):
    load(
        intercommunalities=[BEAUVAISIS, BRAY],
        towns=[
            ("60001", "Petite", "60", 900, "200067999", "", 1, 41),
            ("60002", "Grande", "60", 5000, "200067999", "", 2, 42),
            ("60003", "Aussi grande", "60", 5000, "200067999", "", 3, 43),
            ("60004", "Inconnue", "60", "", "200067999", "", 4, 44),
            ("60005", "Sans point", "60", 9000, "200067999", "", "", ""),
            ("60006", "Sans intercommunalité", "60", 9000, "", "", 6, 46),
        ],
    )
    points = dict(Intercommunality.objects.values_list("pk", "longitude"))
    assert points == {"200067999": 2, BRAY[0]: None}


def test_empty_cells_are_unknown_and_spaces_around_a_cell_do_not_count(load):
    load(towns=[("98901", " Île de  Clipperton ", " 60", "", "", "", "", "")])
    clipperton = Town.objects.get()
    assert clipperton.name == "Île de Clipperton"
    assert (clipperton.population, clipperton.intercommunality, clipperton.longitude) == (None, None, None)
    assert clipperton.postal_codes == ""


def test_same_vintage_again_writes_nothing(load, django_assert_num_queries):
    load()
    # A savepoint and its release, a read of each table, the slugs of two.
    with django_assert_num_queries(8) as queries:
        assert load() == {"unchanged": 5}
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_later_vintage_updates_all_but_the_slugs(load):
    load()
    changed = load(
        regions=[("32", "Nord et Picardie", "metro")],
        departments=[OISE, ("59", "Nord", "32", "metro")],
        intercommunalities=[("200067999", "CA Beauvais Agglo", "CU", "59", 105000, 53), BRAY],
        towns=[
            ("60057", "Beauvais-la-Neuve", "60", 57000, "246000129", "60000|60001", 2.1, 49.4),
            ("60009", "Allonne", "60", "", "", "", "", ""),
        ],
    )
    assert changed == {"created": 2, "updated": 4, "unchanged": 1}
    beauvais, allonne = Town.objects.get(pk="60057"), Town.objects.get(pk="60009")
    assert beauvais.name == "Beauvais-la-Neuve"
    assert beauvais.sort_key == "beauvais la neuve"
    assert beauvais.slug == "beauvais-60"
    assert beauvais.intercommunality_id == "246000129"
    assert (beauvais.population, beauvais.postal_codes) == (57000, "60000|60001")
    assert (beauvais.longitude, beauvais.latitude) == (2.1, 49.4)
    assert (allonne.population, allonne.intercommunality, allonne.latitude) == (None, None, None)
    epci = Intercommunality.objects.get(pk="200067999")
    assert (epci.name, epci.kind, epci.department_id) == ("CA Beauvais Agglo", "CU", "59")
    assert (epci.slug, epci.sort_key) == ("ca-du-beauvaisis-60", "beauvais agglo")
    assert Region.objects.get().name == "Nord et Picardie"


def test_territory_that_disappears_is_deleted(load):
    load(departments=[OISE, NORD], towns=[BEAUVAIS, ALLONNE, LILLE], intercommunalities=[BEAUVAISIS, BRAY])
    assert load(towns=[BEAUVAIS]) == {"unchanged": 4, "removed": 4}
    assert Town.objects.get().name == "Beauvais"
    assert Intercommunality.objects.get().name == "CA du Beauvaisis"
    assert Department.objects.get().name == "Oise"


def test_territory_that_disappears_stays_as_former_when_something_refers_to_it(load):
    load(departments=[OISE, NORD], towns=[BEAUVAIS, ALLONNE, LILLE], intercommunalities=[BEAUVAISIS, BRAY])
    of_town = factories.published(territory=Town.objects.get(pk="59350"))
    of_epci = factories.published(territory=Intercommunality.objects.get(pk="246000129"))
    later = {"towns": [BEAUVAIS]}
    assert load(**later) == {"unchanged": 4, "former": 2, "removed": 1}
    lille, bray = Town.objects.get(pk="59350"), Intercommunality.objects.get(pk="246000129")
    assert lille.is_former
    assert bray.is_former
    assert lille.department.name == "Nord"
    assert list(Town.objects.current()) == [Town.objects.get(pk="60057")]
    assert load(**later) == {"unchanged": 4}
    assert Initiative.objects.published().count() == 2
    # It goes when nothing needs it any more, and the département with it.
    of_town.delete()
    of_epci.delete()
    assert load(**later) == {"unchanged": 4, "removed": 3}


def test_former_territory_that_comes_back_is_current_again_at_its_old_address(load):
    load()
    factories.published(territory=Town.objects.get(pk="60009"))
    load(towns=[BEAUVAIS])
    renamed = ("60009", "Allonne-en-Beauvaisis", *ALLONNE[2:])
    assert load(towns=[BEAUVAIS, renamed]) == {"updated": 1, "unchanged": 4}
    allonne = Town.objects.get(pk="60009")
    assert not allonne.is_former
    assert (allonne.name, allonne.slug) == ("Allonne-en-Beauvaisis", "allonne-60")


def test_many_disappear_and_only_those_referred_to_stay(load):
    towns = [(f"60{number:03d}", f"Commune {number}", "60", 100, "", "", "", "") for number in range(100, 140)]
    load(towns=[BEAUVAIS, *towns])
    cited = {"60100", "60117", "60118", "60139"}
    for code in cited:
        factories.draft(territory=Town.objects.get(pk=code))
    assert load(towns=[BEAUVAIS]) == {"unchanged": 4, "former": 4, "removed": 36}
    assert set(Town.objects.filter(is_former=True).values_list("pk", flat=True)) == cited


def test_members_of_an_epci_that_disappears_follow_the_vintage(load):
    load(intercommunalities=[BEAUVAISIS, BRAY], towns=[(*BEAUVAIS[:4], "246000129", *BEAUVAIS[5:]), ALLONNE])
    load()
    assert Town.objects.get(pk="60057").intercommunality.name == "CA du Beauvaisis"


def test_two_communes_exchange_their_names(load):
    load()
    swapped = [("60057", "Allonne", *BEAUVAIS[2:]), ("60009", "Beauvais", *ALLONNE[2:])]
    assert load(towns=swapped) == {"updated": 2, "unchanged": 3}
    assert Town.objects.get(pk="60057").name == "Allonne"
    assert Town.objects.get(pk="60057").slug == "beauvais-60"


def test_new_commune_takes_over_the_name_and_the_address_of_one_that_is_gone(load):
    load()
    successor = ("60999", "Beauvais", *BEAUVAIS[2:])
    load(towns=[successor, ALLONNE])
    assert Town.objects.get(name="Beauvais").slug == "beauvais-60"


def test_new_commune_leaves_its_address_to_a_former_one_of_the_same_name(load):
    load()
    factories.published(territory=Town.objects.get(pk="60057"))
    load(towns=[("60999", "Beauvais", *BEAUVAIS[2:]), ALLONNE])
    assert Town.objects.get(pk="60057").slug == "beauvais-60"
    assert Town.objects.get(pk="60999").slug == "beauvais-60-60999"


def test_slugs_are_unique_over_communes_and_epci_and_the_commune_has_the_plain_one(load):
    load(
        towns=[BEAUVAIS, ("60701", "Val Fleuri", *ALLONNE[2:]), ("60702", "Val-Fleuri", *ALLONNE[2:])],
        intercommunalities=[
            ("200067999", "Beauvais", "METRO", "60", 1, 1),
            ("200000001", "CC Val Fleuri", "CC", "60", 1, 1),
            ("200000002", "CC Val-Fleuri", "CC", "60", 1, 1),
        ],
    )
    assert dict(Town.objects.values_list("pk", "slug")) == {
        "60057": "beauvais-60",
        "60701": "val-fleuri-60",
        "60702": "val-fleuri-60-60702",
    }
    assert dict(Intercommunality.objects.values_list("pk", "slug")) == {
        "200067999": "beauvais-60-200067999",
        "200000001": "cc-val-fleuri-60",
        "200000002": "cc-val-fleuri-60-200000002",
    }


def test_upper_apps_hear_of_a_change_and_of_nothing_else(load):
    heard = []

    def listen(**kwargs):
        heard.append(Town.objects.count())

    territories_changed.connect(listen)
    try:
        load()
        load()
        load(towns=[BEAUVAIS])
    finally:
        territories_changed.disconnect(listen)
    assert heard == [2, 1]


def test_entries_follow_the_names_of_their_territories(load):
    load()
    initiative = factories.published(territory=Town.objects.get(pk="60057"))
    version = ContentVersion.current().number
    load(towns=[("60057", "Ratumagos", *BEAUVAIS[2:]), ALLONNE])
    initiative.refresh_from_db()
    assert " ratumago " in initiative.search_text
    assert ContentVersion.current().number > version


def test_quiet_command_prints_nothing(tmp_path, capsys):
    call_command("load_territories", write(tmp_path), verbosity=0)
    assert capsys.readouterr().out == ""
    assert Town.objects.exists()
