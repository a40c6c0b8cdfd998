"""Pages of the admin that belong to no table: permission, context of the template, address of an entry."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.urls import reverse

from initiatives.models import Initiative


def may(permission: str):
    return permission_required(f"initiatives.{permission}_initiative", raise_exception=True)


def context(request, title: str, **values) -> dict:
    return {**admin.site.each_context(request), "title": title, "opts": Initiative._meta, **values}


def entry_url(pk: int) -> str:
    return reverse("admin:initiatives_initiative_change", args=[pk])
