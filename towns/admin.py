"""The territories, for looking up and for autocompletion: they change only with a vintage of the COG."""

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR

from .models import Department, Intercommunality, Region, Town


class PlaceAdmin(admin.ModelAdmin):
    """A table to read. What would be typed here, the next vintage would take back."""

    ordering = ["sort_key", "pk"]
    # Read by `found_by`; Django asks for fields before it draws a search box or an autocompletion.
    search_fields = ["sort_key"]
    search_help_text = "Début d’un mot du nom, avec ou sans accents, ou code."
    list_per_page = 50
    show_full_result_count = False

    # The column of the name, in the order of the alphabet and not of the bytes.
    @admin.display(description="nom", ordering="sort_key")
    def named(self, place):
        return place.name

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        return (queryset.found_by(search_term) if search_term else queryset), False


class TerritoryAdmin(PlaceAdmin):
    def get_search_results(self, request, queryset, search_term):
        found, _ = super().get_search_results(request, queryset, search_term)
        if search_term and ORDER_VAR not in request.GET:
            found = found.by_relevance(search_term)
        return found, False


@admin.register(Region)
class RegionAdmin(PlaceAdmin):
    list_display = ["named", "code", "zone"]
    list_filter = ["zone"]


@admin.register(Department)
class DepartmentAdmin(PlaceAdmin):
    list_display = ["named", "code", "region", "zone"]
    list_filter = ["zone", "region"]
    list_select_related = ["region"]


@admin.register(Intercommunality)
class IntercommunalityAdmin(TerritoryAdmin):
    search_help_text = "Début d’un mot du nom, avec ou sans accents, SIREN ou département."
    list_display = ["named", "siren", "kind", "department", "population", "is_former"]
    fields = ["name", "department", "population", "is_former", "siren", "kind"]
    list_filter = ["kind", "is_former", "department__region", "department"]
    list_select_related = ["department"]

    @admin.display(description="SIREN", ordering="code")
    def siren(self, place):
        return place.code


@admin.register(Town)
class TownAdmin(TerritoryAdmin):
    search_help_text = "Début d’un mot du nom, avec ou sans accents, code INSEE, code postal ou département."
    list_display = ["named", "insee_code", "department", "intercommunality", "population", "postal_codes", "is_former"]
    fields = [
        *("name", "department", "population", "is_former", "insee_code", "intercommunality"),
        *("postal_codes", "longitude", "latitude"),
    ]
    list_filter = ["is_former", "department__region", "department"]
    list_select_related = ["department", "intercommunality"]

    @admin.display(description="code INSEE", ordering="code")
    def insee_code(self, place):
        return place.code
