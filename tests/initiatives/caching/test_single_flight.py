"""One makes, the others wait; and a cache that is away, full or slow is no reason to wait, nor to fail."""

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from initiatives.caching import single_flight
from initiatives.caching.single_flight import get_or_make
from tests.support import factories
from tests.support.servers import free_port


@pytest.fixture(autouse=True)
def _rested(monkeypatch):
    """What one test finds away is not away in the next."""
    monkeypatch.setattr(single_flight, "_shared", single_flight._Shared())


@pytest.fixture
def shared(settings, tmp_path):
    """A cache that processes share, on the disk."""
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"},
    }


@pytest.fixture
def away(settings):
    """A server that nobody runs."""
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        },
    }


class Kitchen:
    """Makes something, slowly, and counts."""

    def __init__(self, result="made", seconds=0.2):
        self.result, self.seconds, self.times, self.lock = result, seconds, 0, threading.Lock()

    def __call__(self):
        with self.lock:
            self.times += 1
        time.sleep(self.seconds)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def test_what_many_ask_for_at_once_is_made_once(settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    kitchen = Kitchen()
    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(lambda _: get_or_make("many", kitchen), range(30))) == {"made"}
    assert kitchen.times == 1
    assert get_or_make("many", kitchen) == "made"
    assert kitchen.times == 1


def test_processes_that_share_a_cache_wait_for_each_other(shared):
    caches["pages"].add("elsewhere:taken", 1, timeout=5)
    threading.Timer(0.2, lambda: caches["pages"].set("elsewhere", "by another")).start()
    assert get_or_make("elsewhere", Kitchen()) == "by another"


def test_maker_that_died_holds_nobody_up_for_ever(shared):
    caches["pages"].add("dead:taken", 1, timeout=0.3)
    start = time.monotonic()
    assert get_or_make("dead", Kitchen(seconds=0)) == "made"
    assert 0.2 < time.monotonic() - start < single_flight.PATIENCE


def test_fault_of_the_maker_is_its_own(settings):
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    broken = Kitchen(ValueError("broken"))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(get_or_make, "fault", broken)
        time.sleep(0.05)
        second = pool.submit(get_or_make, "fault", Kitchen(seconds=0))
        with pytest.raises(ValueError, match="broken"):
            first.result()
        assert second.result() == "made"


def test_what_is_not_worth_it_is_not_kept(shared):
    kitchen = Kitchen(seconds=0)
    for _ in range(2):
        assert get_or_make("refused", kitchen, is_worth_keeping=lambda made: False) == "made"
    assert kitchen.times == 2
    assert caches["pages"].get("refused") is None


def test_cache_server_that_is_away_costs_one_attempt_and_one_line(away, caplog):
    start = time.monotonic()
    for _ in range(50):
        assert get_or_make("away", Kitchen(seconds=0)) == "made"
    assert time.monotonic() - start < 2
    assert len(caplog.records) == 1
    assert "cache unavailable: ConnectionError; the site does without for 10 s" in caplog.text


def test_pages_go_on_without_the_cache_server(away, client, caplog):
    factories.published(title="Vélos")
    for _ in range(2):
        assert "Vélos" in client.get("/initiatives/").text
    assert caplog.text.count("cache unavailable") == 1


def test_pages_go_on_when_the_disk_of_the_cache_is_full(shared, client, caplog, tmp_path):
    factories.published(title="Vélos")
    client.get("/a-propos/")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))  # no file may be longer
    try:
        for _ in range(2):
            assert "Vélos" in client.get("/initiatives/").text
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "cache unavailable: OSError" in caplog.text
    left = [path for path in (tmp_path / "cache").iterdir() if path.stat().st_size >= 1_000 and "tmp" in path.name]
    assert not left


def test_damaged_file_of_the_cache_is_made_again(shared, client, tmp_path):
    factories.published(title="Vélos")
    client.get("/initiatives/")
    kept = list((tmp_path / "cache").glob("*.djcache"))
    assert kept
    for path in kept:
        path.write_bytes(b"no page at all")
    assert "Vélos" in client.get("/initiatives/").text
