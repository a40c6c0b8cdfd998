"""The filters of the list of entries at the desk: each choice with its count."""

from datetime import timedelta

from django.contrib.admin import SimpleListFilter
from django.utils import timezone

from initiatives.imports.duplicates import all_duplicates
from initiatives.models import Initiative, Theme, retention

UNVERIFIED = timedelta(days=365)


class ToDoFilter(SimpleListFilter):
    """What an entry asks of the desk."""

    title = "travail à faire"
    parameter_name = "travail"
    CHOICES = {
        "incompletes": "incomplètes",
        "doublons": "doublons probables",
        "revisions": "révision à relire",
        "a-verifier": "non vérifiées depuis un an",
        "liens-morts": "dont un lien ne répond plus",
        "a-effacer": "déclarants bientôt effacés",
    }

    def lookups(self, request, model_admin):
        return list(self.CHOICES.items())

    def queryset(self, request, queryset):
        return self.chosen(queryset, self.value()) if self.value() in self.CHOICES else queryset

    @staticmethod
    def chosen(queryset, value: str):
        match value:
            case "incompletes":
                return queryset.incomplete().exclude(status__in=Initiative.CLOSED)
            case "doublons":
                return queryset.filter(pk__in=all_duplicates())
            case "revisions":
                return queryset.filter(revisions__decision="")
            case "liens-morts":
                return queryset.with_dead_links()
            case "a-effacer":
                return queryset.filter(pk__in=retention.to_forget_soon())
        return queryset.unverified_since(timezone.localdate() - UNVERIFIED)


class ThemeFilter(SimpleListFilter):
    title = "thème"
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        themes = Theme.objects.select_related("category").order_by("category__position", "position", "pk")
        return [(theme.slug, str(theme)) for theme in themes]

    def queryset(self, request, queryset):
        return queryset.about(Theme.objects.filter(slug=self.value())) if self.value() else queryset
