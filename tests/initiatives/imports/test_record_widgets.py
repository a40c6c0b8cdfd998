"""Cells of numbers and of rows: what they may say, and what is refused in French."""

import pytest

from initiatives.imports.cells import CellError
from initiatives.imports.record_widgets import WholeNumberWidget


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
