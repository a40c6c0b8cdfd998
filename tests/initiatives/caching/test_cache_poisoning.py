"""Whatever a stranger sends, the next visitor gets the same bytes as before, of every kind of page.

Each vector is a request as it goes over the wire, for the address of a page. The content is made new before each, so
that nothing is kept when it arrives: it is the first to fill whatever memory there is. Every vector is sent, and every
page meets several of each group; with `--thorough` it meets them all.
"""

import re
import socket
import sqlite3
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse

from tests.support.public_addresses import HOLES, QUESTIONS, public_patterns
from tests.support.servers import Server

pytestmark = pytest.mark.server

WORLD = """
from initiatives.models import Edition, Initiative, Publication
from towns.models import Intercommunality, Town
town, region = Town.objects.get(slug="beauvais-60"), Intercommunality.objects.get(slug="ca-du-beauvaisis-60")
one, other = Initiative.objects.published().most_recent()[:2]
Initiative.objects.exclude(pk__in=[one.pk, other.pk]).delete()
one.slug, one.territory, other.territory = "fiche", town, region
one.save(), other.save()
Publication.objects.update(slug="rapport")
edition = Edition.objects.get()
edition.keep(edition.contents | {"records": edition.contents["records"][:2]})
Edition.objects.update(data=edition.data, sha256=edition.sha256, count=edition.count)
"""
OTHERS = ["/initiatives/?q=v%C3%A9lo", "/chiffres/?edition=perdue", "/initiatives", "/rien", "/static/rien.css"]
ENTRANCE = ["/admin/login/", "/admin/mot-de-passe-oublie/"]
STAFF_ONLY = ["/admin/", "/admin/initiatives/theme/", "/admin/aide/"]


# Made as another page is that stays, by the same decorators.
ALIKE = set(
    "accessibility legal privacy matrix_file comparison_file schema_example data_package openapi sitemap_part"
    " site_picture edition_volume opensearch intercommunality_detail".split()
)


def public_addresses() -> list[str]:
    return [
        f"{reverse(name, kwargs=HOLES.get(name, {}))}?{urlencode(QUESTIONS.get(name, {}))}".rstrip("?")
        for name in public_patterns()
        if name not in ALIKE
    ]


PAGES = public_addresses() + OTHERS + ENTRANCE + STAFF_ONLY

# Names that CGI, WSGI, gunicorn or a framework takes for its own, and names that proxies and browsers give.
PATHS = "SCRIPT_NAME PATH_INFO SCRIPT_URL REDIRECT_URL RAW_URI REQUEST_URI".split()
VARIABLES = (
    "REQUEST_METHOD QUERY_STRING SERVER_NAME SERVER_PORT SERVER_PROTOCOL REMOTE_ADDR REMOTE_USER CONTENT_TYPE HTTP_HOST"
    " HTTP_COOKIE X_FORWARDED_PROTO X_FORWARDED_HOST X_FORWARDED_FOR wsgi.url_scheme"
).split()
HOSTS = ["LOCALHOST", "localhost:80", "localhost.", "127.0.0.1", "[::1]", "ailleurs.example", "", "a@localhost", "a b"]
ENCODINGS = ["identity", "br;q=0", "gzip;q=1, br;q=0.1", "*;q=0", "abracadabra", "br, gzip, deflate, zstd"]
# What a header of these names may say; « {page} » is the address asked for, without what stands behind « ? ».
HEADERS = {
    "Script-Name": ["{page}"],
    "X-Script-Name": ["{page}"],
    "X-Forwarded-Prefix": ["{page}"],
    "X-Original-URL": ["/"],
    "X-Rewrite-URL": ["/"],
    "X-Forwarded-Host": ["ailleurs.example"],
    "X-Forwarded-Server": ["ailleurs.example"],
    "X-Forwarded-Port": ["1"],
    "X-Forwarded-Proto": ["https", "http", "https,http", "gopher"],
    "X-Forwarded-Protocol": ["ssl"],
    "X-Forwarded-Ssl": ["on", "off"],
    "X-Forwarded-Scheme": ["https"],
    "X-Url-Scheme": ["https"],
    "Front-End-Https": ["on"],
    "X-Forwarded-For": ["192.0.2.1"],
    "Forwarded": ["for=192.0.2.1;host=ailleurs.example;proto=https"],
    "X-HTTP-Method-Override": ["POST", "HEAD"],
    "X-Method-Override": ["DELETE"],
    "Accept": ["application/json", "text/turtle", "image/*;q=0.1", "nonsense"],
    "Accept-Language": ["en", "ar;q=1"],
    "Accept-Charset": ["utf-16"],
    "Cookie": ["csrftoken=x; sessionid=y; messages=z; django_language=en"],
    "Authorization": ["Basic YWRtaW46YWRtaW4="],
    "Content-Type": ["text/html; charset=utf-16", "text/plain; charset=latin-1", "application/json; charset=rien"],
    "Content-Encoding": ["gzip"],
    "Expect": ["100-continue", "rien"],
    "Upgrade": ["h2c", "websocket"],
    "If-Match": ['"rien"', "*"],
    "If-None-Match": ["*", '"rien"'],
    "If-Modified-Since": ["Fri, 01 Jan 2100 00:00:00 GMT"],
    "If-Unmodified-Since": ["Sat, 01 Jan 2000 00:00:00 GMT"],
    "Range": ["bytes=0-10", "bytes=5-"],
    "If-Range": ['"rien"'],
    "HX-Request": ["true"],
    "HX-Boosted": ["true"],
    "HX-Target": ["liste"],
    "X-Requested-With": ["XMLHttpRequest"],
    "Origin": ["https://ailleurs.example", "null"],
    "Referer": ["https://ailleurs.example/"],
    "Cache-Control": ["no-cache", "only-if-cached"],
    "X-CSRFToken": ["x"],
    "Connection": ["keep-alive, Host", "Accept-Encoding"],
}


