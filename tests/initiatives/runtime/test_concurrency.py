"""Expensive answers take turns: who comes beyond is asked to come back, and everybody else is served."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier, Event

import pytest
from django.test import Client

from initiatives.runtime.concurrency import Busy, Limit, desk, passwords, public
from tests.support import factories

EXPENSIVE = [
    "/initiatives/fiche/fiche.pdf",
    "/selection/livret.pdf?fiche=fiche",
    "/partage.png",
    "/initiatives/fiche/partage.png",
    "/chiffres/themes.png",
    "/chiffres/categories.png",
    "/export/initiatives.xlsx",
    "/export/initiatives.ods",
    "/publications/rapport/edition-1/initiatives.xlsx",
    "/publications/rapport/edition-1/initiatives.ods",
]
CHEAP = [
    "/",
    "/initiatives/",
    "/initiatives/fiche/",
    "/chiffres/themes.svg",
    "/chiffres/themes.csv",
    "/selection/?fiche=fiche",
    "/export/initiatives.csv",
    "/export/initiatives.json",
    "/publications/rapport/edition-1/initiatives.csv",
    "/publications/rapport/edition-1/",
    "/sante",
]


@contextmanager
def crowd_of(limit: Limit, network: str, count: int):
    """So many of one network have a place."""
    with ExitStack() as places:
        for _ in range(count):
            places.enter_context(limit._place(network))
        yield


@contextmanager
def crowd(limit: Limit):
    """Whoever may make something does, and all who may wait do."""
    enough = Event()

    def hold():
        try:
            with limit.turn():
                enough.wait(30)
        except Busy:
            return "refused"
        return "served"

    with ThreadPoolExecutor(16) as pool:
        holding = []
        while "refused" not in [one.result() for one in holding if one.done()]:
            holding.append(pool.submit(hold))
            time.sleep(0.01)
        try:
            yield
        finally:
            enough.set()


@pytest.mark.parametrize("address", EXPENSIVE)
def test_expensive_answer_beyond_the_limit_is_a_503_in_french(client, world, address):
    with crowd(public):
        refused = client.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "no-store" in refused["Cache-Control"]
    assert "ETag" not in refused
    assert "<h1>Trop de demandes à la fois</h1>" in refused.text
    assert "recommencez" in refused.text
    answer = client.get(address)
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("address", CHEAP)
def test_everything_else_is_answered_meanwhile(client, world, address):
    with crowd(public):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(("of_the_worker", "of_all"), [(4_000_000, "dummy.DummyCache"), (0, "locmem.LocMemCache")])
def test_document_that_is_kept_is_sent_meanwhile(world, settings, of_the_worker, of_all):
    settings.PAGES_IN_MEMORY = of_the_worker
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": f"django.core.cache.backends.{of_all}"}}
    client = Client()
    made = client.get("/initiatives/fiche/fiche.pdf")
    with crowd(public):
        assert client.get("/initiatives/fiche/fiche.pdf").content == made.content


def test_export_of_the_desk_that_is_refused_gives_back_what_was_asked(client, world):
    client.force_login(factories.user(username="camille", is_staff=True, is_superuser=True))
    asked = {"action": "export_selection", "select_across": "1", "confirme": "1", "format": "initiatives.xlsx"}
    with crowd(desk):
        refused = client.post("/admin/initiatives/initiative/", asked | {"_selected_action": "1"})
    assert refused.status_code == 503
    assert 'name="format" value="initiatives.xlsx"' in refused.text
    assert "Envoyer à nouveau" in refused.text


@pytest.mark.parametrize("name", ["modele", "fiches"])
def test_workbooks_of_the_desk_take_turns_too(client, world, name):
    client.force_login(factories.user(username="camille", is_staff=True, is_superuser=True))
    with crowd(desk):
        assert client.get(f"/admin/imports/{name}.xlsx").status_code == 503


@pytest.mark.parametrize("name", ["modele", "fiches"])
def test_crowd_of_the_public_keeps_nobody_of_the_desk_waiting(client, world, name):
    client.force_login(factories.user(username="camille", is_staff=True, is_superuser=True))
    with crowd(public):
        answer = client.get(f"/admin/imports/{name}.xlsx")
    assert answer.status_code == 200
    answer.close()


def test_one_network_leaves_places_to_others():
    limit = Limit(running=1, waiting=2, patience=0.2, of_one=2)
    with crowd_of(limit, "10.0.0.0/24", 2):
        with pytest.raises(Busy), limit.turn(of="10.0.0.0/24"):
            pass
        with limit.turn(of="10.0.1.0/24"):
            pass
    with limit.turn(of="10.0.0.0/24"):
        pass


def test_visitor_of_another_network_is_served_beside_one_who_asks_for_all(world):
    with crowd_of(public, "203.0.113.0/24", 2):
        refused, served = (
            Client(REMOTE_ADDR=address).get("/initiatives/fiche/fiche.pdf")
            for address in ("203.0.113.9", "198.51.100.9")
        )
    assert (refused.status_code, served.status_code) == (503, 200)


def test_password_that_is_not_tried_is_no_failure_and_a_known_device_waits_for_nobody(client):
    factories.user(username="camille", password="une tisane à la verveine", is_staff=True)
    said = {"login": "camille", "password": "une tisane à la verveine"}
    known = Client()
    assert known.post("/admin/login/", said).status_code == 302
    known.post("/admin/logout/")
    with crowd(passwords):
        for _ in range(7):
            refused = client.post("/admin/login/", said)
            assert (refused.status_code, refused["Retry-After"]) == (503, "5")
            assert "verveine" not in refused.text
        assert known.post("/admin/login/", said).status_code == 302
    assert client.post("/admin/login/", said).status_code == 302


def test_turns_come_back_whatever_happens_in_them():
    limit = Limit(running=1, waiting=1, patience=0.05)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), limit.turn():
            raise ZeroDivisionError
    with limit.turn(), pytest.raises(Busy), limit.turn():
        pass  # waited in vain
    with limit.turn():
        pass


def test_no_more_run_than_may_and_no_more_wait_than_may():
    limit, together, at_once, most = Limit(running=2, waiting=3, patience=10), Barrier(12), [], []

    def act(number):
        together.wait()
        try:
            with limit.turn():
                at_once.append(number)
                most.append(len(at_once))
                time.sleep(0.1)
                at_once.remove(number)
        except Busy:
            return "refused"
        return "served"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(act, range(12)))
    assert (max(most), outcomes.count("served")) == (2, 5)
