"""Rows for the tests: each names every fact that it depends on, and no other."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from initiatives.models import Category, ImportBatch, ImportFile, Initiative, Survey, Theme, derived
from initiatives.models.history import Through, acting
from towns.models import Department, Intercommunality, Region, Town

_numbers = count(1)

# What makes an entry publishable that lacks the rest of the record.
PUBLIC_SOURCE = {
    "origin": "public_source",
    "source_title": "Article",
    "source_publisher": "Journal",
    "source_url": "https://example.org/article",
}


def department(*, code: str = "60", name: str = "Oise", region: str = "Hauts-de-France", region_code: str = "32"):
    found = Department.objects.filter(code=code).first()
    if found:
        return found
    place, _ = Region.objects.get_or_create(code=region_code, defaults={"name": region, "zone": "metro"})
    return Department.objects.create(code=code, name=name, region=place, zone="metro")


def town(*, name: str = "", insee_code: str = "", **facts) -> Town:
    if not facts.get("department"):
        facts["department"] = department()
    # A test draws far fewer than a thousand; all the tests of a run draw more, and some codes are asked for.
    drawn = (f"{facts['department'].code[:2]}{number % 1000:03d}" for number in _numbers)
    code = insee_code or next(one for one in drawn if not Town.objects.filter(pk=one).exists())
    return Town.objects.create(code=code, name=name or f"Ville {next(_numbers)}", **facts)


def intercommunality(*, name: str = "", siren: str = "", kind: str = "CA", **facts) -> Intercommunality:
    number = next(_numbers)
    if not facts.get("department"):
        facts["department"] = department()
    return Intercommunality.objects.create(
        code=siren or f"{200000000 + number}", name=name or f"CA {number}", kind=kind, **facts
    )


def user(*, username: str = "", **facts):
    return get_user_model().objects.create_user(username or f"agent-{next(_numbers)}", **facts)


def member(group: str, **facts):
    """Somebody of the desk."""
    made = user(is_staff=True, **facts)
    made.groups.add(Group.objects.get(name=group))
    return made


def category(*, slug: str = "service-public") -> Category:
    return Category.objects.get(slug=slug)


def theme(*, slug: str = "cybersecurite") -> Theme:
    return Theme.objects.get(slug=slug)


def draft(*, title: str = "", themes=(), **facts) -> Initiative:
    """An entry that nobody has submitted, complete enough to be published."""
    number = next(_numbers)
    themes = list(themes)
    if not facts.get("category"):
        facts["category"] = themes[0].category if themes else category()
    defaults = {
        "territory": facts.get("territory") or town(),
        "title": title or f"Initiative {number}",
        "summary": f"Résumé de l’initiative {number}.",
        "started": "2020-04",
        "need": "Garder le lien.",
        "solution": "Un service en ligne.",
        "survey": Survey.objects.earliest("started_on"),
        "declarant_name": "Camille Confidentielle",
        "declarant_email": "camille@prive.example",
        "licence_agreed_on": "2021-01-15",
    }
    initiative = Initiative.objects.create(**(defaults | facts))
    initiative.themes.set(themes)
    return initiative


def submitted(*, by=None, **facts) -> Initiative:
    initiative = draft(**facts)
    initiative.submit(by=by or user())
    return initiative


@contextmanager
def at_once(*, by=None) -> Iterator[None]:
    """Many entries as one act: one look at what follows from them."""
    with transaction.atomic(), acting(by=by, through=Through.COMMAND), derived.deferred_reindex():
        yield


def published(*, by=None, **facts) -> Initiative:
    """Entered, submitted and published in one act: one version, and one look at what follows from it."""
    by = by or user()
    with at_once(by=by):
        initiative = submitted(by=by, **facts)
        initiative.publish(by=by)
    return initiative


def batch(*, content: bytes = b"Titre;Commune", **facts) -> ImportBatch:
    """A file that was sent and that nobody has looked at."""
    defaults = {
        "name": "reponses.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "sent_by": facts.pop("by", None) or user(),
        "survey": Survey.objects.get(),
    }
    made = ImportBatch.objects.create(**(defaults | facts))
    ImportFile.objects.create(batch=made, content=content)
    return made
