"""The page cache: the same answer as by the long way, for one query; never another's, never a former one."""

from datetime import UTC, datetime
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from initiatives.caching.conditional import Inputs
from initiatives.caching.encodings import encoding_for
from initiatives.models import ContentVersion, Initiative
from initiatives.runtime.lru import Memory
from tests.support import factories
from tests.support.public_addresses import HOLES, QUESTIONS, public_patterns

# What answers anew each time: the desk's health check, files that are made while they are sent, and what the
# address alone does not say.
NOT_KEPT = {"health", "export", "edition_file", "dcat_catalogue"}


@pytest.fixture
def client(settings):
    settings.PAGES_IN_MEMORY = 4_000_000
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    return Client(headers={"accept-encoding": "gzip, br"})


def told(response):
    return response.status_code, dict(response.items()), response.content, dict(response.cookies)


@pytest.mark.parametrize("name", [name for name in public_patterns() if name not in NOT_KEPT])
def test_page_is_answered_again_as_the_first_time(client, world, name, django_assert_num_queries):
    address = f"{reverse(name, kwargs=HOLES.get(name, {}))}?{urlencode(QUESTIONS.get(name, {}))}".rstrip("?")
    page = client.get(address)
    etag = {"if-none-match": f'"other", {page["ETag"]}'}
    unchanged = client.get(address, headers=etag)
    head = client.head(address)
    assert (page.status_code, unchanged.status_code, head.content) == (200, 304, b"")
    with django_assert_num_queries(3):
        assert told(client.get(address)) == told(page)
        assert told(client.get(address, headers=etag)) == told(unchanged)
        assert told(client.head(address)) == told(head)


def test_form_that_was_asked_for_is_the_one_that_comes(client, world):
    address = reverse("dcat_catalogue")
    for _ in range(2):
        for wanted in ("text/turtle", "application/rdf+xml", "application/ld+json"):
            answer = client.get(address, headers={"accept": wanted})
            assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, wanted)
        assert client.get(address, headers={"accept": "text/html"}).status_code == 303
        assert client.get(address, headers={"accept": "image/png"}).status_code == 406


def test_export_is_only_remembered_as_unchanged(client, world, django_assert_num_queries):
    address = reverse("export", args=["initiatives.csv"])
    first = client.get(address)
    rows = b"".join(first.streaming_content)
    headers = {"if-none-match": first["ETag"]}
    unchanged = client.get(address, headers=headers)
    with django_assert_num_queries(1):
        assert told(client.get(address, headers=headers)) == told(unchanged)
    again = client.get(address)
    assert b"".join(again.streaming_content) == rows
    assert dict(again.items()) == dict(first.items())


def test_sweep_has_seen_the_pages():
    assert set(public_patterns()) > {"home", "initiative_list", "feed", *NOT_KEPT}


@pytest.mark.both_databases
def test_change_is_seen_at_once_with_and_without_the_former_etag(client, world):
    before = client.get("/initiatives/")
    plain = {"accept-encoding": "identity"}
    assert "Vélos" in client.get("/initiatives/", headers=plain).text
    entry = Initiative.objects.get(slug="fiche")
    entry.title = "Trottinettes"
    entry.save()
    for headers in (plain, plain | {"if-none-match": before["ETag"]}):
        after = client.get("/initiatives/", headers=headers)
        assert after.status_code == 200
        assert "Trottinettes" in after.text
        assert "Vélos" not in after.text


@pytest.mark.both_databases
def test_restored_database_that_counts_again_shows_its_own_content(client, world):
    plain = {"accept-encoding": "identity"}
    number = ContentVersion.current().number
    ContentVersion.bump()
    client.get("/initiatives/", headers=plain)
    ContentVersion.objects.update(number=number)
    Initiative.objects.filter(slug="fiche").update(title="Restaurée")
    ContentVersion.bump()
    assert "Restaurée" in client.get("/initiatives/", headers=plain).text


