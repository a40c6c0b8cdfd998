"""One database of one size: every page, cold, just become stale, warm and conditional; the answer is JSON."""

import json
import sys

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 -- after the setup
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from initiatives.models import ContentVersion, Initiative  # noqa: E402

from . import BARE, CARDS  # noqa: E402
from .addresses import exports, pages  # noqa: E402
from .timing import ask, queries, series  # noqa: E402

OFF = {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# Above so many entries an export is measured once, by the load part.
EXPORTED = 100_000


def measured(keeping: WSGIHandler, forgetful: WSGIHandler, address: str, *, is_kept: bool) -> dict:
    """Numbers of one page: `keeping` keeps pages, `forgetful` answers as if nothing were; exports never are."""
    answer = ask(keeping, address)
    figures = {"status": answer.status, "bytes": answer.size}
    with override_settings(CACHES=OFF):
        figures["queries"] = queries(lambda: ask(forgetful, address))
        cold = series(lambda: ask(forgetful, address))
    figures |= {"cold": cold.median, "cold_p99": cold.p99}
    if is_kept:
        stale = series(lambda: ask(keeping, address), before=ContentVersion.bump)
        warm = series(lambda: ask(keeping, address))
        figures |= {"stale": stale.median, "warm": warm.median, "warm_p99": warm.p99}
    if etag := ask(keeping, address).headers.get("ETag"):
        unchanged = series(lambda: ask(keeping, address, if_none_match=etag))
        figures |= {"unchanged": unchanged.median, "unchanged_p99": unchanged.p99}
    return figures


def main():
    keeping = WSGIHandler()
    with override_settings(PAGES_IN_MEMORY=0):
        forgetful = WSGIHandler()
    count = Initiative.objects.count()
    kept, made = pages(), exports() if count <= EXPORTED else {}
    print(
        json.dumps(
            {
                "entries": count,
                "engine": connection.vendor,
                "bare": series(lambda: ask(keeping, BARE)).median,
                "cards": series(lambda: ask(keeping, CARDS)).median,
                "pages": {
                    name: measured(keeping, forgetful, address, is_kept=name in kept)
                    for name, address in (kept | made).items()
                },
            }
        ),
        file=sys.stdout,
    )


if __name__ == "__main__":
    main()
