"""Addresses are a contract: the README lists them, and a test compares."""

from allauth.account.views import login
from django.contrib import admin
from django.urls import include, path

from .catalogue import discovery, views
from .exchange.views import export
from .health import health

handler400 = "initiatives.errors.bad_request"
handler403 = "initiatives.errors.forbidden"
handler404 = "initiatives.errors.not_found"
handler429 = "initiatives.errors.too_many_requests"  # asked for by allauth
handler500 = "initiatives.errors.server_error"

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
    path("sante", health, name="health"),
    path("admin/", include("initiatives.staff.urls")),
    path("admin/", admin.site.urls),
]