def test_each_host_scheme_and_encoding_has_its_own_answer(client, world, settings):
    settings.ALLOWED_HOSTS = ["un.example", "deux.example"]
    plain = {"accept-encoding": "identity"}
    for _ in range(2):
        for host in settings.ALLOWED_HOSTS:
            for secure, scheme in ((False, "http"), (True, "https")):
                page = client.get("/", headers=plain | {"host": host}, secure=secure)
                assert f'rel="canonical" href="{scheme}://{host}/"' in page.text
        assert client.get("/", headers={"host": "un.example"})["Content-Encoding"] == "br"
        assert client.get("/", headers={"host": "un.example", "accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
        assert client.get("/", headers={"host": "trois.example"}).status_code == 400


@pytest.mark.parametrize("forged", ["/initiatives", "/admin/login", "/", "x"])
@pytest.mark.parametrize("path", ["/", "/chiffres/", "/admin/login/", "/rien"])
def test_page_is_not_answered_at_an_address_that_begins_elsewhere(client, world, forged, path):
    """The server lets no client say SCRIPT_NAME (test_cache_poisoning.py); another server might."""
    meant = f"{forged}{path}"
    before = client.get(meant)
    assert client.get(path, SCRIPT_NAME=forged).status_code == 400
    after = client.get(meant)
    assert after.status_code == before.status_code
    assert after.get("ETag") == before.get("ETag")


def test_configured_script_name_is_answered(client, world, settings):
    settings.FORCE_SCRIPT_NAME = "/catalogue"
    assert client.get("/initiatives/", SCRIPT_NAME="/catalogue").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"SCRIPT_NAME": "/initiatives"},
        {"PATH_INFO": "/autre"},
        {"QUERY_STRING": "q=autre"},
        {"HTTP_HOST": "autre.example"},
        {"HTTP_HOST": ""},
        {"SERVER_NAME": "autre.example"},
        {"SERVER_PORT": "81"},
        {"wsgi.url_scheme": "https"},
        {"REQUEST_METHOD": "HEAD"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    ],
)
def test_memory_takes_no_two_requests_for_one(rf, changed):
    usual = {"PATH_INFO": "/initiatives/", "QUERY_STRING": "q=x"}
    assert Inputs.of(rf.request(**usual)) != Inputs.of(rf.request(**(usual | changed)))


def test_query_in_the_path_is_no_query(client, world):
    page = client.get("/initiatives/?q=x?")
    assert page.status_code == 200
    assert client.get("/initiatives/%3Fq=x").status_code == 404


def test_desk_is_never_answered_from_memory(client, world):
    for _ in range(2):
        answer = client.get("/admin/login/")
        assert "no-store" in answer["Cache-Control"]
        assert "csrftoken" in answer.cookies


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("br, gzip", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("br;q=0.000, gzip", "gzip"),
        ("br; q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.8,gzip;q=0.8", "br"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("identity, *;q=0", ""),
        ("abracadabra, unbr, gzipped", ""),
        ("br;q=2", ""),
        ("br;q=nan, gzip;q=1e3", ""),
        ("br;q=, gzip;level=9", "br"),
        (";;,,;q=1", ""),
    ],
)
def test_encoding_is_one_that_the_request_allows(rf, accepted, encoding):
    assert encoding_for(rf.get("/", headers={"accept-encoding": accepted})) == encoding


def test_plain_http_is_led_to_https_however_often_the_page_was_sent(client, world, settings):
    settings.SECURE_SSL_REDIRECT = True
    for _ in range(2):
        assert client.get("/initiatives/", secure=True).status_code == 200
        assert client.get("/initiatives/").status_code == 301


def test_refusals_are_not_remembered(client, world):
    assert client.get("/initiatives/nouvelle/").status_code == 404
    for _ in range(2):
        assert client.get("/initiatives/?region=999").status_code == client.get("/initiatives/?region=999").status_code
        assert client.post("/initiatives/").status_code == 405
    factories.published(slug="nouvelle")
    assert client.get("/initiatives/nouvelle/").status_code == 200


@pytest.mark.both_databases
def test_page_is_not_answered_without_knowing_the_state_of_the_content(client, world):
    assert client.get("/initiatives/").status_code == 200
    ContentVersion.objects.all().delete()
    with pytest.raises(ContentVersion.DoesNotExist):
        client.get("/initiatives/")


class TestMemory:
    def test_drops_what_was_least_recently_used_when_it_is_full(self):
        memory = Memory(320)
        for number in range(16):
            memory.keep(f"{number}", number, size=20)
        assert memory.recall("0") == 0
        memory.keep("16", 16, size=20)
        assert (memory.recall("0"), memory.recall("1"), memory.recall("16")) == (0, None, 16)
        assert memory.size == 320

    def test_counts_what_it_replaces_once(self):
        memory = Memory(320)
        for number in range(100):
            memory.keep("a", number, size=20)
        assert (memory.recall("a"), memory.size) == (99, 20)

    def test_keeps_nothing_that_would_drive_out_much_else_and_forgets_what_it_replaces(self):
        memory = Memory(320)
        memory.keep("a", "small", size=20)
        memory.keep("a", "large", size=21)
        assert (memory.recall("a"), memory.size) == (None, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_state_is_the_same_within_a_transaction_and_outside():
    """PostgreSQL is asked in two ways."""
    ContentVersion.bump()
    outside = ContentVersion.state()
    with transaction.atomic():
        assert ContentVersion.state() == outside
        ContentVersion.bump()
        assert ContentVersion.state() != outside
    assert ContentVersion.state() != outside


@pytest.mark.both_databases
def test_state_is_the_same_on_both_databases():
    """Each writes moments in its own way: this is the text of a test that runs on both."""
    moment = datetime(2026, 11, 28, 9, 30, 0, 120_000, tzinfo=UTC)
    ContentVersion.objects.update(number=7, changed_at=moment)
    assert ContentVersion.state() == f"7-{crc32(b'2026-11-28T09:30:00.120000'):08x}"
    ContentVersion.objects.update(changed_at=moment.replace(microsecond=0))
    assert ContentVersion.state() == f"7-{crc32(b'2026-11-28T09:30:00'):08x}"
