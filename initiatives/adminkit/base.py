"""What our tables have at the desk: a history that says who and through what, with a way back; or nothing to write."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from initiatives.models import Initiative
from initiatives.models.fixed_address import FIXED
from initiatives.models.history import Through, acting
from initiatives.runtime.parsing import keys_in, whole_number
from initiatives.text.french import counted, typo

from . import versions

# Why what was typed is shown again, in a form of something new.
GONE = (
    "Ce que vous modifiiez a été supprimé entre-temps. Rien de ce que vous avez écrit n’est perdu : le voici, à"
    " enregistrer comme nouveau si vous le voulez encore."
)


class RefusedForm:
    """A form whose row is gone: it says why, holds what was typed, and saves nothing."""

    def clean(self):
        raise ValidationError(typo(self.why))

    def _post_clean(self):
        """Nothing is judged by the model: there is nothing to save."""


class LockedRowAdmin(admin.ModelAdmin):
    """A table whose row is held while it is saved or deleted: what was typed never meets a row that has just gone."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if object_id is not None and (why := self.why_no_row(request, self._held(request, object_id))):
                return self._given_back(request, why)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        with transaction.atomic():
            if request.method == "POST":
                self._held(request, object_id)
            return super().delete_view(request, object_id, extra_context)

    def _held(self, request, object_id: str):
        """The row of this key, until the end of the transaction; None where there is none."""
        key = whole_number(unquote(object_id))
        return self.get_queryset(request).select_for_update(of=("self",), no_key=True).filter(pk=key).first()

    def why_no_row(self, request, row) -> str:
        """Why what was typed has no row any more to be saved in; nothing where it has, or can be in no new one."""
        return GONE if row is None and self.has_add_permission(request) else ""

    def _given_back(self, request, why: str):
        """The form of a new row with all that was typed in it, not saved."""
        request.orphaned = why
        request.POST = request.POST.copy()
        for formset, _ in self.get_formsets_with_inlines(request):
            # The rows that hung on it are gone with it.
            prefix, keys = formset.get_default_prefix(), (f"-{formset.model._meta.pk.name}", f"-{formset.fk.name}")
            request.POST[f"{prefix}-INITIAL_FORMS"] = "0"
            for name in [name for name in request.POST if name.startswith(prefix) and name.endswith(keys)]:
                request.POST[name] = ""
        opts = self.opts
        return super().changeform_view(request, None, reverse(f"admin:{opts.app_label}_{opts.model_name}_add"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        why = getattr(request, "orphaned", "")
        return type(form.__name__, (RefusedForm, form), {"why": why}) if why else form


class RowActionsAdmin(LockedRowAdmin):
    """A table with actions on the rows that are ticked."""

    def response_action(self, request, queryset):
        """A key that no row can have selects nothing; Django fails on it."""
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, keys_in(request.POST.getlist(ACTION_CHECKBOX_NAME)))
        return super().response_action(request, queryset)


class HistoryAdmin(RowActionsAdmin):
    """What is posted here is one act of one person in the history."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(), acting(by=request.user, through=Through.FORM):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        with transaction.atomic(), acting(by=request.user, through=Through.FORM):
            return super().delete_view(request, object_id, extra_context)

    def delete_queryset(self, request, queryset):
        with transaction.atomic(), acting(by=request.user, through=Through.BULK):
            for row in queryset:
                row.delete()

    def history_view(self, request, object_id, extra_context=None):
        """The versions, field by field, with GET; back to one of them with POST."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        may_restore = self.has_change_permission(request, row)
        if not (may_restore if request.method == "POST" else self.has_view_or_change_permission(request, row)):
            raise PermissionDenied
        if request.method == "POST":
            return self._put_back(request, row)
        history = versions.History(self.model, row.pk, before=request.GET.get("avant"), after=request.GET.get("apres"))
        if not history.versions:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": "Historique",
            "opts": self.opts,
            "history": history,
            "differences": history.differences,
            "original": row,
            "restoring": request.path,
            "may_restore": may_restore,
        }
        return render(request, "desk/versions.html", context | (extra_context or {}))

    def _put_back(self, request, row):
        try:
            with transaction.atomic(), acting(by=request.user, through=Through.FORM):
                versions.put_back(row, request.POST.get("version", ""))
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return redirect(request.path)
        self.message_user(request, f"La version choisie de « {row} » est rétablie.", messages.SUCCESS)
        return redirect(request.path)


class FixedAddressAdmin(HistoryAdmin):
    """A table whose rows make addresses: what must stay is shown and not asked for."""

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(obj.fixed_fields if obj else ())]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(
            request, obj, change=change, help_texts=dict.fromkeys(obj.fixed_fields if obj else (), FIXED), **kwargs
        )


class ReadOnlyAdmin(admin.ModelAdmin):
    """To read: its rows are written by what causes them."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class InUseAdmin(FixedAddressAdmin):
    """A table whose rows entries are sorted by: one that an entry has does not go, or it would leave the entry."""

    # The relation of the entry that leads here.
    relation = ""

    def get_deleted_objects(self, objs, request):
        to_delete, counts, refused, protected = super().get_deleted_objects(objs, request)
        numbers = {str(row): Initiative.objects.filter(**{self.relation: row}).count() for row in objs}
        used = [f"« {name} » : {counted(number, 'fiche')}" for name, number in numbers.items() if number]
        return to_delete, counts, refused, [*protected, *used]
