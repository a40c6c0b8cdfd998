"""Behind the proxies that we ship: slow clients hold up nobody, and no header of a client is taken for the proxy's."""

import socket
import sqlite3
import ssl
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.support.programs import program
from tests.support.proxies import KNOWN, PRODUCTION
from tests.support.servers import Server, eventually

pytestmark = pytest.mark.server

SLOW = 100
CONNECTIONS = Path("/proc/net/tcp")


@pytest.fixture(scope="module", params=sorted(KNOWN))
def proxy(request, installation, tmp_path_factory):
    if not program(request.param):
        pytest.skip(f"no {request.param} on this machine")
    var = installation.copy(tmp_path_factory.mktemp(request.param) / "var")
    with (
        Server(var=var, GUNICORN_CMD_ARGS="--workers 1", **PRODUCTION) as server,
        KNOWN[request.param](server, tmp_path_factory.mktemp("proxy")) as proxy,
    ):
        yield proxy


def connected(proxy, stack: ExitStack) -> ssl.SSLSocket:
    plain = stack.enter_context(socket.create_connection(("localhost", proxy.port), timeout=10))
    return stack.enter_context(ssl._create_unverified_context().wrap_socket(plain, server_hostname="localhost"))


def slow_headers(token: str) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A"


def slow_body(token: str) -> bytes:
    """Django reads the body of a form only where the cookie of its token is there."""
    head = (
        f"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ncsr"
    )
    return head.encode()


def slow_chunks(token: str) -> bytes:
    return slow_body(token).replace(b"Content-Length: 1000\r\n\r\ncsr", b"Transfer-Encoding: chunked\r\n\r\n3\r\ncsr")


@pytest.mark.parametrize("begun", [slow_headers, slow_body, slow_chunks])
def test_slow_clients_hold_up_nobody(proxy, begun):
    token = proxy.get("/admin/login/").headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    with ExitStack() as stack:
        clients = [connected(proxy, stack) for _ in range(SLOW)]
        for client in clients:
            client.sendall(begun(token))
        time.sleep(0.5)
        for path in ("/sante", "/initiatives/", "/admin/login/"):
            asked = time.monotonic()
            assert proxy.get(path).status == 200
            # Without a proxy that waits in their place: never. With one: some hundredths.
            assert time.monotonic() - asked < 1, path


def test_clients_that_do_not_read_hold_up_nobody(proxy):
    with ExitStack() as stack:
        for _ in range(40):
            connected(proxy, stack).sendall(b"GET /export/initiatives.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1)
        assert proxy.get("/sante").status == 200


FORGED = [
    {"SCRIPT_NAME": "/initiatives"},
    {"Script_Name": "/initiatives", "PATH_INFO": "/"},
    {"X-Forwarded-Host": "ailleurs.example"},
    {"X-Forwarded-Proto": "http"},
    {"X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/initiatives", "X-Script-Name": "/initiatives"},
    {"Forwarded": "host=ailleurs.example;proto=http", "X-Forwarded-Ssl": "off", "X-Forwarded-Protocol": "http"},
    {"X_Forwarded_Proto": "http", "X_Forwarded_Host": "ailleurs.example"},
]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: ", ".join(forged))
def test_forged_headers_reach_no_page(proxy, forged):
    before = {path: proxy.get(path).text for path in ("/initiatives/", "/chiffres/", "/a-propos/")}
    with sqlite3.connect(proxy.server.log_path.parent / "catalogue.sqlite3", timeout=10) as connection:
        connection.execute("UPDATE initiatives_contentversion SET number = number + 1")
    connection.close()
    for path, page in before.items():
        answer = proxy.get(path, headers=forged)
        assert (answer.status, answer.text) == (200, page), path
        assert proxy.get(path).text == page


def test_plain_http_at_the_application_is_led_to_https_whatever_the_client_says(proxy):
    """What makes the scheme is the proxy's own header."""
    assert proxy.server.get("/", headers={"Host": "localhost"}).status == 301
    assert 'rel="canonical" href="https://localhost' in proxy.get("/", headers={"X-Forwarded-Proto": "http"}).text


def test_long_addresses_and_large_files_reach_the_application(proxy):
    answer = proxy.get(f"/initiatives/?q={'x' * 60_000}")
    assert (answer.status in (200, 400), "<html lang=" in answer.text) == (True, True)
    assert proxy.get("/robots.txt", headers={"Referer": f"https://localhost/?q={'x' * 60_000}"}).status == 200
    # Django looks for the token in all of a form that says where it comes from, and reads nothing of another.
    token = {"Cookie": f"csrftoken={'x' * 32}", "Content-Type": "multipart/form-data; boundary=zz"}
    head = b'--zz\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    for origin in ({"Referer": "https://localhost/admin/"}, {}) * 3:
        sent = proxy.get("/admin/login/", "POST", token | origin, head + b"x" * 30 * 2**20 + b"\r\n--zz--\r\n")
        assert sent.status == 403
        assert "réservée" in sent.text


@pytest.mark.skipif(not CONNECTIONS.exists(), reason="Linux alone lists connections there")
def test_no_idle_connection_is_kept_for_a_form_to_be_lost_on(proxy):
    """The application closes what is idle for five seconds: what is sent at that moment cannot be sent again."""
    proxy.get("/robots.txt")
    assert eventually(lambda: not connections_to(proxy.server.port), 2)


def connections_to(port: int) -> int:
    rows = [line.split() for line in CONNECTIONS.read_text().splitlines()[1:]]
    return sum(row[2] == f"0100007F:{port:04X}" and row[3] == "01" for row in rows)


def test_what_is_too_long_is_refused_in_french(proxy):
    with ExitStack() as stack:
        client = connected(proxy, stack)
        head = f"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {40 * 2**20}\r\n\r\n"
        client.sendall(head.encode())
        with suppress(OSError):
            for _ in range(40):
                client.sendall(b"x" * 2**20)
        answer = b""
        with suppress(OSError):
            while part := client.recv(65536):
                answer += part
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert "Ce que vous avez envoyé est trop long" in answer.decode()


def send_broken_hello(proxy):
    """A TLS handshake with a point that lies on no curve, as scanners send: nginx tells who at the level « crit »."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl._create_unverified_context()
    context.set_ecdh_curve("prime256v1")
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    hello = bytearray(outgoing.read())
    # The share of the key: its group, its length, and the point, uncompressed.
    at = hello.index(b"\x00\x17\x00\x41\x04") + 5
    hello[at : at + 64] = b"\x01" * 64
    with socket.create_connection(("localhost", proxy.port), timeout=10) as connection, suppress(OSError):
        connection.sendall(hello)
        connection.recv(100)


def test_proxy_says_nothing_of_who_asked_nor_of_the_server(proxy):
    answer = proxy.get("/initiatives/?q=zz4", headers={"User-Agent": "zz1", "Referer": "https://ami.example/zz2"})
    assert "gunicorn" not in answer.headers.get("Server", "")
    assert not any(sign.isdigit() for sign in answer.headers.get("Server", ""))
    proxy.get("/admin/mot-de-passe-oublie/1-zz9abc-zz9def/")
    send_broken_hello(proxy)
    time.sleep(0.2)
    for word in ("zz", "127.0.0.1 ", "::1", "ami.example"):
        assert word not in proxy.log, proxy.log[-2000:]
