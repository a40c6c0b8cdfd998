"""XLS and XLSB: what their cells say, whatever the workbook, and the sentence for what cannot be read."""

from datetime import datetime, timedelta

import pytest

from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.readers.linked_cells import LinkedCell
from initiatives.imports.readers.merged_cells import MergedCell
from initiatives.imports.readers.sheets import SheetToChoose
from tests.support.binary_workbooks import Styled, record, sheet_bin, xls, xlsb

pytestmark = pytest.mark.no_database

HEADINGS = ["Commune", "Titre", "Début"]
ROW = ["Beauvais", "Visite de l’été", "2020"]


def cells(found) -> list[list]:
    return [list(row) for row in found[:]]


@pytest.mark.parametrize(("build", "kind"), [(xls, "Excel 97-2003 (.xls)"), (xlsb, "Excel binaire (.xlsb)")])
class TestBinary:
    def test_cells_keep_their_types(self, build, kind):
        typed = ["Œuvre", 12, 1.5, True, datetime(2020, 4, 15), datetime(2020, 4, 15, 10, 30)]
        found = formats.read(build(list("abcdef"), typed))
        assert cells(found) == [typed]
        assert found.understanding == f"{kind}, feuille « Réponses »"

    def test_duration_is_one(self, build, kind):
        assert cells(formats.read(build(["a"], [Styled((1.25, "[h]:mm"))]))) == [[timedelta(hours=30)]]

    def test_blank_rows_and_columns_hold_their_place(self, build, kind):
        found = formats.read(build([], [None, "Titre", "Lieu"], [], [None, "A", None], [None, None, "B"]))
        assert (found.headers, found.lines) == (["", "Titre", "Lieu"], [4, 5])
        assert cells(found) == [[None, "A", None], [None, None, "B"]]

    def test_hidden_sheet_is_told_and_not_taken(self, build, kind):
        found = formats.read(build(HEADINGS, ROW, before=[("Listes", [["Catégorie"], ["Santé"]], True)]))
        assert cells(found) == [ROW]
        assert [(one.title, one.is_hidden) for one in found.other_sheets] == [("Listes", True)]

    def test_sheet_of_another_year_is_asked_about(self, build, kind):
        data = build(HEADINGS, ROW, before=[("2019", [HEADINGS, ["Creil", "Bus", "2019"]], False)])
        with pytest.raises(SheetToChoose) as asked:
            formats.read(data)
        assert [(one.title, one.rows) for one in asked.value.sheets] == [("2019", 1), ("Réponses", 1)]
        assert cells(formats.read(data, "2019")) == [["Creil", "Bus", "2019"]]

    def test_too_many_rows_are_said(self, build, kind):
        with pytest.raises(UnreadableFile, match="plus de 20\u202f000\u00a0lignes"):
            formats.read(build(["Titre"], *[["A"]] * 20_001))

    def test_cut_workbook_gets_a_sentence(self, build, kind):
        whole = build(HEADINGS, ROW)
        for length in range(600, len(whole), 200):
            with pytest.raises(UnreadableFile):
                formats.read(whole[:length])

    def test_empty_workbook(self, build, kind):
        with pytest.raises(UnreadableFile, match="vide"):
            formats.read(build())


def test_dates_of_xls_that_count_from_1904():
    assert cells(formats.read(xls(["Début"], [datetime(2020, 4, 15)], of_1904=True))) == [[datetime(2020, 4, 15)]]


def test_codes_of_xls_keep_their_zeros():
    assert cells(formats.read(xls(["Code"], [Styled((1004, "00000"))]))) == [["01004"]]


def test_errors_of_xls_are_what_they_show():
    assert cells(formats.read(xls(["a", "b", "c"], ["#N/A", "#DIV/0!", "#VALUE!"]))) == [["#N/A", "#DIV/0!", "#VALUE!"]]


def test_links_of_xls_keep_their_addresses():
    found = formats.read(xls(["Liens", "Titre"], ["Site du projet", "A"], links=[(1, 0, "https://a.fr/")]))
    ((cell, _),) = found[:]
    assert isinstance(cell, LinkedCell)
    assert (cell, cell.addresses) == ("Site du projet", ("https://a.fr/",))


def test_merged_cells_of_xls_are_told():
    ((_, first), (_, second)) = formats.read(xls(["Titre", "Lieu"], ["A", "B"], ["C"], areas=[(1, 2, 1, 1)]))[:]
    assert first == "B"
    assert isinstance(second, MergedCell)
    assert str(second.area) == "B2:B3"


@pytest.mark.parametrize("errors", [1, 3])
def test_errors_of_xlsb_which_are_read_as_blanks_are_not_passed_over(errors):
    with pytest.raises(UnreadableFile, match=f"{errors}\u00a0cellules? en erreur"):
        formats.read(xlsb(["Titre", "Lieu"], *[["A", "#N/A"]] * errors))


def test_xls_with_a_password():
    with pytest.raises(UnreadableFile, match="protégé par un mot de passe"):
        formats.read(xls(HEADINGS, ROW, encrypted=True))


def test_workbook_of_records_alone_is_an_xls():
    """As PHP scripts write it: no compound file, no formats."""
    bare = record(0x809, bytes.fromhex("0000 1000 0000 0000")) + b"".join(
        record(0x204, bytes([line, 0, column, 0, 0, 0, len(text), 0]) + text)
        for line, row in enumerate(([b"Titre", b"Lieu"], [b"A", b"Creil"]))
        for column, text in enumerate(row)
    )
    found = formats.read(bare + record(0x0A))
    assert (found.headers, cells(found)) == (["Titre", "Lieu"], [["A", "Creil"]])


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_process_that_is_killed_for_its_memory_is_a_sentence(kind):
    """One link over all cells, for each of which xlrd keeps an entry; one cell at the end of the largest sheet."""
    link = record(
        0x1B8, bytes.fromhex("0000ffff0000ff00") + bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b0200000000000000")
    )
    far = [[None] * 16_383 + ["A"]]
    data = xls(HEADINGS, ROW, extra=link) if kind == "xls" else xlsb(**{"xl/worksheets/sheet1.bin": _at_the_end(far)})
    with pytest.raises(UnreadableFile, match="demande trop de mémoire"):
        formats.read(data)


def _at_the_end(rows) -> bytes:
    return sheet_bin(rows).replace(b"\0\x19" + bytes(25), b"\0\x19" + (2**20 - 1).to_bytes(4, "little") + bytes(21))
