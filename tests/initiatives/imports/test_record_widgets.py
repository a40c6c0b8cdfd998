"""Cells of numbers and of rows: what they may say, and what is refused in French."""

import pytest

from initiatives.imports.cells import CellError
from initiatives.imports.record_widgets import RowsWidget, WholeNumberWidget


@pytest.mark.parametrize(
    ("cell", "read"),
    [("", None), (None, None), (12, 12), (12.0, 12), ("12", 12), (" 0 ", 0), ("1 200", 1200), ("1\u202f200", 1200)],
)
def test_whole_number_is_read_as_people_and_spreadsheets_write_it(cell, read):
    assert WholeNumberWidget().clean(cell) == read


@pytest.mark.parametrize("cell", ["-3", 1.5, "1,5", "douze", "12 agents", "1 2", "1.200", "٣", True, "9" * 5000, "3?"])
def test_what_is_no_whole_number_is_refused(cell):
    with pytest.raises(CellError, match="Écrivez un nombre entier"):
        WholeNumberWidget().clean(cell)


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("", ()),
        ("140 : commerces", (("140", "commerces"),)),
        ("140: commerces : tous\n\n2 300\xa0:\xa0demandes", (("140", "commerces : tous"), ("2 300", "demandes"))),
        ("1 : a ¦ b|2 : c|1 : a ¦ b", (("1", "a | b"), ("2", "c"))),
        ("2\u202f300 : demandes à\xa0midi", (("2\u202f300", "demandes à\xa0midi"),)),
    ],
)
def test_rows_are_read_as_our_files_write_them(cell, rows):
    widget = RowsWidget("key_figures")
    assert widget.clean(cell) == rows
    assert widget.clean(widget.render(rows)) == rows


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("140 commerces", "« 140 commerces » ne se lit pas. Par exemple : 140 : commerces inscrits en un mois."),
        (": commerces", "ne se lit pas"),
        ("140 :", "ne se lit pas"),
        ("1 : a|2 : b|3 : c|4 : d", "Il y en a 4 : gardez-en 3 au plus."),
        ("1234567890123 : a", "valeur : .*12"),
        (f"1 : {'a' * 71}", "libellé : .*70"),
    ],
)
def test_rows_that_the_model_does_not_take_are_refused(cell, said):
    with pytest.raises(CellError, match=said):
        RowsWidget("key_figures").clean(cell)


def test_title_of_a_source_may_hold_what_stands_between_its_parts():
    rows = (("Bilan · Ville", "Aqui.fr", "https://example.org/b"), ("Une page", "Sud", "http://example.org/?a|b"))
    widget = RowsWidget("more_sources")
    assert (
        widget.clean("Bilan · Ville · Aqui.fr · https://example.org/b|Une page · Sud · http://example.org/?a¦b") == rows
    )
    assert widget.clean(widget.render(rows)) == rows
    with pytest.raises(CellError, match="adresse"):
        widget.clean("Une page · Sud · ftp://example.org/")
