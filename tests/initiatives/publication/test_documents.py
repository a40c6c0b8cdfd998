"""The worker of the documents: whole files or none, whatever happens to it."""

import csv
import errno
import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from initiatives.models import Document, IllegalFreeze
from initiatives.publication import jobs, storage, volumes
from initiatives.publication.archive import figures_csv
from initiatives.publication.edition import EditionContent
from tests.support import editions, factories
from tests.support.editions import fetch
from tests.support.kinds import complete_entry

SOON = timedelta(minutes=2)
ROOT = Path(__file__).resolve().parents[3]
# The digests of PDF and archive of the edition whose data a file holds.
MAKE = """
import hashlib, io, sys
import django; django.setup()
from pathlib import Path
from initiatives.models import Edition
from initiatives.publication.archive import PDF, members, write_zip
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
edition = Edition(data=Path(sys.argv[1]).read_text())
frozen = EditionContent(edition)
content, package = report(frozen), io.BytesIO()
write_zip(package, members(edition, frozen, [(PDF, content)]))
print(hashlib.sha256(content).hexdigest(), hashlib.sha256(package.getvalue()).hexdigest())
"""


@pytest.fixture
def waiting():
    factories.published(title="Prêt de tablettes")
    return editions.edition().document


def in_storage() -> set[str]:
    return {path.name for path in Path(default_storage.path(storage.FOLDER)).glob("*")}


def build() -> Document:
    document = jobs.build_next()
    document.refresh_from_db()
    return document


@pytest.mark.both_databases
def test_command_makes_what_waits_and_says_so(waiting, client):
    said = io.StringIO()
    call_command("build_documents", stdout=said)
    waiting.refresh_from_db()
    assert waiting.is_ready
    assert (waiting.percent, waiting.attempts, waiting.fault) == (100, 1, "")
    assert "Le rapport, édition 1: prêt" in said.getvalue()
    address = waiting.edition.get_absolute_url()
    assert fetch(client, f"{address}publication.pdf").startswith(b"%PDF-")
    assert {file["stored"] for file in waiting.files} == in_storage()
    assert jobs.build_next() is None


def test_archive_holds_every_format_and_its_sums(waiting, client):
    build()
    address = waiting.edition.get_absolute_url()
    with zipfile.ZipFile(io.BytesIO(fetch(client, f"{address}publication.zip"))) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    sums = dict(line.split("  ")[::-1] for line in contents.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    assert set(editions.FILES) < set(contents)
    for name in [*editions.FILES, "publication.pdf"]:
        assert contents[name] == fetch(client, f"{address}{name}"), name
    assert hashlib.sha256(contents["edition.json"]).hexdigest() == waiting.edition.sha256
    assert b"data-figure" in contents["index.html"]


def test_figures_of_the_archive_say_where_they_come_from(waiting):
    frozen = EditionContent(waiting.edition)
    rows = list(csv.DictReader(io.StringIO(figures_csv(frozen).decode(), newline="")))
    assert [(row["tableau"], row["intitule"], row["fiches"]) for row in rows[:2]] == [
        ("total", "initiative", "1"),
        ("total", "ville", "1"),
    ]
    assert {(row["citation"], row["licence"]) for row in rows} == {
        (frozen.attribution.sentence, frozen.attribution.licence.address)
    }


def test_links_of_the_archive_lead_from_a_folder_to_the_site_or_within(waiting, client):
    build()
    with zipfile.ZipFile(io.BytesIO(fetch(client, f"{waiting.edition.get_absolute_url()}publication.zip"))) as package:
        names, page = package.namelist(), package.read("index.html").decode()
    links = set(re.findall(r'(?:href|src)="([^"]*)"', page))
    assert f"{editions.SITE}initiatives/pret-de-tablettes/" in links
    assert not [link for link in links if not link.startswith(("http", "#", "data:")) and link not in names]


def test_the_archive_names_what_was_withdrawn(waiting, client):
    gone = factories.published(title="À retirer")
    frozen = editions.edition(of=waiting.edition.publication)
    frozen.withdraw(reference=gone.reference, by=factories.user(), reason="À la demande de la ville.")
    while jobs.build_next():
        pass
    with zipfile.ZipFile(io.BytesIO(fetch(client, f"{frozen.get_absolute_url()}publication.zip"))) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    assert f"Fiche {gone.reference} retirée le" in contents["LISEZMOI.txt"].decode()
    for name in ("index.html", "edition.json"):
        assert "À la demande de la ville." in contents[name].decode(), name
    for name, content in contents.items():
        assert "À retirer".encode() not in content, name


def test_made_elsewhere_the_files_are_the_same(waiting, tmp_path):
    """Two processes that share nothing but the data: another zone, language, hash seed and home."""
    complete_entry()
    frozen = editions.edition(of=waiting.edition.publication)
    data = tmp_path / "edition.json"
    data.write_text(frozen.data)
    elsewhere = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
        "PYTHONUTF8": "1",
    }
    here = {"TZ": "Europe/Paris", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "42"}
    command = [sys.executable, "-c", MAKE, str(data)]
    made = []
    for at, settings in enumerate((here, elsewhere)):
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "initiatives.settings", **settings}
        environment |= {"VAR_DIR": str(tmp_path / str(at)), "DATABASE_URL": "sqlite://:memory:"}
        made.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE))
    said = [process.communicate()[0] for process in made]
    assert len(said[0].split()) == 2
    assert said[0] == said[1]


