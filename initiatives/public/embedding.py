"""Following the catalogue from elsewhere: feeds, and a list to put in another site."""

from collections.abc import Callable

from csp.decorators import csp_replace
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from initiatives.caching.conditional import public_page
from initiatives.runtime.parsing import whole_number

from .listing import Listing
from .refusals import refused
from .selection import tidy

ENTRIES = 10
MAX_ENTRIES = 50
SIZES = (5, 10, 20, 50)
# The parameters that the form of /integrer/ offers; it carries the others on.
OFFERED = ("categorie", "theme", "region")


def framable(view: Callable) -> Callable:
    """Let any site show the page in a frame: it has no form, no script and no cookie to be abused."""
    nothing = ["'none'"]
    policy = {"frame-ancestors": ["*"], "script-src": nothing, "connect-src": nothing, "form-action": nothing}
    return xframe_options_exempt(csp_replace(policy)(view))


def size_of(parameters: QueryDict) -> tuple[int, str]:
    """(how many entries to show, nothing), or (0, the sentence that says why not)."""
    typed = tidy(parameters.get("nombre", "")) or str(ENTRIES)
    size = whole_number(typed, least=1, most=MAX_ENTRIES)
    if size is None:
        return 0, f"Le nombre de fiches est un entier de 1 à {MAX_ENTRIES}, pas « {typed[:50]} »."
    return size, ""


@public_page
def subscription(request):
    listing = Listing(request.GET)
    if listing.unknown:
        return refused(request, listing.filterset, "Cet abonnement")
    feed = request.build_absolute_uri(reverse("feed"))
    context = {"listing": listing, "feed": feed, "categories": listing.filterset.vocabulary.categories}
    return render(request, "embedding/subscription.html", context)


@public_page
def embedding(request):
    listing = Listing(request.GET)
    size, fault = size_of(request.GET)
    if listing.unknown:
        return refused(request, listing.filterset, "Cette liste à intégrer")
    query = listing.selection.query(nombre=str(size)) if size not in (0, ENTRIES) else listing.selection.query()
    context = {
        "listing": listing,
        "size": size or ENTRIES,
        "sizes": SIZES,
        "fault": fault,
        "query": query,
        "framed": request.build_absolute_uri(reverse("embedded_list")) + query,
        "choices": [_choice(listing, name) for name in OFFERED],
        "carried": [(name, value) for name, values in _others(listing) for value in values],
    }
    return render(request, "embedding/embedding.html", context, status=400 if fault else 200)


def _choice(listing: Listing, name: str) -> tuple[str, str, list[tuple[str, str, bool]]]:
    """(parameter, label, options) of one list of the form; of several values it offers the first."""
    chosen = listing.selection.chosen.get(name, [""])[0]
    options = listing.filterset.vocabulary.choices[name]
    return name, listing.filterset.filters[name].label, [(value, label, value == chosen) for value, label in options]


def _others(listing: Listing):
    return [(name, values) for name, values in listing.selection.chosen.items() if name not in OFFERED]


@framable
@public_page
def embedded_list(request):
    listing = Listing(request.GET)
    size, fault = size_of(request.GET)
    faults = [suggestion.label for suggestion in listing.unknown] + ([fault] if fault else [])
    entries = [] if faults else listing.filterset.ordered_rows().for_cards()[:size]
    context = {"listing": listing, "entries": entries, "faults": faults}
    return render(request, "embedding/embedded_list.html", context, status=400 if faults else 200)
