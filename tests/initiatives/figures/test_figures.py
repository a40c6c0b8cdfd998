"""The figures: each equals the list that it leads to, and what the open data gives when counted by hand."""

import functools
import re
import struct
from html import escape, unescape
from xml.etree import ElementTree

import pytest
import typst
from django.http import QueryDict

from initiatives.exports.typesetting import fonts
from initiatives.figures.charts import PIXELS_PER_INCH, SOURCE
from initiatives.figures.overview import KINDS, Overview, selection_of
from initiatives.models import Survey, Theme
from tests.support import factories
from tests.support.figures import SURVEY, check_against_the_open_data, numbers_of_the_headline, plain, shown, table
from tests.support.generated import generate

DRAWN = [kind.name for kind in KINDS if kind.is_drawn]
FACES = ["Source Sans Pro", "Libertinus Serif"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["", f"?{SURVEY}"])
def test_each_figure_is_what_the_open_data_gives(client, query):
    generate(4, 60)
    check_against_the_open_data(client, query)


@pytest.mark.parametrize("query", ["", f"?{SURVEY}"])
def test_each_figure_is_the_length_of_the_list_that_it_leads_to(client, query):
    generate(5, 40)
    html = client.get(f"/chiffres/{query}").text
    links = re.findall(r'<a href="(/initiatives/[^"]*)"\s+data-figure="(\d+)">', html)
    assert len(links) > 25
    listed = functools.cache(lambda address: client.get(unescape(address)).text)
    for address, figure in links:
        assert re.findall(r'data-total="(\d+)"', listed(address)) == [figure], address
    first = re.findall(r'<a href="(/initiatives/[^"]*)"><b\s+data-figure="(\d+)">', html)
    assert len(first) == 5
    for address, figure in first:
        # A list of towns says how many towns it is of, beside how many entries it has.
        text = plain(listed(address))
        assert f'data-total="{figure}"' in text or f"dans {figure} collectivité" in text, address
    for kind in KINDS:
        for row in table(client, kind.name, query):
            assert f'data-total="{row["fiches"]}"' in listed(escape(row["adresse"].removeprefix("http://testserver")))


@pytest.mark.both_databases
def test_entry_that_the_survey_only_cites_is_not_called_an_answer(client):
    factories.published(in_survey=True, **factories.PUBLIC_SOURCE)
    one = plain(client.get("/chiffres/").text)
    assert "</b> initiative d'une enquête ou citée par elle</a>" in one
    factories.published(in_survey=True)
    assert "</b> initiatives d'une enquête ou citées par elle</a>" in plain(client.get("/chiffres/").text)


@pytest.mark.both_databases
def test_shares_are_rounded_and_not_cut():
    for state in ("stopped", "stopped", "unknown"):
        factories.published(state=state)
    states = Overview(selection_of(QueryDict())).breakdown(next(kind for kind in KINDS if kind.name == "etats"))
    assert {row.label: row.share for row in states.rows if row.count} == {"Arrêtée": 67, "Inconnu": 33}


@pytest.mark.both_databases
def test_survey_that_is_unknown_is_refused_in_french(client):
    factories.published(title="Fiche étrangère")
    for address in ("/chiffres/?edition=2099", "/chiffres/themes.csv?edition=2099", "/chiffres/themes.png?edition=x"):
        response = client.get(address)
        assert response.status_code == 400
        assert "est inconnue" in response.text
        assert "data-figure" not in response.text


@pytest.mark.both_databases
def test_surveys_are_offered_once_they_have_entries(client):
    other = Survey.objects.create(title="Enquête 2026", slug="2026", prefix="E26", started_on="2026-01-01")
    factories.published(survey=other)
    assert "edition=" not in client.get("/chiffres/").text
    factories.published(survey=other, in_survey=True)
    html = client.get("/chiffres/").text
    assert 'href="/chiffres/?edition=2026"' in html
    chosen = client.get("/chiffres/?edition=2026").text
    assert 'href="/chiffres/?edition=2026" aria-current="page"' in chosen
    assert numbers_of_the_headline(chosen)[0] == 1


@pytest.mark.both_databases
def test_entry_that_is_withdrawn_counts_no_more_at_once(client):
    entry = factories.published(themes=[factories.theme(slug="cybersecurite")])
    assert numbers_of_the_headline(client.get("/chiffres/").text)[0] == 1
    entry.archive(by=factories.user())
    assert numbers_of_the_headline(client.get("/chiffres/").text) == [0] * 6
    assert all(row["fiches"] == "0" for row in table(client, "themes"))


@pytest.mark.both_databases
@pytest.mark.parametrize("address", ["/chiffres/", "/chiffres/themes.csv"])
def test_takes_the_same_queries_with_one_entry_and_with_many(client, django_assert_num_queries, address):
    queries = {"/chiffres/": 15, "/chiffres/themes.csv": 11}[address]
    for count in (1, 12):
        for _ in range(count):
            factories.published(territory=factories.town(), state="ongoing", in_survey=True)
        with django_assert_num_queries(queries):
            client.get(address)


