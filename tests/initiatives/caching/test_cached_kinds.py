"""With every cache on, as in production: of each kind of page, none is ever given for another."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from initiatives.caching import versioned
from initiatives.models import ContentVersion, Initiative
from initiatives.publication import volumes
from tests.support import factories
from tests.support.public_addresses import HOLES, QUESTIONS, fill_holes, public_patterns

# The desk's health check has no state; the form of the catalogue is asked for by a header, and led to by a redirect.
NAMES = [name for name in public_patterns() if name not in ("health", "dcat_catalogue")]
STREAMED = {"export", "edition_file"}
HOSTS = ["un.example", "deux.example", "un.example:8080"]
ENCODINGS = ["br", "gzip", "identity"]


@pytest.fixture(scope="module")
def world(kept_rows):
    """That of the other tests, made once."""
    with kept_rows(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(volumes, "MOST_ENTRIES", 1)
        fill_holes()
        yield


@pytest.fixture(autouse=True)
def _caches(settings):
    settings.PAGES_IN_MEMORY, settings.COUNTS_IN_MEMORY = 16 * 2**20, 4 * 2**20
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ALLOWED_HOSTS = ["un.example", "deux.example", "testserver"]
    caches["pages"].clear()
    versioned._memory.cache_clear()
    yield
    caches["pages"].clear()
    versioned._memory.cache_clear()


def address(name: str) -> str:
    return f"{reverse(name, kwargs=HOLES.get(name, {}))}?{urlencode(QUESTIONS.get(name, {}))}".rstrip("?")


def seen(client: Client, name: str, *, host="un.example", secure=False, encoding="identity", **headers):
    answer = client.get(address(name), headers={"host": host, "accept-encoding": encoding, **headers}, secure=secure)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer.get("ETag"), answer.get("Content-Encoding", "identity"), body


def forget():
    """As processes that have answered nothing yet."""
    caches["pages"].clear()
    versioned._memory.cache_clear()
    return Client()


@pytest.mark.parametrize("name", NAMES)
def test_each_host_scheme_and_encoding_has_its_own_answer(world, name):
    asked = [
        {"host": host, "secure": secure, "encoding": encoding}
        for host in HOSTS
        for secure in (False, True)
        for encoding in ENCODINGS
    ]
    # What whoever asks first gets, of a process that knows nothing: for some hosts, since each is made anew.
    alone = {at: seen(forget(), name, **asked[at]) for at in range(0, len(asked), 7)}
    forget()
    # Two processes with a cache in common.
    one, other = Client(), Client()
    first = [seen(one, name, **how) for how in asked]
    assert [seen(other, name, **how) for how in asked] == first
    assert [seen(one, name, **how) for how in asked] == first
    assert {at: first[at] for at in alone} == alone
    assert {status for status, *_ in first} == {200}
    etags = {}
    for how, (_, etag, encoding, _) in zip(asked, first, strict=True):
        assert encoding == how["encoding"] or name in STREAMED or encoding == "identity", how
        etags.setdefault((how["host"], how["secure"]), set()).add(etag)
    # One a host and scheme, whatever the encoding; none in common.
    assert [len(found) for found in etags.values()] == [1] * 6
    assert len(set.union(*etags.values())) == 6
    for (_, etag, *_), how in list(zip(first, asked, strict=True))[::4]:
        elsewhere = how | {"host": "deux.example" if how["host"] == "un.example" else "un.example"}
        assert seen(one, name, **how, **{"if-none-match": etag})[0] == 304
        assert seen(one, name, **elsewhere, **{"if-none-match": etag})[0] == 200


@pytest.mark.parametrize("name", NAMES)
def test_no_two_states_share_an_answer(world, name):
    entry = Initiative.objects.get(slug="fiche")
    client, etags, bodies = Client(), [], {}
    for title in ("Un titre", "Deux titres", "Trois titres", "Un titre"):
        entry.title = title
        entry.save()
        status, etag, _, body = seen(client, name)
        assert status == 200
        # Another process, which has the cache in common, and one that has nothing.
        assert seen(Client(), name) == (status, etag, "identity", body)
        assert all(seen(client, name, **{"if-none-match": former})[0] == 200 for former in etags)
        assert seen(client, name, **{"if-none-match": etag})[0] == 304
        etags.append(etag)
        bodies.setdefault(title, body)
    state = ContentVersion.state()
    assert len(set(etags)) == 4
    assert seen(forget(), name)[1:] == (etags[-1], "identity", seen(client, name)[3])
    assert ContentVersion.state() == state
    shows_titles = any(title.encode() in body for title, body in bodies.items())
    if shows_titles:
        for title, body in bodies.items():
            assert {one for one in bodies if one.encode() in body} == {title}


@pytest.mark.parametrize("name", ["initiative_list", "figures", "matrix", "directory", "map", "feed", "api", "suggest"])
def test_parameters_that_a_page_reads_are_part_of_its_name(world, name):
    factories.published(title="Bus", category=factories.category(slug="economie-locale"))
    client, queries = Client(), ["", "?q=velos", "?q=bus", "?q=absent"]
    where = reverse(name)
    shown = [client.get(f"{where}{query}", headers={"accept-encoding": "identity"}) for query in queries]
    for query, before in zip(queries, shown, strict=True):
        anew = forget().get(f"{where}{query}", headers={"accept-encoding": "identity"})
        assert (anew.status_code, anew.content, anew.get("ETag")) == (
            before.status_code,
            before.content,
            before.get("ETag"),
        ), query
