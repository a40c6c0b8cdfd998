"""Addresses are a contract: the README lists them, and a test compares."""

from django.contrib import admin
from django.urls import path

from .catalogue import discovery, views
from .exchange.views import export
from .health import health
from .publication import views as publications

handler400 = "initiatives.errors.bad_request"
handler403 = "initiatives.errors.forbidden"
handler404 = "initiatives.errors.not_found"
handler500 = "initiatives.errors.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("initiatives/", views.initiative_list, name="initiative_list"),
    path("initiatives/<slug:slug>/", views.initiative_detail, name="initiative_detail"),
    path("categories/<slug:slug>/", views.category_detail, name="category_detail"),
    path("villes/<slug:slug>/", views.town_detail, name="town_detail"),
    path("intercommunalites/<slug:slug>/", views.intercommunality_detail, name="intercommunality_detail"),
    path("initiatives/<slug:slug>/partage.png", discovery.initiative_picture, name="initiative_picture"),
    path("partage.png", discovery.site_picture, name="site_picture"),
    path("a-propos/", views.about, name="about"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("suggestions", discovery.suggest, name="suggest"),
    path("flux.atom", discovery.feed, name="feed"),
    path("sitemap.xml", discovery.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", discovery.sitemap_part, name="sitemap_part"),
    path("robots.txt", discovery.robots, name="robots"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
    path("export/<str:filename>", export, name="export"),
    path("publications/", publications.publication_list, name="publication_list"),
    path("publications/<slug:slug>/", publications.publication_detail, name="publication_detail"),
    path("publications/<slug:slug>/edition-<int:number>/", publications.edition_detail, name="edition_detail"),
    path(
        "publications/<slug:slug>/edition-<int:number>/<str:filename>",
        publications.edition_file,
        name="edition_file",
    ),
    path("sante", health, name="health"),
    path("admin/", admin.site.urls),
]
