"""Downloads of an edition: each format with its address."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from initiatives.models import Edition

from .archive import FORMATS, PDF, ZIP, Format


@dataclass(frozen=True)
class Offer:
    """A format and its address; without an address it is being made where `is_coming`, and else could not be."""

    format: Format
    label: str
    address: str = ""
    size: int = 0
    is_coming: bool = False


def offers(edition: Edition) -> Iterator[Offer]:
    """The formats in their order; a report in several volumes is offered volume by volume."""
    made = {file["name"]: file["size"] for file in edition.document.files}
    volumes = [name for name in made if name.endswith(".pdf")]
    for one in FORMATS:
        if one.filename not in (PDF, ZIP):
            yield Offer(one, one.label, _address(edition, one.filename))
        elif one.filename == PDF and len(volumes) > 1:
            for at, name in enumerate(volumes, start=1):
                yield Offer(one, f"{one.label}, volume {at}", _address(edition, name), made[name])
        elif one.filename in made:
            yield Offer(one, one.label, _address(edition, one.filename), made[one.filename])
        else:
            yield Offer(one, one.label, is_coming=edition.document.is_under_way)


def _address(edition: Edition, filename: str) -> str:
    where = [edition.publication.slug, edition.number]
    return reverse("edition_file", args=[*where, filename]) if filename else reverse("edition_detail", args=where)
