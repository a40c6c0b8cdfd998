"""The proxies of `initiatives/proxies`, started exactly as they are before a server of ours."""

import os
import re
import signal
import ssl
import subprocess
from http.client import HTTPSConnection
from pathlib import Path

from tests.run import ROOT

from .programs import program
from .servers import PATIENCE, Server, eventually, free_port
from .sites import certificate

PROXIES = ROOT / "initiatives" / "runtime" / "proxies"
PRODUCTION = {"ALLOWED_HOSTS": "localhost", "SECRET_KEY": "9f" + "aZ3-bY7_cX1.dW5" * 4}


def host_lines() -> str:
    """The lines of the README of the proxies that an installation writes itself."""
    return re.search(r"catalogue\.host\.conf`:\n\n((?: {6}\S.*\n)+)", (PROXIES.parent / "README.md").read_text())[1]


class Proxy:
    """with Nginx(server, directory) as proxy: … proxy.get("/"), over TLS."""

    def __init__(self, server: Server, directory: Path):
        self.server, self.directory, self.port = server, directory, free_port()
        self.log_path = directory / "proxy.log"

    def command(self) -> tuple[list[str], dict[str, str]]:
        raise NotImplementedError

    def __enter__(self):
        command, variables = self.command()
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        if not eventually(self._answers):
            self.__exit__()
            raise AssertionError(f"the proxy did not start: {self.log}")
        return self

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def _answers(self) -> bool:
        try:
            return self.get("/sante").status == 200
        except OSError:
            return False

    def get(self, path: str, method: str = "GET", headers: dict | None = None, body=None):
        connection = HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=ssl._create_unverified_context())
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer
        finally:
            connection.close()


class Nginx(Proxy):
    def command(self):
        certificate(self.directory, "localhost")
        access = self.directory / "access.log"
        # What an administrator writes, with the names of this test in the place of those of that README.
        lines = re.sub(r"listen \[::\][^\n]*\n|listen 80;\n", "", host_lines())
        for pattern, said in (
            (r"listen 443", f"listen 127.0.0.1:{self.port}"),
            (r"initiatives\.example\.org;", "localhost;"),
            (r"(ssl_certificate\w*) [^;]+", rf"\1 {self.directory}/localhost.pem"),
            (r"access_log \S+", f"access_log {access}"),
            (r"error_log \S+", f"error_log {self.log_path}"),
            (r"127\.0\.0\.1:8000", f"127.0.0.1:{self.server.port}"),
        ):
            lines, count = re.subn(pattern, said, lines)
            assert count, pattern
        (self.directory / "catalogue.host.conf").write_text(lines)
        folders = "".join(
            f"{name}_temp_path {self.directory}/{name};" for name in "client_body proxy fastcgi uwsgi scgi".split()
        )
        user = "user root;" if os.geteuid() == 0 else ""
        main = (
            f"daemon off; {user} pid {self.directory}/pid; error_log {self.log_path} emerg; worker_processes 2;"
            f" events {{ worker_connections 768; }} http {{ {folders} include {PROXIES}/nginx.conf; }}"
        )
        (self.directory / "nginx.conf").write_text(main)
        return [program("nginx"), "-c", str(self.directory / "nginx.conf")], {}

    @property
    def log(self) -> str:
        access = self.directory / "access.log"
        return super().log + (access.read_text() if access.exists() else "")


class Caddy(Proxy):
    def command(self):
        variables = {
            "CATALOGUE_SITE": f"https://localhost:{self.port}",
            "CATALOGUE_HTTP_PORT": str(free_port()),
            "CATALOGUE": f"127.0.0.1:{self.server.port}",
            "XDG_DATA_HOME": str(self.directory),
            "XDG_CONFIG_HOME": str(self.directory),
        }
        return [program("caddy"), "run", "--config", str(PROXIES / "Caddyfile"), "--adapter", "caddyfile"], variables


KNOWN = {"nginx": Nginx, "caddy": Caddy}
