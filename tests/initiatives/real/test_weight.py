"""The list of the real catalogue fits one initial TCP window: it is there after one round trip."""

import brotli
import pytest
from django.conf import settings

BUDGET = 14_000
STYLESHEET = settings.BASE_DIR / "static" / "css" / "site.css"


@pytest.mark.parametrize("query", ["", "?page=3", "?q=commerce", "?q=tablette", "?categorie=economie-locale&region=32"])
def test_list_and_stylesheet_fit_the_first_window(real_catalogue, client, query):
    response = client.get(f"/initiatives/{query}", headers={"accept-encoding": "br"})
    page = response.content
    assert brotli.decompress(page).count(b"<article") > 3
    # WhiteNoise compresses once, as well as it can.
    stylesheet = brotli.compress(STYLESHEET.read_bytes())
    assert len(page) + len(stylesheet) <= BUDGET


def test_list_needs_one_stylesheet_and_no_picture(real_catalogue, client):
    html = client.get("/initiatives/").text
    assert html.count('rel="stylesheet"') == 1
    assert "<img" not in html
    assert html.count("<script") == html.count(" defer") + html.count('type="module"')
