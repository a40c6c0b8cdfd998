"""What the admin shows of second factors: who has which, to take one away from someone who has lost it."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

# Addresses stand with their account; allauth keeps a copy of those that asked for a password.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Never the secret, which is as good as the telephone it came from."""

    fields = ["user", "type", "created_at", "last_used_at"]
    readonly_fields = fields
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "user__last_name"]
    ordering = ["user__username", "pk"]

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return self.has_view_permission(request)
