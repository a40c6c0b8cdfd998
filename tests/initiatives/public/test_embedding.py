"""Following from elsewhere: feeds that can be found, and a list that any site may show in a frame."""

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from tests.support import factories


def listed(html: str) -> list[str]:
    return re.findall(r'data-initiative="([^"]+)"', html)


@pytest.fixture
def entries():
    town = factories.town(name="Beauvais")
    with factories.at_once():
        for number in range(12):
            factories.published(title=f"Fiche {number}", slug=f"fiche-{number}", territory=town)
    factories.published(slug="ailleurs", themes=[factories.theme(slug="cybersecurite")])
    factories.draft(slug="brouillon", territory=town)


class TestSubscription:
    def test_gives_the_feed_of_everything_and_of_each_theme(self, client, entries):
        html = client.get("/s-abonner/").text
        assert "http://testserver/flux.atom" in html
        addresses = set(re.findall(r'<a href="(/flux\.atom[^"]*)"', html))
        assert len(addresses) == 1 + 3 + 14
        for address in addresses:
            assert client.get(unescape(address)).status_code == 200

    def test_gives_the_feed_of_a_list_with_its_filters(self, client, entries):
        html = client.get("/s-abonner/?q=fiche&territoire=beauvais-60").text
        (address,) = re.findall(r'<a href="(/flux\.atom\?q[^"]*)"', html)
        assert address == "/flux.atom?q=fiche&amp;territoire=beauvais-60"
        assert client.get(unescape(address)).text.count("<entry>") == 12
        assert "12\u00a0fiches aujourd’hui" in html

    def test_of_an_unknown_filter_is_not_that_of_everything(self, client, entries):
        response = client.get("/s-abonner/?theme=perdu")
        assert response.status_code == 404
        assert "Le thème « perdu » est inconnu" in response.text.replace("\u00a0", " ")

    def test_is_offered_by_the_list_and_by_territories(self, client, entries):
        assert 'href="/s-abonner/?q=fiche"' in client.get("/initiatives/?q=fiche").text
        assert client.get("/villes/beauvais-60/").text.count('href="/flux.atom?territoire=beauvais-60"') == 2


class TestEmbeddedList:
    def test_shows_the_latest_entries_of_the_list_that_it_is_asked_for(self, client, entries):
        assert len(listed(client.get("/integrer/liste").text)) == 10
        assert len(listed(client.get("/integrer/liste?nombre=50").text)) == 13
        assert listed(client.get("/integrer/liste?theme=cybersecurite").text) == ["ailleurs"]
        titles = client.get("/integrer/liste?territoire=beauvais-60&tri=titre&nombre=2").text
        assert listed(titles) == listed(client.get("/initiatives/?territoire=beauvais-60&tri=titre").text)[:2]

    def test_has_no_script_no_form_and_no_cookie(self, client, entries):
        response = client.get("/integrer/liste")
        assert not re.search(r"<(script|form|iframe|img|button)\b| on\w+=", response.text)
        assert not response.cookies

    def test_opens_its_links_outside_the_frame(self, client, entries):
        links = re.findall(r"<a [^>]*>", client.get("/integrer/liste").text)
        assert len(links) == 12
        assert all('target="_blank"' in link and "noopener" in link for link in links)

    def test_may_be_framed_even_when_it_is_kept_or_not_modified(self, client, settings, entries):
        settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        first, kept = client.get("/integrer/liste"), client.get("/integrer/liste")
        same = client.get("/integrer/liste", headers={"if-none-match": first["ETag"]})
        assert same.status_code == 304
        for response in (first, kept, same):
            assert "frame-ancestors *" in response["Content-Security-Policy"]
            assert "X-Frame-Options" not in response

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("theme=perdu", "Le thème « perdu » est inconnu."),
            ("nombre=-1", "Le nombre de fiches est un entier de 1 à 50, pas « -1 »."),
            ("nombre=51", "pas « 51 »"),
            ("nombre=abc&region=zz", "La région « zz » est inconnue."),
        ],
    )
    def test_says_in_french_what_it_cannot_show(self, client, entries, query, sentence):
        response = client.get(f"/integrer/liste?{query}")
        assert response.status_code == 400
        assert sentence in re.sub("[\u00a0\u202f]", " ", response.text)
        assert listed(response.text) == []
        assert "frame-ancestors *" in response["Content-Security-Policy"]

    def test_of_nothing_says_so(self, client):
        html = client.get("/integrer/liste?theme=cybersecurite").text
        assert "Aucune fiche" in html
        assert re.search(r'<a href="/initiatives/"[^>]*>Voir le catalogue</a>', html)
        assert "0\xa0fiche" not in html

    def test_loses_an_entry_as_soon_as_it_is_withdrawn(self, client):
        entry = factories.published(slug="retiree")
        assert listed(client.get("/integrer/liste").text) == ["retiree"]
        entry.archive(by=factories.user())
        assert listed(client.get("/integrer/liste").text) == []

    def test_takes_the_same_queries_with_one_entry_and_with_many(self, client, django_assert_num_queries):
        for count in (1, 12):
            for _ in range(count):
                factories.published(territory=factories.town(), themes=[factories.theme(slug="cybersecurite")])
            with django_assert_num_queries(8):
                client.get("/integrer/liste")


