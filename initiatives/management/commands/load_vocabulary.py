import tomllib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify

from initiatives.models import Audience, Category, Survey, Synonym, Theme, derived
from initiatives.models.history import Through, acting

MODELS = (Category, Theme, Audience, Synonym, Survey)


class Command(BaseCommand):
    help = (
        "Load the categories, themes, audiences, synonyms and surveys that a file describes, where there has never been"
        " any: what staff have changed or deleted since stays as they left it."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=settings.FIXTURE_DIR / "vocabulary.toml",
            help="(default: %(default)s)",
        )

    def handle(self, *, file, verbosity, **options):
        try:
            described = tomllib.loads(file.read_text())
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}.")
        except tomllib.TOMLDecodeError as fault:
            raise CommandError(f"{file}: {fault}.")
        if any(model.history.exists() for model in MODELS):  # a row that was deleted has left its versions
            said = "unchanged"
        else:
            try:
                with transaction.atomic(), acting(through=Through.COMMAND), derived.deferred_reindex():
                    load(described)
            except ValidationError as fault:
                what = "; ".join(f"{name}: {' '.join(said)}" for name, said in fault.message_dict.items())
                raise CommandError(f"Nothing was loaded. {file}: {what}")
            except TypeError as fault:
                raise CommandError(f"Nothing was loaded. {file}: {fault}.")
            said = f"{sum(model.objects.count() for model in MODELS)} rows loaded"
        if verbosity:
            self.stdout.write(f"Vocabulary: {said}.")


def load(described: dict):
    """Make the rows of a file: `categories`, with the names of their `themes`, `audiences`, `synonyms`, `surveys`."""
    for rank, facts in enumerate(described.get("categories", []), 1):
        names = facts.pop("themes", [])
        category = create(Category, position=rank, **facts)
        for place, name in enumerate(names, 1):
            create(Theme, category=category, name=name, slug=address(name), position=place)
    for rank, name in enumerate(described.get("audiences", []), 1):
        create(Audience, name=name, slug=address(name), position=rank)
    for terms in described.get("synonyms", []):
        create(Synonym, terms=terms)
    for facts in described.get("surveys", []):
        create(Survey, **facts)


def create(model: type[Model], **facts) -> Model:
    row = model(**facts)
    row.full_clean()
    row.save()
    return row


def address(name: str) -> str:
    return slugify(name.replace("’", "-"))
