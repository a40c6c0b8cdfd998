"""The addresses of imports, below that of the desk."""

from django.urls import path

from . import views


def addresses(wrap) -> list:
    """`wrap` lets in staff only."""
    pages = {
        "": ("intakes", views.intakes),
        "modele.xlsx": ("intake_model", views.model),
        "fiches.xlsx": ("intake_export", views.for_correction),
        "<int:pk>/": ("intake", views.intake),
        "<int:pk>/fichier": ("intake_file", views.sent_file),
        "<int:pk>/colonnes/": ("intake_columns", views.columns),
        "<int:pk>/corriger/": ("intake_correct", views.correct),
        "<int:pk>/verifier/": ("intake_check", views.check),
        "<int:pk>/confirmer/": ("intake_confirm", views.confirm),
        "<int:pk>/arreter/": ("intake_stop", views.stop),
        "<int:pk>/abandonner/": ("intake_drop", views.drop),
        "<int:pk>/annuler/": ("intake_undo", views.undo),
    }
    return [path(f"imports/{address}", wrap(view), name=name) for address, (name, view) in pages.items()]
