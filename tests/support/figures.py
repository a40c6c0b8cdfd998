"""The figures as their page shows them, and counted again from the open data."""

import csv
import io
import re
from collections import Counter
from html import unescape

from initiatives.figures.overview import KINDS
from initiatives.models import Initiative
from initiatives.models.bands import BANDS

from .exported import download, entries

SURVEY = "edition=numerique-et-gestion-de-crise-2020-2021"


def plain(text: str) -> str:
    return unescape(text).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def shown(html: str) -> dict[str, dict[str, str]]:
    """The tables of the page: by section, the text of each row's heading and its number."""
    found = {}
    for name, section in re.findall(r'<section id="(\w+)">(.*?)</section>', html, re.DOTALL):
        rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="n">(?:<a [^>]*>)?([^<]*)', section, re.DOTALL)
        found[name] = {plain(label): plain(number).replace(" ", "") for label, number in rows}
    return found


def table(client, name: str, query: str = "") -> list[dict]:
    response = client.get(f"/chiffres/{name}.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def band(population: str) -> str:
    """The size of town of one row of the open data."""
    for label, low, high in BANDS.values():
        if population and low <= int(population) and (high is None or int(population) < high):
            return label
    return ""


def recount(rows: list[dict]) -> dict[str, Counter]:
    """Every breakdown, counted from the open CSV alone."""
    return {
        "categories": Counter(row["categorie"] for row in rows),
        "themes": Counter(theme for row in rows for theme in row["themes"].split("|") if theme),
        "regions": Counter(row["region_nom"] for row in rows),
        "populations": Counter(band(row["population"]) for row in rows),
        "types": Counter({"ville": "Villes"}.get(row["territoire_type"], "Intercommunalités") for row in rows),
        "annees": Counter(row["debut"][:4] for row in rows if row["debut"]),
        "libres": Counter(
            "Logiciel libre" if row["logiciel_libre"] == "true" else "Sans logiciel libre connu" for row in rows
        ),
        "etats": Counter(row["etat"].capitalize() for row in rows),
        "departements": Counter(f"{row['departement_code']} · {row['departement_nom']}" for row in rows),
    }


def headline(rows: list[dict]) -> list[int]:
    return [
        len(rows),
        len({row["territoire_code"] for row in rows if row["territoire_type"] == "ville"}),
        len({row["territoire_code"] for row in rows if row["territoire_type"] != "ville"}),
        len({row["departement_code"] for row in rows}),
        sum(row["logiciel_libre"] == "true" for row in rows),
        sum(row["cite_par_enquete"] == "true" for row in rows),
    ]


def numbers_of_the_headline(html: str) -> list[int]:
    (block,) = re.findall(r'<ul class="headline">(.*?)</ul>', html, re.DOTALL)
    return [int(number) for number in re.findall(r'data-figure="(\d+)"', block)]


def check_against_the_open_data(client, query: str):
    rows = entries(".csv", download(client, ".csv", query))
    html = client.get(f"/chiffres/{query}").text
    assert numbers_of_the_headline(html) == headline(rows)
    tables, counted = shown(html), recount(rows)
    assert set(tables) == set(counted) == {kind.name for kind in KINDS}
    # The page has the short names of the categories.
    short = dict(Initiative.objects.values_list("category__name", "category__short_name"))
    counted["categories"] = Counter({short[name]: count for name, count in counted["categories"].items()})
    for name, expected in counted.items():
        expected.pop("", None)
        positive = {label: int(number) for label, number in tables[name].items() if number != "0"}
        assert positive == {plain(label): count for label, count in expected.items()}, name
        assert {row["libelle"]: int(row["fiches"]) for row in table(client, name, query) if row["fiches"] != "0"} == {
            **expected
        }, name
