from django.apps import AppConfig


class TownsConfig(AppConfig):
    name = "towns"
    verbose_name = "territoires"
