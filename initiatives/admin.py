"""What the desk manages: entries, and the vocabulary that sorts and finds them."""

from django.contrib import admin

from .links.desk import WebAddressAdmin
from .models import (
    Audience,
    Category,
    Edition,
    Initiative,
    OutgoingMail,
    Publication,
    Survey,
    Synonym,
    Theme,
    WebAddress,
)
from .moderation.entry_admin import InitiativeAdmin, Recorded
from .publication.desk import EditionAdmin, PublicationAdmin
from .staff import admin as accounts  # noqa: F401 -- registers accounts, after what allauth registers

admin.site.register(Initiative, InitiativeAdmin)
admin.site.register(Publication, PublicationAdmin)
admin.site.register(Edition, EditionAdmin)
admin.site.register(WebAddress, WebAddressAdmin)


@admin.register(Category)
class CategoryAdmin(Recorded):
    list_display = ["name", "short_name", "position"]
    ordering = ["position", "pk"]


@admin.register(Theme)
class ThemeAdmin(Recorded):
    list_display = ["name", "category", "position"]
    list_filter = ["category"]
    list_select_related = ["category"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["category__position", "position", "pk"]


@admin.register(Audience)
class AudienceAdmin(Recorded):
    list_display = ["name", "position"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["position", "pk"]


@admin.register(Synonym)
class SynonymAdmin(Recorded):
    list_display = ["terms"]
    search_fields = ["terms"]
    ordering = ["terms", "pk"]


@admin.register(Survey)
class SurveyAdmin(Recorded):
    list_display = ["title", "prefix", "started_on", "ended_on", "published_on", "last_number"]
    prepopulated_fields = {"slug": ["title"]}
    ordering = ["-started_on", "pk"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """To read: mails are written by what causes them."""

    list_display = ["created_at", "to", "subject", "sent_at", "tries", "last_fault"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
