"""Feeds, site map, robots, OpenSearch, suggestions and pictures for sharing."""

import re
import struct
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from initiatives.models import Initiative, Theme
from tests.support import factories

ATOM = "{http://www.w3.org/2005/Atom}"
JUNE, JULY = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed_titles(client, query: str = "") -> list[str]:
    response = client.get(f"/flux.atom{query}")
    assert response.status_code == 200
    return [title.text for title in ElementTree.fromstring(response.content).iterfind(f"{ATOM}entry/{ATOM}title")]


def feed_dates(client) -> dict[str, tuple[datetime, datetime]]:
    """By title, when each entry of the feed was published and updated."""
    found = {}
    for entry in ElementTree.fromstring(client.get("/flux.atom").content).iterfind(f"{ATOM}entry"):
        title = entry.findtext(f"{ATOM}title").partition(" (")[0]
        moments = (entry.findtext(f"{ATOM}{name}") for name in ("published", "updated"))
        found[title] = tuple(map(datetime.fromisoformat, moments))
    return found


def feed_ids(client) -> list[str]:
    root = ElementTree.fromstring(client.get("/flux.atom").content)
    return [entry.findtext(f"{ATOM}id") for entry in root.iterfind(f"{ATOM}entry")]


def published_in_june() -> Initiative:
    entry = factories.submitted()
    entry.publish(by=factories.user(), at=JUNE)
    return entry


class TestFeed:
    @pytest.mark.both_databases
    def test_holds_the_entries_of_the_list_with_its_filters(self, client):
        town = factories.town(name="Beauvais")
        factories.published(title="Carte", territory=town, themes=[factories.theme(slug="cybersecurite")])
        factories.published(title="Atelier", territory=town)
        factories.draft(title="Brouillon", territory=town)
        assert feed_titles(client) == ["Atelier (Beauvais)", "Carte (Beauvais)"]
        assert feed_titles(client, "?theme=cybersecurite") == ["Carte (Beauvais)"]

    @pytest.mark.both_databases
    def test_begins_with_the_latest_whatever_the_order_of_the_list(self, client):
        for name, town in (("Carte", "Creil"), ("Atelier", "Zonza"), ("Bus", "Beauvais")):
            factories.published(title=name, territory=factories.town(name=town))
        expected = ["Bus (Beauvais)", "Atelier (Zonza)", "Carte (Creil)"]
        for query in ("", "?tri=titre", "?tri=collectivite", "?tri=recent"):
            assert feed_titles(client, query) == expected, query

    def test_of_nothing_is_a_valid_feed_and_stays_the_same(self, client):
        assert feed_titles(client, "?q=introuvable") == []
        assert client.get("/flux.atom").content == client.get("/flux.atom").content

    def test_with_an_unknown_filter_is_not_the_whole_feed(self, client):
        factories.published()
        response = client.get("/flux.atom?theme=perdu")
        assert response.status_code == 404
        assert "Le thème « perdu » est inconnu" in response.text.replace("\u00a0", " ")

    def test_says_which_filters_it_follows(self, client):
        assert "Catégorie : Service public" in client.get("/flux.atom?categorie=service-public").text

    def test_says_whose_it_is_updated_when_and_under_which_licence(self, client):
        factories.published()
        rights = ElementTree.fromstring(client.get("/flux.atom").content).findtext(f"{ATOM}rights")
        assert re.fullmatch(
            r"Source : Villes de France, .*, mise à jour du \d\d/\d\d/\d{4}, Licence Ouverte 2.0 : https://\S+", rights
        )

    @pytest.mark.both_databases
    def test_says_when_the_text_of_an_entry_was_corrected(self, client):
        corrected, other = published_in_june(), published_in_june()
        assert set(feed_dates(client).values()) == {(JUNE, JUNE)}
        corrected.internal_note = "Rappeler."
        corrected.verified_on = "2026-07-01"
        corrected.save()
        assert set(feed_dates(client).values()) == {(JUNE, JUNE)}
        corrected.tools.create(name="Jitsi")
        moment = corrected.history.latest().history_date
        assert feed_dates(client) == {corrected.title: (JUNE, moment), other.title: (JUNE, JUNE)}
        feed = ElementTree.fromstring(client.get("/flux.atom").content)
        assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == moment

    def test_dates_an_entry_that_is_published_again_as_new(self, client):
        entry = published_in_june()
        entry.results = "Un résultat."
        entry.save()
        entry.archive(by=factories.user())
        entry.summary = "Un autre résumé."
        entry.save()
        entry.restore(by=factories.user())
        entry.publish(by=factories.user(), at=JULY)
        assert feed_dates(client) == {entry.title: (JULY, JULY)}

    def test_knows_an_entry_by_another_name_than_its_address(self, client):
        entry = factories.published(slug="ancienne", reference="CS20-90001")
        factories.published(reference="CS20-90002")
        before = feed_ids(client)
        entry.slug = "nouvelle"
        entry.save()
        assert feed_ids(client) == before
        assert before[1] == "tag:testserver,2026-11-23:CS20-90001"
        assert len(set(before)) == 2

    def test_names_an_entry_by_the_host_without_its_port(self, client):
        factories.published(reference="CS20-00007")
        page = client.get("/flux.atom", headers={"host": "testserver:8080"}).text
        assert "<id>tag:testserver,2026-11-23:CS20-00007</id>" in page

    @pytest.mark.both_databases
    def test_takes_the_same_queries_with_one_entry_and_with_many(self, client, django_assert_num_queries):
        for count in (1, 12):
            for _ in range(count):
                factories.published(territory=factories.town(), themes=[factories.theme(slug="cybersecurite")])
            with django_assert_num_queries(9):
                client.get("/flux.atom")

    def test_takes_markup_as_text(self, client):
        factories.published(title="<script>alert(1)</script> & cie")
        assert "<script>" not in client.get("/flux.atom").text
        assert feed_titles(client)[0].startswith("<script>alert(1)</script> & cie")

    def test_signs_that_xml_does_not_know_are_left_out(self, client):
        theme = factories.theme(slug="cybersecurite")
        theme.name = "cyber\x0bsécurité"
        theme.save()
        factories.published(title="Cart\x0be", summary="Un\x1f annuaire\ufffe", themes=[theme])
        for query in ("", "?theme=cybersecurite", "?q=a%0Bb"):
            assert client.get(f"/flux.atom{query}").status_code == 200
        assert feed_titles(client)[0].startswith("Carte (")


