"""The addresses in the admin: to read, since `check_links` alone writes them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from initiatives.adminkit.base import ReadOnlyAdmin
from initiatives.models import Initiative, WebAddress

from .verdicts import marked


class WebAddressAdmin(ReadOnlyAdmin):
    list_display = ["url", "verdict"]
    list_filter = ["is_dead", "status", "fault"]
    search_fields = ["url"]
    search_help_text = "Une partie de l’adresse."
    ordering = ["-is_dead", "first_failed_on", "pk"]
    list_per_page = 50
    fields = ["page", "verdict", "failures", "checked_at", "next_check_at", "entries"]

    @admin.display(description="dernière réponse", ordering="checked_at")
    def verdict(self, address):
        return marked(address)

    @admin.display(description="adresse")
    def page(self, address):
        return format_html('<a href="{0}" rel="noopener noreferrer external">{0}</a>', address.url)

    @admin.display(description="fiches qui la donnent")
    def entries(self, address):
        rows = Initiative.objects.linking_to(WebAddress.objects.filter(pk=address.pk)).order_by("sort_key", "pk")
        links = ((reverse("admin:initiatives_initiative_change", args=[row.pk]), row) for row in rows)
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', links)
