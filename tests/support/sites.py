"""Servers of strangers, on this machine: each page is a function of the socket and of what was asked."""

import datetime
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from initiatives.links.client import Client


@dataclass(frozen=True)
class Asked:
    """A request as it came, word for word."""

    method: str
    path: str
    headers: dict[str, str]


Page = Callable[[socket.socket, Asked], None]


def saying(status: int, *headers: str, body: bytes = b"") -> Page:
    """A page that answers with this status."""

    def page(connection, asked):
        head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers, "", ""]
        connection.sendall("\r\n".join(head).encode() + (body if asked.method == "GET" else b""))

    return page


def leading_to(location: str, status: int = 302) -> Page:
    return saying(status, f"Location: {location}")


def without_head(page: Page, status: int = 405) -> Page:
    """A page whose server does not like HEAD."""
    return lambda connection, asked: (page if asked.method == "GET" else saying(status))(connection, asked)


class Site(socketserver.ThreadingTCPServer):
    """with site({"/": saying(200)}) as there: … there.url("/") … there.asked"""

    allow_reuse_address = daemon_threads = True
    tls: ssl.SSLContext | None = None

    def __init__(self, pages: dict[str, Page], family=socket.AF_INET):
        self.address_family, self.pages, self.asked, self.connections = family, pages, [], 0
        super().__init__(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), _Conversation)

    def handle_error(self, request, client_address):
        """Whoever asked has gone: these pages are made to be left."""

    @property
    def port(self) -> int:
        return self.server_address[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.asked]


class _Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.connections += 1
        with suppress(OSError):
            connection = self.request
            if self.server.tls:
                connection = self.server.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket):
        read = b""
        while b"\r\n\r\n" not in read:
            if not (more := connection.recv(65536)):
                return
            read += more
        first, *lines = read.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
        method, path, _ = first.split(" ")
        asked = Asked(method, path, dict(line.split(": ", 1) for line in lines))
        self.server.asked.append(asked)
        self.server.pages.get(path, saying(404))(connection, asked)


@contextmanager
def site(pages: dict[str, Page], *, tls: ssl.SSLContext | None = None, family=socket.AF_INET):
    with Site(pages, family) as server:
        server.tls = tls
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def certificate(tmp_path, *names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows that calls itself by these names, and what a client needs to believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address(name)) for name in names if name[0].isdigit()]
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names if not name[0].isdigit()] + addresses),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / f"{names[0]}.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)


def client(**facts) -> Client:
    """One that may speak to this machine, and waits for nobody."""
    defaults = {
        "user_agent": "essai/1.0",
        "allows": lambda address, port: address.is_loopback,
        "pause": 0,
        "patience": 0.3,
        "longest": 0.4,
    }
    return Client(**(defaults | facts))
