"""Two surveys side by side: what is new, goes on and has stopped, as the open data of each gives it."""

import csv
import io
import re
from html import unescape

import pytest

from initiatives.figures import comparison as module
from initiatives.models import Survey
from tests.support import factories
from tests.support.exported import download, entries
from tests.support.figures import plain

pytestmark = pytest.mark.both_databases

FIRST = "numerique-et-gestion-de-crise-2020-2021"


@pytest.fixture
def second():
    return Survey.objects.create(title="Enquête 2026", slug="2026", prefix="E26", started_on="2026-01-01")


@pytest.fixture
def two(second):
    """Agen goes on with one theme and leaves another, Brive is gone, Caen is new; one entry belongs to no survey."""
    safety, remote = factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")
    agen, brive, caen = (factories.town(name=name) for name in ("Agen", "Brive", "Caen"))
    factories.published(territory=agen, themes=[safety, remote], in_survey=True)
    factories.published(territory=brive, themes=[remote], in_survey=True)
    for _ in range(2):
        factories.published(territory=agen, themes=[safety], in_survey=True, survey=second)
    factories.published(territory=caen, themes=[safety], in_survey=True, survey=second)
    factories.published(territory=brive, themes=[remote], in_survey=False, survey=second)
    factories.draft(territory=brive, themes=[remote], in_survey=True, survey=second)
    return second


def table(client, query: str = "") -> set[tuple[str, str, str]]:
    response = client.get(f"/chiffres/comparaison.csv{query}")
    assert response.status_code == 200
    rows = csv.DictReader(io.StringIO(response.content.decode(), newline=""))
    return {(row["territoire_nom"], row["theme"], row["evolution"]) for row in rows}


def moves(html: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r'data-move="(\w+)">(\d+)<', html)}


def by_theme(html: str) -> dict[str, list[int]]:
    section = re.search(r'id="themes">.*?</table>', html, re.DOTALL)[0]
    return {
        plain(name): [int(re.sub(r"<[^>]*>|\s", "", cell)) for cell in re.findall(r'<td class="n">(.*?)</td>', cells)]
        for name, cells in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', section.replace("\n", " "))
    }


def test_says_what_is_new_goes_on_and_has_stopped(client, two):
    html = client.get("/chiffres/comparaison/").text
    assert moves(html) == {"nouveau": 1, "poursuivi": 1, "arrete": 1}
    assert by_theme(html)["cybersécurité"] == [1, 2, 1, 1, 0]
    assert by_theme(html)["télétravail des agents"] == [2, 0, 0, 0, 2]
    assert table(client) == {
        ("Agen", "cybersécurité", "poursuivi"),
        ("Agen", "télétravail des agents", "arrêté"),
        ("Brive", "télétravail des agents", "arrêté"),
        ("Caen", "cybersécurité", "nouveau"),
    }


def test_is_what_the_open_data_of_both_gives(client, two):
    before, after = (
        {
            (row["territoire_nom"], theme)
            for row in entries(".csv", download(client, ".csv", f"?edition={slug}"))
            for theme in row["themes"].split("|")
        }
        for slug in (FIRST, two.slug)
    )
    expected = {(*pair, "nouveau") for pair in after - before}
    expected |= {(*pair, "poursuivi") for pair in before & after} | {(*pair, "arrêté") for pair in before - after}
    assert table(client) == expected


def test_number_of_territories_is_that_of_the_list_behind_it(client, two):
    html = client.get("/chiffres/comparaison/").text
    links = re.findall(r'<td class="n">\s*<a href="(/initiatives/[^"]+)">(\d+)</a>', html)
    assert len(links) == 3
    for address, figure in links:
        assert f"dans {figure} collectivité" in plain(client.get(unescape(address)).text)
    for address in set(re.findall(r'href="(/initiatives/[^"]*territoire=[^"]*)"', html)):
        assert 'data-total="0"' not in client.get(unescape(address)).text


