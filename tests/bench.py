"""`make bench`: what a page costs, beside two yardsticks of the same run.

In one process, on a database of its own with the real entries: a bare view without database, and a
page of 24 cards from one query without facets. The ratios are the result; the milliseconds are
those of this machine.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TIMES = 20
PAGES = {
    "home": "/",
    "list": "/initiatives/",
    "filtered list": "/initiatives/?categorie=economie-locale&region=32",
    "search": "/initiatives/?q=plateforme",
    "category": "/categories/service-public/",
    "CSV": "/export/initiatives.csv",
    "JSON": "/export/initiatives.json",
}


def bare(request):
    from django.http import HttpResponse

    return HttpResponse("<!DOCTYPE html><title>.</title>")


def cards(request):
    from django.shortcuts import render

    from initiatives.models import Initiative

    page = Initiative.objects.published().for_cards().most_recent()[:24]
    return render(request, "initiatives/_cards.html", {"initiatives": page, "query": None, "back": "", "first": 1})


def median_of(call) -> float:
    """Milliseconds of the middle one of TIMES calls, after three to warm up."""
    durations = []
    for at in range(TIMES + 3):
        start = time.perf_counter()
        call()
        if at >= 3:
            durations.append((time.perf_counter() - start) * 1000)
    return statistics.median(durations)


def measure(client, address: str, **headers) -> float:
    def call():
        response = client.get(address, headers=headers)
        if response.streaming:
            b"".join(response.streaming_content)

    return median_of(call)


def main():
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client, RequestFactory
    from django.test.utils import override_settings

    for command in ("migrate", "load_territories", "load_initiatives"):
        call_command(command, verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    client, factory = Client(headers={"host": "localhost"}), RequestFactory(headers={"host": "localhost"})
    request = factory.get("/")
    yardsticks = {"bare view": median_of(lambda: bare(request)), "24 cards": median_of(lambda: cards(request).content)}
    print(f"yardstick: 24 cards, one query, no facets: {yardsticks['24 cards']:.2f} ms\n")
    print("| page | cold, ms | cold / 24 cards | warm, ms | warm / cold | 304, ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, address in PAGES.items():
        cold = measure(client, address)  # the settings of the tests keep no page
        with override_settings(
            CACHES={**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        ):
            warm = measure(client, address)
        etag = client.get(address).headers["ETag"]
        unchanged = measure(client, address, if_none_match=etag)
        print(
            f"| {name} | {cold:.2f} | {cold / yardsticks['24 cards']:.2f} | {warm:.2f} | {warm / cold:.2f} |"
            f" {unchanged:.2f} |"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="initiatives-bench-") as directory:
        os.environ |= {"VAR_DIR": directory, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        main()