# What nothing of ours reads: sent together.
UNREAD = (
    "User-Agent: |Sec-Fetch-Dest: iframe|Sec-Fetch-Mode: cors|Sec-Purpose: prefetch|Save-Data: on|Pragma: no-cache"
    "|Via: 1.1 ailleurs.example|X-Request-ID: x|Early-Data: 1|Max-Forwards: 0|TE: trailers|X-Real-IP: 192.0.2.1"
    "|Proxy: http://ailleurs.example"
).split("|")


def request(page: str, *lines: str, method="GET", version="HTTP/1.1", target="", host="localhost", body="") -> bytes:
    """As it goes over the wire: the lines come first where they say what those of every request say."""
    said = {line.partition(":")[0].strip().casefold() for line in lines}
    usual = {"Host": host, "Accept-Encoding": "br", "Connection": "close"}
    head = [*lines, *(f"{name}: {value}" for name, value in usual.items() if name.casefold() not in said)]
    return "\r\n".join([f"{method} {target or page} {version}", *head, "", body]).encode("latin-1", "replace")


def header(name: str, value: str):
    return lambda page: request(page, f"{name}: {value.replace('{page}', page.partition('?')[0].rstrip('/'))}")


def said_twice(first: str, then: str):
    return lambda page: request(page, first, then)


def spelt(change):
    """The same page by another spelling of its path, its query string as it was."""

    def made(page: str) -> bytes:
        path, mark, query = page.partition("?")
        return request(page, target=f"{change(path)}{mark}{query}")

    return made


def variables():
    for name in PATHS:
        for value in ("{page}", "/"):
            yield f"{name}: {value}", header(name, value)
    for name in VARIABLES:
        yield name, header(name, "{page}")


def headers():
    for name, values in HEADERS.items():
        for value in values:
            yield f"{name}: {value}", header(name, value)
    yield "what nothing reads", lambda page: request(page, *UNREAD)


def hosts_and_encodings():
    for host in HOSTS:
        yield f"Host: {host}", header("Host", host)
    for accepted in ENCODINGS:
        yield f"Accept-Encoding: {accepted}", header("Accept-Encoding", accepted)
    yield "HTTP/1.0 without a host", lambda page: f"GET {page} HTTP/1.0\r\nAccept-Encoding: br\r\n\r\n".encode()


def orders():
    pairs = [
        ("Host: localhost", "Host: ailleurs.example"),
        ("Accept-Encoding: gzip", "Accept-Encoding: br"),
        ("X-Forwarded-Proto: https", "X-Forwarded-Proto: http"),
        ("SCRIPT_NAME: /admin/login", "Script-Name: /"),
        ("Content-Length: 0", "Transfer-Encoding: chunked"),
        ("Accept: text/turtle", "Accept: text/html"),
        ("Host : localhost", "Host: localhost"),
        ("SCRIPT_NAME:\t/initiatives", "X-A: b\r\n c"),
    ]
    for first, then in pairs:
        yield f"{first!r} then {then!r}", said_twice(first, then)
        yield f"{then!r} then {first!r}", said_twice(then, first)


def methods():
    for method in "HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT PROPFIND PURGE get Head".split():
        yield method, lambda page, method=method: request(page, method=method)
    for version in ("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "http/1.1", ""):
        yield f"version {version!r}", lambda page, version=version: request(page, version=version)
    yield "GET with a body", lambda page: request(page, "Content-Length: 3", body="q=x")
    for host in ("localhost", "ailleurs.example"):
        yield f"absolute, {host}", lambda page, host=host: request(page, target=f"http://{host}{page}")


SPELLINGS = {
    "two slashes": lambda path: f"/{path}",
    "three slashes": lambda path: f"//{path}",
    "dot": lambda path: f"/.{path}",
    "parent": lambda path: f"/admin/..{path}",
    "backslash": lambda path: path.replace("/", "\\"),
    "encoded slash": lambda path: path.replace("/", "%2F", 2).replace("%2F", "/", 1),
    "encoded letters": lambda path: "/" + "".join(f"%{ord(sign):02x}" for sign in path[1:]),
    "capitals": str.upper,
    "encoded question": lambda path: f"{path}%3Fq=x",
    "encoded line": lambda path: f"{path}%0d%0aX: y",
    "broken UTF-8": lambda path: f"{path}%ff",
    "NUL": lambda path: f"{path}%00",
    "fragment": lambda path: f"{path}#x",
    "parameter": lambda path: f"{path};x=1",
    "overlong": lambda path: f"{path}%c0%af",
    "star": lambda path: "*",
}


def spellings():
    yield from ((name, spelt(change)) for name, change in SPELLINGS.items())
    for query in ("?", "?utm_source=x", "?q=x&q=y", "?" + quote("é"), "?%00", "?format=json", "?page=2", "?" * 3):
        yield f"query {query}", lambda page, query=query: request(page, target=page.partition("?")[0] + query)


# Of the vectors of a group a page meets one in so many.
STEP = 8
GROUPS = [variables, headers, hosts_and_encodings, orders, methods, spellings]
CHANGING = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="\w+"'), b"csrf"),
    (re.compile(rb'"version": \d+'), b"version"),
]


