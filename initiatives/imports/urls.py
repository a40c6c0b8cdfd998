"""The addresses of imports, below that of the desk."""

from django.urls import path

from . import choice_views, confirm_views, files, row_page, views


def addresses(wrap) -> list:
    """`wrap` lets in staff only."""
    pages = {
        "": ("imports", views.batches),
        "modele.xlsx": ("import_model", files.model),
        "fiches.xlsx": ("import_export", files.for_correction),
        "colonnes-memorisees/": ("import_layouts", choice_views.layouts),
        "<int:pk>/": ("import_batch", views.batch),
        "<int:pk>/lignes/<int:line>": ("import_row", row_page.row),
        "<int:pk>/avancement": ("import_progress", views.progress),
        "<int:pk>/fichier": ("import_file", files.sent_file),
        "<int:pk>/colonnes/": ("import_columns", choice_views.columns),
        "<int:pk>/corriger/": ("import_correct", views.correct),
        "<int:pk>/verifier/": ("import_check", views.check),
        "<int:pk>/accord/": ("import_agree", confirm_views.agree),
        "<int:pk>/confirmer/": ("import_confirm", confirm_views.confirm),
        "<int:pk>/arreter/": ("import_stop", views.stop),
        "<int:pk>/abandonner/": ("import_drop", views.drop),
        "<int:pk>/annuler/": ("import_undo", confirm_views.undo),
    }
    return [path(f"imports/{address}", wrap(view), name=name) for address, (name, view) in pages.items()]
