"""Tables as survey tools and offices write them: which rows have the headings, and what is made of two."""

import time

import pytest

from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.recognition import clean_headings
from tests.support.workbooks import merged, xlsx

pytestmark = pytest.mark.no_database


def read(*rows: str):
    return formats.read("\n".join(rows).encode())


def test_survey_monkey_has_its_options_under_the_questions():
    found = read(
        "Respondent ID;Email Address;Quelle est votre commune ?;Quels publics ?;;;Une remarque ?",
        ";;Open-Ended Response;Seniors;Familles;Autre (veuillez préciser);Response",
        "118;a@exemple.fr;Beauvais;Seniors;;des agents;",
        "119;b@exemple.fr;Creil;;Familles;;rien",
    )
    assert found.headers == [
        "Respondent ID",
        "Email Address",
        "Quelle est votre commune ?",
        "Quels publics ? [Seniors]",
        "Quels publics ? [Familles]",
        "Quels publics ? [Autre (veuillez préciser)]",
        "Une remarque ?",
    ]
    assert found.lines == [3, 4]
    assert found.understanding.endswith("titres de colonnes aux lignes 1 et 2")


def test_options_without_any_open_question():
    found = read("ID;Commune;Publics;;", ";;Seniors;Familles;Agents", "1;Creil;1;0;0", "2;Laon;0;0;1")
    assert found.headers == ["ID", "Commune", "Publics [Seniors]", "Publics [Familles]", "Publics [Agents]"]


def test_framaforms_has_its_questions_above_the_options():
    found = read(
        "Enquête sur les initiatives;;;;;;",
        "Informations sur la soumission;;;Publics visés;;;",
        "Numéro de série;SID;Commune;Seniors;Familles;Titre;Catégorie",
        "1;5512;Beauvais;X;;Visite;Santé",
        "2;5513;Creil;;X;Bus;Santé",
    )
    assert found.headers[2:] == ["Commune", "Publics visés [Seniors]", "Publics visés [Familles]", "Titre", "Catégorie"]
    assert found.lines == [4, 5]


CODES = "id;G01Q01;G01Q02[SQ001];G01Q02[SQ002]"
TEXTS = "Numéro de réponse;Quelle est votre commune ?;Publics visés [Seniors];Publics visés [Familles]"


@pytest.mark.parametrize("rows", [(CODES, TEXTS), (TEXTS, CODES)])
def test_lime_survey_has_codes_and_texts(rows):
    found = read(*rows, "1;Beauvais;Oui;Non", "2;Creil;Non;Oui")
    assert found.headers == TEXTS.split(";")
    assert found.lines == [3, 4]


def test_headings_merged_over_those_of_their_columns():
    rows = (["Titre", "Publics", None, "Lieu"], [None, "Seniors", "Familles", "Ville"], ["A", "x", None, "Creil"])

    def change(book):
        for area in ("A1:A2", "B1:C1"):
            book.active.merge_cells(area)

    found = formats.read(xlsx(*rows, change=change))
    assert found.headers == ["Titre", "Publics [Seniors]", "Publics [Familles]", "Ville"]
    assert not found.has_merged_headings


def test_merged_headings_over_nothing_else_are_told():
    rows = [["Titre", "Lieu", None], ["A", "B", "C"], ["D", "E", "F"]]
    found = formats.read(merged("xlsx", rows, across=("B1:C1", 1, 2)))
    assert (found.headers, found.lines) == (["Titre", "Lieu", ""], [2, 3])
    assert found.has_merged_headings


@pytest.mark.parametrize(
    "rows",
    [
        # A row of data with a cell beyond the headings, with a blank one, with ticks
        ("Titre;Lieu;", "A;B;C", "D;E;C"),
        ("Titre;Lieu;", "A;;x", "D;E;x", "F;G;"),
        ("Titre;Lieu;;", "A;;oui;x", "D;E;non;x"),
        ("Titre;Seniors;Familles", "A;x;", "B;;x"),
        # Rows of codes
        ("Code;Projet;Lieu", "A1;P2;L3", "A2;P3;L4"),
        ("Q1;Q2;Q3", "Beauvais;Essai;Santé", "Creil;Visite;Santé"),
    ],
)
def test_first_row_of_data_is_not_taken_for_headings(rows):
    found = read(*rows)
    assert (found.headers, found.lines[0]) == (rows[0].split(";"), 2)


def test_numbers_are_no_options():
    found = formats.read(xlsx(["Titre", "Coût", None, None], [None, 1, 1, 1], ["A", 1, 1, 0], ["B", 0, 1, 1]))
    assert (found.headers, found.lines) == (["Titre", "Coût", "", ""], [2, 3, 4])


def test_title_in_several_cells_is_no_question():
    found = read("Réponses;;;Mai 2020", "Commune;Titre;Seniors;Familles", "Creil;A;x;", "Laon;B;;x")
    assert found.headers == ["Commune", "Titre", "Seniors", "Familles"]


def test_two_rows_of_headings_alone_are_nothing_to_import():
    with pytest.raises(UnreadableFile, match="que la ligne des titres"):
        read("Titre")


def test_blank_rows_and_columns_before_the_table():
    found = formats.read(xlsx([None] * 3, [None, "Titre", "Commune"], [None, "A", "Creil"]))
    assert (found.headers, found.lines) == (["", "Titre", "Commune"], [3])


def test_two_thousand_columns_are_read_in_a_moment():
    begun = time.process_time()
    wide = ["Commune", "Titre", *["Temps"] * 1_998]
    found = read(";".join(wide), *[";".join(["Creil", "A", *"1" * 1_998])] * 500)
    clean_headings(found)
    assert (len(found.headers), len(set(found.headers)), len(found)) == (2_000, 2_000, 500)
    assert found.headers[2:4] == ["Temps", "Temps (2)"]
    assert time.process_time() - begun < 5


def test_more_rows_by_columns_than_memory_should_hold():
    with pytest.raises(UnreadableFile, match="plus de 4\u202f000\u202f000\u00a0cases"):
        read(";".join(f"T{n}" for n in range(2_000)), *["A"] * 2_000)