def names(html: str) -> list[str]:
    """The territories that the page lists."""
    section = html[html.index('id="collectivites"') :]
    return [plain(name) for name in re.findall(r'<th scope="row"><a [^>]*>([^<]*)<', section)]


def test_each_number_of_moves_leads_to_the_territories_that_it_counts(client, two):
    html = client.get("/chiffres/comparaison/").text
    links = re.findall(r'href="(/chiffres/comparaison/[^"]*)#collectivites">(?:<b[^>]*>)?(\d+)<', html)
    assert len(links) == 3 + 3
    for address, figure in links:
        assert len(names(client.get(unescape(address)).text)) == int(figure), address
    pair = f"?avant={FIRST}&apres={two.slug}"
    assert names(client.get(f"/chiffres/comparaison/{pair}&evolution=arrete").text) == ["Brive"]
    assert names(client.get(f"/chiffres/comparaison/{pair}&theme=cybersecurite&evolution=nouveau").text) == ["Caen"]
    assert names(client.get(f"/chiffres/comparaison/{pair}&theme=teletravail-des-agents").text) == ["Agen", "Brive"]
    assert table(client, f"{pair}&evolution=nouveau") == {("Caen", "cybersécurité", "nouveau")}
    assert "Aucune collectivité" in client.get(f"/chiffres/comparaison/{pair}&theme=sante-publique").text


def test_goes_on_over_pages_and_is_whole_as_a_file(client, two, monkeypatch):
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    html = client.get("/chiffres/comparaison/?sans=objet").text
    assert names(html) == ["Agen", "Brive"]
    (following,) = re.findall(r'<a href="([^"]*)"\s+rel="next"', html)
    assert unescape(following) == f"?avant={FIRST}&apres={two.slug}&page=2#collectivites"
    assert names(client.get(f"/chiffres/comparaison/{unescape(following)}").text) == ["Caen"]
    assert len(table(client)) == 4


def test_can_be_asked_the_other_way_round(client, two):
    query = f"?avant={two.slug}&apres={FIRST}"
    assert moves(client.get(f"/chiffres/comparaison/{query}").text) == {"nouveau": 1, "poursuivi": 1, "arrete": 1}
    assert ("Caen", "cybersécurité", "arrêté") in table(client, query)
    assert table(client, f"?avant={two.slug}") == table(client, query)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?avant=2099", "L’enquête « 2099 » est inconnue."),
        ("?avant=2026&apres=2026", "ne se compare pas à elle-même"),
        ("?theme=perdu", "Le thème « perdu » est inconnu."),
        ("?evolution=<b>", "est inconnue."),
    ],
)
def test_that_makes_no_sense_is_refused_in_french(client, two, query, sentence):
    for address in ("/chiffres/comparaison/", "/chiffres/comparaison.csv"):
        response = client.get(address + query)
        assert response.status_code == 400
        assert sentence in re.sub("[\u00a0\u202f]", " ", response.text)


def test_waits_for_a_second_survey_with_entries(client, second):
    factories.published(in_survey=True)
    assert "deux enquêtes pour comparer" in client.get("/chiffres/comparaison/").text
    assert table(client) == set()
    assert "/chiffres/comparaison/" not in client.get("/chiffres/").text
    factories.published(in_survey=True, survey=second)
    assert moves(client.get("/chiffres/comparaison/").text) == {"nouveau": 1, "poursuivi": 0, "arrete": 1}
    assert 'href="/chiffres/comparaison/"' in client.get("/chiffres/").text


def test_takes_the_same_queries_with_few_entries_and_with_many(client, second, django_assert_num_queries):
    theme = factories.theme(slug="cybersecurite")
    for count in (1, 8):
        for _ in range(count):
            for survey in (None, second):
                facts = {"survey": survey} if survey else {}
                factories.published(territory=factories.town(), themes=[theme], in_survey=True, **facts)
        with django_assert_num_queries(13):
            client.get("/chiffres/comparaison/")
