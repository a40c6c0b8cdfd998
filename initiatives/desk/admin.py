"""What the desk manages: entries, and the vocabulary that sorts and finds them."""

from django.contrib import admin

from initiatives.accounts import admin as accounts  # noqa: F401 -- registers accounts, after what allauth registers
from initiatives.adminkit.base import FixedAddressAdmin, HistoryAdmin, InUseAdmin, ReadOnlyAdmin
from initiatives.links.admin import WebAddressAdmin
from initiatives.models import (
    Audience,
    Category,
    Edition,
    Initiative,
    OutgoingMail,
    PersonalDataEvent,
    Publication,
    Survey,
    Synonym,
    Theme,
    WebAddress,
    retention,
)
from initiatives.publication.admin import PublicationAdmin
from initiatives.publication.edition_admin import EditionAdmin

from .entry_admin import InitiativeAdmin

admin.site.register(Initiative, InitiativeAdmin)
admin.site.register(Publication, PublicationAdmin)
admin.site.register(Edition, EditionAdmin)
admin.site.register(WebAddress, WebAddressAdmin)


@admin.register(Category)
class CategoryAdmin(FixedAddressAdmin):
    list_display = ["name", "short_name", "colour", "sign", "position"]
    ordering = ["position", "pk"]


@admin.register(Theme)
class ThemeAdmin(InUseAdmin):
    relation = "themes"
    list_display = ["name", "category", "position"]
    list_filter = ["category"]
    list_select_related = ["category"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["category__position", "position", "pk"]


@admin.register(Audience)
class AudienceAdmin(InUseAdmin):
    relation = "audiences"
    list_display = ["name", "position"]
    prepopulated_fields = {"slug": ["name"]}
    ordering = ["position", "pk"]


@admin.register(Synonym)
class SynonymAdmin(HistoryAdmin):
    list_display = ["terms"]
    search_fields = ["terms"]
    ordering = ["terms", "pk"]


@admin.register(Survey)
class SurveyAdmin(FixedAddressAdmin):
    list_display = ["title", "prefix", "started_on", "ended_on", "published_on", "last_number"]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["declarants"]
    ordering = ["-started_on", "pk"]

    @admin.display(description="données des déclarants")
    def declarants(self, survey):
        return retention.told(survey) if survey.pk else "–"


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "to", "subject", "sent_at", "tries", "last_fault"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]


@admin.register(PersonalDataEvent)
class PersonalDataEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "act", "who", "survey", "cutoff", "entries", "mails", "files"]
    list_filter = ["act"]
    list_select_related = ["by", "survey"]
    ordering = ["-pk"]

    @admin.display(description="par", ordering="by")
    def who(self, line):
        return line.by or "commande"
