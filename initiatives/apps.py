from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Catalogue"

    def ready(self):
        from . import freshness, triggers  # noqa: F401 -- connect their receivers
        from .staff import enrolment  # noqa: F401
