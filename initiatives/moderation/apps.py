from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """The admin of Django, with the desk as its site: what any application registers is registered there."""

    default_site = "initiatives.moderation.desk.Desk"
