from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Catalogue"

    def ready(self):
        from initiatives.accounts import enrolment, groups  # noqa: F401 -- connect their receivers
        from initiatives.models import derived, triggers  # noqa: F401
