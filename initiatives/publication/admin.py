"""Publications in the admin: their texts, the act of freezing, what becomes of the documents, taking an entry out."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import escape
from django.utils.text import capfirst

from initiatives.adminkit.base import FixedAddressAdmin, ReadOnlyAdmin
from initiatives.adminkit.double_submit import is_just_now
from initiatives.adminkit.form_fields import CleanedTextForm
from initiatives.models import Document, Edition, IllegalFreeze, Introduction, NothingNew, Publication
from initiatives.models.publication import hex_colour
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import counted, typo

from .logos import checked
from .snapshot import build, listing_of, query_of

# Of the contrast of WCAG 2 for large text and for all text.
READABLE = 4.5


def luminance(colour: str) -> float:
    """The relative luminance of a colour written « #rrggbb », as WCAG 2 has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(name: str) -> forms.CharField:
    field = Publication._meta.get_field(name)
    # Judged here: the contrast is computed before the model looks.
    return forms.CharField(
        label=capfirst(field.verbose_name),
        initial=field.default,
        validators=[hex_colour],
        widget=forms.TextInput(attrs={"type": "color"}),
    )


class PublicationForm(CleanedTextForm, forms.ModelForm):
    logo_file = forms.FileField(label="Logo", required=False, help_text="SVG ou PNG, 300 ko au plus.")
    cover_ground, cover_ink = colour("cover_ground"), colour("cover_ink")
    no_logo = forms.BooleanField(label="Retirer le logo", required=False)

    class Meta:
        model = Publication
        fields = (
            "title subtitle slug foreword credits filters order licence cover_ground cover_ink logo_text"
            " with_figures with_map with_territories with_themes with_sources"
        ).split()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The admin takes it for HTML, in which « &region » begins with a sign.
        self.fields["filters"].help_text = escape(self.fields["filters"].help_text)

    def clean_filters(self):
        return query_of(self.cleaned_data["filters"])

    def clean_logo_file(self):
        if sent := self.cleaned_data["logo_file"]:
            self.logo = sent.read()
            self.logo_type = checked(self.logo)
        return sent

    def clean(self):
        cleaned = super().clean()
        if {"filters", "order"} <= cleaned.keys():
            self._check_selection(cleaned)
        if {"cover_ground", "cover_ink"} <= cleaned.keys():
            found = contrast(cleaned["cover_ground"], cleaned["cover_ink"])
            if found < READABLE:
                written = f"{found:.1f}".replace(".", ",")
                self.add_error(
                    "cover_ink", f"Ce texte se lit mal sur ce fond : contraste de {written}, il en faut 4,5."
                )
        return cleaned

    def _check_selection(self, cleaned: dict):
        try:
            found = listing_of(Publication(filters=cleaned["filters"], order=cleaned["order"])).total
        except IllegalFreeze as unknown:
            self.add_error("filters", unknown)
        else:
            if not found:
                self.add_error("filters", "Aucune fiche publiée ne répond à cette sélection.")

    def save(self, commit=True):
        if getattr(self, "logo", b""):
            self.instance.logo, self.instance.logo_type = self.logo, self.logo_type
        elif self.cleaned_data["no_logo"]:
            self.instance.logo, self.instance.logo_type = b"", ""
        return super().save(commit)


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


class WithdrawalForm(CleanedTextForm, forms.Form):
    reference = forms.CharField(label="Référence de la fiche", max_length=40, help_text="Par exemple CS20-00001.")
    reason = forms.CharField(
        label="Motif", max_length=500, help_text="Il est publié avec l’édition : n’y nommez personne."
    )


class EditionAdmin(ReadOnlyAdmin):
    """To read: an edition does not change. What can be done to it has a button, and leaves a trace."""

    change_form_template = "desk/edition.html"
    list_display = ["title", "number", "frozen_at", "frozen_by", "count", "state"]
    list_select_related = ["document", "frozen_by"]
    list_display_links = ["title"]
    ordering = ["-frozen_at", "-pk"]
    fields = ["publication", "number", "frozen_at", "frozen_by", "filters", "count", "content_version", "sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).without_data()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        shown = {"title": "Édition figée", "idle_since": Document.objects.idle_since()}
        return super().changeform_view(request, object_id, form_url, shown | (extra_context or {}))

    @admin.display(description="documents")
    def state(self, edition):
        document = edition.document
        said = document.get_status_display()
        return f"{said}, {document.percent} %" if document.is_under_way else said

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/documents/", wrap(self.documents), name="edition_documents"),
            path("<int:pk>/retirer/", wrap(self.withdraw), name="edition_withdraw"),
            *super().get_urls(),
        ]

    def documents(self, request, pk):
        """« Annuler » and « Refaire », by POST."""
        if not request.user.has_perm("initiatives.freeze_publication"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = get_object_or_404(Edition.objects.without_data(), pk=pk)
        try:
            edition.document.cancel() if "cancel" in request.POST else edition.document.ask_again()
        except ValidationError as refused:
            self.message_user(request, refused.message, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:initiatives_edition_change", args=[pk]))

    def withdraw(self, request, pk):
        if not request.user.has_perm("initiatives.withdraw_entry"):
            raise PermissionDenied
        edition = get_object_or_404(Edition, pk=pk)
        form = WithdrawalForm(request.POST or None)
        if form.is_valid():
            try:
                withdrawn = edition.withdraw(by=request.user, **form.cleaned_data)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                said = f"La fiche {withdrawn.reference} est retirée. Les documents se refont sans elle."
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:initiatives_edition_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": "Retirer une fiche d’une édition",
            "opts": self.opts,
            "edition": edition,
            "form": form,
        }
        return render(request, "desk/withdrawal.html", context)
