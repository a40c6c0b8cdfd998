"""The desk of the association: the admin of Django, its words, its home and the pages that belong to no table."""

import logging
from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.messages.storage import default_storage
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.urls import path

from initiatives.imports.urls import addresses
from initiatives.models import Document
from initiatives.privacy.views import forget_declarant, forget_person

from . import bulk_action_pages, dashboard, guide, preview, revisions, suggestions, versions

logger = logging.getLogger("initiatives")


def retried_once(view):
    """A view of the desk, called again where a row went, or another came, between what its POST read and wrote.

    What is changed there is changed in one transaction, undone by then; the second time the view reads what there is
    now, and says so. Whatever is at fault then is a fault.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except (IntegrityError, ObjectDoesNotExist) as fault:
            if request.method != "POST":
                raise
            logger.warning("tried again after %s: %s", type(fault).__name__, request.resolver_match.view_name)
            for sent in request.FILES.values():
                sent.seek(0)
            request._messages = default_storage(request)  # what it had told is not so
            return view(request, *args, **kwargs)

    return wrapper


class Desk(AdminSite):
    site_header = "Initiatives numériques des villes"
    site_title = "Bureau de l’association"
    index_title = "À traiter"
    index_template = "desk/home.html"
    empty_value_display = "–"
    # The sidebar repeats the home on every page, and its state is kept in the browser.
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        return super().admin_view(retried_once(view), cacheable)

    def index(self, request, extra_context=None):
        seen = {}
        if request.user.has_perm("initiatives.view_initiative"):
            seen = {
                "waiting": dashboard.waiting(),
                "progress": dashboard.survey_progress(),
                "imports": dashboard.last_imports(),
                "unsent": dashboard.unsent_mails(),
                "idle_since": Document.objects.idle_since(),
            }
        return super().index(request, seen | (extra_context or {}))

    def get_urls(self):
        entries, wrap = "initiatives/initiative", self.admin_view
        own = [
            path("aide/", wrap(guide.guide), name="guide"),
            path("suggestions/collectivites", wrap(suggestions.suggest_territories), name="suggest_territories"),
            path("suggestions/fiches", wrap(suggestions.suggest_entries), name="suggest_entries"),
            path("suggestions/doublons", wrap(suggestions.suggest_duplicates), name="suggest_duplicates"),
            path(f"{entries}/faire/<slug:name>/", wrap(bulk_action_pages.bulk_action), name="bulk_action"),
            path(f"{entries}/declarants/", wrap(forget_person), name="forget_person"),
            path(f"{entries}/<int:pk>/declarant/", wrap(forget_declarant), name="forget_declarant"),
            path(f"{entries}/supprimees/", wrap(versions.deleted), name="deleted_entries"),
            path(f"{entries}/<int:pk>/apercu/", wrap(preview.preview), name="preview"),
            path(f"{entries}/<int:pk>/versions/", wrap(versions.versions), name="versions"),
            path(f"{entries}/<int:pk>/versions/restaurer/", wrap(versions.restore), name="restore_version"),
            path("initiatives/revision/<int:pk>/relire/", wrap(revisions.revision), name="review_revision"),
        ]
        return own + addresses(wrap) + super().get_urls()
