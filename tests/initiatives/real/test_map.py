"""The map and the directory of the real catalogue: what they count is what one finds, and they stay light."""

import re

import brotli
import pytest

from tests.support.pages import marks, own_count, places, total

BUDGET = 60_000


def drawing(html: str) -> str:
    return "<figure" + html.partition("<figure")[2].partition("</figure>")[0]


def test_every_place_of_the_map_has_the_count_that_its_page_says(real_catalogue, client):
    html = client.get("/carte/").text
    found = places(html)
    assert len(found) > 130
    assert sum(count for *_, count in found) == total(html) == 158
    assert {url for url, *_ in marks(html)} == {url for url, *_ in found}
    for url, name, count in found:
        assert own_count(client.get(url).text) == count, name


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "query",
    ["categorie=economie-locale", "theme=cybersecurite&theme=sante-publique", "region=11", "q=commerce&type=ville"],
)
def test_filtered_map_counts_as_the_list_does(real_catalogue, client, query):
    html = client.get(f"/carte/?{query}").text
    found = places(html)
    assert len(found) > 3
    assert sum(count for *_, count in found) == total(html) == total(client.get(f"/initiatives/?{query}").text)
    for url, name, count in found[::5]:
        assert total(client.get(url).text) == count, name


def test_no_two_marks_lie_on_the_same_point(real_catalogue, client):
    found = marks(client.get("/carte/").text)
    inset = sum(1 for _, _, _, x, y, _ in found if x < 150 and y < 150)
    assert inset > 10
    mainland = [(x, y) for _, _, _, x, y, _ in found if x > 150 or y > 150]
    assert len(set(mainland)) == len(mainland)


@pytest.mark.parametrize("address", ["/carte/", "/carte/?q=commune&tri=titre&type=ville", "/"])
def test_drawing_stays_light(real_catalogue, client, address):
    html = client.get(address).text
    assert len(drawing(html).encode()) < BUDGET
    assert len(brotli.compress(html.encode(), quality=5)) < 25_000


@pytest.mark.both_databases
def test_directory_has_everybody_once(real_catalogue, client):
    html = client.get("/collectivites/").text.partition('class="index"')[2]
    found = re.findall(r'<li><span><a href="([^"]*)">', html)
    assert len(found) == len(set(found)) == 140
