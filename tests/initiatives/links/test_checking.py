"""The links of the entries: who is asked and when, what is held against whom, and what a run loses (nothing)."""

import socket
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from initiatives.links import checking
from initiatives.links.checking import LinkCheck, NetworkDown, gather
from initiatives.management.commands.check_links import user_agent
from initiatives.models import Answer, ContentVersion, Fault, Initiative, WebAddress
from initiatives.models.web_address import DAYS_OF_GONE, DAYS_OF_SILENCE, EARLY, LEASE
from tests.support import factories
from tests.support.servers import free_port
from tests.support.sites import certificate, client, leading_to, saying, site

pytestmark = pytest.mark.both_databases

GONE, SILENCE = Answer(404), Answer(fault=Fault.TIMEOUT)
# What says nothing of a page: it turns the robot away, or is the fault of the server, or of the address.
UNCERTAIN = [Answer(status) for status in (302, 400, 401, 403, 405, 429, 451, 500, 503, 999)]
UNCERTAIN += [Answer(fault=fault) for fault in (Fault.CERTIFICATE, Fault.TLS, Fault.ENDLESS)]
UNCERTAIN += [Answer(fault=fault) for fault in (Fault.MALFORMED, Fault.REFUSED)]


def address(url: str = "https://ville.example/", **facts) -> WebAddress:
    return WebAddress.objects.create(url=url, **facts)


def known(*urls: str) -> Initiative:
    """A published entry with these links, and no other address."""
    entry = factories.published()
    for url in urls:
        entry.links.create(label=url[-100:], url=url)
    return entry


def let_pass(days: int):
    """So many days later."""
    for row in WebAddress.objects.all():
        for name in ("checked_at", "first_failed_on", "last_failed_on", "next_check_at"):
            if value := getattr(row, name):
                setattr(row, name, value - timedelta(days=days))
        row.save()


def told(url: str) -> str:
    return WebAddress.objects.get(url=url).answer.word


