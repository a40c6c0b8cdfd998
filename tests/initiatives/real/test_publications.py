"""The report of the real catalogue: every format says the same."""

import csv
import io
import json
import re
from html import unescape

from django.core.management import call_command

from initiatives.models import Category, Edition
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
from tests.support import editions
from tests.support.editions import everything, fetch
from tests.support.pdfs import joined, pages_of, read, squeezed


def test_every_format_has_the_figures_of_the_page(real_catalogue, client):
    frozen = editions.edition()
    html = client.get("/publications/rapport/").text
    rows = list(csv.DictReader(io.StringIO(fetch(client, f"{frozen.get_absolute_url()}initiatives.csv").decode())))
    document = json.loads(fetch(client, f"{frozen.get_absolute_url()}initiatives.json"))
    assert len(rows) == document["count"] == frozen.count == 158
    shown = [int(figure) for figure in re.findall(r'data-figure="(\d+)"', html)]
    towns = {row["territoire_code"] for row in rows if row["territoire_type"] == "ville"}
    groups = {row["territoire_code"] for row in rows if row["territoire_type"] != "ville"}
    departments = {row["departement_code"] for row in rows}
    assert shown[:4] == [158, len(towns), len(groups), len(departments)]
    by_category = [
        sum(row["categorie"] == category.name for row in rows) for category in Category.objects.order_by("position")
    ]
    assert str(shown).count(", ".join(map(str, by_category)))
    assert html.count("data-initiative=") == 158


def test_same_edition_same_bytes(real_catalogue, client):
    frozen = editions.edition()
    assert everything(client, frozen) == everything(client, frozen)


def test_the_publication_of_the_fixture_is_made_once(real_catalogue, client):
    said = io.StringIO()
    call_command("load_publication", stdout=said)
    call_command("load_publication", stdout=said)
    assert re.findall(r": (.+)\.$", said.getvalue(), re.MULTILINE) == ["158 entries frozen", "unchanged"]
    html = client.get("/publications/initiatives-numeriques-crise-sanitaire/").text
    assert "158" in html
    assert "ne sont pas publiques et ne figurent pas ici" in html
    assert "http://127.0.0.1:8000/initiatives/" in Edition.objects.get().data


def test_the_pdf_has_every_title_and_each_figure_of_the_page(real_catalogue, client):
    frozen = editions.edition()
    pages = pages_of(report(EditionContent(frozen)))
    text = joined(pages)
    html = client.get("/publications/rapport/").text
    titles = [unescape(title) for title in re.findall(r"<h3>(.+?)</h3>", html)]
    assert len(titles) == 158
    assert [title for title in titles if squeezed(title) not in text] == []
    first = next(at for at, page in enumerate(pages) if "Par catégorie" in page)
    shown = {int(figure) for figure in re.findall(r'data-figure="(\d+)"', html)}
    printed = set(map(int, re.findall(r"\d+", " ".join(pages[first : first + 2]))))
    assert len(shown) > 20
    assert shown <= printed


def test_158_entries_are_printed_fast_and_alike(real_catalogue):
    frozen = EditionContent(editions.edition())
    first = report(frozen)
    assert report(frozen) == first
    assert 30 < len(read(first).pages) < 60