@pytest.mark.both_databases
class TestSuggestions:
    def labels(self, client, typed: str) -> list[tuple[str, str]]:
        found = client.get("/suggestions", {"q": typed}).json()["suggestions"]
        return [(one["kind"], one["label"]) for one in found]

    def test_of_themes_territories_and_entries(self, client):
        beauvais = factories.town(name="Beauvais", insee_code="60057")
        factories.town(name="Beauvoir")
        factories.published(
            title="Un bouclier numérique", territory=beauvais, themes=[factories.theme(slug="cybersecurite")]
        )
        assert self.labels(client, "beauv") == [
            ("Collectivité", "Beauvais (60)"),
            ("Initiative", "Un bouclier numérique"),
        ]
        assert self.labels(client, "60057")[0] == ("Collectivité", "Beauvais (60)")
        assert self.labels(client, "CYBERS")[0] == ("Thème", "cybersécurité")
        assert self.labels(client, "boucliers") == [("Initiative", "Un bouclier numérique")]

    @pytest.mark.parametrize("typed", ["", "b", " b ", "le la", "\x00", "<b>", "%%", "__", "a" * 500, "🙂🙂"])
    def test_of_what_says_nothing_are_none(self, client, typed):
        factories.published(title="Beauté")
        assert self.labels(client, typed) == []

    def test_lead_somewhere(self, client):
        factories.published(title="Carte des commerces", themes=[factories.theme(slug="sante-publique")])
        for typed in ("carte", "santé", "ville"):
            for suggestion in client.get("/suggestions", {"q": typed}).json()["suggestions"]:
                assert client.get(suggestion["url"]).status_code == 200

    def test_are_five_queries_whatever_is_found(self, client, django_assert_num_queries):
        for number in range(8):
            factories.published(title="Carte", territory=factories.town(name=f"Carte {number}"))
        Theme.objects.filter(slug="circuits-courts").update(name="carte")
        with django_assert_num_queries(6):  # and the content version
            client.get("/suggestions?q=carte")


@pytest.mark.both_databases
class TestSitemap:
    def locations(self, client, address: str) -> list[str]:
        root = ElementTree.fromstring(client.get(address).content)
        return [element.text for element in root.iter(f"{MAP}loc")]

    def test_leads_to_every_public_page_and_to_no_other(self, client):
        epci = factories.intercommunality(name="CA du Beauvaisis")
        seen = factories.published(slug="vue", territory=factories.town(name="Beauvais", intercommunality=epci))
        factories.published(territory=epci)
        hidden = factories.draft(slug="cachee", territory=factories.town(name="Cachan"))
        parts = self.locations(client, "/sitemap.xml")
        pages = [page for part in parts for page in self.locations(client, part)]
        assert f"http://testserver{seen.get_absolute_url()}" in pages
        assert f"http://testserver/villes/{seen.territory.slug}/" in pages
        assert f"http://testserver/intercommunalites/{epci.slug}/" in pages
        assert not any("cachee" in page or hidden.territory.slug in page for page in pages)
        for page in pages:
            assert client.get(page).status_code == 200, page

    def test_part_that_does_not_exist_is_a_404(self, client):
        assert client.get("/sitemap-inconnue.xml").status_code == 404
        assert client.get("/sitemap-initiatives.xml?p=abc").status_code == 404


def test_robots_are_shown_the_map_and_kept_from_the_desk(client):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_opensearch_names_the_list(client):
    text = client.get("/opensearch.xml").text
    ElementTree.fromstring(text)
    assert 'template="http://testserver/initiatives/?q={searchTerms}"' in text


class TestPictures:
    @pytest.mark.parametrize("title", ["Carte", "W" * 120, '#strong[x] "quotes" \\ $x$ @ref', "🙂 日本語 \u202eעברית"])
    def test_of_any_title_is_drawn(self, client, title):
        initiative = factories.published(title=title)
        png = client.get(f"{initiative.get_absolute_url()}partage.png").content
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == (1200, 630)

    def test_of_the_site_is_drawn_the_same_twice(self, client):
        assert client.get("/partage.png").content == client.get("/partage.png").content

    def test_of_an_unpublished_entry_is_not(self, client):
        draft = factories.draft(slug="cachee")
        assert client.get(f"/initiatives/{draft.slug}/partage.png").status_code == 404
