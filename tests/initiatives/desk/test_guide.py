"""The guide of the desk: whole, printable, and true to the pages that it tells of."""

import html
import io
import json
import re

import pytest
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from initiatives.desk import guide
from initiatives.models import Revision
from initiatives.models.initiative.moves import MODERATORS, MOVES
from tests.support import factories
from tests.support.browsers import enter, visit
from tests.support.editions import edition
from tests.support.imports import HEADINGS, TABLETS, post, sent
from tests.support.pages import Page

pytestmark = pytest.mark.ignore_template_errors
GUIDE = "/admin/aide/"
PICTURES = settings.BASE_DIR / "static" / "help"


def words(text: str) -> str:
    """What is read on a page, the buttons that are inputs among it."""
    text = re.sub(r'<input type="submit"[^>]*value="([^"]*)"', r"\1<input", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


@pytest.fixture
def page(client) -> Page:
    client.force_login(factories.user(is_staff=True))
    return Page(client.get(GUIDE).text)


class TestPage:
    def test_chapters_and_steps_are_in_the_table_of_contents_and_on_the_page(self, page):
        ids = {attrs["id"] for attrs in page.with_attribute("id")}
        links = [attrs["href"] for attrs, _ in page.all("a") if attrs.get("href", "").startswith("#")]
        steps = [anchor for anchor, _ in guide.AFTERNOON]
        assert [link[1:] for link in links if link[1:] in steps] == steps
        assert {chapter.anchor for chapter in guide.CHAPTERS} <= {link[1:] for link in links}
        assert {link[1:] for link in links} <= ids
        headings = [text for _, text in page.all("h3")]
        assert [title for _, title in guide.AFTERNOON] == headings
        assert len(page.all("h1")) == 1

    def test_tells_the_afternoon_in_few_words(self, page):
        (chapter,) = [text for _, attrs, text in page.elements if attrs.get("id") == "apres-midi"]
        assert 500 < len(chapter.split()) <= 1_200

    def test_typography_is_french(self, page):
        text = next(text for tag, attrs, text in page.elements if attrs.get("class") == "guide")
        assert len(text) > 10_000
        assert re.findall(r"\S* [:;?!»]|« \S*|\w'\w", text) == []

    def test_says_how_long_as_the_setting_has_it(self, client, settings):
        settings.RETENTION_MONTHS = 7
        client.force_login(factories.user(is_staff=True))
        assert "s’effacent 7 mois après" in words(client.get(GUIDE).text)

    def test_says_of_each_move_who_decides_it(self, page):
        rows = [text for tag, _, text in page.elements if tag == "tr"]
        moderation = next(text for text in rows if "Modération" in text)
        for move in MOVES.values():
            assert (move.reason in moderation) == (move.group == MODERATORS), move.verb

    def test_desk_leads_to_it_from_every_page(self, client):
        for group in ("rédaction", "modération", "administration"):
            client.force_login(factories.member(group))
            for address in ("/admin/", reverse("admin:imports"), "/admin/initiatives/initiative/"):
                assert f'href="{GUIDE}"' in client.get(address).text, address


class TestPictures:
    def test_each_is_there_and_none_is_unused(self, page):
        shown = {attrs["src"].rpartition("/")[2]: attrs for attrs, _ in page.all("img")}
        files = {path.name: path for path in PICTURES.glob("*.webp")}
        assert len(files) > 8
        assert shown.keys() == files.keys()
        assert {f"{name}.webp" for name in json.loads((PICTURES / "pictures.json").read_text())} == files.keys()
        for name, attrs in shown.items():
            assert len(attrs["alt"]) > 40, name
            assert int(attrs["width"]) > 300, name
            assert int(attrs["height"]) > 100, name

    def test_they_are_light(self):
        sizes = [path.stat().st_size for path in PICTURES.glob("*.webp")]
        assert max(sizes) < 60_000
        assert sum(sizes) < 600_000


@pytest.fixture
def desk(client) -> str:
    """The words of the pages that the guide tells of, in the states that it tells of them."""
    own, mine = factories.user(), factories.member("modération")
    town = factories.town(name="Beauvais", insee_code="60057")
    published = factories.published(by=own)
    archived = factories.published(by=own)
    archived.archive(by=own)
    draft, submitted, rejected = (
        factories.draft(territory=town),
        factories.submitted(by=own),
        factories.submitted(by=own),
    )
    rejected.reject(by=own, reason="?")
    revised = Revision.propose(factories.published(by=own), {"title": "Autre"}, by=own)
    frozen = edition()
    seen = [client.get("/admin/login/").text]
    client.force_login(mine)
    batch = sent(client, HEADINGS, TABLETS, [*TABLETS[:2], "Cohesion social", "", ""], ["", *TABLETS[1:]])
    row = reverse("admin:import_batch", args=[batch.pk])
    seen += [client.get(row).text, client.get(reverse("admin:import_row", args=[batch.pk, 4])).text]
    seen += [client.get(reverse("admin:import_columns", args=[batch.pk])).text]
    for error in batch.rows.filter(kind="error"):
        post(client, batch, "correct", cote=str(error.line))
    seen += [client.get(row).text, post(client, batch, "confirm").text]
    close = sent(client, HEADINGS, [TABLETS[0], f"Des {TABLETS[1].lower()}", *TABLETS[2:]])
    seen.append(client.get(reverse("admin:import_row", args=[close.pk, 2])).text)
    entry = "/admin/initiatives/initiative/{}/change/"
    entries = [entry.format(one.pk) for one in (published, archived, draft, submitted, rejected)]
    seen += [client.get(address).text for address in entries]
    others = ("index", "imports", "deleted_entries", "initiatives_initiative_changelist")
    seen += [client.get(reverse(f"admin:{name}")).text for name in others]
    seen.append(client.get("/admin/initiatives/initiative/", {"status__exact": "draft"}).text)
    seen.append(client.get(reverse("admin:versions", args=[published.pk])).text)
    seen.append(client.get(reverse("admin:review_revision", args=[revised.pk])).text)
    seen += [client.get(f"/admin/initiatives/publication/{frozen.publication_id}/change/").text]
    seen += [client.get(f"/admin/initiatives/edition/{frozen.pk}/change/").text]
    seen.append(client.get(reverse("mfa_index")).text)
    # What scripts say, and what stands there only while work is under way.
    seen.append((settings.BASE_DIR / "static" / "js" / "draft.js").read_text())
    seen.append((settings.BASE_DIR / "templates" / "imports" / "_running.html").read_text())
    return words(" ".join(seen))


class TestWords:
    def test_names_of_buttons_and_pages_stand_on_the_desk(self, client, desk, page):
        quoted = {text for _, text in page.all("b")}
        assert len(quoted) > 40
        assert sorted(name for name in quoted if name not in desk) == []

    def test_messages_of_the_import_are_those_of_the_code(self, page):
        source = "".join(
            path.read_text()
            for folder in ("initiatives/imports", "initiatives/exports", "towns")
            for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
        )
        block = next(text for _, attrs, text in page.elements if attrs.get("class") == "messages")
        told = [text for _, text in page.all("dt") if text in " ".join(block.split())]
        assert len(told) > 10
        assert [message for message in told if message not in " ".join(source.split())] == []


class TestInBrowser:
    @pytest.fixture
    def reader(self, browser, live_server, client):
        client.force_login(factories.user(is_staff=True))
        with visit(browser, live_server, viewport={"width": 360, "height": 740}) as page:
            enter(page, client)
            page.goto(GUIDE)
            yield page

    def test_it_fits_a_telephone_and_nothing_jumps(self, reader):
        assert reader.evaluate("document.documentElement.scrollWidth") == 360
        found = reader.evaluate(
            "[...document.querySelectorAll('.guide img')].map(one => one.naturalWidth / one.naturalHeight"
            " - one.getAttribute('width') / one.getAttribute('height'))"
        )
        assert len(found) > 8
        assert max(map(abs, found)) < 0.02

    def test_it_prints_as_a_booklet(self, reader):
        sheets = PdfReader(io.BytesIO(reader.pdf(prefer_css_page_size=True))).pages
        text = [" ".join(sheet.extract_text().split()) for sheet in sheets]
        assert 8 < len(sheets) < 20
        assert sheets[0].mediabox.width == pytest.approx(595, abs=2)
        assert text[0].removeprefix("1 ").startswith("Guide du bureau")
        assert "Sommaire" in text[0]
        assert "Se déconnecter" not in text[0]
        assert "À qui demander" in text[-1]
