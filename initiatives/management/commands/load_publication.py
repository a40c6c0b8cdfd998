import tomllib
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from initiatives.models import Category, IllegalFreeze, Publication
from initiatives.publication.snapshot import build

from .load_initiatives import account


class Command(BaseCommand):
    help = (
        "Make the publication that a file describes and freeze its first edition; does nothing where there is one."
        " Its documents are made by build_documents."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=settings.FIXTURE_DIR / "publication.toml",
            help="(default: %(default)s)",
        )
        parser.add_argument("--port", default="8000", help="where a local installation serves (default: %(default)s)")

    def handle(self, *, file, port, verbosity, **options):
        try:
            described = tomllib.loads(file.read_text())
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}.")
        except tomllib.TOMLDecodeError as fault:
            raise CommandError(f"{file}: {fault}.")
        introductions = described.pop("introductions", {})
        with transaction.atomic():
            publication, _ = Publication.objects.get_or_create(slug=described["slug"], defaults=described)
            if publication.editions.exists():
                said = "unchanged"
            else:
                for category in Category.objects.filter(slug__in=introductions):
                    text = introductions[category.slug].strip()
                    publication.introductions.update_or_create(category=category, defaults={"text": text})
                said = self._freeze(publication, site=address(port))
        if verbosity:
            self.stdout.write(f"{publication}: {said}.")

    def _freeze(self, publication: Publication, *, site: str) -> str:
        try:
            edition = publication.freeze(by=account(), build=partial(build, site=site))
        except IllegalFreeze as refused:
            # Staff may have removed every entry: there is nothing to publish, and nothing wrong.
            return " ".join(refused.messages)
        return f"{edition.count} entries frozen"


def address(port: str) -> str:
    """The address of the front page, as the settings tell it."""
    if settings.LOCAL:
        return f"http://127.0.0.1:{port}/"
    return f"{'https' if settings.HTTPS else 'http'}://{settings.ALLOWED_HOSTS[0].lstrip('.*')}/"
