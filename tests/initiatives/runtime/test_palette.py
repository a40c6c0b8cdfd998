"""One palette: the custom properties of site.css, which what is drawn elsewhere reads, and no colour beside them."""

import re

import pytest
from django.conf import settings

from initiatives.models import Category
from initiatives.publication.forms import contrast
from initiatives.runtime.palette import DARK, LIGHT

pytestmark = pytest.mark.no_database

STYLES = settings.BASE_DIR / "static" / "css"
LITERAL = re.compile(r"(?<![&\w])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|luma)\([\d\"#]", re.I)
PROPERTY = re.compile(r"--[\w-]+: [^;}]+")
# Sheets that give custom properties their colour: ours, those of Django, the greys of the guide on paper.
DECLARING = {"site.css", "admin.css", "guide.css"}
# What no style sheet reaches: the picture of a tab; what staff choose for a cover, as it was stored.
OTHERS = {"favicon.svg", "publication.py"}
# What the desk alone needs: greys, grounds and hovered buttons.
SHADES = set("#444c58 #c8c6bf #e6dfd0 #f1ead9 #26313f #0d2f5e #d3e4fb #173d70 #35628f #6f3113".split())


def literals(text: str) -> list[str]:
    return [found[0] for found in LITERAL.finditer(text)]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_inks_are_readable_on_paper(colours):
    """WCAG AA: 4.5 for text, 3 for the edges of fields, for the focus and for the marks of a map."""
    assert len(Category.Colour) > 3
    for ground in ("paper", "sheet"):
        for ink in ("ink", "muted", "accent", *Category.Colour):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["line"], colours[ground]) >= 3
    for ink in ("accent", *Category.Colour):
        assert contrast(colours[ink], colours["land"]) >= 3, ink
    assert contrast(colours["ink"], colours["mark"]) >= 4.5
    assert contrast(colours["accent"], colours["mark"]) >= 4.5


def test_colours_of_categories_are_readable_in_documents():
    """As text on white paper, and under white text: that of the first page of a part."""
    for ink in Category.Colour:
        assert contrast(LIGHT[ink], "#ffffff") >= 4.5, ink


def test_each_colour_of_a_category_has_its_class_and_is_black_on_paper():
    css = (STYLES / "site.css").read_text()
    printed = css[css.index("@media print") :]
    for ink in Category.Colour:
        assert f".ink-{ink} {{ --own: var(--{ink}) }}" in css
        assert f"--{ink}: #000;" in printed


def test_both_schemes_name_the_same_colours():
    assert len(LIGHT) > 12
    assert LIGHT.keys() == DARK.keys()


def test_no_colour_stands_beside_the_palette():
    folders = [settings.BASE_DIR / name for name in ("initiatives", "towns", "templates", "static")]
    kinds = {".py", ".css", ".js", ".svg", ".typ", ".html", ".txt", ".xml"}
    looked = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    assert len(looked) > 300
    for path in looked:
        if path.name in OTHERS or "migrations" in path.parts:
            continue
        text = path.read_text()
        assert not literals(PROPERTY.sub("", text) if path.name in DECLARING else text), path


def test_desk_shares_the_colours_of_the_site():
    found = set(literals((STYLES / "admin.css").read_text())) - {"rgb(0"}
    assert len(found) > 20
    assert found - SHADES <= {*LIGHT.values(), *DARK.values()}
