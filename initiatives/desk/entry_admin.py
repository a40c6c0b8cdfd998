"""The entries in the admin: the list, the form, and what each person may do with them."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Script
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst

from initiatives.adminkit.base import HistoryAdmin
from initiatives.adminkit.pages import entry_url
from initiatives.adminkit.versions import PROPOSED, may_correct
from initiatives.imports.duplicates import duplicates_of
from initiatives.models import IllegalMove, Initiative, Revision, Synonym, retention
from initiatives.models.initiative.completeness import lacking
from initiatives.models.initiative.moves import MOVES
from initiatives.models.record import write_rows, written
from initiatives.models.record_table import BY_NAME, NEEDED, OWN, SHARED
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import listed, typo

from . import export_actions
from .bulk_action_pages import told_before, too_many
from .bulk_actions import BULK_ACTIONS, MOST, BulkAction
from .entry_form import InitiativeForm, fieldsets
from .list_filters import ThemeFilter, ToDoFilter

KEPT = "Rien de ce que vous avez écrit n’est perdu : le voici, comme une fiche nouvelle, qui n’est pas enregistrée."
GONE = f"Cette fiche a été supprimée pendant que vous la modifiiez. {KEPT}"
CLOSED = f"Cette fiche est maintenant « {{status}} », et vous ne pouvez plus la modifier. {KEPT}"


def as_action(bulk_action: BulkAction):
    """The bulk_action as an action of the list: a page that says what it would do, and asks."""

    def action(model_admin, request, queryset):
        if (count := queryset.count()) > MOST:
            return too_many(request, count)
        rows = list(queryset.select_related("territory", "category"))
        return told_before(request, bulk_action, rows, bulk_action.form())

    action.__name__ = bulk_action.name
    action.short_description = f"{bulk_action.label}…"
    return action


class InitiativeAdmin(HistoryAdmin):
    form = InitiativeForm
    change_form_template = "desk/entry_form.html"
    change_list_template = "desk/entry_list.html"
    list_display = ["title", "place", "category", "status_word", "told", "origin", "survey_prefix", "seen_on"]
    list_select_related = ["territory", "category", "survey"]
    list_filter = [
        "status",
        ToDoFilter,
        "category",
        ThemeFilter,
        "survey",
        "origin",
        "department__region",
    ]
    show_facets = ShowFacets.ALWAYS
    # Read by get_search_results: the words of the public search.
    search_fields = ["search_text"]
    search_help_text = "Les mots de la recherche publique : titre, texte, collectivité, référence."
    ordering = ["-pk"]
    # The answers of a survey are chosen with one box.
    list_per_page = 100
    show_full_result_count = False
    actions = [*(as_action(bulk_action) for bulk_action in BULK_ACTIONS.values()), *export_actions.ACTIONS]

    class Media:
        js = [Script("js/saved.js", type="module")]

    # The list

    @admin.display(description="collectivité", ordering="department")
    def place(self, initiative):
        return str(initiative.territory)

    @admin.display(description="statut", ordering="status")
    def status_word(self, initiative):
        return initiative.get_status_display()

    @admin.display(description="pour refaire")
    def told(self, initiative):
        return initiative.told

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("tools")

    @admin.display(description="enquête", ordering="survey")
    def survey_prefix(self, initiative):
        return initiative.survey.prefix

    @admin.display(description="publiée le", ordering="published_at")
    def seen_on(self, initiative):
        return initiative.published_at and timezone.localdate(initiative.published_at)

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        query = Synonym.objects.search_for(search_term)
        return (queryset.matching(query) if query else queryset.none()), False

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, on a page that says what goes with it
        return {
            name: action
            for name, action in actions.items()
            if name not in BULK_ACTIONS or request.user.has_perm(BULK_ACTIONS[name].permission)
        }

    def get_deleted_objects(self, objs, request):
        """What goes with the entry. Its themes and audiences do not: only what leads to them, which has no name."""
        to_delete, counts, refused, protected = super().get_deleted_objects(objs, request)
        leading = [getattr(self.model, name).through._meta for name in SHARED]
        heads = tuple(f"{capfirst(one.verbose_name)}: " for one in leading)
        kept = [
            [line for line in one if isinstance(line, list) or not line.startswith(heads)]
            if isinstance(one, list)
            else one
            for one in to_delete
        ]
        plurals = {one.verbose_name_plural for one in leading}
        return kept, {name: count for name, count in counts.items() if name not in plurals}, refused, protected

    # What the actions of export_actions.py ask.

    def has_view_declarant_permission(self, request):
        return request.user.has_perm("initiatives.view_declarant_initiative")

    def has_correct_in_file_permission(self, request):
        return self.has_view_declarant_permission(request) and request.user.has_perm("initiatives.import_initiative")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"heading": "Les fiches"} | (extra_context or {}))

    # The form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Without the icons that leave the form for another table."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj is not None and obj.is_published else None

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_set_aside or self._may_publish(request))

    def _may_publish(self, request) -> bool:
        return request.user.has_perm(MOVES["publish"].permission)

    def _is_revising(self, request, obj) -> bool:
        """Whether what is posted is a text to approve: asked for, or all that this person may do."""
        published = obj is not None and obj.is_published
        return published and ("_revise" in request.POST or not may_correct(request.user))

    def get_fieldsets(self, request, obj=None):
        private = request.user.has_perm("initiatives.view_declarant_initiative")
        return fieldsets(private=private, fate=retention.fate(obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by, form.is_revising = request.user, self._is_revising(request, obj)
        return form

    def why_no_row(self, request, row):
        if row is not None and self.has_change_permission(request) and not self.has_change_permission(request, row):
            return CLOSED.format(status=row.get_status_display())
        return super().why_no_row(request, row) and GONE

    def save_form(self, request, form, change):
        return form.instance if form.is_done else super().save_form(request, form, change)

    def save_model(self, request, obj, form, change):
        if form.is_done:
            return
        if form.is_revising:
            obj.revision = Revision.propose(obj, form.values(), by=request.user)
        else:
            obj.save()

    def save_related(self, request, form, formsets, change):
        if form.is_revising:
            return
        if not form.is_done:
            super().save_related(request, form, formsets, change)
            for name in OWN:
                write_rows(form.instance, name, form.cleaned_data[name])
        if "_submit" in request.POST:
            self._submit(request, form)

    def _submit(self, request, form):
        """What was typed is kept, whatever became of the entry in another tab. A second click says nothing."""
        entry = form.instance
        if form.is_done and not entry.allows("submit"):
            return
        if not request.user.has_perm(MOVES["submit"].permission):
            raise PermissionDenied
        try:
            with transaction.atomic():
                entry.submit(by=request.user)
        except IllegalMove as refused:
            messages.warning(request, typo(f"Ce que vous avez écrit est enregistré. {' '.join(refused.messages)}"))

    def response_change(self, request, obj):
        if hasattr(obj, "revision"):
            messages.success(request, PROPOSED.format(entry=obj.revision.initiative))
            return HttpResponseRedirect(entry_url(obj.pk))
        return super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["title"] = "Saisir une fiche" if add else "Modifier la fiche"
        context["needed"] = listed(one.words for one in NEEDED.values())
        context["choices"] = context["adminform"].form.choices if request.method == "POST" else []
        if obj is not None:
            stored = Initiative.objects.select_related("territory").get(pk=obj.pk)
            context |= {
                "entry": stored,
                "missing": lacking(stored.missing_to_publish()),
                "duplicates": duplicates_of(title=stored.title, territory=stored.territory, pk=stored.pk),
                "moves": stored.moves_for(request.user),
                "needs_other_eyes": self._may_publish(request)
                and stored.allows("publish")
                and stored.needs_other_eyes(request.user),
                "pending": Revision.objects.pending().filter(initiative=stored).first(),
                "may_correct": may_correct(request.user),
                "four_eyes": settings.FOUR_EYES,
                "may_forget": stored.names_a_declarant and request.user.has_perm("initiatives.purge_initiative"),
            }
        context["may_submit"] = request.user.has_perm(MOVES["submit"].permission) and (
            obj is None or obj.allows("submit")
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if (pk := whole_number(object_id)) is None:
            raise Http404
        return redirect("admin:versions", pk=pk)

    # What is read where the form may not be changed

    @admin.display(description="Collectivité")
    def territory(self, initiative):
        return str(initiative.territory)


def _read(name: str):
    @admin.display(description=BY_NAME[name].heading)
    def read(model_admin, initiative):
        columns = OWN[name]
        rows = getattr(initiative, name).order_by("pk").values_list(*columns)
        return written(name, list(rows))

    return read


for _name in OWN:
    setattr(InitiativeAdmin, _name, _read(_name))
