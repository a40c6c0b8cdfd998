"""What is measured: one address of each kind of page, and the exports."""

from django.urls import reverse

from initiatives.exports.formats import EXPORTS
from initiatives.models import Initiative


def pages() -> dict[str, str]:
    """By name."""
    published = Initiative.objects.published().filter(is_of_town=True).select_related("territory")
    entry = published.most_recent()[:PLACE][PLACE - 1]
    listing = reverse("initiative_list")
    return {
        "home": reverse("home"),
        "list": listing,
        "filtered list": f"{listing}?categorie=economie-locale&region=32",
        "search": f"{listing}?q=plateforme",
        "entry": entry.get_absolute_url(),
        "territory": reverse("town_detail", args=[entry.territory.slug]),
        "map": reverse("map"),
        "figures": reverse("figures"),
        "matrix": reverse("matrix"),
        "page of the API": reverse("api"),
        "catalogue (DCAT)": reverse("dcat_file", args=["jsonld"]),
    }


# Which of the most recent entries stands for all: any will do that is the same in each run.
PLACE = 7


def exports() -> dict[str, str]:
    return {filename.removeprefix("initiatives"): reverse("export", args=[filename]) for filename in EXPORTS}
