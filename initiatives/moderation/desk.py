"""The desk of the association: the admin of Django, its words and its home."""

from django.contrib.admin import AdminSite


class Desk(AdminSite):
    site_header = "Initiatives numériques des villes"
    site_title = "Bureau de l’association"
    index_title = "À traiter"
    empty_value_display = "–"
    # The sidebar repeats the home on every page, and its state is kept in the browser.
    enable_nav_sidebar = False
