"""The colour and the sign of a category: chosen at the desk, and seen wherever those of the others are."""

import struct
import zlib
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from initiatives.models import Audience, Category
from initiatives.models.signs import Sign
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import data_of
from initiatives.publication.snapshot import build
from initiatives.publication.volumes import Volume
from initiatives.runtime.palette import LIGHT
from tests.support import editions, factories

ADD = reverse("admin:initiatives_category_add")
LIST = "/initiatives/?categorie=environnement"


@pytest.fixture
def chief(client):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    return client


def offered(chief, address: str) -> dict:
    """What the form of an address would send, had nothing been typed."""
    return {field.html_name: field.value() or "" for field in chief.get(address).context["adminform"].form}


def added(chief, **values) -> Category:
    """A category made by the form of the desk, which is sent as it is offered but for the values."""
    sent = offered(chief, ADD) | {"short_name": values["name"], "slug": values["name"].lower()} | values
    assert chief.post(ADD, sent).status_code == 302
    return Category.objects.get(slug=sent["slug"])


@pytest.fixture
def fourth(chief):
    return added(chief, name="Environnement")


@pytest.fixture
def entry(fourth):
    theme = fourth.themes.create(name="énergie", slug="energie")
    town = factories.town(name="Beauvais", latitude=49.43, longitude=2.08)
    return factories.published(themes=[theme], territory=town)


def edge(png: bytes) -> str:
    """The colour of the first pixel: nothing stands before it that a filter could have taken away."""
    at, data = 8, b""
    assert struct.unpack(">BB", png[24:26]) in {(8, 2), (8, 6)}
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return f"#{zlib.decompress(data)[1:4].hex()}"


def test_the_three_of_the_survey_keep_theirs():
    found = Category.objects.order_by("position").values_list("slug", "colour", "sign")
    assert list(found) == [
        ("service-public", "teal", "pediment"),
        ("economie-locale", "brick", "stall"),
        ("cohesion-sociale", "plum", "hands"),
    ]


class TestFourthCategory:
    def test_is_offered_the_first_colour_and_sign_that_are_free(self, fourth):
        assert (fourth.colour, fourth.sign) == ("moss", "leaf")

    def test_comes_after_the_three(self, fourth):
        assert list(Category.objects.order_by("position"))[3:] == [fourth]

    def test_takes_those_that_are_chosen_and_no_others(self, chief):
        chosen = added(chief, name="Mobilités", slug="mobilites", colour="ochre", sign="wheel")
        assert (chosen.colour, chosen.sign) == ("ochre", "wheel")
        page = chief.post(
            ADD, {"name": "A", "short_name": "A", "slug": "a", "position": 1, "colour": "#fff", "sign": "x"}
        )
        assert "Sélectionnez un choix valide. #fff n" in page.text
        assert not Category.objects.filter(slug="a").exists()

    @pytest.mark.parametrize(
        "address", ["/", LIST, "/categories/environnement/", "/integrer/liste?categorie=environnement", "entry"]
    )
    def test_is_seen_on_pages(self, client, entry, address):
        html = client.get(entry.get_absolute_url() if address == "entry" else address).text
        assert "ink-moss" in html
        assert f'<path d="{Sign.LEAF.path}" />' in html

    def test_is_seen_on_the_map_of_its_entries(self, client, entry):
        assert '<figure class="map ink-moss"' in client.get("/carte/?categorie=environnement").text
        assert '<figure class="map" ' in client.get("/carte/").text

    def test_is_seen_in_the_matrix(self, client, entry):
        html = client.get("/chiffres/matrice/").text
        assert 'class="theme ink-moss"' in html
        assert '<td class="ink-moss"><a' in html

    @pytest.mark.parametrize("name", ["categories", "themes"])
    def test_is_seen_in_charts(self, client, entry, name):
        drawing = ElementTree.fromstring(client.get(f"/chiffres/{name}.svg").content)
        bars = [one for one in drawing.iter() if one.get("class", "").startswith("bar")]
        assert [(bar.get("class"), bar.get("fill")) for bar in bars] == [("bar ink-moss", LIGHT["moss"])]
        assert 'class="bar ink-moss"' in client.get("/chiffres/").text

    def test_is_seen_in_the_picture_of_its_entries(self, client, entry):
        assert edge(client.get(reverse("initiative_picture", args=[entry.slug])).content) == LIGHT["moss"]
        assert edge(client.get(reverse("site_picture")).content) == LIGHT["ink"]

    def test_is_seen_in_publications(self, client, entry):
        edition = editions.edition()
        html = client.get(edition.get_absolute_url()).text
        assert '<section class="part ink-moss" id="environnement">' in html
        assert html.count('<tr class="ink-moss">') == 2
        document = data_of(Volume(EditionContent(edition), 1))
        (part,) = document["parts"]
        assert (part["colour"], part["entries"][0]["colour"]) == ("moss", "moss")
        tables = {table["title"]: table["rows"] for table in document["figures"]["tables"]}
        assert {row["label"]: row["colour"] for row in tables["Par catégorie"]}["Environnement"] == "moss"
        assert [row["colour"] for row in tables["Par thème"]] == ["moss"]

    def test_changes_its_colour_everywhere_at_once(self, client, chief, entry, fourth):
        client.get("/categories/environnement/")
        change = reverse("admin:initiatives_category_change", args=[fourth.pk])
        assert chief.post(change, offered(chief, change) | {"colour": "indigo"}).status_code == 302
        assert "ink-indigo" in client.get("/categories/environnement/").text


