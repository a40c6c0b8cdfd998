"""`make run` as a person meets it: what it serves, what it logs, how it stops."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlencode

import pytest

from tests.run import ROOT
from tests.support.servers import Server, eventually, is_alive, manage, run

pytestmark = pytest.mark.server

MAKE = ["make", "--no-print-directory", "-o", ".venv/run.stamp"]


@pytest.fixture(scope="session")
def server(installation):
    with Server(var=installation.var) as server:
        yield server


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """The project in a path with spaces, with the environment of this one."""
    copy = tmp_path_factory.mktemp("un autre dossier") / "le catalogue"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


def lines(server, needle: str) -> list[str]:
    """The lines of the log with this word, as soon as there is one."""
    eventually(lambda: needle in server.log)
    return [line for line in server.log.splitlines() if needle in line]


def test_static_files_are_compressed_and_kept_for_ever(server):
    html = server.get("/initiatives/").text
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    assert any(address.endswith(".css") for address in addresses)
    for address in addresses:
        answer = server.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert answer.status == 200
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if len(answer.body) > 1000:
            assert answer.headers["Content-Encoding"] == "br"


def test_static_file_is_sent_in_an_encoding_that_the_request_allows(server):
    (address, *_) = re.findall(r'href="(/static/[^"]+\.css)"', server.get("/initiatives/").text)
    for accepted, encoding in (("br;q=0, gzip", "gzip"), ("br;q=0, gzip;q=0", None), ("*;q=0", None), ("", None)):
        answer = server.get(address, headers={"Accept-Encoding": accepted})
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, encoding), accepted


def test_list_of_the_static_files_is_not_one_of_them(server):
    for ending in ("", ".br", ".gz"):
        assert server.get(f"/static/staticfiles.json{ending}").status == 404


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "Script_Name", "X_FORWARDED_PROTO", "REMOTE_ADDR"])
def test_no_header_is_a_variable_of_the_server(server, name):
    plain = server.get("/chiffres/")
    told = server.get("/chiffres/", headers={name: "/chiffres"})
    assert (told.status, told.text) == (200, plain.text)


def test_pages_are_compressed(server):
    assert server.get("/initiatives/", headers={"Accept-Encoding": "gzip, br"}).headers["Content-Encoding"] == "br"


def test_every_static_file_that_a_template_names_is_there(installation):
    """The other tests use plain names, which always work; the server knows only what it has collected."""
    named = set()
    for template in (ROOT / "templates").rglob("*.*"):
        named |= set(re.findall(r"""{% static ["']([^"']+)["'] %}""", template.read_text()))
    collected = json.loads((installation.var / "static" / "staticfiles.json").read_text())["paths"]
    assert "css/site.css" in named
    assert named <= set(collected)


def test_desk_has_its_static_files(server):
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', server.get("/admin/login/").text)
    assert addresses
    assert {server.get(address).status for address in addresses} == {200}


def fail_to_log_in(server, headers: dict | None = None, name: str = "personne-zz8") -> str:
    """As soon as it has a turn among the passwords that are verified."""
    cookie = server.get("/admin/login/", headers=headers).headers["Set-Cookie"].partition(";")[0]
    form = {"csrfmiddlewaretoken": cookie.partition("=")[2], "login": name, "password": "au hasard"}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"} | (headers or {})
    while (answer := server.get("/admin/login/", "POST", headers, urlencode(form))).status == 503:
        time.sleep(0.05)
    return answer.text


def test_failures_to_log_in_are_counted_for_all_workers_even_at_once(server):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fail_to_log_in(server), range(16)))
    tried = [text for text in answers if "mot de passe n’est pas le bon" in text]
    closed = [text for text in answers if "fermé pour un quart d’heure" in text]
    assert 1 <= len(tried) <= 5
    assert len(tried) + len(closed) == 16
    assert "zz8" not in server.log


# The first, each from a network of its own, with passwords that are quick to check.
FAILURES = """
from django.test import Client, override_settings
with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
    for number in range(42):
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": f"10.{number}.0.1"}
        answer = Client(headers=headers).post("/admin/login/", {"login": "personne-zz10", "password": "au hasard"})
        assert "mot de passe n’est pas le bon" in answer.content.decode()
