"""The Atom feed of the list, with any filter."""

from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from initiatives.exports.attribution import Attribution
from initiatives.exports.values import clean
from initiatives.models import Initiative

from .last_modified import last_changes
from .listing import Listing

LENGTH = 50
# A day on which the site bore its name (RFC 4151): part of the name of each entry, so it stays as it is.
NAMED_ON = "2026-11-23"


class StableFeed(Atom1Feed):
    """A feed without entries is as old as the content, not as young as the request: same content, same bytes."""

    def __init__(self, *args, changed_at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.changed_at = changed_at

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=self.changed_at)


def feed_of(listing: Listing, request: HttpRequest, attribution: Attribution) -> str:
    """The latest published entries of a list, as Atom, with whose they are and under which licence."""
    # Whatever people type is cleaned: XML has no place for a control character, and a feed would fail for everyone.
    chosen = clean(", ".join(f"{chip.label} : {chip.value}" for chip in listing.chips))
    page = request.build_absolute_uri(reverse("initiative_list") + listing.selection.query())
    feed = StableFeed(
        title=f"Initiatives numériques des villes – {chosen}" if chosen else "Initiatives numériques des villes",
        link=page,
        description="Les dernières fiches publiées",
        language="fr",
        feed_url=request.build_absolute_uri(),
        feed_guid=page,
        feed_copyright=attribution.full_sentence,
        author_name=attribution.publisher,
        changed_at=attribution.updated_at,
    )
    rows: list[Initiative] = listing.filterset.rows().for_cards().most_recent()[:LENGTH]
    updated_at = last_changes(rows)
    for initiative in rows:
        link = request.build_absolute_uri(initiative.get_absolute_url())
        names = [initiative.category.short_name, *(theme.name for theme in initiative.themes.all())]
        feed.add_item(
            title=clean(f"{initiative.title} ({initiative.territory.name})"),
            link=link,
            unique_id=_name(initiative, request),
            description=clean(initiative.summary),
            pubdate=initiative.published_at,
            updateddate=updated_at[initiative.pk],
            categories=[clean(name) for name in names],
        )
    return feed.writeString("utf-8")


def _name(initiative: Initiative, request: HttpRequest) -> str:
    """Identifier of the entry in a feed: its address may change, which must not make another entry of it."""
    host, _ = split_domain_port(request.get_host())
    return f"tag:{host},{NAMED_ON}:{quote(initiative.reference)}"