@pytest.mark.parametrize("model", ["theme", "audience"])
def test_theme_and_public_made_at_the_desk_come_after_the_others(chief, model):
    add = reverse(f"admin:initiatives_{model}_add")
    sent = offered(chief, add) | {"category": factories.category().pk, "name": "Dernier", "slug": "dernier"}
    assert chief.post(add, sent).status_code == 302
    found = {"theme": factories.category().themes, "audience": Audience.objects}[model].order_by("position")
    assert [row.name for row in found][-1] == "Dernier"


@pytest.mark.parametrize("field", ["name", "short_name"])
def test_category_does_not_take_the_name_of_another(chief, field):
    taken = {field: getattr(factories.category(), field)}
    page = chief.post(ADD, offered(chief, ADD) | {"name": "Eau", "short_name": "Eau", "slug": "eau"} | taken)
    assert "Une autre catégorie porte ce nom." in page.text
    assert not Category.objects.filter(slug="eau").exists()


def test_category_without_a_free_colour_shares_that_of_the_first(client, chief):
    for number in range(len(Category.Colour) - 2):
        last = added(chief, name=f"Catégorie{number}", slug=f"categorie-{number}")
    assert (last.colour, last.sign) == ("teal", "pediment")
    assert 'class="opening ink-teal"' in client.get(last.get_absolute_url()).text


class TestEditionFrozenBeforeCategoriesHadColours:
    @pytest.fixture
    def former(self, entry):
        def of_former_times(publication):
            contents = build(publication, site=editions.SITE)
            for category in contents["categories"]:
                del category["colour"]
            return contents

        factories.published(category=factories.category(slug="economie-locale"))
        return editions.publication().freeze(by=factories.user(), build=of_former_times)

    def test_is_shown_as_it_was(self, client, former):
        kept = former.data
        html = client.get(former.get_absolute_url()).text
        assert '<section class="part ink-brick" id="economie-locale">' in html
        assert "ink-moss" not in html
        colours = [part["colour"] for part in data_of(Volume(EditionContent(former), 1))["parts"]]
        assert colours == ["brick", ""]
        former.refresh_from_db()
        assert former.data == kept

    def test_still_gives_its_documents(self, client, former):
        editions.build_next()
        for name in editions.MADE:
            assert editions.fetch(client, f"{former.get_absolute_url()}{name}")
