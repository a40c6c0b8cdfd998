"""Workbooks that come back: what is written in a cell stays what it is, and tells no hour."""

import time

import openpyxl
import pytest
from django.db import Error

from initiatives.imports.readers import formats
from initiatives.imports.workbooks_to_fill import TYPED, choices, for_correction, model
from initiatives.models import Initiative
from tests.support import factories
from tests.support.imports import load

pytestmark = pytest.mark.both_databases
# What a spreadsheet, or what writes one, takes for something else than text.
TEXTS = ["=1+1", "{=1+1}", "00751", "1e3", "https://ville.example/", "mailto:a@ville.example", "internal:Listes!A1"]
TEXTS += ["_x0041_", "<r>&</r>", "<r><t>a</t></r>", "'a", "12/03/2021", "TRUE"]


def to_correct(rows=None) -> bytes:
    with for_correction(Initiative.objects.all() if rows is None else rows) as file:
        return file.read()


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text_and_comes_back_as_it_was(text):
    entry = factories.draft(title=text, declarant_name=text, need=f"{text}\r\n{text}")
    with for_correction(Initiative.objects.all()) as file:
        cells = {head.value: cell for head, cell in zip(*openpyxl.load_workbook(file).worksheets[0], strict=True)}
    written = text.replace("_x0041_", "_x005F_x0041_")
    for heading, value in (
        ("Titre", written),
        ("Nom du déclarant", written),
        ("Besoin de départ", f"{written}\n{written}"),
    ):
        assert cells[heading].value.rstrip(" ") == value
        assert (cells[heading].data_type, cells[heading].hyperlink) == ("s", None)
    assert cells["Référence"].value == entry.reference
    (row,) = load(formats.read(to_correct())).rows
    assert (row.kind, row.previous) == ("unchanged", {})


@pytest.mark.parametrize("write", [for_correction, model])
def test_another_hour_gives_the_same_bytes(write):
    rows = [Initiative.objects.all()] if write is for_correction else []
    factories.published(title="Vélos")
    with write(*rows) as file:
        before = file.read()
    time.sleep(2.1)  # A zip counts the time by two seconds.
    with write(*rows) as file:
        assert file.read() == before


def test_every_choice_is_offered_in_its_cells(db):
    with model() as file:
        book = openpyxl.load_workbook(file)
    sheet, lists = book.worksheets
    rules = {
        sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value: rule
        for rule in sheet.data_validations.dataValidation
    }
    headings = {column.heading: column.name for column in TYPED if column.name in choices()}
    assert set(rules) == set(headings)
    assert len(rules) > 5
    assert (book.sheetnames, lists.sheet_state) == (["Fiches", "Listes"], "hidden")
    for heading, rule in rules.items():
        offered = [cell.value for (cell,) in lists[rule.formula1.partition("!")[2]]]
        assert offered == choices()[headings[heading]]
        assert str(rule.sqref).partition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "20001"
        assert bool(rule.showErrorMessage) == (heading not in ("Thèmes", "Publics visés")), heading
        assert (rule.promptTitle, rule.error) == (heading, "Choisissez dans la liste.")


def test_nothing_stays_of_a_file_that_is_not_finished(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Error):
        to_correct(Initiative.objects.extra(where=["no_such_column = 1"]))
    assert list(tmp_path.iterdir()) == []
