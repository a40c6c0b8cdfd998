"""Gunicorn: two workers with threads, and one line of log a request without personal data."""

import re
from time import monotonic
from urllib.parse import quote

from gunicorn.glogging import Logger
from gunicorn.http import message
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.workers.gthread import ThreadWorker

from .documents_process import DocumentsProcess
from .errors import bare
from .logs import DiscreetFormatter

# The address that a lost password is mended at is as good as the password until it has served.
KEY = re.compile(r"(/mot-de-passe-oublie/\w+?-)[^/]+")

# What the proxies let through at most; they send it at once, and who is slow is not waited for.
UNREAD_BYTES = 34 * 2**20
UNREAD_SECONDS = 5


class GunicornLogger(Logger):
    """Says nothing of who asked, and cannot be made to write two lines for one request."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(DiscreetFormatter(self.error_fmt, self.datefmt))

    def atoms(self, resp, req, environ, request_time):
        path = quote(environ["PATH_INFO"].encode("latin-1"))
        return super().atoms(resp, req, environ, request_time) | {"U": KEY.sub(r"\1***", path)}


class Worker(ThreadWorker):
    """Reads bodies to their end; answers in French, and without an address in the log, what becomes no request."""

    def handle_request(self, req, conn):
        """Read to its end what the application did not want of a body, such as a file that comes after the log-out.

        gunicorn reads 64 KB of it and closes: the connection breaks, and a proxy says « Indisponible » instead of us.
        """
        goes_on = super().handle_request(req, conn)
        try:
            whole = conn.parser.finish_body(deadline=monotonic() + UNREAD_SECONDS, max_bytes=UNREAD_BYTES)
        except (ParseException, NoMoreData):
            return False  # it was answered: what is wrong with the rest has no answer of its own
        return whole and goes_on

    def handle_error(self, req, client, addr, exc):
        status, reason = (400, "Bad Request") if isinstance(exc, ParseException) else (500, "Internal Server Error")
        if status == 400:
            self.log.info("Refused: %s", type(exc).__name__)
        else:
            self.log.exception("Error handling request")
        body = bare(status).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + body)
        except OSError:
            self.log.debug("The client had left.")


worker_class = Worker
logger_class = GunicornLogger
workers = 2
# Threads, because browsers open connections before they need them: each would hold a synchronous
# worker, and so would whoever downloads an export slowly.
threads = 8
keepalive = 5
# A worker whose main thread hangs longer than this is replaced.
timeout = 60
graceful_timeout = 5
preload_app = True
# It would lie in the home directory, and nobody here uses it.
control_socket_disable = True

# No header of a request becomes a variable of the server: by default SCRIPT_NAME and PATH_INFO do, from this machine or
# a socket, and so move any page to any address. Django alone reads X-Forwarded-Proto (SECURE_PROXY_SSL_HEADER).
forwarder_headers = "X-NONE"
secure_scheme_headers = {}

# PDF and archives are made beside the server, by a process that ends with it: no request waits for them.
documents_process = DocumentsProcess()


def when_ready(server):
    documents_process.start(server.log)


def on_exit(server):
    documents_process.stop()


# Ten thousand emoji in a search are a page that says so, not a refusal in English: the application
# judges what it is asked. The limit of gunicorn cannot be set above this constant of its own.
message.MAX_REQUEST_LINE = 128 * 1024
limit_request_line = message.MAX_REQUEST_LINE
limit_request_field_size = 256 * 1024  # browsers send the address again, in full, as the referrer

accesslog = "-"
# Moment, method, path, status, bytes, milliseconds. No address, no query string (a search may hold
# a name), no user agent, no referrer: nothing personal can be in a log that holds none of them.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
