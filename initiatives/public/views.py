"""The public pages: request in, response out."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from initiatives.caching.conditional import fixed_page, public_page
from initiatives.caching.versioned import VersionedCache
from initiatives.models import Initiative, Survey
from initiatives.models.mail import KEPT_MONTHS
from towns.models import Intercommunality, Town

from . import json_ld
from .basket import Basket
from .comparable import comparable_to
from .counts import categories_with_counts, totals
from .directory import Directory
from .entry_addresses import entry_at
from .facts import facts
from .listing import PAGE_SIZE, Listing
from .maps import locator, map_of, map_of_everything
from .navigation import navigation
from .related import related_to

LATEST = 6


@fixed_page
def home(request):
    known = VersionedCache()
    context = {
        "linked": json_ld.of_site(request),
        "totals": known("totals", totals),
        "categories": known("categories", categories_with_counts),
        "map": known("map", map_of_everything),
        "latest": Initiative.objects.published().for_cards().most_recent()[:LATEST],
        "survey": Survey.objects.order_by("-started_on", "pk").first(),
    }
    return render(request, "initiatives/home.html", context)


@public_page
def initiative_list(request):
    return render(request, "initiatives/initiative_list.html", {"listing": Listing(request.GET)})


@public_page
def entry_map(request):
    listing = Listing(request.GET)
    return render(request, "initiatives/entry_map.html", {"listing": listing, "map": map_of(listing)})


@public_page
def directory(request):
    return render(request, "initiatives/directory.html", {"directory": Directory(request.GET)})


@public_page
def initiative_detail(request, slug):
    initiative = entry_at(slug, Initiative.objects.published().for_page())
    if initiative.slug != slug:
        return redirect(initiative, permanent=True)
    ticks = Basket(request.GET)
    context = {
        "initiative": initiative,
        "ticks": ticks,
        "selection": ticks.address_with(initiative.slug),
        "facts": facts(initiative),
        "linked": json_ld.of_initiative(initiative, request),
        "related": related_to(initiative),
        "navigation": navigation(request.GET, initiative, ticks.slugs),
    } | _publisher()
    return render(request, "initiatives/initiative_detail.html", context)


@fixed_page
def category_detail(request, slug):
    categories = VersionedCache()("categories", categories_with_counts)
    category = next((one for one in categories if one.slug == slug), None)
    if category is None:
        raise Http404
    entries = Initiative.objects.published().filter(category=category).for_cards().most_recent()
    context = {"category": category, "entries": entries[:PAGE_SIZE]}
    return render(request, "initiatives/category_detail.html", context)


@fixed_page
def town_detail(request, slug):
    town = get_object_or_404(Town.objects.select_related("department__region", "intercommunality"), slug=slug)
    published = Initiative.objects.published()
    around = published.filter(territory=town.intercommunality) if town.intercommunality else published.none()
    return _territory(request, town, published.filter(territory=town), around)


@fixed_page
def intercommunality_detail(request, slug):
    epci = get_object_or_404(Intercommunality.objects.select_related("department__region"), slug=slug)
    published = Initiative.objects.published()
    around = published.filter(territory__intercommunality=epci)
    return _territory(request, epci, published.filter(territory=epci), around)


def _territory(request, territory, own, around):
    context = {
        "territory": territory,
        "linked": json_ld.of_territory(territory, request),
        "own": own.for_cards().most_recent()[:PAGE_SIZE],
        "own_count": own.count(),
        "around": around.for_cards().most_recent()[:PAGE_SIZE],
        "around_count": around.count(),
        "comparable": comparable_to(territory),
        "locator": locator(territory),
    }
    name = "town" if territory.is_town else "intercommunality"
    return render(request, f"initiatives/{name}_detail.html", context)


@fixed_page
def about(request):
    return render(request, "pages/about.html", {"totals": VersionedCache()("totals", totals)} | _publisher())


@fixed_page
def accessibility(request):
    return render(request, "pages/accessibility.html", _publisher())


@fixed_page
def legal(request):
    return render(request, "pages/legal.html", _publisher())


@fixed_page
def privacy(request):
    kept = {"months": settings.RETENTION_MONTHS, "mail_months": KEPT_MONTHS}
    return render(request, "pages/privacy.html", kept | _publisher())


def _publisher() -> dict[str, str]:
    return {"publisher": settings.PUBLISHER, "contact_email": settings.CONTACT_EMAIL}
