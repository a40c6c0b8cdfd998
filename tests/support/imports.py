"""Imports as the tests send them: a member of staff, files, and what became of their rows."""

import csv
import io
import json
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from initiatives.imports.apply import apply_rows
from initiatives.imports.faults import CellFault
from initiatives.imports.forms import UploadForm
from initiatives.imports.preview import Preview
from initiatives.imports.readers.tables import Table
from initiatives.imports.rows import JudgedRow
from initiatives.models import ImportBatch, Survey, derived
from initiatives.models.history import Through, acting

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
    survey = survey or UploadForm.base_fields["survey"].queryset.first()
    return client.post(reverse("admin:imports"), {"file": file, "survey": survey.pk, "origin": "survey"})


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


def cells(said: dict[int, dict[str, str]]) -> str:
    """What the script of the grid sends of the cells that were typed, by line and field."""
    return json.dumps(said)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def kinds(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("line").values_list("kind", flat=True))


def faults(batch: ImportBatch) -> list[str]:
    rows = batch.rows.filter(kind="error").order_by("line")
    return batch.faults + [f"{row.line} {fault['column']} : {fault['message']}" for row in rows for fault in row.faults]


@dataclass
class Loaded:
    """What became of a table: its faults, or the rows as they were judged."""

    preview: Preview
    faults: list[CellFault]
    rows: list[JudgedRow]

    @property
    def kinds(self) -> list[str]:
        return [row.kind for row in self.rows]


def load(table: Table, *, dry_run: bool = False, survey: Survey | None = None, by=None, **options) -> Loaded:
    """Judge the rows of a table, and write them if none is wrong, as both the desk and the command do."""
    survey = survey or Survey.objects.order_by("-started_on", "-pk").first()
    with transaction.atomic(), acting(by=by, through=Through.IMPORT), derived.deferred_reindex():
        preview = Preview(table, survey=survey, by=by, **options)
        faults = [CellFault(message) for message in preview.wrong_file()]
        rows = list(preview.rows()) if not faults else []
        faults += [fault for row in rows for fault in row.faults]
        if not (faults or dry_run):
            ready = [row.to_apply() for row in rows]
            list(apply_rows(lambda kinds: [row for row in ready if row.kind in kinds], survey=survey, by=by))
    return Loaded(preview, faults, rows)
