from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from towns.loading import load
from towns.vintage import MalformedVintage, Vintage


class Command(BaseCommand):
    help = "Load a vintage of the Code officiel géographique: regions, départements, EPCI and communes. All or nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=settings.FIXTURE_DIR,
            help="the folder of regions, departments, intercommunalities and communes.csv (default: %(default)s)",
        )

    def handle(self, *, directory, verbosity, **options):
        try:
            counts = load(Vintage(directory))
        except MalformedVintage as fault:
            raise CommandError(f"Nothing was loaded. {fault}")
        if verbosity:
            acts = ("created", "updated", "unchanged", "former", "removed")
            self.stdout.write("Territories: " + ", ".join(f"{counts[act]:,} {act}" for act in acts) + ".")
