"""Asks one address of the web, and believes nothing that it says.

Each step of a redirect is resolved once, examined, and connected to at the very address that was
examined: a name that changes its mind in between changes nothing. No body is ever read, nothing is
sent but the request, and a clock of its own ends what a server draws out.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationParseError, NewConnectionError
from urllib3.util import Url, parse_url

from initiatives.models import Answer, Fault

from .policy import IPAddress, Policy, as_address, is_public
from .turns import Turns

DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 10
# Of one name: those that do not answer are passed over.
MOST_CONNECTIONS = 3


class NoAnswer(Exception):
    """The address gives no HTTP answer; it says why."""

    def __init__(self, fault: Fault):
        self.fault = fault


@dataclass
class Client:
    """`patience` is the seconds that a connection gets, and `longest` those of one request in all."""

    user_agent: str
    allows: Policy = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    pause: float = 2.0
    patience: float = 10.0
    longest: float = 20.0

    def __post_init__(self):
        self._turns = Turns(self.pause)

    def ask(self, url: str) -> Answer:
        """HEAD, and GET where a server does not like HEAD; redirects followed."""
        try:
            for step in range(MOST_REDIRECTS + 1):
                status, location = self._ask_once(url)
                if status not in REDIRECTS or not location:
                    return Answer(status)
                if step < MOST_REDIRECTS:
                    url = _joined(url, location)
        except NoAnswer as refused:
            return Answer(fault=refused.fault)
        return Answer(fault=Fault.ENDLESS)

    def _ask_once(self, url: str) -> tuple[int, str]:
        """The status and where it leads, without following."""
        where = _parsed(url)
        with self._turns.of(where.host):
            addresses = self._resolve(where)
            try:
                status, location = self._speak("HEAD", where, addresses)
                if status < 400 or status == http.HTTPStatus.TOO_MANY_REQUESTS:
                    return status, location
            except NoAnswer as refused:
                if refused.fault not in (Fault.BROKEN, Fault.TIMEOUT):
                    raise
        with self._turns.of(where.host):
            return self._speak("GET", where, addresses)

    def _resolve(self, where: Url) -> list[IPAddress]:
        """Where the name leads; all of it must be allowed, since none of it is chosen by us."""
        try:
            found = socket.getaddrinfo(where.host.strip("[]"), where.port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(as_address(place[0]) for *_, place in found))
        except socket.gaierror:
            raise NoAnswer(Fault.UNKNOWN_HOST)
        except ValueError:  # a label that is empty or too long for the resolver
            raise NoAnswer(Fault.MALFORMED)
        if not addresses or not all(self.allows(address, where.port) for address in addresses):
            raise NoAnswer(Fault.REFUSED)
        return addresses[:MOST_CONNECTIONS]

    def _speak(self, method: str, where: Url, addresses: list[IPAddress]) -> tuple[int, str]:
        headers = {
            "Host": where.host if where.port == DEFAULT_PORTS[where.scheme] else where.netloc,
            "User-Agent": self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        connection = self._connected(where, addresses)
        with closing(connection), _ended_after(self.longest, connection.sock) as clock:
            try:
                connection.request(method, where.request_uri, headers=headers, preload_content=False)
                with connection.getresponse() as response:
                    status, location = response.status, response.headers.get("Location", "")
            except TimeoutError:
                raise NoAnswer(Fault.TIMEOUT)
            except (OSError, ValueError, HTTPError, http.client.HTTPException):
                raise NoAnswer(Fault.TIMEOUT if clock.is_over else Fault.BROKEN)
        if clock.is_over:  # headers that were cut short look whole
            raise NoAnswer(Fault.TIMEOUT)
        return status, location

    def _connected(self, where: Url, addresses: list[IPAddress]) -> HTTPConnection:
        """A connection to the first of the IP addresses that accepts one, by the address and not by the name."""
        for address in addresses:
            given = {"host": str(address), "port": where.port, "timeout": self.patience}
            if where.scheme == "https":
                connection = HTTPSConnection(**given, server_hostname=where.host.strip("[]"), ssl_context=self.tls)
            else:
                connection = HTTPConnection(**given)
            try:
                connection.connect()
                return connection
            except (NewConnectionError, ConnectTimeoutError):
                continue
            except ssl.SSLCertVerificationError:
                raise NoAnswer(Fault.CERTIFICATE)
            except TimeoutError:
                raise NoAnswer(Fault.TIMEOUT)
            except (OSError, ValueError, HTTPError):
                raise NoAnswer(Fault.TLS)
        raise NoAnswer(Fault.UNREACHABLE)


class Clock:
    """Whether the time of a request is over."""

    is_over = False


@contextmanager
def _ended_after(seconds: float, connected: socket.socket) -> Iterator[Clock]:
    """End a conversation from outside: each byte that drips in would give its reader new patience."""
    clock = Clock()

    def end():
        clock.is_over = True
        with suppress(OSError):  # the other side was faster
            # Of the plain socket: that of TLS would take its state away from whoever is reading.
            socket.socket.shutdown(connected, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield clock
    finally:
        timer.cancel()


def _parsed(url: str) -> Url:
    """The address as the client itself reads it, with its port; a name and password in it are sent to nobody."""
    try:
        where = parse_url(url)
    except LocationParseError:
        raise NoAnswer(Fault.MALFORMED)
    if where.scheme not in DEFAULT_PORTS:
        raise NoAnswer(Fault.REFUSED)
    if not where.host:
        raise NoAnswer(Fault.MALFORMED)
    return where._replace(port=where.port or DEFAULT_PORTS[where.scheme])


def _joined(url: str, location: str) -> str:
    """Where a redirect leads. Headers are read as Latin-1, and servers write UTF-8."""
    try:
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace").strip())
    except ValueError:
        raise NoAnswer(Fault.MALFORMED)