class Site:
    """One worker, so that whoever poisons a page poisons it for the next; and two entries, for haste."""

    def __init__(self, server: Server, database, cookie: str):
        self.server, self.database, self.cookie = server, database, cookie

    def renew(self):
        """Have no page that is kept be the page of now."""
        with sqlite3.connect(self.database, timeout=10) as connection:
            connection.execute("UPDATE initiatives_contentversion SET number = number + 1")
        connection.close()

    def send(self, octets: bytes):
        """Whatever comes back: the attack does not depend on it."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as connection:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    def seen(self, page: str, encoding: str = "br"):
        """What a visitor gets, or someone of the staff at the desk, less what is another at each request."""
        own = {"Cookie": self.cookie} if page in STAFF_ONLY else {}
        answer = self.server.get(page, headers={"Accept-Encoding": encoding, "Host": "localhost", **own})
        told = {name: value for name, value in answer.getheaders() if name not in ("Date", "Expires", "Set-Cookie")}
        if "ETag" in told:
            told["ETag"] = re.sub(r"-\d+-", "-", told["ETag"])
        body = answer.body
        for pattern, replacement in CHANGING:
            body = pattern.sub(replacement, body)
        return answer.status, told, body


@pytest.fixture(scope="module")
def site(installation, tmp_path_factory):
    var = installation.copy(tmp_path_factory.mktemp("poisoned") / "var", people=WORLD)
    with Server(var=var, GUNICORN_CMD_ARGS="--workers 1") as server:
        yield Site(server, var / "catalogue.sqlite3", logged_in(installation, server))


@pytest.fixture(scope="module")
def before(site):
    site.renew()
    return {(page, encoding): site.seen(page, encoding) for page in PAGES for encoding in ("br", "gzip", "identity")}


def logged_in(installation, server) -> str:
    password = re.search(r"password: (\S+)", installation.first.stdout).group(1)
    token = server.get("/admin/login/").headers["Set-Cookie"].partition(";")[0]
    form = {"csrfmiddlewaretoken": token.partition("=")[2], "login": "admin", "password": password}
    headers = {"Cookie": token, "Content-Type": "application/x-www-form-urlencoded"}
    answer = server.get("/admin/login/", "POST", headers, urlencode(form))
    return "; ".join([token, *(cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie"))])


def rounds(vectors: list, step: int) -> Iterator[list]:
    """A vector for each page, round by round: each page meets every so manyth one, and each next page the next ones."""
    for first in range(0, len(vectors), step):
        yield [vectors[(first + at) % len(vectors)] for at in range(len(PAGES))]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_next_visitor_gets_what_came_before(site, before, group, pytestconfig):
    for sent in rounds(list(group()), step=1 if pytestconfig.getoption("thorough") else STEP):
        site.renew()
        for page, (_, vector) in zip(PAGES, sent, strict=True):
            site.send(vector(page))
        for page, (name, _) in zip(PAGES, sent, strict=True):
            # A request for another encoding is kept as another page.
            for encoding in ("br", "gzip", "identity") if "Encoding" in name else ("br",):
                assert site.seen(page, encoding) == before[page, encoding], (name, page, encoding)


def test_sweep_is_as_wide_as_it_says(before):
    vectors = [name for group in GROUPS for name, _ in group()]
    assert len(vectors) == len(set(vectors))
    pairs = {
        step: {
            (name, page)
            for group in GROUPS
            for sent in rounds(list(group()), step)
            for page, (name, _) in zip(PAGES, sent, strict=True)
        }
        for step in (1, STEP)
    }
    assert len(pairs[1]) == len(vectors) * len(PAGES) > 7_000
    # Every vector at several pages, every page for several vectors of each group.
    assert min(Counter(name for name, _ in pairs[STEP]).values()) >= len(PAGES) // STEP
    for group in GROUPS:
        met = Counter(page for name, page in pairs[STEP] if name in dict(group()))
        assert min(met[page] for page in PAGES) >= 2
    assert {answer[0] for answer in before.values()} == {200, 301, 400, 404}
    assert len({answer[2] for answer in before.values()}) > 50