class TestCharts:
    def test_stand_above_a_table_of_the_same_rows(self, client):
        generate(9, 30)
        html = client.get("/chiffres/").text
        for name, rows in shown(html).items():
            section = re.search(rf'<section id="{name}">(.*?)</section>', html, re.DOTALL)[1]
            drawn = re.findall(r'class="name"[^>]*>([^<]*)</text><text class="count"[^>]*>([^<]*)<', section, re.DOTALL)
            assert ("<svg" in section) == (name in DRAWN)
            if name in DRAWN:
                assert section.index("<svg") < section.index("<table")
                assert {plain(label): plain(number) for label, number in drawn} == rows
                assert re.search(r'<svg[^>]*role="img"[^>]*aria-label="[^"]+tableau', section)

    @pytest.mark.parametrize("name", DRAWN)
    def test_are_there_as_svg_and_png_with_their_source(self, client, name):
        generate(10, 20)
        svg = client.get(f"/chiffres/{name}.svg")
        assert svg["Content-Type"] == "image/svg+xml"
        text = "".join(ElementTree.fromstring(svg.content).itertext())
        assert "Source\xa0: Villes de France" in text
        assert "Licence Ouverte 2.0 : https://www.etalab.gouv.fr/licence-ouverte-open-licence/" in " ".join(
            text.split()
        )
        png = client.get(f"/chiffres/{name}.png").content
        assert png.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", png[16:24])
        assert width == 990
        assert height > 200

    def test_pictures_are_lettered_as_our_documents_are(self, client):
        factories.published()
        svg = client.get("/chiffres/themes.svg").text
        named = {face: re.sub('font-family="[^"]*"', f'font-family="{face}"', svg) for face in FACES}
        drawn = {
            face: typst.compile(
                str(SOURCE), format="png", ppi=PIXELS_PER_INCH, sys_inputs={"svg": one}, font_paths=fonts()
            )
            for face, one in named.items()
        }
        assert len(set(drawn.values())) == len(FACES)
        assert client.get("/chiffres/themes.png").content == drawn["Source Sans Pro"]

    def test_say_how_many_lines_they_have_and_promise_no_table_where_none_follows(self, client):
        factories.published(started="2020-04")
        labels = dict(
            re.findall(r'aria-label="Graphique en barres : ([^,"]+), ([^"]*)"', client.get("/chiffres/").text)
        )
        assert labels["Par année de début"] == "de 1\xa0ligne. Les mêmes chiffres sont dans le tableau qui suit."
        assert labels["Par thème"] == "de 14\xa0lignes. Les mêmes chiffres sont dans le tableau qui suit."
        alone = ElementTree.fromstring(client.get("/chiffres/annees.svg").content)
        assert alone.get("aria-label") == "Graphique en barres : Par année de début, de 1\xa0ligne."

    def test_are_set_as_french_is(self, client):
        south = factories.department(code="83", name="Var", region="Provence-Alpes-Côte d'Azur", region_code="93")
        factories.published(territory=factories.town(department=south))
        assert "Provence-Alpes-Côte d’Azur</text>" in client.get("/chiffres/regions.svg").text
        assert "Côte d'Azur" not in client.get("/chiffres/").text

    def test_have_bars_in_proportion(self, client):
        theme = factories.theme(slug="cybersecurite")
        for _ in range(3):
            factories.published(themes=[theme])
        factories.published(themes=[factories.theme(slug="circuits-courts")])
        root = ElementTree.fromstring(client.get("/chiffres/themes.svg").content)
        widths = [float(rect.get("width")) for rect in root.iter(f"{SVG}rect") if "bar" in rect.get("class", "")]
        assert widths == [400, 133.3]

    @pytest.mark.parametrize(
        "name", ["<script>&\"'", "🙂 日本語 \u202eעברית", "a\x0bb\x08", "W" * 80, "#strong[x] $y$"]
    )
    def test_take_any_name_as_text(self, client, name):
        Theme.objects.filter(slug="cybersecurite").update(name=name)
        factories.published(themes=[factories.theme(slug="cybersecurite")])
        ElementTree.fromstring(client.get("/chiffres/themes.svg").content)
        assert client.get("/chiffres/themes.png").content.startswith(b"\x89PNG")
        assert "<script>&" not in client.get("/chiffres/").text

    def test_of_an_empty_catalogue_are_whole(self, client):
        for name in DRAWN:
            for ending in ("svg", "png"):
                assert client.get(f"/chiffres/{name}.{ending}").status_code == 200
        assert "Aucune fiche" in client.get("/chiffres/").text

    def test_are_drawn_once_whatever_the_query_string(self, client):
        factories.published(in_survey=True)
        response = client.get(f"/chiffres/themes.png?x=1&{SURVEY}")
        assert (response.status_code, response["Location"]) == (301, f"/chiffres/themes.png?{SURVEY}")
        assert client.get(response["Location"]).status_code == 200


def test_tables_say_where_they_come_from(client):
    factories.published()
    for kind in KINDS:
        for row in table(client, kind.name):
            assert row["citation"].startswith("Source : Villes de France")
            assert row["licence"].startswith("https://")
