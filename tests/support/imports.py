"""Imports as the tests send them: a member of staff, files, and what became of their rows."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import ImportBatch, Survey

HEADINGS = ["Code INSEE", "Titre", "Catégorie", "Thèmes", "Début"]
BIKES = ["60057", "Vélos en libre-service", "Cohésion sociale", "santé publique", "2020-04"]
TABLETS = ["60057", "Tablettes pour les écoles", "Cohésion sociale", "", "2020"]


@pytest.fixture
def another():
    return Client


@pytest.fixture
def importer(editor):
    return editor


def as_csv(*rows, separator: str = ";", encoding: str = "cp1252") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def send(client, content: bytes, name: str = "réponses.csv", survey: Survey | None = None):
    file = io.BytesIO(content)
    file.name = name
    page = client.get(reverse("admin:imports"))
    survey = (survey or page.context["form"].fields["survey"].queryset.first()).pk
    return client.post(reverse("admin:imports"), {"file": file, "survey": survey, "origin": "survey"})


def sent(client, *rows, **options) -> ImportBatch:
    """The import of a file that could be read."""
    response = send(client, as_csv(*rows) if rows else options.pop("content"), **options)
    assert response.status_code == 302, response.context["form"].errors
    return ImportBatch.objects.latest("pk")


def post(client, batch: ImportBatch, what: str, **data):
    batch.refresh_from_db()
    data.setdefault("edition", batch.edition)
    response = client.post(reverse(f"admin:import_{what}", args=[batch.pk]), data, follow=True)
    batch.refresh_from_db()
    return response


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def kinds(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("line").values_list("kind", flat=True))


def faults(batch: ImportBatch) -> list[str]:
    rows = batch.rows.filter(kind="error").order_by("line")
    return batch.faults + [f"{row.line} {fault[0]} : {fault[2]}" for row in rows for fault in row.faults]