@pytest.mark.both_databases
def test_made_twice_the_files_are_the_same(waiting):
    first = build().files
    waiting.ask_again()
    assert build().files == first


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_full_disk_publishes_nothing_and_says_why(waiting, client, monkeypatch):
    # The system itself refuses what is written there.
    def full(**options):
        draft = options["dir"] / "draft"
        draft.symlink_to("/dev/full")
        return draft.open("w+b", buffering=0)

    with monkeypatch.context() as disk:
        disk.setattr(storage, "NamedTemporaryFile", full)
        failed = build()
    assert failed.status == Document.Status.FAILED
    assert "disque est plein" in failed.fault
    assert in_storage() == set()
    assert 'data-format="pdf"' not in client.get("/publications/rapport/").text
    failed.ask_again()
    assert build().is_ready


def test_file_is_on_its_disk_before_it_has_its_name(monkeypatch):
    """What a kill at any moment leaves is either all of it or nothing that is served."""
    done, synced, renamed = [], os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda at: (done.append(os.fstat(at).st_ino), synced(at)))
    monkeypatch.setattr(os, "rename", lambda *paths: (done.append(tuple(map(Path, paths))), renamed(*paths)))
    made = storage.put(7, "publication.pdf", lambda file: file.write(b"all of it"))
    inode, (draft, file) = done
    assert (file, inode) == (Path(default_storage.path(storage.place(made))), file.stat().st_ino)
    assert draft.parent == file.parent
    assert in_storage() == {made["stored"]}
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert storage.put(7, "publication.pdf", lambda file: file.write(b"all of it")) == made
    assert in_storage() == {made["stored"]}


def test_file_that_was_cut_is_not_served_and_is_made_again(waiting, client):
    file = build().files[0]
    path, address = (
        Path(default_storage.path(storage.place(file))),
        f"{waiting.edition.get_absolute_url()}{file['name']}",
    )
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    assert client.get(address).status_code == 404
    jobs.ask_for_what_is_lost()
    build()
    assert fetch(client, address) == whole


@pytest.mark.both_databases
def test_second_volume_that_fails_takes_the_first_with_it(client, monkeypatch):
    for _ in range(3):
        factories.published()
    document = editions.edition().document
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 2)
    written = storage.put

    def half(edition, name, write):
        if name == "publication-2.pdf":
            raise OSError(errno.ENOSPC, "full")
        return written(edition, name, write)

    monkeypatch.setattr(storage, "put", half)
    assert build().status == Document.Status.FAILED
    assert in_storage() == set()
    monkeypatch.setattr(storage, "put", written)
    document.ask_again()
    assert [file["name"] for file in build().files] == ["publication-1.pdf", "publication-2.pdf", "publication.zip"]
    html = client.get("/publications/rapport/").text
    assert html.count('data-format="pdf"') == 2


@pytest.mark.both_databases
def test_who_asked_first_is_served_first(waiting):
    for _ in range(2):
        factories.published()
        editions.edition(of=waiting.edition.publication)
    first, second, third = Document.objects.order_by("pk")
    Document.objects.filter(pk=first.pk).update(asked_at=timezone.now() + SOON)
    assert [build().pk for _ in range(3)] == [second.pk, third.pk, first.pk]


def nobody_came(document):
    pass


def worker_died(document):
    document.take(lease="dead", until=timezone.now() - SOON)


def attempt_failed(document):
    document.take(lease="one", until=timezone.now() + SOON)
    document.fail(fault="Un essai.", again=True)
    Document.objects.update(leased_until=timezone.now() - SOON)


