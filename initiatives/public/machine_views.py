"""Views for machines: feeds, site map, robots, OpenSearch, suggestions, pictures for sharing."""

import functools

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from initiatives.caching.conditional import expensive_page, fixed_page, public_page
from initiatives.exports.attribution import attribution
from initiatives.models import Initiative

from .entry_addresses import entry_at
from .feeds import feed_of
from .listing import Listing
from .refusals import refused
from .share_images import picture, picture_of
from .sitemaps import SITEMAPS
from .suggestions import suggestions


@public_page
def feed(request):
    listing = Listing(request.GET)
    if listing.unknown:
        return refused(request, listing.filterset, "Ce flux")
    feed = feed_of(listing, request, attribution(request, listing.selection.query()))
    return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")


@public_page
def suggest(request):
    found = suggestions(request.GET.get("q", ""), among=request.GET.get("parmi", ""))
    return JsonResponse({"suggestions": found})


@fixed_page
def opensearch(request):
    context = {"site": request.build_absolute_uri("/")}
    return render(request, "machine_views/opensearch.xml", context, "application/opensearchdescription+xml")


@fixed_page
def robots(request):
    context = {"site": request.build_absolute_uri("/")}
    return render(request, "machine_views/robots.txt", context, "text/plain; charset=utf-8")


@fixed_page
def sitemap_index(request):
    return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap_part").render()


@public_page
def sitemap_part(request, section):
    return sitemaps.sitemap(request, SITEMAPS, section=section).render()


def without_query(view):
    """Lead an address with a query string to the one without: a picture is drawn once, not once a query."""

    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.META.get("QUERY_STRING"):
            return redirect(request.path, permanent=True)
        return view(request, *args, **kwargs)

    return wrapper


@expensive_page
@without_query
def site_picture(request):
    png = picture(title="Initiatives numériques des villes", kicker="Catalogue public", place=settings.PUBLISHER)
    return HttpResponse(png, content_type="image/png")


@expensive_page
@without_query
def initiative_picture(request, slug):
    initiative = entry_at(slug, Initiative.objects.published().select_related("category", "territory"))
    if initiative.slug != slug:
        return redirect("initiative_picture", initiative.slug, permanent=True)
    return HttpResponse(picture_of(initiative), content_type="image/png")
