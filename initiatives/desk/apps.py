from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """The admin of Django, with the desk as its site: what any application registers is registered there."""

    default_site = "initiatives.desk.site.Desk"

    def ready(self):
        super().ready()
        from . import admin  # noqa: F401 -- ours comes last: it replaces what allauth has registered
