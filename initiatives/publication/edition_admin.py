"""Editions in the admin: to read, with what becomes of their documents, and taking an entry out."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from initiatives.adminkit.base import ReadOnlyAdmin
from initiatives.adminkit.form_fields import CleanedTextForm
from initiatives.models import Document, Edition


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