"""


def test_failures_from_many_networks_are_counted_together_even_at_once(installation, tmp_path):
    def fail(number: int) -> str:
        """As through the proxy in front, from a network of its own."""
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": f"10.{number}.0.1"}
        return fail_to_log_in(server, headers | {"Referer": "https://localhost/admin/login/"}, "personne-zz10")

    var = installation.copy(tmp_path / "var")
    before = manage("shell", "-v0", "-c", FAILURES, VAR_DIR=var, HTTPS="true")
    assert before.returncode == 0, before.stderr
    with Server(var=var, HTTPS="true") as server:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(fail, range(42, 60)))
        later = fail(60)
        assert "zz10" not in server.log
        assert not re.search(r"\b10\.\d+\.0\.", server.log)
    tried = [text for text in answers if "mot de passe n’est pas le bon" in text]
    assert len(tried) == 50 - 42
    assert "fermé pour un jour au plus" in later


def test_key_of_a_lost_password_is_not_in_the_log(server):
    server.get("/admin/mot-de-passe-oublie/1-zz9abc-zz9def/")
    (line,) = lines(server, "/admin/mot-de-passe-oublie/")
    assert "/admin/mot-de-passe-oublie/1-***/ 200" in line
    assert "zz9" not in server.log


def test_log_has_one_line_a_request_and_nothing_personal(server):
    agent, friend = "Agent-zz1", "https://ami.example/zz2"
    headers = {"User-Agent": agent, "Referer": friend, "Authorization": "Basic Y2FtaWxsZTp6ejM="}
    assert server.get("/initiatives/?q=camille-zz4", headers=headers).status == 200
    assert server.get("/marque-zz5?q=camille-zz4", headers=headers).status == 404
    assert len(lines(server, "/marque-zz5")) == 1
    assert re.search(r"^\[[^]]+\] GET /marque-zz5 404 \d+ \d+ms$", server.log, flags=re.MULTILINE)
    for word in ("zz1", "zz2", "zz4", "camille", "127.0.0.1 ", "ami.example"):
        assert word not in server.log.partition("Booting")[2], word


def test_address_cannot_write_a_line_of_its_own_in_the_log(server):
    server.get("/" + quote("zz6\n[01/Jan/2027] GET /forged 200\r\x1b[2Jé"))
    (line,) = lines(server, "zz6")
    assert "forged" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "octets",
    [
        b"zz7\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nzz7 zz8: 1\r\n\r\n",
        b"GET /\xe9?zz7 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_a_page_in_french_and_no_address_in_the_log(server, octets):
    answer = server.say(octets)
    assert answer.startswith("HTTP/1.1 400 ")
    assert '<html lang="fr">' in answer
    assert "<h1>" in answer
    assert "Content-Security-Policy: default-src 'none'" in answer
    assert lines(server, "Refused: Invalid")
    assert "zz7" not in server.log
    assert "ip=" not in server.log


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize(("path", "status"), [("/initiatives/", 405), ("/rien", 404), ("/admin/imports/", 403)])
def test_file_that_the_application_does_not_want_breaks_no_connection(server, path, status, connection):
    answer = server.get(path, "POST", {"Connection": connection}, "x" * 30 * 2**20)
    assert answer.status == status
    assert '<html lang="fr"' in answer.text


def test_what_is_wrong_with_a_body_that_nobody_reads_gets_no_second_answer(server):
    head = b"POST /initiatives/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert server.say(head + b"zzzz\r\n").count("HTTP/1.1 ") == 1


def test_ten_thousand_emoji_are_the_business_of_the_application(server):
    address = "/initiatives/?q=" + quote("🙂" * 10_000)
    answer = server.get(address)
    assert answer.status in (200, 400)
    assert '<html lang="fr">' in answer.text
    # The style sheet is then asked for with that address as its referrer.
    assert server.get("/robots.txt", headers={"Referer": f"http://localhost{address}"}).status == 200


def test_fault_is_logged_without_what_was_asked_for(server):
    answer = server.get("/initiatives/", headers={"Host": "zz9.example"})
    assert answer.status == 400
    time.sleep(0.2)
    assert "zz9" not in server.log


def test_idle_connections_hold_up_nobody(server):
    """A browser opens some in advance; each would have held one of two synchronous workers."""
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(6)]
    start = time.monotonic()
    assert server.get("/sante").status == 200
    assert time.monotonic() - start < 5
    for connection in idle:
        connection.close()


def test_ctrl_c_stops_make_run_cleanly(installation, elsewhere, tmp_path):
    """In a path with spaces, without HOME, and with nothing left behind."""
    before = set(elsewhere.rglob("*"))
    command = ["env", "-u", "HOME", f"TMPDIR={tmp_path}", *MAKE, "run", "PORT={port}"]
    with Server(var=installation.var, command=command, cwd=elsewhere, PYTHONDONTWRITEBYTECODE="1") as server:
        assert server.get("/").status == 200
        workers = re.findall(r"Booting worker with pid: (\d+)", server.log)
        status = server.interrupt()
    assert f"Serving http://127.0.0.1:{server.port}/" in server.log
    assert "***" not in server.log
    assert "Traceback" not in server.log
    assert status in (0, -2)
    assert len(workers) == 2
    assert all(eventually(lambda pid=int(worker): not is_alive(pid), 5) for worker in workers)
    assert set(elsewhere.rglob("*")) == before
    assert not list(tmp_path.iterdir())


def test_make_run_says_that_its_port_is_taken(server, elsewhere, installation):
    done = run(*MAKE, "run", f"PORT={server.port}", cwd=elsewhere, VAR_DIR=installation.var)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith(f"CommandError: Port {server.port} is taken")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("version", "sentence"),
    [("3.9.2", "Python 3.11 or newer is needed; 'python3' is Python 3.9.2."), (None, "'python3' was not found")],
)
def test_make_says_that_python_is_too_old_or_not_there(tmp_path, version, sentence):
    make, sh = shutil.which("make"), shutil.which("sh")
    for tool in (make, sh):
        (tmp_path / os.path.basename(tool)).symlink_to(tool)
    if version:
        fake = tmp_path / "python3"
        fake.write_text(f'#!{sh}\n[ "$1" = -V ] && echo "Python {version}"\nexit 1\n')
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    done = run(make, "python", "PYTHON=python3", PATH=tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[0]


def test_make_lists_its_commands():
    said = run("make").stdout
    assert set(re.findall(r"^  make (\w+) ", said, flags=re.MULTILINE)) >= {
        "run",
        "dev",
        "test",
        "bench",
        "lint",
        "lock",
    }


def test_make_dev_serves_what_is_written_without_a_restart(installation, elsewhere):
    var = installation.var
    command = ["make", "--no-print-directory", "-o", ".venv/dev.stamp", "dev", "PORT={port}"]
    with Server(var=var, command=command, cwd=elsewhere) as server:
        assert server.get("/").status == 200
        assert server.get("/static/css/site.css").status == 200
        # The reloader compares with what it saw a second ago: a change before its first look is none.
        time.sleep(2)
        page = elsewhere / "templates" / "initiatives" / "home.html"
        page.write_text(page.read_text().replace("<h1", "<h1 data-changed", 1))
        module = elsewhere / "initiatives" / "caching" / "health.py"
        module.write_text(module.read_text() + "\n")
        assert eventually(lambda: "data-changed" in answer(server))


def answer(server) -> str:
    try:
        return server.get("/").text
    except OSError:
        return ""  # the server starts again


def test_continuous_integration_installs_what_a_new_machine_lacks():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
