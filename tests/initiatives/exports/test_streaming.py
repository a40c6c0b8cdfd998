"""A large export: it leaves while it is made, holds one state of the database, and nothing once it is over."""

import json
import threading
import tracemalloc
from contextlib import closing

import pytest
from django.db import connection
from django.utils import timezone

from initiatives.models import ContentVersion, Initiative, Link, Survey, Tool
from initiatives.runtime.transactions import consistent_read
from tests.support import factories
from tests.support.exported import ENDINGS

pytestmark = pytest.mark.both_databases

STREAMED = [".csv", "-excel.csv", ".json", ".geojson"]
own_transactions = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def publish_many(count: int):
    """Rows without the ceremony of a save each."""
    town, by, now = factories.town(), factories.user(), timezone.now()
    start = Initiative.objects.count()
    facts = {
        "territory": town,
        "department": town.department,
        "category": factories.category(),
        "survey": Survey.objects.get(),
        "summary": "Une phrase assez longue pour peser, avec des accents. " * 8,
        "solution": "Une solution qui se raconte en plusieurs phrases. " * 16,
        "licence_agreed_on": now.date(),
        "status": Initiative.Status.PUBLISHED,
        **{f"{act}_at": now for act in ("submitted", "reviewed", "published")},
        **{f"{act}_by": by for act in ("submitted", "reviewed", "published")},
    }
    made = Initiative.objects.bulk_create(
        [
            Initiative(title=f"Fiche {n}", slug=f"fiche-{n}", reference=f"R-{n}", sort_key=f"fiche {n}", **facts)
            for n in range(start, start + count)
        ],
        batch_size=200,
    )
    Tool.objects.bulk_create([Tool(initiative=one, name="Jitsi") for one in made], batch_size=200)
    Link.objects.bulk_create(
        [Link(initiative=one, label="Site", url="https://a.example") for one in made], batch_size=200
    )
    ContentVersion.bump()


def test_text_leaves_while_it_is_made(client):
    publish_many(300)
    for ending in ENDINGS:
        response = client.get(f"/export/initiatives{ending}")
        sizes = [len(part) for part in response.streaming_content]
        assert response.streaming
        assert response.has_header("Content-Length") == (ending not in STREAMED)
        if ending in STREAMED:
            assert len(sizes) >= 4
            assert max(sizes) < sum(sizes) / 2


def test_memory_does_not_grow_with_the_rows(client):
    def peak(ending: str) -> int:
        tracemalloc.start()
        size = sum(len(part) for part in client.get(f"/export/initiatives{ending}").streaming_content)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > Initiative.objects.count() * 1_000
        return most

    one_of_each = [".csv", ".geojson"]
    publish_many(300)
    for ending in one_of_each:
        peak(ending)  # what is imported and cached once
    few = {ending: peak(ending) for ending in one_of_each}
    publish_many(900)
    for ending in one_of_each:
        assert peak(ending) < few[ending] * 1.5, ending


def is_idle() -> bool:
    """Whether the database knows of no transaction of ours."""
    if connection.vendor == "postgresql":
        return connection.connection.info.transaction_status.name == "IDLE"
    return not connection.connection.in_transaction


@own_transactions
@pytest.mark.parametrize("ending", STREAMED)
def test_reader_who_leaves_holds_nothing(client, ending):
    publish_many(400)
    for parts in range(4):
        response = client.get(f"/export/initiatives{ending}")
        stream = iter(response.streaming_content)
        for _ in range(parts):
            next(stream)
        assert is_idle() == (parts < 2)
        response.close()
        assert is_idle(), parts
    with closing(client.get(f"/export/initiatives{ending}")) as again:
        assert sum(len(part) for part in again.streaming_content) > 400_000
    assert is_idle()


@own_transactions
@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_workbook_keeps_no_transaction_while_it_is_read(client, ending):
    publish_many(20)
    with closing(client.get(f"/export/initiatives{ending}")) as response:
        assert is_idle()
        assert b"".join(response.streaming_content).startswith(b"PK")


@own_transactions
def test_first_part_asks_nothing_of_the_database(client):
    """So that whoever is never read, a test for instance, leaves no cursor open."""
    factories.published()
    with closing(client.get("/export/initiatives.json")) as response:
        assert next(iter(response.streaming_content)).startswith(b'{"source"')
        assert is_idle()


@own_transactions
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection")
def test_file_counts_as_many_entries_as_it_lists(client):
    publish_many(300)

    def publish_one():
        try:
            factories.published(title="Venue pendant le téléchargement")
        finally:
            connection.close()

    with closing(client.get("/export/initiatives.json")) as response:
        stream = iter(response.streaming_content)
        parts = [next(stream), next(stream)]
        other = threading.Thread(target=publish_one)
        other.start()
        other.join()
        data = json.loads(b"".join([*parts, *stream]))
    assert Initiative.objects.count() == 301
    assert data["count"] == len(data["initiatives"]) == 300


@own_transactions
def test_one_state_never_writes_and_never_waits_for_who_writes():
    with consistent_read(), connection.cursor() as cursor:
        Initiative.objects.count()
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("on",)
        else:
            assert connection.connection.in_transaction
    assert is_idle()
