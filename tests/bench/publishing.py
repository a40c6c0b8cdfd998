"""What a publication takes: the snapshot, its page, its PDF, its archive. Prints JSON for `report.publishing`."""

import io
import json
import sys
from time import perf_counter

import django
from django.apps import apps

if not apps.ready:  # as a program
    django.setup()

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from initiatives.models import Publication
from initiatives.publication.archive import PDF, members, pages, write_zip
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
from initiatives.publication.snapshot import build

SIZES = (158, 1_000)


def seconds(call) -> tuple[float, object]:
    start = perf_counter()
    given = call()
    return perf_counter() - start, given


def measured(size: int) -> dict:
    """The first entries of the catalogue, frozen and thrown away again."""
    publication = Publication.objects.create(title="Mesure", slug=f"mesure-{size}")
    gathering, contents = seconds(lambda: build(publication, site="http://localhost/"))
    contents["records"] = contents["records"][:size]
    by = get_user_model().objects.order_by("pk").first()
    freezing, edition = seconds(lambda: publication.freeze(by=by, build=lambda _: contents))
    page, _ = seconds(lambda: list(pages(EditionContent(edition))))
    pdf, content = seconds(lambda: report(EditionContent(edition)))
    package = [(PDF, content)]
    archive, _ = seconds(lambda: write_zip(io.BytesIO(), members(edition, EditionContent(edition), package)))
    times = {"snapshot": gathering + freezing, "page": page, "pdf": pdf, "archive": archive}
    return {"entries": edition.count, "bytes": len(content), **times}


def main():
    with transaction.atomic():
        found = [measured(size) for size in SIZES]
        transaction.set_rollback(True)
    json.dump({"engine": connection.vendor, "rows": found}, sys.stdout)


if __name__ == "__main__":
    main()
