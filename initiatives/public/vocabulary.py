"""The rows that filters choose from."""

from django.db.models import Prefetch

from initiatives.models import Category, Theme
from towns.models import Department


class Vocabulary:
    """The categories, themes, départements and régions that filters choose from: three queries."""

    def __init__(self):
        themes = Theme.objects.order_by("position", "pk")
        self.categories = list(Category.objects.order_by("position", "pk").prefetch_related(Prefetch("themes", themes)))
        self.themes = [theme for category in self.categories for theme in category.themes.all()]
        self.departments = list(Department.objects.select_related("region").order_by("code"))
        regions = {department.region for department in self.departments}
        self.regions = sorted(regions, key=lambda region: (region.sort_key, region.pk))

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "categorie": [(category.slug, category.short_name) for category in self.categories],
            "theme": [(theme.slug, theme.name) for theme in self.themes],
            "region": [(region.code, region.name) for region in self.regions],
            "departement": [(department.code, str(department)) for department in self.departments],
        }
