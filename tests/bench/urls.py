"""The addresses of the site, and two yardsticks that pass through the same middleware."""

import logging
from inspect import unwrap

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from initiatives import urls
from initiatives.caching.conditional import public_page
from initiatives.models import Initiative
from initiatives.public.listing import PAGE_SIZE
from initiatives.public.views import initiative_list

from . import BARE, CARDS, COMPLETENESS_FIELDS

logger = logging.getLogger("initiatives")

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def bare(request):
    """A view that asks nothing of anyone."""
    return HttpResponse("<!DOCTYPE html><title>.</title>")


def cards(request):
    """The cards of the first page of the list, without facets, and nothing around them."""
    page = Initiative.objects.published().for_cards().most_recent()[:PAGE_SIZE]
    return render(request, "initiatives/_cards.html", {"initiatives": page})


@public_page
def told(request):
    logger.warning("computed")
    return unwrap(initiative_list)(request)


urlpatterns = [*urls.urlpatterns, path(BARE[1:], bare), path(CARDS[1:], cards), path(COMPLETENESS_FIELDS[1:], told)]
