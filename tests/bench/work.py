"""What staff wait for in one database: the desk, imports and bulk_actions; the answer is JSON."""

import csv
import hashlib
import io
import json
import random
import sys
from collections.abc import Callable
from itertools import accumulate
from time import perf_counter

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 -- after the setup
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from initiatives.desk.bulk_actions import BULK_ACTIONS, carry_out  # noqa: E402
from initiatives.imports import jobs  # noqa: E402
from initiatives.models import ImportBatch, ImportFile, Initiative, Survey  # noqa: E402
from towns.models import Town  # noqa: E402

from . import CARDS  # noqa: E402
from .fictitious import FOR_WHOMS, HOWS, SEED, WHATS  # noqa: E402
from .timing import ask, queries, series  # noqa: E402

State, Status = ImportBatch.State, Initiative.Status
HEADINGS = ["Code INSEE", "Titre", "Catégorie", "Résumé", "Besoin de départ", "Solution", "Début", "Outils"]
# Seconds that are promised, by what takes them.
PROMISED = {
    "import of 97 rows: preview": 2,
    "import of 16,000 rows: preview": 30,
    "import of 16,000 rows: writing": 45,
}


def timed(call: Callable) -> float:
    """Milliseconds of one call."""
    start = perf_counter()
    call()
    return (perf_counter() - start) * 1000


def desk(user) -> dict[str, dict]:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    listing = reverse("admin:initiatives_initiative_changelist")
    entry = Initiative.objects.published().latest("pk")
    addresses = {
        "home of the desk": reverse("admin:index"),
        "list of the desk": listing,
        "list of the desk, searched": f"{listing}?q=plateforme",
        "form of an entry": reverse("admin:initiatives_initiative_change", args=[entry.pk]),
    }

    def opened(address: str):
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)

    found = {}
    for name, address in addresses.items():
        count = queries(lambda address=address: opened(address))
        found[name] = {"took": series(lambda address=address: opened(address)).median, "queries": count}
    return found


def answers(count: int) -> bytes:
    """A spreadsheet of so many fictitious answers, as French Excel saves it."""
    draw, towns = random.Random(f"{SEED}-{count}"), list(Town.objects.current().order_by("pk"))
    weights = list(accumulate((town.population or 1) ** 0.5 for town in towns))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for number in range(count):
        (town,) = draw.choices(towns, cum_weights=weights)
        what, whom, how = draw.choice(WHATS), draw.choice(FOR_WHOMS), draw.choice(HOWS)
        title = f"{what} pour {whom}, {how} (réponse {count}-{number})"
        texts = [f"{what} {how}.", f"Des besoins nouveaux chez {whom}.", f"{what}, ouvert à tous {how}. " * 5]
        writer.writerow([town.pk, title[:120], "Cohésion sociale", *texts, "2020-04", "Jitsi (libre)"])
    return text.getvalue().encode("cp1252")


def step(batch: ImportBatch, *, to: State, then: State) -> float:
    """One step of an import, as its process does it."""
    assert batch.move(to=to, among=[batch.state]), batch.state
    batch.refresh_from_db()
    run = jobs.ImportJob(batch)
    with run.held():
        took = timed(lambda: jobs.work(batch, run))
    assert batch.state == then, (batch.state, batch.note, batch.faults)
    return took


def imports(user, count: int) -> dict[str, float]:
    content = answers(count)
    batch = ImportBatch.objects.create(
        name=f"{count}.csv",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        sent_by=user,
        confirmed_by=user,
        survey=Survey.objects.earliest("started_on"),
    )
    ImportFile.objects.create(batch=batch, content=content)
    preview = step(batch, to=State.READING, then=State.READY)
    assert batch.to_write == count, (batch.to_write, batch.rows.exclude(faults=[]).first())
    written = step(batch, to=State.WRITING, then=State.DONE)
    return {f"import of {count:,} rows: preview": preview, f"import of {count:,} rows: writing": written}


def publishing(user, count: int) -> dict[str, float]:
    """Entries that are taken back to where they wait, published together; first tried, as the page does."""
    keys = list(Initiative.objects.published().order_by("-pk").values_list("pk", flat=True)[:count])
    waiting = {"status": Status.SUBMITTED, "published_at": None, "published_by": None}
    # The queryset of the house has no such way back.
    QuerySet(Initiative).filter(pk__in=keys).update(**waiting)
    rows = list(Initiative.objects.filter(pk__in=keys).select_related("territory", "category"))
    outcomes = []

    def publish(*, really: bool):
        outcomes[:] = carry_out(BULK_ACTIONS["publish"], rows, by=user, given={}, really=really)
        assert len(outcomes) == len(keys)
        assert not [outcome.refused for outcome in outcomes if outcome.refused]

    return {
        f"publishing {len(keys):,} entries: what it would do": timed(lambda: publish(really=False)),
        f"publishing {len(keys):,} entries": timed(lambda: publish(really=True)),
    }


def main():
    application = WSGIHandler()
    user, _ = get_user_model().objects.get_or_create(
        username="mesure", defaults={"is_staff": True, "is_superuser": True}
    )
    cards, count = series(lambda: ask(application, CARDS)).median, Initiative.objects.count()
    done = desk(user)
    for measure, size in ((imports, 97), (imports, 16_000), (publishing, 1_000)):
        for name, took in measure(user, size).items():
            print(f"… {name}: {took / 1000:.1f} s", file=sys.stderr, flush=True)
            done[name] = {"took": took}
    for name, seconds in PROMISED.items():
        done[name]["promised"] = seconds
    print(json.dumps({"entries": count, "engine": connection.vendor, "cards": cards, "work": done}))


if __name__ == "__main__":
    main()