@pytest.mark.both_databases
@pytest.mark.parametrize("fate", [nobody_came, worker_died, attempt_failed])
def test_desk_says_that_nobody_makes_what_waits(waiting, moderator, fate):
    Document.objects.update(asked_at=timezone.now() - 3 * SOON)
    fate(waiting)
    since = 3 * SOON if fate is nobody_came else SOON
    assert abs(Document.objects.idle_since() - (timezone.now() - since)) < timedelta(seconds=20)
    for where in ("/admin/", f"/admin/initiatives/edition/{waiting.edition.pk}/change/"):
        assert "Personne ne prépare les documents depuis le" in moderator.get(where).text
    build()
    for where in ("/admin/", f"/admin/initiatives/edition/{waiting.edition.pk}/change/"):
        assert "Personne ne prépare" not in moderator.get(where).text


def another_is_made(document):
    factories.published()
    other = editions.edition(of=document.edition.publication).document
    assert other.take(lease="alive", until=timezone.now() + SOON)


def it_is_made(document):
    assert document.take(lease="alive", until=timezone.now() + SOON)


def it_is_tried_again(document):
    it_is_made(document)
    document.fail(fault="Un essai.", again=True)


def it_is_asked_for_again(document):
    Document.objects.update(leased_until=timezone.now() - SOON)
    document.ask_again()


@pytest.mark.parametrize(
    "fate",
    [
        another_is_made,
        it_is_made,
        it_is_tried_again,
        it_is_asked_for_again,
        lambda document: document.cancel(),
        lambda document: Document.objects.update(asked_at=timezone.now()),
    ],
)
def test_desk_says_nothing_while_somebody_makes_documents_or_none_waits_for_long(waiting, fate):
    Document.objects.update(asked_at=timezone.now() - SOON)
    fate(waiting)
    assert Document.objects.idle_since() is None


@pytest.mark.both_databases
def test_document_of_a_dead_worker_is_taken_up_when_its_lease_ends(waiting):
    assert waiting.take(lease="dead", until=timezone.now() + SOON)
    assert jobs.build_next() is None
    Document.objects.update(leased_until=timezone.now() - SOON)
    assert build().is_ready


@pytest.mark.both_databases
def test_document_of_which_every_worker_dies_fails_and_can_be_asked_for_again(waiting, client):
    for attempt in range(Document.MOST_ATTEMPTS):
        assert waiting.take(lease=f"dead {attempt}", until=timezone.now() - SOON)
    assert jobs.build_next() is None
    waiting.refresh_from_db()
    assert (waiting.status, waiting.attempts) == (Document.Status.FAILED, 3)
    assert "faute de mémoire" in waiting.fault
    assert jobs.build_next() is None
    assert "<small>indisponible</small>" in client.get(waiting.edition.get_absolute_url()).text
    waiting.ask_again()
    assert build().is_ready


@pytest.mark.both_databases
def test_last_attempt_is_left_to_the_worker_that_lives(waiting):
    for lease in ("dead", "dead too"):
        assert waiting.take(lease=lease, until=timezone.now() - SOON)
    assert waiting.take(lease="alive", until=timezone.now() + SOON)
    assert jobs.build_next() is None
    assert not waiting.take(lease="fourth", until=timezone.now() + SOON)
    assert waiting.status == Document.Status.BUILDING


@pytest.mark.both_databases
def test_two_workers_never_make_one_document(waiting):
    late = Document.objects.get(pk=waiting.pk)
    assert waiting.take(lease="one", until=timezone.now() + SOON)
    assert not late.take(lease="two", until=timezone.now() + SOON)


@pytest.mark.both_databases
def test_worker_that_lost_its_lease_publishes_nothing(waiting):
    waiting.take(lease="slow", until=timezone.now() - SOON)
    assert build().is_ready
    assert not waiting.advance(percent=50, step="PDF", until=timezone.now() + SOON)
    assert not waiting.finish(files=[], sha256=waiting.edition.sha256)
    waiting.refresh_from_db()
    assert len(waiting.files) == 2


@pytest.mark.both_databases
def test_cancelled_document_stops_and_can_be_asked_for_again(waiting, monkeypatch):
    made = jobs.report

    def cancelled_meanwhile(*args):
        Document.objects.get().cancel()
        return made(*args)

    monkeypatch.setattr(jobs, "report", cancelled_meanwhile)
    stopped = build()
    assert stopped.status == Document.Status.CANCELLED
    assert in_storage() == set()
    with pytest.raises(IllegalFreeze):
        stopped.cancel()
    monkeypatch.undo()
    stopped.ask_again()
    assert build().is_ready


