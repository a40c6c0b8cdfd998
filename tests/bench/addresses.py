"""What is measured: one address of each kind of page, and the exports."""

from django.urls import NoReverseMatch, reverse

from initiatives.exchange.exports import EXPORTS
from initiatives.models import Initiative


def pages() -> dict[str, str]:
    """By name; a page that this release does not have is missing."""
    entry = Initiative.objects.published().exclude(town=None).select_related("town").most_recent()[:PLACE][PLACE - 1]
    listing = reverse("initiative_list")
    found = {
        "home": reverse("home"),
        "list": listing,
        "filtered list": f"{listing}?categorie=economie-locale&region=32",
        "search": f"{listing}?q=plateforme",
        "entry": entry.get_absolute_url(),
        "territory": reverse("town_detail", args=[entry.town.slug]),
    }
    for name in ("map", "carte", "initiative_map"):
        try:
            found["map"] = reverse(name)
        except NoReverseMatch:
            continue
    return found


# Which of the most recent entries stands for all: any will do that is the same in each run.
PLACE = 7


def exports() -> dict[str, str]:
    return {filename.removeprefix("initiatives"): reverse("export", args=[filename]) for filename in EXPORTS}
