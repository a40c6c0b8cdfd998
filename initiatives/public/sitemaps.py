"""The site map: every public page, in parts of at most 10,000 addresses."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from initiatives.models import Category, Initiative, Publication
from towns.models import Intercommunality, Town

PAGES = [
    "home",
    "initiative_list",
    "map",
    "directory",
    "publication_list",
    "figures",
    "matrix",
    "comparison",
    "open_data",
    "subscription",
    "embedding",
    "about",
    "accessibility",
    "legal",
    "privacy",
]


class PageSitemap(Sitemap):
    def items(self):
        return PAGES

    def location(self, item):
        return reverse(item)


class CategorySitemap(Sitemap):
    def items(self):
        return Category.objects.order_by("position", "pk")


class InitiativeSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Initiative.objects.published().only("slug", "published_at", "status").order_by("pk")

    def lastmod(self, item):
        return item.published_at


class TerritorySitemap(Sitemap):
    limit = 10_000

    def items(self):
        published = Initiative.objects.published().values("territory")
        return self.model.objects.filter(pk__in=published).only("slug").order_by("pk")

    def location(self, item):
        return reverse(self.page, args=[item.slug])


class TownSitemap(TerritorySitemap):
    model, page = Town, "town_detail"


class IntercommunalitySitemap(TerritorySitemap):
    model, page = Intercommunality, "intercommunality_detail"


class PublicationSitemap(Sitemap):
    def items(self):
        return Publication.objects.with_editions().order_by("pk")


SITEMAPS = {
    "pages": PageSitemap,
    "categories": CategorySitemap,
    "initiatives": InitiativeSitemap,
    "villes": TownSitemap,
    "intercommunalites": IntercommunalitySitemap,
    "publications": PublicationSitemap,
}
