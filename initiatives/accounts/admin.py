"""Admin of accounts, and of their second factors to take away one that was lost."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.forms import CheckboxSelectMultiple

from initiatives.adminkit.base import RowActionsAdmin
from initiatives.models import SecondFactor

# Addresses stand with their account: nothing reads those of allauth.
admin.site.unregister([EmailAddress, Authenticator, User, Group])


@admin.register(User)
class AccountAdmin(RowActionsAdmin, UserAdmin):
    """Whoever gives accounts gives no more than a group: not the keys of everything, to oneself or to others."""

    list_display = ["username", "last_name", "first_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    add_fieldsets = [(None, {"fields": ["username", "email", "usable_password", "password1", "password2"]})]
    # A group says what somebody may: no permission is given one by one, where nobody would look for it.
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("La personne", {"fields": ["first_name", "last_name", "email"]}),
        ("Ce qu’elle peut", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    filter_horizontal = []

    def save_model(self, request, obj, form, change):
        """An account given here is one of the staff: there are no others."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {
                "widget": CheckboxSelectMultiple,
                "help_text": "Elle a tous les droits de chacun de ses groupes.",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["last_login", "date_joined", *([] if request.user.is_superuser else ["is_superuser"])]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_no_higher(obj, request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_no_higher(obj, request.user)


@admin.register(Group)
class TeamAdmin(RowActionsAdmin, GroupAdmin):
    """Of the groups that groups.py makes. Two lists with arrows between them are beyond a screen reader."""

    filter_horizontal = []


@admin.register(SecondFactor)
class SecondFactorAdmin(RowActionsAdmin):
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
        return self.has_view_permission(request) and _is_no_higher(obj and obj.user, request.user)


def _is_no_higher(account: User | None, user: User) -> bool:
    return user.is_superuser or account is None or not account.is_superuser
