"""The matrix of territories and themes: what the open data gives, and the holes in it."""

import csv
import io
import re
from collections import Counter
from html import unescape

import pytest

from initiatives.figures import matrix as module
from initiatives.models import Theme
from tests.support import factories
from tests.support.exported import download, entries
from tests.support.figures import SURVEY, plain
from tests.support.generated import generate

pytestmark = pytest.mark.both_databases


def table(client, query: str = "") -> list[dict]:
    response = client.get(f"/chiffres/matrice.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def rows(html: str) -> list[tuple[str, list[str]]]:
    """(territory, cells) of the body of the page's table."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        name = re.search(r'<th scope="row"><a [^>]*>([^<]*)<', row)[1]
        cells = [re.sub(r"<[^>]*>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        found.append((plain(name), cells))
    return found


def names(client, query: str = "") -> list[str]:
    return [name for name, _ in rows(client.get(f"/chiffres/matrice/{query}").text)]


@pytest.mark.parametrize("query", ["", f"?{SURVEY}"])
def test_each_cell_is_what_the_open_data_gives(client, query):
    generate(11, 60)
    exported = entries(".csv", download(client, ".csv", query))
    cells = Counter((row["territoire_code"], theme) for row in exported for theme in row["themes"].split("|") if theme)
    lines = Counter(row["territoire_code"] for row in exported)
    themes = list(Theme.objects.values_list("name", flat=True))
    found = table(client, query)
    assert {row["territoire_code"]: int(row["fiches"]) for row in found} == lines
    assert {(row["territoire_code"], name): int(row[name]) for row in found for name in themes if row[name] != "0"} == (
        cells
    )
    shown = rows(client.get(f"/chiffres/matrice/{query}").text)
    assert [cells for _, cells in shown] == [
        [row["fiches"], *(row[name] if row[name] != "0" else "" for name in themes_in_order(row))] for row in found
    ]


def themes_in_order(row: dict) -> list[str]:
    return list(row)[5:-2]


def test_each_number_is_the_length_of_its_list_and_each_foot_the_sum(client):
    generate(12, 40)
    html = client.get("/chiffres/matrice/").text
    links = set(re.findall(r'<a href="(/initiatives/[^"]*)"\s+data-figure="(\d+)">', html))
    assert len(links) > 30
    for address, figure in links:
        assert f'data-total="{figure}"' in client.get(unescape(address)).text, address
    feet = re.findall(r"<tr>(.*?)</tr>", re.search(r"<tfoot>(.*?)</tfoot>", html, re.DOTALL)[1], re.DOTALL)
    sums, having, missing = (
        [re.sub(r"<[^>]*>|\s", "", cell) or "0" for cell in re.findall(r"<td[^>]*>(.*?)</td>", foot, re.DOTALL)]
        for foot in feet
    )
    found = table(client)
    for at, name in enumerate(themes_in_order(found[0]), 1):
        assert int(sums[at]) == sum(int(row[name]) for row in found)
        assert int(having[at]) == sum(row[name] != "0" for row in found)
        assert int(missing[at]) == sum(row[name] == "0" for row in found)
    assert int(missing[0]) == sum(map(int, missing[1:]))


class TestOrder:
    @pytest.fixture(autouse=True)
    def places(self):
        themes = [factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")]
        ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
        evreux, havre = factories.town(name="Évreux"), factories.town(name="Le Havre", department=ain)
        agglo = factories.intercommunality(name="CA du Beauvaisis")
        for _ in range(3):
            factories.published(territory=evreux, themes=themes[:1])
        factories.published(territory=havre, themes=themes)
        factories.published(territory=agglo, themes=[])

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["CA du Beauvaisis", "Évreux", "Le Havre"]),
            ("?tri=collectivite", ["CA du Beauvaisis", "Évreux", "Le Havre"]),
            ("?tri=departement", ["Le Havre", "CA du Beauvaisis", "Évreux"]),
            ("?tri=fiches", ["Évreux", "CA du Beauvaisis", "Le Havre"]),
            ("?tri=themes", ["Le Havre", "Évreux", "CA du Beauvaisis"]),
            ("?tri=cybersecurite", ["Évreux", "Le Havre", "CA du Beauvaisis"]),
            ("?tri=teletravail-des-agents", ["Le Havre", "CA du Beauvaisis", "Évreux"]),
        ],
    )
    def test_is_that_of_the_address(self, client, query, expected):
        assert names(client, query) == expected
        shown = [row["territoire_nom"] for row in table(client, query)]
        assert [name.replace("Communauté d’agglomération", "CA") for name in shown] == expected

    def test_by_a_theme_is_said_to_screen_readers(self, client):
        html = client.get("/chiffres/matrice/?tri=cybersecurite").text
        assert html.count('aria-sort="descending"') == 1
        assert 'href="/chiffres/matrice/?tri=teletravail-des-agents"' in html

    @pytest.mark.parametrize("query", ["tri=hasard", "tri=<b>", "edition=2099", "tri=titre"])
    def test_that_is_unknown_is_refused_in_french(self, client, query):
        for address in ("/chiffres/matrice/", "/chiffres/matrice.csv"):
            response = client.get(f"{address}?{query}")
            assert response.status_code == 400
            assert "inconnu" in response.text
            assert "Évreux" not in response.text


def test_goes_on_over_pages_and_is_whole_as_a_file(client, monkeypatch):
    monkeypatch.setattr(module, "PAGE_SIZE", 2)
    by = factories.user()
    for name in ("Agen", "Brive", "Caen"):
        factories.published(territory=factories.town(name=name), by=by)
    assert names(client) == ["Agen", "Brive"]
    assert names(client, "?page=2") == ["Caen"]
    assert names(client, "?page=99") == ["Caen"]
    assert names(client, "?page=-1") == ["Agen", "Brive"]
    assert 'href="?tri=fiches&amp;page=2#matrice"' in client.get("/chiffres/matrice/?tri=fiches&sans=objet").text
    assert [row["territoire_nom"] for row in table(client)] == ["Agen", "Brive", "Caen"]


def test_takes_the_same_queries_with_one_territory_and_with_many(client, django_assert_num_queries):
    theme = factories.theme(slug="cybersecurite")
    for count in (1, 12):
        for _ in range(count):
            factories.published(territory=factories.town(), themes=[theme])
            factories.published(territory=factories.intercommunality(), themes=[theme])
        with django_assert_num_queries(9):
            client.get("/chiffres/matrice/")


def test_of_nothing_says_so(client):
    assert "Aucune fiche" in client.get("/chiffres/matrice/").text
    assert table(client) == []
