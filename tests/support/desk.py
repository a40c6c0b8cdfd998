"""The form of an entry at the desk as a browser sends it, and what the desk answers."""

import re

from django.urls import reverse

from initiatives.models import Initiative

LIST, ADD = "/admin/initiatives/initiative/", "/admin/initiatives/initiative/add/"


def address(entry: Initiative) -> str:
    return reverse("admin:initiatives_initiative_change", args=[entry.pk])


def sent(form, **changes) -> dict:
    """What a browser would send of a form as it was shown, with some fields typed anew."""
    data = {}
    for name in form.fields:
        bound = form[name]
        value = bound.field.widget.format_value(bound.value()) if name not in ("tools", "links") else bound.value()
        if name in ("tools", "links"):
            for at, row in enumerate(value or []):
                for column, cell in enumerate(row):
                    data[f"{name}-{at}-{column}"] = cell
        elif name in ("themes", "audiences"):
            data[name] = [str(getattr(one, "pk", one)) for one in bound.value() or []]
        elif isinstance(value, list):
            data[name] = value[0] if value else ""
        elif value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = value
    return data | changes


def opened(client, where: str):
    return client.get(where).context["adminform"].form


def errors(response) -> str:
    return re.sub(r"\s+", " ", str(response.context["adminform"].form.errors.as_text()))


def words(page) -> str:
    """What is read, without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text).replace("&nbsp;", " "))
