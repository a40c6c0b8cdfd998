"""Addresses are a contract: public/README.md lists them, and a test compares."""

from allauth.account.views import login
from django.contrib import admin
from django.urls import include, path

from initiatives.caching.health import health
from initiatives.opendata.downloads import export
from initiatives.public import embedding, machine_views, views

from .figures import views as figures
from .opendata import views as opendata
from .publication import views as publications

handler400 = "initiatives.runtime.errors.bad_request"
handler403 = "initiatives.runtime.errors.forbidden"
handler404 = "initiatives.runtime.errors.not_found"
handler429 = "initiatives.runtime.errors.too_many_requests"  # asked for by allauth
handler500 = "initiatives.runtime.errors.server_error"

# The admin's own view knows no second factor: whichever address is tried first, it is not there.
admin.site.login = login

urlpatterns = [
    path("", views.home, name="home"),
    path("initiatives/", views.initiative_list, name="initiative_list"),
    path("initiatives/<slug:slug>/", views.initiative_detail, name="initiative_detail"),
    path("carte/", views.entry_map, name="map"),
    path("collectivites/", views.directory, name="directory"),
    path("categories/<slug:slug>/", views.category_detail, name="category_detail"),
    path("villes/<slug:slug>/", views.town_detail, name="town_detail"),
    path("intercommunalites/<slug:slug>/", views.intercommunality_detail, name="intercommunality_detail"),
    path("initiatives/<slug:slug>/partage.png", machine_views.initiative_picture, name="initiative_picture"),
    path("partage.png", machine_views.site_picture, name="site_picture"),
    path("a-propos/", views.about, name="about"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("suggestions", machine_views.suggest, name="suggest"),
    path("s-abonner/", embedding.subscription, name="subscription"),
    path("integrer/", embedding.embedding, name="embedding"),
    path("integrer/liste", embedding.embedded_list, name="embedded_list"),
    path("flux.atom", machine_views.feed, name="feed"),
    path("sitemap.xml", machine_views.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", machine_views.sitemap_part, name="sitemap_part"),
    path("robots.txt", machine_views.robots, name="robots"),
    path("opensearch.xml", machine_views.opensearch, name="opensearch"),
    path("export/<str:filename>", export, name="export"),
    path("chiffres/", figures.figures, name="figures"),
    path("chiffres/matrice/", figures.matrix, name="matrix"),
    path("chiffres/matrice.csv", figures.matrix_file, name="matrix_file"),
    path("chiffres/comparaison/", figures.comparison, name="comparison"),
    path("chiffres/comparaison.csv", figures.comparison_file, name="comparison_file"),
    path("chiffres/<slug:name>.png", figures.figure_picture, name="figure_picture"),
    path("chiffres/<slug:name>.<slug:ending>", figures.figure_file, name="figure_file"),
    path("donnees/", opendata.open_data, name="open_data"),
    path("donnees/schema.json", opendata.schema, name="table_schema"),
    path("donnees/exemple-<slug:kind>.csv", opendata.schema_example, name="schema_example"),
    path("donnees/datapackage.json", opendata.package, name="data_package"),
    path("donnees/catalogue", opendata.dcat_catalogue, name="dcat_catalogue"),
    path("donnees/catalogue.<slug:ending>", opendata.dcat_file, name="dcat_file"),
    path("api/initiatives", opendata.api, name="api"),
    path("api/openapi.json", opendata.openapi_document, name="openapi"),
    path("initiatives/<slug:slug>/fiche.pdf", publications.initiative_sheet, name="initiative_sheet"),
    path("selection/", publications.selection, name="selection"),
    path("selection/livret.pdf", publications.selection_booklet, name="booklet"),
    path("publications/", publications.publication_list, name="publication_list"),
    path("publications/<slug:slug>/", publications.publication_detail, name="publication_detail"),
    path("publications/<slug:slug>/edition-<int:number>/", publications.edition_detail, name="edition_detail"),
    path(
        "publications/<slug:slug>/edition-<int:number>/volume-<int:volume>/",
        publications.edition_volume,
        name="edition_volume",
    ),
    path(
        "publications/<slug:slug>/edition-<int:number>/<str:filename>",
        publications.edition_file,
        name="edition_file",
    ),
    path("sante", health, name="health"),
    path("admin/", include("initiatives.accounts.urls")),
    path("admin/", admin.site.urls),
]
