"""Links that no longer answer, as the desk and the public read of them."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from initiatives.links.verdicts import verdict
from initiatives.models import Answer, Fault, Initiative, WebAddress
from tests.support import factories
from tests.support.desk import LIST, address, opened, sent

pytestmark = pytest.mark.ignore_template_errors
SOURCE, LINK = "https://ville.example/source", "https://ville.example/lien"
ADDRESSES = "/admin/initiatives/webaddress/"


def dead(url: str, *, since: date = date(2026, 3, 3), answer: Answer | None = None) -> WebAddress:
    answer = answer or Answer(404)
    return WebAddress.objects.create(
        url=url,
        checked_at=datetime(2026, 4, 1, 23, 30, tzinfo=UTC),
        status=answer.status,
        fault=answer.fault,
        first_failed_on=since,
        last_failed_on=since,
        failures=3,
        is_dead=True,
    )


def with_source(url: str = SOURCE, **facts) -> Initiative:
    return factories.published(**factories.PUBLIC_SOURCE | {"source_url": url} | facts)


def pile(client):
    (found,) = [one for one in client.get("/admin/").context["waiting"] if "lien" in one.noun]
    return found


@pytest.mark.both_databases
class TestPile:
    def test_counts_each_entry_once_and_leads_to_as_many(self, editor):
        dead(SOURCE), dead(LINK)
        both = with_source()
        both.links.create(label="Page", url=LINK)
        by_link = factories.published()
        by_link.links.create(label="Page", url=LINK)
        with_source("https://ville.example/autre")
        factories.draft(source_url=SOURCE), factories.submitted(source_url=SOURCE)
        with_source().archive(by=factories.user())
        waiting = pile(editor)
        listed = editor.get(waiting.url).context["cl"].result_list
        assert waiting.count == 2
        assert {one.pk for one in listed} == {both.pk, by_link.pk}

    @pytest.mark.parametrize(
        ("count", "shown"),
        [(1, "fiche dont un lien ne répond plus"), (2, "fiches dont un lien ne répond plus")],
    )
    def test_is_said_in_french(self, editor, count, shown):
        dead(SOURCE)
        for _ in range(count):
            with_source()
        assert re.search(rf"<strong>{count}</strong>\s*<span>{shown}</span>", editor.get("/admin/").text)

    def test_goes_when_the_address_is_corrected(self, moderator):
        dead(SOURCE)
        entry = with_source()
        assert pile(moderator).count == 1
        form = opened(moderator, address(entry))
        moderator.post(address(entry), sent(form, source_url="https://ville.example/nouvelle", _save="1"))
        assert pile(moderator).count == 0

    def test_queries_of_home_list_and_form_do_not_grow_with_the_links(
        self,
        moderator,
        django_assert_max_num_queries,
    ):
        dead(SOURCE)
        entry = with_source()
        entry.links.create(label="Page", url=SOURCE)
        pages = ["/admin/", f"{LIST}?travail=liens-morts", address(entry), ADDRESSES]
        for page in pages:
            moderator.get(page)  # what a process asks once
        few = []
        for page in pages:
            with django_assert_max_num_queries(60) as queries:
                moderator.get(page)
            few.append(len(queries))
        for number in range(12):
            dead(f"{LINK}-{number}")
            with_source(f"{LINK}-{number}", territory=entry.territory)
            if number < 4:
                entry.links.create(label=f"Page {number}", url=f"{LINK}-{number}")
        for page, queries in zip(pages, few, strict=True):
            with django_assert_max_num_queries(queries):
                moderator.get(page)


class TestForm:
    def test_says_beside_each_address_what_it_answered(self, editor):
        dead(SOURCE)
        WebAddress.objects.create(url=LINK, checked_at=datetime(2026, 11, 1, 12, tzinfo=UTC), status=200)
        entry = with_source()
        entry.links.create(label=LINK, url=LINK)
        entry.links.create(label="Inconnue", url="https://ville.example/inconnue")
        page = editor.get(address(entry)).text
        gone = '<span class="verdict dead">Ne répond plus depuis le 3 mars 2026 (404).</span>'
        assert gone in page.partition('id="id_source_url_helptext"')[2].partition("</div>")[0]
        assert page.count('<span class="verdict">A répondu le 1er novembre 2026.</span>') == 1
        assert 'aria-describedby="id_links_0_1_etat"' in page
        assert 'id="id_links_0_1_etat"' in page
        assert page.count('class="verdict') == 2

    def test_that_is_only_read_opens_too(self, editor):
        dead(SOURCE), dead(LINK)
        entry = with_source()
        entry.links.create(label="Page", url=LINK)
        entry.archive(by=factories.user())
        assert editor.get(address(entry)).status_code == 200

    def test_of_a_new_entry_asks_nothing_and_says_nothing(self, editor):
        dead(SOURCE)
        assert "verdict" not in editor.get("/admin/initiatives/initiative/add/").text

    def test_what_was_opened_is_saved_unchanged(self, moderator):
        dead(SOURCE), dead(LINK)
        entry = with_source()
        entry.links.create(label="Page", url=LINK)
        before = entry.history.count()
        moderator.post(address(entry), sent(opened(moderator, address(entry)), _save="1"))
        assert entry.history.count() == before


@pytest.mark.both_databases
class TestAddresses:
    def test_are_listed_the_dead_first(self, editor):
        WebAddress.objects.create(url=LINK)
        dead(SOURCE)
        page = editor.get(ADDRESSES)
        assert [one.url for one in page.context["cl"].result_list] == [SOURCE, LINK]
        assert "Ne répond plus depuis le 3 mars 2026 (404)." in page.text
        assert [one.url for one in editor.get(ADDRESSES, {"q": "lien"}).context["cl"].result_list] == [LINK]

    def test_lead_to_the_entries_that_give_them(self, editor):
        row, entry = dead(SOURCE), with_source(title="Un <b>annuaire</b>")
        with_source("https://ville.example/autre", title="Une autre")
        page = editor.get(reverse("admin:initiatives_webaddress_change", args=[row.pk])).text
        assert f'<a href="{address(entry)}">Un &lt;b&gt;annuaire&lt;/b&gt;</a>' in page
        assert "Une autre" not in page
        assert f'<a href="{SOURCE}" rel="noopener noreferrer external">' in page

    def test_hostile_address_is_text(self, editor):
        row = dead('https://ville.example/"><script>alert(1)</script>')
        for page in (ADDRESSES, reverse("admin:initiatives_webaddress_change", args=[row.pk])):
            assert "<script>alert(1)" not in editor.get(page).text

    @pytest.mark.parametrize("group", ["rédaction", "modération", "administration"])
    def test_are_written_by_nobody(self, client, group):
        row = dead(SOURCE)
        client.force_login(factories.member(group))
        for page in ("add/", f"{row.pk}/delete/"):
            assert client.get(ADDRESSES + page).status_code == 403
        assert client.post(f"{ADDRESSES}{row.pk}/change/", {"is_dead": ""}).status_code == 403


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Pas encore vérifiée."),
        ({"status": 200}, "A répondu le 2 avril 2026."),
        ({"status": 403}, "Réponse incertaine le 2 avril 2026 (403)."),
        ({"fault": Fault.CERTIFICATE}, "Réponse incertaine le 2 avril 2026 (certificat invalide)."),
        (
            {"status": 404, "failures": 1},
            "N’a pas répondu le 2 avril 2026 (404)\u00a0: d’autres essais suivront.",
        ),
        (
            {"fault": Fault.TIMEOUT, "failures": 5, "is_dead": True},
            "Ne répond plus depuis le 1er mars 2026 (délai dépassé).",
        ),
    ],
    ids=str,
)
def test_verdict_is_a_sentence(facts, said):
    when = datetime(2026, 4, 1, 23, 30, tzinfo=UTC)  # the 2nd in Paris
    row = WebAddress(url=SOURCE, checked_at=when if facts else None, first_failed_on=date(2026, 3, 1), **facts)
    assert verdict(row) == said


@pytest.mark.both_databases
class TestPublicPage:
    def test_says_since_when_its_source_or_a_link_is_silent(self, client):
        entry = with_source()
        entry.links.create(label="Page", url=LINK)
        assert "ne répond plus" not in client.get(entry.get_absolute_url()).text
        dead(SOURCE), dead(LINK, since=date(2026, 6, 1))
        page = client.get(entry.get_absolute_url()).text
        assert "(le lien mène à un autre site, qui ne répond plus depuis le 3 mars 2026)" in page
        assert "(autre site, ne répond plus depuis le 1er juin 2026)" in page
        assert f'href="{SOURCE}"' in page

    def test_is_another_page_from_the_moment_on_that_a_link_dies(self, client):
        entry = with_source()
        row = dead(SOURCE)
        before = client.get(entry.get_absolute_url())
        row.record(Answer(200))
        after = client.get(entry.get_absolute_url(), headers={"if-none-match": before["ETag"]})
        assert after.status_code == 200
        assert "ne répond plus" not in after.text

    def test_asks_no_more_than_before(self, client, django_assert_num_queries):
        entry = with_source()
        client.get(entry.get_absolute_url())
        counts = []
        for number in range(3):
            with django_assert_num_queries(9) as queries:
                client.get(entry.get_absolute_url())
            counts.append(len(queries))
            dead(f"{LINK}-{number}")
            entry.links.create(label=f"Page {number}", url=f"{LINK}-{number}")
        assert len(set(counts)) == 1