def test_files_stay_offered_until_those_that_replace_them_are_there(waiting, client, monkeypatch):
    before = build().files
    page, pdf = waiting.edition.get_absolute_url(), f"{waiting.edition.get_absolute_url()}publication.pdf"
    waiting.ask_again()
    assert fetch(client, pdf)
    waiting.cancel()
    assert fetch(client, pdf)
    assert 'data-format="pdf"' in client.get(page).text

    def full(*args):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(storage, "put", full)
    waiting.ask_again()
    assert build().status == Document.Status.FAILED
    assert Document.objects.get().files == before
    assert fetch(client, pdf)


def test_files_that_say_too_much_are_dropped_at_once(waiting, client):
    factories.published()
    frozen = editions.built(of=waiting.edition.publication)
    while jobs.build_next():
        pass
    frozen.withdraw(reference=EditionContent(frozen).entries[0]["reference"], by=factories.user(), reason="Erreur.")
    frozen.document.cancel()
    assert client.get(f"{frozen.get_absolute_url()}publication.zip").status_code == 404
    assert 'data-format="zip"' not in client.get(frozen.get_absolute_url()).text


@pytest.mark.both_databases
def test_edition_that_changes_meanwhile_is_made_anew(client, monkeypatch):
    gone, _ = factories.published(title="À retirer"), factories.published(title="Qui reste")
    frozen = editions.edition()
    made = jobs.report

    def withdrawn_meanwhile(*args):
        if not frozen.withdrawals.exists():
            frozen.withdraw(reference=gone.reference, by=factories.user(), reason="Erreur.")
        return made(*args)

    monkeypatch.setattr(jobs, "report", withdrawn_meanwhile)
    assert build().status == Document.Status.WAITING
    assert in_storage() == set()
    made_anew = build()
    assert made_anew.is_ready
    assert in_storage() == {file["stored"] for file in made_anew.files}
    pages = pypdf.PdfReader(io.BytesIO(fetch(client, f"{frozen.get_absolute_url()}publication.pdf"))).pages
    text = " ".join(page.extract_text() for page in pages)
    assert "Qui reste" in text
    assert "À retirer" not in text


def test_files_with_what_was_withdrawn_leave_the_disk_and_those_of_other_editions_stay():
    gone, _ = factories.published(), factories.published()
    first = editions.built()
    factories.published()
    second = editions.built(of=first.publication)
    before, others = ({file["stored"] for file in one.document.files} for one in (first, second))
    assert (len(before), len(others)) == (2, 2)
    first.withdraw(reference=gone.reference, by=factories.user(), reason="Erreur.")
    while jobs.build_next():
        pass
    kept = {file["stored"] for document in Document.objects.all() for file in document.files}
    assert len(kept) == 4
    assert in_storage() == kept
    assert kept & (before | others) == others


@pytest.mark.both_databases
def test_document_that_breaks_is_tried_three_times(waiting, monkeypatch):
    def broken(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr(jobs, "report", broken)
    statuses = [build().status for _ in range(3)]
    assert statuses == [Document.Status.WAITING, Document.Status.WAITING, Document.Status.FAILED]
    assert jobs.build_next() is None
    assert "journal" in Document.objects.get().fault


def test_files_that_the_disk_lost_are_made_again(waiting, client):
    build()
    for name in in_storage():
        default_storage.delete(f"{storage.FOLDER}/{name}")
    assert client.get(f"{waiting.edition.get_absolute_url()}publication.pdf").status_code == 404
    call_command("build_documents", verbosity=0)
    assert fetch(client, f"{waiting.edition.get_absolute_url()}publication.pdf")


def test_files_that_the_disk_lost_are_not_offered_meanwhile(waiting):
    build()
    waiting.ask_again()
    waiting.cancel()
    for name in in_storage():
        default_storage.delete(f"{storage.FOLDER}/{name}")
    jobs.ask_for_what_is_lost()
    waiting.refresh_from_db()
    assert (waiting.status, waiting.files) == (Document.Status.WAITING, [])


@pytest.mark.django_db
def test_worker_killed_while_it_writes_leaves_a_draft_that_is_tidied(tmp_path, settings):
    """A process of its own, killed by the system in the middle of a file."""
    code = (
        "import sys, time\n"
        "import django; django.setup()\n"
        "from initiatives.publication import storage\n"
        "def write(file):\n"
        "    file.write(b'%PDF-1.7 half'); file.flush(); print('writing', flush=True); time.sleep(60)\n"
        "storage.put(1, 'publication.pdf', write)\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "initiatives.settings", "VAR_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"writing\n"
        worker.send_signal(signal.SIGKILL)
    settings.MEDIA_ROOT = tmp_path / "media"
    assert [Path(name).suffix for name in in_storage()] == [".part"]
    storage.tidy(1)
    assert in_storage() == set()