class TestAddresses:
    def test_are_those_of_each_source(self):
        entry = factories.published(**factories.PUBLIC_SOURCE)
        entry.more_sources.create(title="Bilan", publisher="Sud", url="https://example.org/bilan")
        gather()
        gone = WebAddress.objects.filter(url="https://example.org/bilan")
        assert gone.count() == 1
        assert entry in Initiative.objects.linking_to(gone)

    def test_are_those_of_published_entries_each_once(self):
        source = "https://ville.example/source"
        for make in (factories.published, factories.published, factories.draft, factories.submitted):
            make(**factories.PUBLIC_SOURCE | {"source_url": source}).links.create(label="Page", url=f"{source}#page")
        factories.draft(source_url="https://ville.example/brouillon").links.create(label="a", url="https://a.example/")
        known("https://ville.example/lien", source)
        gather()
        gather()
        urls = {source, f"{source}#page", "https://ville.example/lien"}
        assert sorted(WebAddress.objects.values_list("url", flat=True)) == sorted(urls)

    def test_go_with_the_last_entry_that_gives_them(self):
        kept, gone = known("https://ville.example/a"), known("https://ville.example/a", "https://ville.example/b")
        gather()
        gone.archive(by=factories.user())
        gather()
        assert WebAddress.objects.get().url == "https://ville.example/a"
        kept.links.all().delete()
        gather()
        assert not WebAddress.objects.exists()

    @pytest.mark.parametrize(
        "facts",
        [
            {"url": "javascript:alert(1)"},
            {"status": 200},
            {"fault": "timeout"},
            {"checked_at": "2026-03-03T00:00Z"},
            {"checked_at": "2026-03-03T00:00Z", "status": 404, "fault": "timeout"},
            {"failures": 1},
            {"first_failed_on": "2026-03-03"},
            {"failures": 2, "first_failed_on": "2026-03-03", "last_failed_on": "2026-03-01"},
            {"is_dead": True},
            {"is_dead": True, "failures": 2, "first_failed_on": "2026-03-01", "last_failed_on": "2026-03-03"},
        ],
        ids=str,
    )
    def test_database_refuses_what_cannot_be(self, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            address(**facts)


class TestVerdict:
    @pytest.mark.parametrize(("answer", "days"), [(GONE, DAYS_OF_GONE), (Answer(410), 3), (SILENCE, DAYS_OF_SILENCE)])
    def test_dead_is_what_failed_on_several_days(self, answer, days):
        row = address()
        for day in range(1, days + 1):
            row.record(answer)
            assert row.is_dead == (day == days), day
            let_pass(1)
            row.refresh_from_db()
        assert row.first_failed_on == timezone.localdate() - timedelta(days=days)

    def test_page_that_is_gone_is_dead_sooner_than_one_that_is_silent(self):
        assert 1 < DAYS_OF_GONE < DAYS_OF_SILENCE

    @pytest.mark.parametrize("answer", [GONE, SILENCE])
    def test_a_day_counts_once(self, answer):
        row = address()
        for _ in range(10):
            row.record(answer)
        assert (row.failures, row.is_dead) == (1, False)

    @pytest.mark.parametrize("answer", UNCERTAIN, ids=str)
    def test_uncertain_answer_is_no_proof(self, answer):
        row = address()
        for _ in range(20):
            row.record(answer)
            let_pass(1)
        assert (row.failures, row.is_dead) == (0, False)

    def test_dead_revives_at_the_first_success(self):
        row = address()
        for answer in [GONE] * DAYS_OF_GONE + [Answer(403)]:
            row.record(answer)
            let_pass(1)
        assert row.is_dead
        row.record(Answer(200))
        row.refresh_from_db()
        assert (row.is_dead, row.failures, row.first_failed_on) == (False, 0, None)

    def test_success_starts_the_count_anew(self):
        row = address()
        for answer in [GONE, GONE, Answer(200), GONE, GONE]:
            row.record(answer)
            let_pass(1)
        assert (row.failures, row.is_dead) == (2, False)

    def test_public_pages_change_when_a_link_dies_or_revives_and_only_then(self):
        """The date of the data does not: no entry says anything else."""
        row, changes, dated = address(), [], ContentVersion.current().data_changed_at
        for answer in [Answer(200), *[GONE] * (DAYS_OF_GONE + 1), Answer(403), Answer(200), Answer(200)]:
            before = ContentVersion.current().number
            row.record(answer)
            changes.append(ContentVersion.current().number - before)
            let_pass(1)
        assert changes == [0, 0, 0, 1, 0, 0, 1, 0]
        assert ContentVersion.current().data_changed_at == dated

    def test_address_that_no_entry_gives_any_more_is_not_missed(self):
        row = address()
        WebAddress.objects.all().delete()
        row.record(GONE)
        row.put_off()
        assert not WebAddress.objects.exists()

    @pytest.mark.parametrize(
        ("answers", "days"),
        [([Answer(200)], 30), ([GONE], 1), ([GONE, GONE], 2), ([SILENCE] * 4, 7), ([GONE] * 3, 7), ([Answer(403)], 7)],
        ids=str,
    )
    def test_is_asked_again_after_a_month_and_sooner_after_a_failure(self, answers, days):
        row = address()
        for at, answer in enumerate(answers):
            let_pass(1 if at else 0)
            row.record(answer)
        wait = row.next_check_at + EARLY - row.checked_at
        assert wait == timedelta(days=days)
        # A run at the same hour as that of the last time finds it.
        assert row.next_check_at < timezone.now() + timedelta(days=days)


class TestRun:
    def test_asks_each_address_once_and_notes_what_it_answers(self):
        pages = {"/a": saying(200), "/b": saying(404), "/c": saying(403), "/d": leading_to("/a")}
        with site(pages) as there:
            for _ in range(3):
                known(*map(there.url, pages))
            asked = LinkCheck(client())()
            assert sorted(set(there.paths)) == sorted([f"HEAD {path}" for path in pages] + ["GET /b", "GET /c"])
            assert there.paths.count("HEAD /b") == 1
            assert [told(there.url(path)) for path in pages] == ["200", "404", "403", "200"]
        assert asked == {"answering": 2, "failing": 1, "undecided": 1, "dead": 0}

    def test_asks_again_only_what_is_due(self):
        with site({"/a": saying(200), "/b": saying(404)}) as there:
            known(there.url("/a"), there.url("/b"))
            LinkCheck(client())()
            there.asked.clear()
            assert not LinkCheck(client())()
            assert not there.asked
            let_pass(2)
            LinkCheck(client())()
            assert there.paths == ["HEAD /b", "GET /b"]
            let_pass(28)
            LinkCheck(client())()
            assert "HEAD /a" in there.paths

    def test_asks_those_first_that_were_asked_longest_ago(self):
        with site({path: saying(200) for path in ("/new", "/old", "/never")}) as there:
            known(*map(there.url, there.pages))
            for path, days in (("/new", 40), ("/old", 60)):
                past = timezone.now() - timedelta(days=days)
                address(there.url(path), checked_at=past, status=200)
            LinkCheck(client())()
            assert there.paths == ["HEAD /never", "HEAD /old", "HEAD /new"]

    def test_stops_at_its_limit_and_goes_on_the_next_time(self):
        with site({f"/{n}": saying(200) for n in range(5)}) as there:
            known(*map(there.url, there.pages))
            for expected in (2, 2, 1, 0):
                assert LinkCheck(client(), limit=2)()["answering"] == expected
            assert sorted(there.paths) == [f"HEAD /{n}" for n in range(5)]

    def test_stops_when_its_time_is_over(self):
        with site({f"/{n}": saying(200) for n in range(5)}) as there:
            known(*map(there.url, there.pages))
            LinkCheck(client(pause=0.2), seconds=0.3)()
            assert 1 <= len(there.asked) < 5
            LinkCheck(client(), seconds=0.000001)()
            assert len(there.asked) < 5

    def test_leaves_a_host_alone_that_has_had_enough(self):
        with site({f"/{n}": saying(429) for n in range(5)}) as there:
            known(*map(there.url, there.pages))
            LinkCheck(client())()
            assert len(there.asked) == 1
            assert WebAddress.objects.filter(checked_at=None).count() == 4
            assert not WebAddress.objects.due().exists()
            let_pass(1)
            assert WebAddress.objects.due().count() == 4

    def test_run_that_was_killed_holds_an_address_for_a_moment_only(self):
        with site({"/a": saying(200)}) as there:
            known(there.url("/a"))
            gather()
            assert WebAddress.objects.claim(WebAddress.objects.get().pk)
            assert not LinkCheck(client())()
            WebAddress.objects.update(next_check_at=timezone.now() + LEASE - LEASE)
            assert LinkCheck(client())()["answering"] == 1

    def test_run_that_is_interrupted_gives_back_what_it_took(self, monkeypatch):
        with site({f"/{n}": saying(200) for n in range(3)}) as there:
            known(*map(there.url, there.pages))
            monkeypatch.setattr(WebAddress, "record", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                LinkCheck(client())()
            assert len(there.asked) == 1
            assert WebAddress.objects.due().count() == 2

    def test_address_that_breaks_the_client_stops_nobody(self, caplog):
        class Breaking:
            def ask(self, url):
                if "mauvaise" in url:
                    raise RecursionError(url)
                return Answer(200)

        known("https://mauvaise.example/", "https://bonne.example/")
        assert LinkCheck(Breaking())() == {"answering": 1, "undecided": 1, "dead": 0}

    def test_certificate_that_is_invalid_is_told_and_not_dead(self, tmp_path):
        server, _ = certificate(tmp_path, "autre.example")
        with site({}, tls=server) as there:
            known(there.url("/"))
            for _ in range(DAYS_OF_SILENCE + 1):
                LinkCheck(client())()
                let_pass(30)
            assert told(there.url("/")) == "certificat invalide"
            assert not WebAddress.objects.dead().exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_runs_at_once_ask_nothing_twice():
    with site({f"/{n}": saying(200) for n in range(12)}) as there:
        known(*map(there.url, there.pages))
        faults, gate = [], threading.Barrier(3)

        def run():
            try:
                gate.wait()
                LinkCheck(client())()
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        assert sorted(there.paths) == sorted(f"HEAD {path}" for path in there.pages)
        assert WebAddress.objects.filter(status=200).count() == 12


class TestSilence:
    """A network that is away is not the fault of the links."""

    @pytest.fixture
    def silent(self) -> str:
        return f"http://127.0.0.1:{free_port()}/"

    def test_of_everybody_is_held_against_nobody(self, silent):
        known(silent)
        with pytest.raises(NetworkDown):
            LinkCheck(client())()
        row = WebAddress.objects.get()
        assert (row.checked_at, row.failures) == (None, 0)
        assert list(WebAddress.objects.due()) == [row]

    def test_counts_once_somebody_has_answered_after_it(self, silent):
        with site({"/": saying(403)}) as there:
            known(silent, there.url("/"))
            assert LinkCheck(client())()["failing"] == 1
        assert told(silent) == "serveur injoignable"

    def test_counts_where_one_that_answered_before_still_does(self, silent):
        """As on most days: only what failed before is due."""
        with site({"/": saying(200)}) as there:
            known(there.url("/"))
            LinkCheck(client())()
            known(silent)
            there.asked.clear()
            assert LinkCheck(client())() == {"failing": 1, "dead": 0}
            assert there.paths == ["HEAD /"]
        let_pass(1)
        with pytest.raises(NetworkDown):
            LinkCheck(client())()
        assert WebAddress.objects.get(url=silent).failures == 1

    def test_of_many_ends_the_run(self, monkeypatch):
        monkeypatch.setattr(checking, "DOUBTS", 3)
        monkeypatch.setattr(checking, "AT_ONCE", 1)
        asked = []

        class Deaf:
            def ask(self, url):
                asked.append(url)
                return Answer(fault=Fault.UNKNOWN_HOST)

        known(*(f"https://ville-{n}.example/" for n in range(9)))
        with pytest.raises(NetworkDown):
            LinkCheck(Deaf())()
        assert len(asked) == 3
        assert WebAddress.objects.due().count() == 9


class TestCommand:
    def check(self, *arguments: str) -> str:
        out = StringIO()
        call_command("check_links", *arguments, stdout=out)
        return out.getvalue()

    def test_asks_nothing_of_this_machine(self):
        with site({"/": saying(200)}) as there:
            known(there.url("/"))
            assert self.check() == "Links: answering 0, failing 0, undecided 1, dead 0.\n"
            assert there.connections == 0
        assert WebAddress.objects.get().fault == Fault.REFUSED
        assert self.check() == ""

    def test_says_that_the_network_is_away_and_fails(self, monkeypatch):
        def nobody(*_, **__):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

        monkeypatch.setattr(socket, "getaddrinfo", nobody)
        known("https://ville.example/")
        with pytest.raises(CommandError, match="network of this server is probably away"):
            self.check()
        assert WebAddress.objects.get().failures == 0

    def test_says_who_asks(self, settings):
        settings.PUBLISHER, settings.CONTACT_EMAIL = "Villes de France", "contact@example.org"
        assert user_agent() == "InitiativesNumeriques-links/1.0 (Villes de France; contact@example.org)"
        settings.PUBLISHER, settings.CONTACT_EMAIL = "Réseau\r\nX: y", ""
        assert user_agent().isascii()
        assert "\n" not in user_agent()

    @pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "x"], ["--for", "-1"], ["--for", "nan"]])
    def test_refuses_a_limit_that_is_none(self, arguments):
        with pytest.raises(CommandError, match="is no number above 0"):
            self.check(*arguments)
