"""Publications in the admin: their texts, and the act of freezing."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from initiatives.adminkit.base import FixedAddressAdmin
from initiatives.adminkit.double_submit import is_just_now
from initiatives.adminkit.form_fields import CleanedTextForm
from initiatives.models import Edition, IllegalFreeze, Introduction, NothingNew, Publication
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import counted, typo

from .forms import PublicationForm
from .snapshot import build


class IntroductionForm(CleanedTextForm, forms.ModelForm):
    pass


class IntroductionInline(admin.StackedInline):
    model = Introduction
    form = IntroductionForm
    extra = 0


class PublicationAdmin(FixedAddressAdmin):
    form = PublicationForm
    inlines = [IntroductionInline]
    change_form_template = "desk/publication_form.html"
    list_display = ["title", "last_edition", "created_at"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title"]
    ordering = ["-created_at", "-pk"]
    actions = ["freeze"]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "slug", "foreword", "credits"]}),
        ("Les fiches", {"fields": ["filters", "order"]}),
        (
            "Ce que le rapport contient",
            {"fields": ["with_figures", "with_map", "with_territories", "with_themes", "with_sources"]},
        ),
        (
            "Couverture et licence",
            {"fields": ["cover_ground", "cover_ink", "logo_file", "no_logo", "logo_text", "licence"]},
        ),
    ]

    @admin.display(description="dernière édition")
    def last_edition(self, publication):
        return publication.editions.without_data().latest_first().first()

    def has_freeze_permission(self, request):
        return request.user.has_perm("initiatives.freeze_publication")

    @admin.action(description="Figer une édition de chaque publication choisie", permissions=["freeze"])
    def freeze(self, request, queryset):
        for publication in queryset.order_by("pk"):
            self._freeze(request, publication)

    def _freeze(self, request, publication: Publication) -> Edition | None:
        """The edition that says what stands now: this one, or the last where nothing has changed since."""
        try:
            site = request.build_absolute_uri(reverse("home"))
            edition = publication.freeze(by=request.user, build=partial(build, site=site))
        except NothingNew as refused:
            edition = refused.edition
            if is_just_now(edition.frozen_at):
                said = f"« {edition} » vient d’être figée : elle dit ce que vous vouliez figer, rien n’a changé depuis."
                self.message_user(request, typo(said), messages.INFO)
            else:
                self.message_user(request, typo(refused.message), messages.WARNING)
            return edition
        except IllegalFreeze as refused:
            for message in refused.messages:
                self.message_user(request, message, messages.ERROR)
            return None
        said = f"« {edition} » est figée : {counted(edition.count, 'fiche')}. Le PDF et l’archive se préparent."
        self.message_user(request, said, messages.SUCCESS)
        return edition

    def response_add(self, request, obj, post_url_continue=None):
        return self._frozen(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._frozen(request, obj) or super().response_change(request, obj)

    def _frozen(self, request, publication) -> HttpResponseRedirect | None:
        """Where « Enregistrer et figer » leads; None for the other buttons."""
        if "_freeze" not in request.POST or not self.has_freeze_permission(request):
            return None
        if edition := self._freeze(request, publication):
            return HttpResponseRedirect(reverse("admin:initiatives_edition_change", args=[edition.pk]))
        return HttpResponseRedirect(reverse("admin:initiatives_publication_change", args=[publication.pk]))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        shown = {"can_freeze": self.has_freeze_permission(request)}
        if pk := whole_number(object_id or ""):
            rows = Edition.objects.filter(publication=pk).without_data().select_related("document")
            shown["editions"] = rows.latest_first()
        return super().changeform_view(request, object_id, form_url, shown | (extra_context or {}))

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj is not None and obj.editions.exists() else None

    def has_delete_permission(self, request, obj=None):
        # What is published stays: a publication goes only while nothing was frozen from it.
        return super().has_delete_permission(request, obj) and not (obj and obj.editions.exists())
