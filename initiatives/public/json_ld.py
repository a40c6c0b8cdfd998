"""JSON-LD of the public pages, by schema.org: one block a page.

The vocabulary is that of schema.org; only what the page itself shows goes in.
"""

import json

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from initiatives.exports.attribution import LICENCE, TITLE
from initiatives.models import Initiative
from towns.models import Territory

# In a script element of HTML, text must not be able to end it.
ESCAPED = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def block(thing: dict) -> SafeString:
    """The thing, without its empty properties, as the text of a script element."""
    kept = {name: value for name, value in thing.items() if value}
    text = json.dumps({"@context": "https://schema.org", **kept}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPED))  # noqa: S308 -- nothing in it can end the element


def _organization(name: str) -> dict | None:
    return {"@type": "Organization", "name": name} if name else None


def _work(title: str, publisher: str, url: str) -> dict:
    work = {"@type": "CreativeWork", "name": title or url, "url": url}
    return work | ({"publisher": _organization(publisher)} if publisher else {})


def _place(territory: Territory) -> dict:
    return {
        "@type": "City" if territory.is_town else "AdministrativeArea",
        "name": territory.full_name,
        "identifier": {
            "@type": "PropertyValue",
            "propertyID": "code INSEE" if territory.is_town else "SIREN",
            "value": territory.code,
        },
    }


def of_site(request: HttpRequest) -> SafeString:
    """The site, and where to search it."""
    search = request.build_absolute_uri(reverse("initiative_list"))
    return block(
        {
            "@type": "WebSite",
            "name": TITLE,
            "url": request.build_absolute_uri("/"),
            "inLanguage": "fr",
            "publisher": _organization(settings.PUBLISHER),
            "license": LICENCE.address,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
                "query-input": "required name=search_term_string",
            },
        }
    )


def of_initiative(initiative: Initiative, request: HttpRequest) -> SafeString:
    """An entry: what it tells, of where, from what sources, under which licence."""
    first = (initiative.source_title, initiative.source_publisher, initiative.source_url)
    others = ((one.title, one.publisher, one.url) for one in initiative.more_sources.all())
    sources = [_work(*one) for one in ([first] if initiative.source_url else []) + [*others]]
    return block(
        {
            "@type": "Article",
            "headline": initiative.title,
            "description": initiative.summary,
            "identifier": initiative.reference,
            "url": request.build_absolute_uri(initiative.get_absolute_url()),
            "image": request.build_absolute_uri(reverse("initiative_picture", args=[initiative.slug])),
            "inLanguage": "fr",
            "datePublished": timezone.localdate(initiative.published_at).isoformat(),
            "articleSection": initiative.category.name,
            "keywords": [theme.name for theme in initiative.themes.all()],
            "spatialCoverage": _place(initiative.territory),
            "temporalCoverage": "/".join(filter(None, [initiative.started, initiative.ended])),
            "isBasedOn": sources[0] if len(sources) == 1 else sources,
            "publisher": _organization(settings.PUBLISHER),
            "license": LICENCE.address,
        }
    )


def of_territory(territory: Territory, request: HttpRequest) -> SafeString:
    """The page of a territory: a collection about a place."""
    return block(
        {
            "@type": "CollectionPage",
            "name": territory.full_name,
            "url": request.build_absolute_uri(request.path),
            "inLanguage": "fr",
            "about": _place(territory),
            "isPartOf": {"@type": "WebSite", "name": TITLE, "url": request.build_absolute_uri("/")},
        }
    )
