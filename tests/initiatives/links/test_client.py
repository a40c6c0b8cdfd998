"""One address is asked: what is understood of any answer, and what is never asked of anybody."""

import itertools
import socket
import threading
import time
from ipaddress import ip_address

import pytest

from initiatives.links.client import MOST_REDIRECTS, Client
from initiatives.links.policy import is_public
from initiatives.models import Answer, Fault
from tests.support.servers import free_port
from tests.support.sites import certificate, client, leading_to, saying, site, without_head

pytestmark = pytest.mark.no_database

PUBLIC, PRIVATE, HERE = "203.0.114.7", "10.0.0.1", "127.0.0.1"


@pytest.fixture
def names(monkeypatch):
    """What the resolver says of a name, one answer after the other; addresses are left to the real one."""
    known, real, asked = {}, socket.getaddrinfo, []

    def resolve(host, port, *args, **kwargs):
        if host not in known:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        found = next(known[host]) if not isinstance(known[host], tuple) else known[host]
        return [answer for address in found for answer in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


def dripping(connection, asked):
    """A server that never stops and never says anything whole: each byte comes in time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def endless(start: bytes, more: bytes):
    def page(connection, asked):
        connection.sendall(start)
        while True:
            connection.sendall(more)

    return page


class TestAnswers:
    @pytest.mark.parametrize("status", [200, 204, 206, 401, 403, 404, 410, 429, 451, 500, 503, 999])
    def test_status_is_told_as_it_is(self, status):
        with site({"/": saying(status)}) as there:
            assert client().ask(there.url("/")) == Answer(status)

    def test_head_is_enough_where_it_is_answered(self):
        with site({"/": saying(200)}) as there:
            client().ask(there.url("/"))
            assert there.paths == ["HEAD /"]

    @pytest.mark.parametrize("status", [403, 404, 405, 500, 501])
    def test_get_decides_where_head_is_refused(self, status):
        with site({"/": without_head(saying(200), status)}) as there:
            assert client().ask(there.url("/")) == Answer(200)
            assert there.paths == ["HEAD /", "GET /"]

    def test_get_decides_where_head_is_met_with_silence(self):
        with site({"/": lambda connection, asked: asked.method == "GET" and saying(200)(connection, asked)}) as there:
            assert client().ask(there.url("/")) == Answer(200)

    def test_server_that_has_had_enough_is_not_asked_twice(self):
        with site({"/": saying(429)}) as there:
            client().ask(there.url("/"))
            assert there.paths == ["HEAD /"]

    def test_request_says_who_asks_and_nothing_else(self):
        with site({"/page": saying(200)}) as there:
            client(user_agent="Catalogue/1.0 (contact@example.org)").ask(there.url("/page#ancre"))
            (asked,) = there.asked
        assert asked.path == "/page"
        assert asked.headers == {
            "Host": f"127.0.0.1:{there.port}",
            "User-Agent": "Catalogue/1.0 (contact@example.org)",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }

    def test_name_and_password_of_an_address_are_sent_to_nobody(self):
        with site({"/": leading_to("/ici"), "/ici": saying(200, "Set-Cookie: a=b")}) as there:
            assert client().ask(there.url("/", host="moi:secret@127.0.0.1")) == Answer(200)
            client().ask(there.url("/"))
            for asked in there.asked:
                assert not {"Authorization", "Cookie", "Referer"} & set(asked.headers)
                assert "secret" not in str(asked)

    @pytest.mark.parametrize(
        ("path", "sent"),
        [("/d%C3%A9lib?a=é b", "/d%C3%A9lib?a=%C3%A9%20b"), ("/a\r\nX-Evil: 1", "/a%0D%0AX-Evil:%201"), ("", "/")],
    )
    def test_address_is_sent_as_browsers_do(self, path, sent):
        with site({sent: saying(200)}) as there:
            assert client().ask(there.url(path)) == Answer(200)
            assert there.asked[0].path == sent
            assert "X-Evil" not in there.asked[0].headers


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_are_followed(self, status):
        with site({"/": leading_to("suite", status), "/suite": saying(404)}) as there:
            assert client().ask(there.url("/")) == Answer(404)

    def test_lead_to_the_place_that_utf8_names(self):
        location = "/délibération".encode().decode("latin-1")
        with site({}) as there:
            there.pages = {
                "/": lambda connection, asked: connection.sendall(
                    f"HTTP/1.1 302 x\r\nLocation: {location}\r\n\r\n".encode("latin-1")
                ),
                "/d%C3%A9lib%C3%A9ration": saying(200),
            }
            assert client().ask(there.url("/")) == Answer(200)

    def test_end(self):
        with site({"/": leading_to("/")}) as there:
            assert client().ask(there.url("/")) == Answer(fault=Fault.ENDLESS)
            assert len(there.asked) == MOST_REDIRECTS + 1

    @pytest.mark.parametrize(
        ("location", "fault"),
        [
            ("file:///etc/passwd", Fault.REFUSED),
            ("ftp://example.org/", Fault.REFUSED),
            ("http://10.0.0.1/", Fault.REFUSED),
            ("http://[::ffff:10.0.0.1]/", Fault.REFUSED),
            ("http://169.254.169.254/latest/meta-data/", Fault.REFUSED),
            ("http://[::1/", Fault.MALFORMED),
            ("http://a b/", Fault.MALFORMED),
            ("https://x:99999/", Fault.MALFORMED),
        ],
    )
    def test_lead_nowhere_that_is_not_allowed(self, location, fault):
        with site({"/": leading_to(location)}) as there:
            assert client().ask(there.url("/")) == Answer(fault=fault)
            assert len(there.asked) == 1

    def test_without_a_place_are_an_answer(self):
        with site({"/": saying(302)}) as there:
            assert client().ask(there.url("/")) == Answer(302)


class TestHostileServers:
    @pytest.mark.parametrize(
        ("page", "fault"),
        [
            (dripping, Fault.TIMEOUT),
            (lambda connection, asked: time.sleep(0.5), Fault.TIMEOUT),
            (lambda connection, asked: None, Fault.BROKEN),
            (lambda connection, asked: connection.sendall(b"\x16\x03\x01 nothing of HTTP\r\n\r\n"), Fault.BROKEN),
            (lambda connection, asked: connection.sendall(b"HTTP/1.1 abc\r\n\r\n"), Fault.BROKEN),
            (endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), Fault.BROKEN),
            (endless(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536), Fault.BROKEN),
            (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Fault.TIMEOUT),
        ],
        ids=["drip", "silence", "nothing", "TLS", "status", "headers", "header", "continue"],
    )
    def test_is_left_in_time(self, page, fault):
        with site({"/": page}) as there:
            start = time.monotonic()
            assert client().ask(there.url("/")) == Answer(fault=fault)
            assert time.monotonic() - start < 2

    def test_body_is_not_read(self):
        """Ten gigabytes, or what unfolds to them: neither is waited for."""
        sent = []

        def page(connection, asked):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10000000000\r\n\r\n")
            for _ in range(10_000):
                connection.sendall(bytes(1_000_000))
                sent.append(1)

        with site({"/": without_head(page)}) as there:
            assert client().ask(there.url("/")) == Answer(200)
        assert len(sent) < 100

    def test_nobody_there(self):
        assert client().ask(f"http://127.0.0.1:{free_port()}/") == Answer(fault=Fault.UNREACHABLE)

    @pytest.mark.parametrize("url", ["http://", "http://[", "http://a..b/", f"http://{'x' * 70}.fr/", "http://x:y/"])
    def test_malformed_address_is_told(self, url):
        assert client().ask(url) == Answer(fault=Fault.MALFORMED)

    def test_name_that_nobody_has(self):
        assert client().ask("http://perdue.invalid/") == Answer(fault=Fault.UNKNOWN_HOST)

    def test_name_with_accents_is_asked_by_its_ascii_form(self, names):
        names["xn--mairie--hya.fr"] = (HERE,)
        with site({"/": saying(200)}) as there:
            assert client().ask(there.url("/", host="mairie-é.fr")) == Answer(200)
            assert there.asked[0].headers["Host"] == f"xn--mairie--hya.fr:{there.port}"


class TestTLS:
    def test_certificate_of_the_name_is_believed(self, tmp_path, names):
        server, trusting = certificate(tmp_path, "ville.example")
        names["ville.example"] = (HERE,)
        with site({"/": saying(200)}, tls=server) as there:
            assert client(tls=trusting).ask(there.url("/", host="ville.example")) == Answer(200)
            assert there.asked[0].headers["Host"] == f"ville.example:{there.port}"

    def test_certificate_of_another_name_or_of_nobody_is_invalid(self, tmp_path, names):
        server, trusting = certificate(tmp_path, "autre.example")
        names["ville.example"] = (HERE,)
        with site({"/": saying(200)}, tls=server) as there:
            for believing in (trusting, Client("essai").tls):
                answer = client(tls=believing).ask(there.url("/", host="ville.example"))
                assert answer == Answer(fault=Fault.CERTIFICATE)
                assert answer.word == "certificat invalide"
                assert not answer.is_failure
            assert not there.asked

    def test_server_without_tls_is_told(self):
        with site({"/": saying(200)}) as there:
            url = there.url("/").replace("http:", "https:")
            assert client().ask(url).fault in (Fault.TLS, Fault.TIMEOUT)


class TestPolicy:
    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
            *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
            *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
            *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fec0::1"),
            # What some Python of those that we run on takes for an address of the world.
            *("192.88.99.1", "192.88.99.254", "192.0.0.1", "192.0.0.8", "192.0.0.9", "192.0.0.171", "100.127.255.255"),
            *("3fff::1", "3fff:fff:ffff::1", "2002:808:808::1", "2001:0:808:808::1", "64:ff9b::808:808"),
            *("2001:2::1", "2001:1::1", "2001:20::1", "2001:1ff:ffff::1", "5f00::1", "100::1", "ff0e::1", "::808:808"),
        ],
    )
    def test_nothing_of_ours_is_public(self, address):
        assert not is_public(ip_address(address), 80)

    @pytest.mark.parametrize(
        "address",
        [
            *("8.8.8.8", PUBLIC, "2a01:e0a::1", "2606:4700::1"),
            # Beside what is special.
            *("9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "192.0.1.1", "192.88.98.1"),
            *("192.88.100.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2001:4860::8888"),
            *("2001:db7:ffff::1", "2003::1", "3ffe::1"),
        ],
    )
    def test_servers_of_the_world_are_at_their_two_ports(self, address):
        assert is_public(ip_address(address), 80)
        assert is_public(ip_address(address), 443)
        for port in (22, 25, 8080, 6379):
            assert not is_public(ip_address(address), port)

    @pytest.mark.parametrize(
        "host",
        [
            *("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "0.0.0.0", "localhost"),
            *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::]", "[fe80::1%25lo]", "①②⑦.0.0.1"),
        ],
    )
    def test_by_default_this_machine_is_asked_nothing(self, host):
        with site({"/": saying(200)}) as there:
            everywhere = client(allows=lambda address, port: is_public(address, 80))
            for asking in (Client("essai", pause=0), everywhere):
                assert asking.ask(there.url("/", host)).fault in (Fault.REFUSED, Fault.MALFORMED)
            assert there.connections == 0

    @pytest.mark.parametrize("found", [(PRIVATE,), (PUBLIC, HERE), ("::ffff:127.0.0.1",)])
    def test_public_name_of_a_private_address_is_refused(self, names, found):
        names["piege.example"] = found
        assert Client("essai", pause=0).ask("http://piege.example/") == Answer(fault=Fault.REFUSED)

    def test_name_that_changes_its_mind_changes_nothing(self, names, monkeypatch):
        """What was examined is what is connected to: the name is not resolved again."""
        names["piege.example"] = itertools.chain([(PUBLIC,)], itertools.repeat((HERE,)))
        reached, real = [], socket.socket.connect
        monkeypatch.setattr(
            socket.socket, "connect", lambda self, where: reached.append(where[0]) or real(self, (HERE, free_port()))
        )
        assert Client("essai", pause=0).ask("http://piege.example/") == Answer(fault=Fault.UNREACHABLE)
        assert reached == [PUBLIC]
        assert names["asked"] == ["piege.example"]

    def test_each_redirect_is_examined_anew(self, names):
        names["piege.example"] = itertools.chain([(HERE,)], itertools.repeat((PRIVATE,)))
        with site({"/": leading_to("/suite"), "/suite": saying(200)}) as there:
            assert client().ask(there.url("/", host="piege.example")) == Answer(fault=Fault.REFUSED)
            assert there.paths == ["HEAD /"]

    def test_first_address_that_answers_is_taken(self, names):
        names["ville.example"] = ("::1", HERE)
        with site({"/": saying(200)}) as there:
            assert client().ask(there.url("/", host="ville.example")) == Answer(200)


def test_host_is_asked_one_thing_at_a_time_after_a_pause():
    """Through redirects too: two names lead to one."""
    together, most = [], []

    def page(connection, asked):
        together.append(1)
        most.append(len(together))
        time.sleep(0.02)
        together.pop()
        saying(200)(connection, asked)

    with site({"/": page, "/a": leading_to("/")}) as there:
        asking = client(pause=0.05)
        start = time.monotonic()
        threads = [threading.Thread(target=asking.ask, args=[there.url(path)]) for path in ("/", "/", "/a")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - start > 3 * 0.05
    assert max(most) == 1
    assert len(there.asked) == 4
