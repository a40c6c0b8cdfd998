"""Workbooks of several sheets: which one is the table, and when the person is asked."""

import pytest

from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.readers.sheets import SheetToChoose
from tests.support.workbooks import ods, xlsx

pytestmark = pytest.mark.no_database

HEADINGS = ["Commune", "Titre", "Catégorie"]
ROWS = [HEADINGS, ["Beauvais", "Visite", "Santé"], ["Creil", "Bus", "Santé"]]
LAST_YEAR = ("2019", [HEADINGS, ["Laon", "Vélos", "Santé"]], "visible")


def asked(data: bytes, wanted: str = "") -> list[tuple]:
    with pytest.raises(SheetToChoose) as found:
        formats.read(data, wanted)
    return [(one.title, one.rows, one.headings, one.is_hidden) for one in found.value.sheets]


def test_sheets_that_may_both_be_the_table_are_asked_about():
    data = xlsx(*ROWS, before=[LAST_YEAR])
    headings = tuple(HEADINGS)
    assert asked(data) == [("2019", 1, headings, False), ("Réponses", 2, headings, False)]
    assert formats.read(data, "2019")[0] == ("Laon", "Vélos", "Santé")
    assert formats.read(data, "Réponses").other_sheets[0].title == "2019"


def test_sheet_that_the_workbook_has_not_is_asked_about_again():
    assert len(asked(xlsx(*ROWS, before=[LAST_YEAR]), "2021")) == 2
    assert formats.read(xlsx(*ROWS), "2021").title == "Réponses"


def test_sentence_names_the_sheets_for_who_has_no_page():
    hidden = ("Archives", [[*HEADINGS, "Résumé"], *ROWS[1:]], "hidden")
    with pytest.raises(
        SheetToChoose, match=r"« Archives » \(2.lignes, masquée\), « Réponses » \(2.lignes\)\. Choisissez"
    ):
        formats.read(xlsx(*ROWS, before=[hidden]))


def test_unknown_headings_are_no_reason_to_pass_over_a_sheet():
    """That of a form, whose questions mean nothing to us yet, beside our own model of last year."""
    form = [["Horodateur", "Question 1", "Question 2", "Question 3", "Question 4"], list("abcde")]
    assert [one[0] for one in asked(xlsx(*form, before=[LAST_YEAR]))] == ["2019", "Réponses"]


@pytest.mark.parametrize(
    "explanation",
    [
        ("Lisez-moi", [["Mode d’emploi"], ["Une ligne par initiative."], ["Merci !"]], "visible"),
        ("Notice", [["Titre", "Le nom de l’initiative"], ["Commune", "Celle qui la porte"]], "visible"),
        ("Résumé de l’export", [["Feuille", "Tableau", "Feuille Excel"], ["Feuille 1", "Tableau 1", "F"]], "visible"),
        ("Graphique", [], "visible"),
        ("Titres", [HEADINGS], "visible"),
        ("Listes", [["Catégorie", "Thème"], ["Santé", "Vélo"]], "hidden"),
        ("2019", LAST_YEAR[1], "hidden"),
    ],
    ids=lambda sheet: sheet[0],
)
def test_sheet_that_explains_or_is_hidden_is_passed_over(explanation):
    found = formats.read(xlsx(*ROWS, before=[explanation]))
    assert (found.title, len(found)) == ("Réponses", 2)
    assert [one.title for one in found.other_sheets] == [explanation[0]] * (len(explanation[1]) > 1)


def test_only_sheet_with_rows_is_taken_though_it_is_hidden_and_that_is_said():
    found = formats.read(xlsx(before=[("2020", ROWS, "hidden")]))
    assert found.understanding == "Excel (.xlsx), feuille masquée « 2020 »"


def test_hidden_sheet_of_an_ods():
    found = formats.read(ods(*ROWS, before=[("2019", LAST_YEAR[1])], hidden=["2019"]))
    assert (found.title, [(one.title, one.is_hidden) for one in found.other_sheets]) == ("Réponses", [("2019", True)])


def test_sheet_with_too_many_rows_is_no_fault_of_the_others():
    towns = ("Communes", [["Code INSEE"], *[["60057"]] * 20_001], "hidden")
    assert len(formats.read(xlsx(*ROWS, before=[towns]))) == 2
    with pytest.raises(UnreadableFile, match="plus de 20\u202f000\u00a0lignes"):
        formats.read(xlsx(*ROWS, before=[towns]), "Communes")
