"""Long imports as the server does them: in a process of their own, which may be killed and need not be waited for."""

import csv
import io
import os
import re
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.browsers import visit
from tests.support.hostile_files import KINDS
from tests.support.servers import Server, eventually, manage, start

pytestmark = pytest.mark.server
ROWS = 1_500
ENTRIES = 158
PEOPLE = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user("camille", password="mot de passe des tests", is_staff=True)
user.groups.add(Group.objects.get(name="rédaction"))
"""
SENT = """
import hashlib, pathlib
from django.contrib.auth.models import User
from initiatives.models import ImportBatch, ImportFile, Survey
content = pathlib.Path({path!r}).read_bytes()
by = User.objects.get(username="camille")
batch = ImportBatch.objects.create(
    name="r.csv", sha256=hashlib.sha256(content).hexdigest(), size=len(content), sent_by=by, confirmed_by=by,
    survey=Survey.objects.first(), state="reading",
)
ImportFile.objects.create(batch=batch, content=content)
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """More answers than a person waits for, of two real towns."""
    text = io.StringIO(newline="")
    rows = [
        ["60057" if n % 2 else "01004", f"Initiative {n}", "Service public", f"Une phrase {n}. " * 40]
        for n in range(ROWS)
    ]
    csv.writer(text, delimiter=";").writerows([["Code INSEE", "Titre", "Catégorie", "Solution"], *rows])
    path = tmp_path_factory.mktemp("answers") / "réponses.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


@pytest.fixture
def var(installation, tmp_path):
    """A database of one's own, with somebody who may import."""
    return installation.copy(tmp_path / "var", people=PEOPLE)


def one(var, question: str):
    with sqlite3.connect(var / "catalogue.sqlite3", timeout=20) as database:
        return database.execute(question).fetchone()[0]


def told(var) -> tuple[str, int, int]:
    """The state of the import, how many entries there are, and how many versions it made."""
    return (
        one(var, "SELECT state FROM initiatives_importbatch"),
        one(var, "SELECT COUNT(*) FROM initiatives_initiative"),
        one(var, "SELECT COUNT(*) FROM initiatives_historicalinitiative WHERE through = 'import'"),
    )


def test_killed_at_any_moment_it_wrote_nothing_or_everything(var, answers):
    sent = manage("shell", "-c", SENT.format(path=str(answers)), VAR_DIR=var)
    assert sent.returncode == 0, sent.stderr
    done = manage("run_import", "1", VAR_DIR=var)
    assert done.returncode == 0, done.stderr
    assert told(var)[:2] == ("ready", ENTRIES)
    seen = set()
    for delay in [0.2, 0.6, 1, 1.4, 1.8, 2.2, 2.6, 3, 60]:
        with sqlite3.connect(var / "catalogue.sqlite3") as database:
            database.execute("UPDATE initiatives_importbatch SET state = 'writing'")
        with start("run_import", "1", VAR_DIR=var) as process:
            end = time.monotonic() + delay
            while process.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
            process.kill()
            process.communicate()
        found = told(var)
        assert found in [("writing", ENTRIES, 0), ("done", ENTRIES + ROWS, ROWS)]
        seen.add(found[0])
        if found[0] == "done":
            break
    assert seen == {"writing", "done"}


def preview(number: int, var) -> tuple[float, int]:
    """Seconds of a processor and bytes of memory that the process of an import takes; of none, what any would."""
    most = 0
    with start("run_import", str(number), VAR_DIR=var) as process:
        # Not what the system says at the end, which is at least what the process that starts it takes.
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(told[1]) * 1024 if told else 0)
            time.sleep(0.02)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, most


COSTLY = ["xlsx: rows of one cell", "xlsx: strings", "xlsx: long strings", "ods: notes"]


@pytest.fixture(scope="module")
def hostile(installation, tmp_path_factory):
    """A database to which each of these files was sent, in this order."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, kind in enumerate(COSTLY):
        (folder / f"{number}.xlsx").write_bytes(KINDS[kind]())
    sent = "\n".join(SENT.format(path=str(folder / f"{number}.xlsx")) for number in range(len(COSTLY)))
    return installation.copy(folder / "var", people=PEOPLE + sent)


@pytest.fixture(scope="module")
def idle(hostile) -> tuple[float, int]:
    return preview(999, hostile)


@pytest.mark.parametrize("kind", COSTLY)
def test_hostile_file_costs_its_process_little(hostile, idle, kind):
    number = COSTLY.index(kind) + 1
    (least_seconds, least), (seconds, most) = idle, preview(number, hostile)
    asked = f"SELECT state || faults FROM initiatives_importbatch WHERE id = {number}"
    assert one(hostile, asked).startswith('ready["Le ')
    assert seconds - least_seconds < 15
    assert most - least < 300 * 2**20


def test_work_goes_on_while_the_server_restarts_and_says_how_far_it_is(var, answers, browser):
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with visit(browser, address, java_script_enabled=False) as page:
            log_in(page)
            page.goto("/admin/imports/")
            page.set_input_files("[name=file]", answers)
            page.click("text=Envoyer et vérifier")
            page.wait_for_selector("progress")
            page.wait_for_selector("text=Cette page se met à jour toute seule")
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with visit(browser, address, java_script_enabled=False) as page:
            log_in(page)
            page.goto("/admin/imports/1/")
            page.wait_for_selector("text=1 500 lignes seront importées", timeout=60_000)
            page.click("button:has-text('en brouillon')")
            page.wait_for_selector("h2:has-text('Importé')", timeout=60_000)
            assert told(var) == ("done", ENTRIES + ROWS, ROWS)
            page.click("a:has-text('Annuler cet import')")
            page.click("button:has-text('Annuler cet import')")
            page.wait_for_selector("text=Tout est redevenu comme avant", timeout=60_000)
            assert told(var)[:2] == ("undone", ENTRIES)


def test_it_can_be_stopped(var, answers, browser):
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with visit(browser, address, java_script_enabled=False) as page:
            log_in(page)
            page.goto("/admin/imports/")
            page.set_input_files("[name=file]", answers)
            page.click("text=Envoyer et vérifier")
            page.click("button:has-text('Arrêter')")
            assert eventually(lambda: one(var, "SELECT state FROM initiatives_importbatch") != "reading")
            page.goto("/admin/imports/1/")
            page.wait_for_selector("text=Arrêté à votre demande")
            assert told(var) == ("received", ENTRIES, 0)


def log_in(page):
    page.goto("/admin/")
    page.fill("[name=login]", "camille")
    page.fill("[name=password]", "mot de passe des tests")
    page.click("text=Se connecter")
    page.wait_for_url("**/admin/")
