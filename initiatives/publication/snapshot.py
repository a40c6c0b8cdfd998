"""Snapshot of a publication: its texts and the public records of its entries, and nothing else."""

import base64

from django.http import QueryDict

from initiatives.exports.attribution import LICENCE, Attribution, Licence
from initiatives.exports.columns import NAMES, VERSION
from initiatives.exports.records import Entries
from initiatives.exports.values import clean
from initiatives.models import Category, ContentVersion, IllegalFreeze, Publication
from initiatives.public.basket import PARAMETER as TICKED
from initiatives.public.filters import InitiativeFilter
from initiatives.public.listing import Listing

CC_BY = Licence("CC BY 4.0", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/deed.fr")
LICENCES = {Publication.Licence.ETALAB: LICENCE, Publication.Licence.CC_BY: CC_BY}
# The parts of a publication that staff leave out or in.
PARTS = ("figures", "map", "themes", "territories", "sources")


def query_of(filters: str) -> str:
    """The filters as an address writes them, of that address whole or of what follows its « ? ».

    A « ? » behind a « = » is one that somebody searches for.
    """
    before, _, after = filters.strip().partition("?")
    return after if after and "=" not in before else filters.strip()


def listing_of(publication: Publication) -> Listing:
    """The list that the publication chooses, in its order; IllegalFreeze names what is not known."""
    parameters = QueryDict(query_of(publication.filters), mutable=True)
    # Its page and what is ticked stand in the address of a list and choose nothing.
    if strange := sorted(parameters.keys() - {*InitiativeFilter.base_filters, "page", TICKED}):
        names = ", ".join(f"« {name} »" for name in strange)
        raise IllegalFreeze(
            f"Aucun filtre de la liste ne s’appelle {names} : copiez ce qui suit le « ? » de son adresse."
        )
    parameters["tri"] = publication.order
    listing = Listing(parameters)
    if listing.filterset.unknown:
        raise IllegalFreeze([message for _, message in listing.filterset.unknown])
    return listing


def build(publication: Publication, *, site: str) -> dict:
    """The contents of an edition made now; `site` is the address of the front page, with its last slash."""
    listing = listing_of(publication)
    attribution = Attribution(
        site=site,
        address=site.rstrip("/") + publication.get_absolute_url(),
        updated_at=ContentVersion.current().data_changed_at,
        title=publication.title,
        licence=LICENCES[publication.licence],
    )
    introductions = dict(publication.introductions.values_list("category", "text"))
    return {
        "title": clean(publication.title),
        "subtitle": clean(publication.subtitle),
        "slug": publication.slug,
        "foreword": clean(publication.foreword),
        "credits": clean(publication.credits),
        "filters": listing.selection.query(without="tri").removeprefix("?"),
        "selection": [f"{chip.label} : {chip.value}" for chip in listing.chips],
        "parts": [part for part in PARTS if getattr(publication, f"with_{part}")],
        "categories": [
            {
                "slug": category.slug,
                "name": category.name,
                "short_name": category.short_name,
                "colour": category.colour,
                "introduction": clean(introductions.get(category.pk) or category.introduction),
            }
            for category in Category.objects.order_by("position", "pk")
        ],
        "cover": {"ground": publication.cover_ground, "ink": publication.cover_ink},
        "logo": {
            "type": publication.logo_type,
            "data": base64.b64encode(publication.logo).decode(),
            "text": clean(publication.logo_text) or attribution.publisher,
        },
        "publisher": attribution.publisher,
        "site": site,
        "updated_at": attribution.updated_at.isoformat(),
        "licence": attribution.licence.identifier,
        "columns": list(NAMES),
        "columns_version": VERSION,
        "records": list(Entries(listing.filterset.ordered_rows(), attribution).records()),
        "withdrawn": [],
    }