class TestSnippet:
    def snippet(self, client, query: str = "") -> str:
        html = client.get(f"/integrer/{query}").text
        return unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[1])

    def test_frames_the_list_with_the_filters_of_the_address(self, client, entries):
        code = self.snippet(client, "?theme=cybersecurite&nombre=5")
        source = unescape(re.search(r'src="([^"]+)"', code)[1])
        assert source == "http://testserver/integrer/liste?theme=cybersecurite&nombre=5"
        assert listed(client.get(source).text) == ["ailleurs"]
        assert 'title="' in code
        assert 'http://testserver/integrer/liste"' in self.snippet(client)

    def test_cannot_be_broken_by_what_is_searched(self, client, entries):
        code = self.snippet(client, "?q=%22%3E%3Cscript%3E%27%26")
        assert "<script" not in code
        assert code.count('"') == self.snippet(client).count('"')
        assert "<script>" not in client.get("/integrer/?q=%3C/textarea%3E%3Cscript%3E").text

    def test_form_keeps_what_it_does_not_offer(self, client, entries):
        html = client.get("/integrer/?q=fiche&region=32&tri=titre").text
        assert '<input type="hidden" name="q" value="fiche">' in html
        assert '<input type="hidden" name="tri" value="titre">' in html
        assert re.search(r'<option value="32"\s+selected', html)
        assert '<input type="hidden" name="region"' not in html

    def test_of_a_wrong_number_says_so(self, client, entries):
        response = client.get("/integrer/?nombre=0")
        assert response.status_code == 400
        assert "un entier de 1 à 50" in response.text.replace("\u00a0", " ")

    def test_works_in_a_page_of_another_site(self, browser, live_server, entries):
        """The host page has another origin: only what the headers allow is shown."""
        other = live_server.url.replace("localhost", "127.0.0.1")
        assert other != live_server.url
        context = browser.new_context(base_url=live_server.url, viewport={"width": 360, "height": 700})
        # A page that no server gave counts as public, and this machine as private: real sites are both public.
        context.grant_permissions(["local-network-access"])
        page = context.new_page()
        page.goto("/integrer/?nombre=5")
        code = page.input_value("#code")
        page.route(f"{other}/journal", lambda route: route.fulfill(content_type="text/html", body=code))
        page.goto(f"{other}/journal")
        frame = page.frame_locator("iframe")
        expect(frame.locator("[data-initiative]")).to_have_count(5)
        inner = next(one for one in page.frames if "/integrer/liste" in one.url)
        assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert context.cookies() == []
        refused = code.replace("/integrer/liste?nombre=5", "/initiatives/")
        page.route(f"{other}/autre", lambda route: route.fulfill(content_type="text/html", body=refused))
        page.goto(f"{other}/autre")
        expect(page.frame_locator("iframe").locator("[data-initiative]")).to_have_count(0)
        context.close()
