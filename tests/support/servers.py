"""The commands and the server as someone starts them: processes with an environment and a var/ of their own."""

import atexit
import functools
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.run import ROOT, settings_variables

PATIENCE = 30
LIBRARIES = (
    "django.contrib.admin django.core.management.commands.check openpyxl rdflib marshmallow environs fido2.server"
    " cryptography.fernet markdown_it xlsxwriter segno odf.opendocument"
).split()


def environment(**variables: str | Path) -> dict[str, str]:
    """That of these tests without a setting of theirs."""
    dropped = {*settings_variables(), "PGOPTIONS", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {name: str(value) for name, value in variables.items()}


def run(*command: str | Path, cwd: Path = ROOT, **variables) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=cwd, env=environment(**variables), capture_output=True, text=True, check=False)


class Preloaded:
    """with Preloaded(*modules) as python: python.run("manage.py", …) as `run`, without importing these again."""

    def __init__(self, *modules: str, **variables):
        command, pipe = [sys.executable, "-m", "tests.support.preloaded", *modules], subprocess.PIPE
        env, self.variables = environment(**variables), variables
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.communicate()

    def run(self, *arguments: str | Path, cwd: Path = ROOT, **variables) -> subprocess.CompletedProcess:
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            command = {
                "arguments": [*map(str, arguments)],
                "cwd": str(cwd),
                "env": environment(**self.variables | variables),
                "output": [out.name, err.name],
            }
            self.process.stdin.write(f"{json.dumps(command)}\n")
            self.process.stdin.flush()
            status = int(self.process.stdout.readline())
            return subprocess.CompletedProcess(arguments, status, out.read(), err.read())


@functools.cache
def libraries() -> Preloaded:
    """What has imported the libraries of all commands, which takes as long as the rest, and nothing of ours."""
    python = Preloaded(*LIBRARIES)
    atexit.register(python.__exit__)
    return python


def manage(*arguments: str, cwd: Path = ROOT, **variables) -> subprocess.CompletedProcess:
    return libraries().run("manage.py", *arguments, cwd=cwd, **variables)


def manage_each(commands: list[list[str]], **variables) -> list[subprocess.CompletedProcess]:
    """Several commands one after the other, each in a process that begins where all of ours is imported as well."""
    with Preloaded("tests.support.all_of_ours", DJANGO_SETTINGS_MODULE="initiatives.settings", **variables) as python:
        return [python.run("manage.py", *command) for command in commands]


def start(*arguments: str, **variables) -> subprocess.Popen:
    """A command that a test means to interrupt."""
    command, pipe = [sys.executable, "-u", "manage.py", *arguments], subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment(**variables), stdout=pipe, stderr=pipe, text=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(question, patience: float = PATIENCE):
    """The first answer that is true; the last one when patience ends."""
    end = time.monotonic() + patience
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Server:
    """with Server(var=…) as server: … the server of `make run`, and what it logs."""

    def __init__(self, *, var: Path, command: list[str] | None = None, cwd: Path = ROOT, **variables):
        self.port = free_port()
        module = [
            "-m",
            "gunicorn",
            "--config",
            "python:initiatives.runtime.gunicorn",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        self.command = command or [sys.executable, *module, "initiatives.wsgi"]
        self.cwd, self.env = cwd, environment(VAR_DIR=var, **variables)
        self.log_path = var / f"log-{self.port}"

    def __enter__(self):
        command = [part.replace("{port}", str(self.port)) for part in self.command]
        self.log_path.touch(mode=0o600)  # it stands in var/, which is closed to others
        with self.log_path.open("w") as log:
            # A session of its own: a signal to its group is the Ctrl-C of a terminal.
            self.process = subprocess.Popen(
                command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not eventually(self._answers):
            self.__exit__()
            pytest.fail(f"the server did not start: {self.log}")
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.interrupt()

    def interrupt(self) -> int:
        """Ctrl-C, and the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"the server ended: {self.log}")
        try:
            return bool(self.get("/sante").status)
        except OSError:
            return False

    def get(self, path: str, method: str = "GET", headers: dict | None = None, body: str | None = None):
        """The answer, with its text; nothing is followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            answer.body = answer.read()
            answer.text = answer.body.decode(errors="replace")
            return answer
        finally:
            connection.close()

    def say(self, octets: bytes) -> str:
        """What comes back on a connection that says just this."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(octets)
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


class Installation:
    """What `manage.py prepare` made of an empty directory, with the real data."""

    def __init__(self, var: Path):
        self.var = var
        self.first = manage("prepare", VAR_DIR=var)
        assert self.first.returncode == 0, self.first.stderr

    @property
    def database(self) -> Path:
        return self.var / "catalogue.sqlite3"

    def copy(self, var: Path, *, people: str = "") -> Path:
        """Another one, with accounts that a few lines of Python make."""
        shutil.copytree(self.var, var, ignore=shutil.ignore_patterns("log*"))
        if people:
            made = manage("shell", "-v0", "-c", people, VAR_DIR=var)
            assert made.returncode == 0, made.stderr
        return var


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """Made once: a test that changes it puts it back."""
    return Installation(tmp_path_factory.mktemp("var"))


def assert_one_sentence(done, sentence: str):
    assert done.returncode not in (0, -2)
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
