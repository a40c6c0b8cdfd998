"""Long imports as the server does them: in a process of their own, which may be killed and need not be waited for."""

import csv
import io
import os
import random
import re
import signal
import sqlite3
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from initiatives.models import ImportBatch
from tests.support.browsers import visit
from tests.support.hostile_files import KINDS
from tests.support.servers import Server, eventually, manage, start

pytestmark = pytest.mark.server
ROWS = 1_500
ENTRIES = 158
PEOPLE = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user("camille", password="mot de passe des tests", is_staff=True)
user.groups.set(Group.objects.filter(name__in=["rédaction", "modération"]))
"""
SENT = """
import hashlib, pathlib
from django.contrib.auth.models import User
from initiatives.models import ImportBatch, ImportFile, Survey
content = pathlib.Path({path!r}).read_bytes()
by = User.objects.get(username="camille")
batch = ImportBatch.objects.create(
    name="r.csv", sha256=hashlib.sha256(content).hexdigest(), size=len(content), sent_by=by, confirmed_by=by,
    undone_by=by, survey=Survey.objects.first(), state="reading", constants={{"licence_agreed_on": "2021-04-01"}},
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


STEPS = {"reading": "ready", "writing": "done", "undoing": "undone"}
# What the table of imports, that of their rows and that of entries hold when a step is done.
DONE = """
    SELECT (SELECT state FROM initiatives_importbatch), (SELECT COUNT(*) FROM initiatives_initiative),
           (SELECT COUNT(*) FROM initiatives_importrow WHERE kind = 'new'),
           (SELECT COUNT(*) FROM initiatives_initiative i JOIN initiatives_importrow ON initiative_id = i.id
            WHERE status = 'published')
"""
WHOLE = {"ready": (ENTRIES, ROWS, 0), "done": (ENTRIES + ROWS, ROWS, ROWS), "undone": (ENTRIES, ROWS, 0)}
# Where an import comes back to that was interrupted, and what it says.
BACK = {step: f"{state}Le travail a été interrompu" for step, state in ImportBatch.RUNNING.items()}
LOOKED_AT = """
from initiatives.imports.jobs import look_again
look_again(ImportBatch.objects.get())
"""


def content(var) -> str:
    """All that the tables hold, but those of territories, which nothing here writes."""
    with sqlite3.connect(var / "catalogue.sqlite3", timeout=20) as database:
        return "\n".join(line for line in database.iterdump() if not line.startswith('INSERT INTO "towns_'))


def go_to(var, step: str):
    with sqlite3.connect(var / "catalogue.sqlite3", timeout=20) as database:
        database.execute("UPDATE initiatives_importbatch SET state = ?, \"then\" = 'publish'", [step])


def work(var, seconds: float | None = None) -> float:
    """Seconds that the process of the import works once it has the lock: to its end, or until it is killed."""
    for lock in (var / "imports").glob("*.lock"):
        lock.write_text("")
    with start("run_import", "1", VAR_DIR=var) as process:
        assert eventually(lambda: any(lock.read_text() for lock in (var / "imports").glob("*.lock")))
        began = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        _, said = process.communicate()
    assert process.returncode in ([0] if seconds is None else [0, -signal.SIGKILL]), said
    return time.monotonic() - began


def assert_whole(var, step: str):
    with sqlite3.connect(var / "catalogue.sqlite3") as database:
        state, *found = database.execute(DONE).fetchone()
    assert (state, tuple(found)) == (STEPS[step], WHOLE[STEPS[step]])


def test_killed_at_any_moment_it_did_nothing_or_everything(var, answers, pytestconfig):
    """While it reads, writes and publishes, and undoes; --thorough kills it at 50 moments."""
    assert manage("shell", "-c", SENT.format(path=str(answers)), VAR_DIR=var).returncode == 0
    lasts = {}
    for step in STEPS:
        go_to(var, step)
        lasts[step] = work(var)
        assert_whole(var, step)
    for step in STEPS:
        go_to(var, step)
        before = content(var)
        # The later, the likelier that it is done: then there is nothing left to kill.
        for at in sorted(
            random.uniform(0, lasts[step]) for _ in range(17 if pytestconfig.getoption("thorough") else 2)
        ):
            work(var, at)
            if one(var, "SELECT state FROM initiatives_importbatch") != step:
                break
            assert content(var) == before, f"{step}, killed after {at} s"
        else:
            assert manage("shell", "-v0", "-c", LOOKED_AT, VAR_DIR=var).returncode == 0
            assert one(var, "SELECT state || note FROM initiatives_importbatch").startswith(BACK[step])
            go_to(var, step)
            work(var)
        assert_whole(var, step)


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
