"""What the admin shows of second factors: who has which, to take one away from someone who has lost it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from ..models import SecondFactor

# Addresses stand with their account; allauth keeps a copy of those that asked for a password.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(SecondFactor)
class SecondFactorAdmin(admin.ModelAdmin):
    """Never the secret, which is as good as the telephone it came from."""

    fields = readonly_fields = list_display = ["owner", "sort", "added_at", "used_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "user__last_name"]
    search_help_text = "Nom d’utilisateur, nom ou adresse électronique."
    ordering = ["user__username", "pk"]

    @admin.display(description="compte", ordering="user__username")
    def owner(self, factor):
        return factor.user

    @admin.display(description="nature", ordering="type")
    def sort(self, factor):
        return factor.kind

    @admin.display(description="ajouté le", ordering="created_at")
    def added_at(self, factor):
        return factor.created_at

    @admin.display(description="utilisé le", ordering="last_used_at")
    def used_at(self, factor):
        return factor.last_used_at

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        """Who may change accounts may reopen one: no permission of its own to forget."""
        return request.user.has_perm("auth.change_user")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return self.has_view_permission(request)
