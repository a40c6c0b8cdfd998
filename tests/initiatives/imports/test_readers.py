"""Files as people send them: what is understood, and the sentence for what cannot be."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from odf import office, table, text

from initiatives.imports.readers import formats, limits
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.readers.merged_cells import MergedCell
from initiatives.imports.readers.tables import UNCOMPUTED, Table
from tests.support import hostile_files
from tests.support.workbooks import ods, xlsx

pytestmark = pytest.mark.no_database

HEADINGS = ["Commune", "Titre", "Résumé"]
ROWS = [
    ["L’Haÿ-les-Roses", "Œuvres à « emporter »", "Des livres, des films : 5 € l’un"],
    ["Saint-Égrève", "Visite", 'Deux lignes\net un "guillemet"'],
]


def csv(separator: str, end: str = "\r\n") -> str:
    quoted = [['"{}"'.format(cell.replace('"', '""')) for cell in row] for row in ROWS]
    return end.join(separator.join(row) for row in [HEADINGS, *quoted]) + end


def cells(found: Table) -> list[list]:
    return [list(row) for row in found[:]]


@pytest.mark.parametrize(("separator", "name"), [(";", "point-virgule"), (",", "virgule"), ("\t", "tabulation")])
@pytest.mark.parametrize(
    ("encoding", "understood"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_csv_is_read_whatever_its_encoding_separator_and_line_ends(separator, name, encoding, understood, end):
    found = formats.read(csv(separator, end).encode(encoding))
    assert found.headers == HEADINGS
    assert cells(found) == ROWS
    assert found.understanding == f"CSV, encodage {understood}, séparateur {name}"


def test_utf_16_without_accents_is_not_taken_for_utf_8():
    found = formats.read("Commune;Titre\r\nBeauvais;Visite\r\n".encode("utf-16-le"))
    assert cells(found) == [["Beauvais", "Visite"]]


@pytest.mark.parametrize("declaration", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n'])
def test_excel_s_own_line_names_the_separator_and_is_no_row(declaration):
    found = formats.read(f"{declaration}Titre;Résumé, court\r\nA, b, c;D, e\r\n".encode())
    assert found.headers == ["Titre", "Résumé, court"]
    assert found.lines == [2]


def test_commas_in_the_texts_do_not_pass_for_the_separator():
    found = formats.read(b"Titre;Resume\nUn, deux, trois;quatre\nCinq;six, sept\nHuit, neuf;dix\n")
    assert found.separator == ";"


def test_one_column_is_a_table_too():
    assert cells(formats.read("Titre\nVélos, à louer\nBus\n".encode())) == [["Vélos, à louer"], ["Bus"]]


def test_blank_rows_are_left_out_but_count_as_lines():
    found = formats.read("\nTitre;Lieu\n;\nVélos;Ici\n \xa0;\u200b\nBus;Là\n".encode())
    assert found.lines == [4, 6]
    assert cells(found) == [["Vélos", "Ici"], ["Bus", "Là"]]


NOTICE = "DONNÉES PERSONNELLES – usage interne, à détruire après usage"


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ([], None),
        (["Réponses à l’enquête"], 2),
        ([NOTICE], 2),
        ([f"{NOTICE}{{0}}{{0}}"], 2),
        (["Réponses, été 2020", "", "À jour{0}12/05/2020"], 4),
        (["Titre"], 2),
        (["Une note"] * 9, 10),
        (["Collectivité{0}Projet"], 2),
        (["Enquête", "Projet{0}"], 3),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_headings_are_found_under_a_title_or_a_notice(above, line, separator):
    found = formats.read("".join(f"{row.format(separator)}\n" for row in above).encode() + csv(separator).encode())
    assert (found.headers, cells(found), found.separator) == (HEADINGS, ROWS, separator)
    assert found.lines == [len(above) + 2, len(above) + 3]
    assert found.understanding.partition(", titres de colonnes à la ligne ")[2] == (str(line) if line else "")


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        ("Enquête 2020\nQuoi;Où\nA;B\n", ["Quoi", "Où"]),
        ("Quoi;Où\nA;B\n", ["Quoi", "Où"]),
        ("Quoi;Titre\nCommune;Résumé\n", ["Quoi", "Titre"]),
        ("Titre\nA;B\n", ["Titre", ""]),
        ("Quoi\nA\n", ["Quoi"]),
        ("Quoi;Où\n" + "A;B\n" * 9 + "Titre;Commune\n", ["Quoi", "Où"]),
    ],
)
def test_first_row_that_may_have_the_headings_has_them(rows, headers):
    assert formats.read(rows.encode()).headers == headers


def test_title_and_headings_alone_are_nothing_to_import():
    with pytest.raises(UnreadableFile, match="que la ligne des titres"):
        formats.read("Réponses\nCommune;Titre\n".encode())


def test_longer_row_keeps_its_cells_under_headings_without_name():
    found = formats.read(b"Titre;Lieu\nA;B;C\nD\n")
    assert found.headers == ["Titre", "Lieu", ""]
    assert cells(found) == [["A", "B", "C"], ["D", None, None]]


TYPED = ["Texte", 12, 1.5, True, datetime(2020, 4, 15), "1\n2"]


@pytest.mark.parametrize(("build", "kind"), [(xlsx, "Excel (.xlsx)"), (ods, "OpenDocument (.ods)")])
class TestWorkbook:
    def test_cells_keep_their_types(self, build, kind):
        found = formats.read(build(list("abcdef"), TYPED))
        assert cells(found) == [TYPED]
        assert found.understanding == f"{kind}, feuille « Réponses »"

    def test_blank_cells_in_the_middle_of_a_row_hold_their_place(self, build, kind):
        found = formats.read(build(list("abcd"), [None, "b", None, "d"], [None] * 4, ["a", None, None, None]))
        assert cells(found) == [[None, "b", None, "d"], ["a", None, None, None]]
        assert found.lines == [2, 4]

    def test_first_sheet_that_holds_something_is_read(self, build, kind):
        empty = ("Vide", [], "visible") if build is xlsx else ("Vide", [])
        found = formats.read(build(["Titre"], ["A"], before=[empty]))
        assert (found.title, cells(found)) == ("Réponses", [["A"]])

    def test_empty_workbook(self, build, kind):
        with pytest.raises(UnreadableFile, match="vide"):
            formats.read(build())


def test_hidden_sheet_of_choices_is_not_read():
    hidden = ("Listes", [["Catégories"], ["Santé"]], "hidden")
    assert formats.read(xlsx(["Titre"], ["A"], before=[hidden])).title == "Réponses"


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with one piece of its parts in the place of another."""
    changed, times = BytesIO(), 0
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            times += part.count(old)
            target.writestr(name, part.replace(old, new))
    assert times
    return changed.getvalue()


def of_cell(cell: bytes) -> list:
    """What is read of a row whose first cell is written so, in XLSX."""
    data = xlsx(["Titre", "Lieu"], [12345, "B"])
    return cells(formats.read(replaced(data, b'<c r="A2" t="n"><v>12345</v></c>', cell)))[0]


def test_sheet_that_is_wrong_about_its_own_size_is_read_whole():
    wrong = replaced(xlsx(["Titre", "Lieu"], ["A", "B"]), b'ref="A1:B2"', b'ref="A1"')
    assert cells(formats.read(wrong)) == [["A", "B"]]


def test_formula_that_no_spreadsheet_has_computed_is_not_taken_for_a_blank():
    assert cells(formats.read(xlsx(["Titre", "Lieu"], ["=A1&B1", "B"]))) == [[UNCOMPUTED, "B"]]


def test_formula_whose_result_is_an_empty_text_is_a_blank():
    assert of_cell(b'<c t="str"><f>IF(B2="","",B2)</f><v></v></c>') == [None, "B"]
    assert of_cell(b'<c t="str"><f>IF(B2="","",B2)</f><v/></c>') == [None, "B"]


@pytest.mark.parametrize("cell", [b"<c><f>B2</f><v/></c>", b"<c><f>B2</f></c>", b'<c t="str"><f>B2</f></c>'])
def test_formula_without_a_result_is_told_from_an_empty_one(cell):
    assert of_cell(cell) == [UNCOMPUTED, "B"]


STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_workbook_of_the_strict_form_is_read():
    assert cells(formats.read(replaced(xlsx(["Titre"], ["A"]), TRANSITIONAL, STRICT))) == [["A"]]


@pytest.mark.parametrize(
    "foreign",
    [
        b"<extLst><ext><x:v xmlns:x='urn:x'>2</x:v></ext></extLst>",
        b"<extLst><ext><v>2</v></ext></extLst>",
        b"<x:v xmlns:x='urn:x'>2</x:v>",
        b"<m:AlternateContent xmlns:m='urn:m'><m:Choice><v>2</v></m:Choice></m:AlternateContent>",
        b"<o:c xmlns:o='urn:o' r='D9'/>",
        b"<v xmlns=''>2</v>",
    ],
)
def test_elements_of_other_namespaces_are_none_of_the_cell(foreign):
    assert of_cell(b"<c><v>1</v>%s</c>" % foreign) == [1, "B"]
    assert of_cell(b"<c>%s<v>1</v></c>" % foreign) == [1, "B"]


def test_text_within_an_element_of_another_namespace_is_none_of_the_cell():
    assert of_cell(b"<c t='str'><v>a<x xmlns='urn:x'>b<v>c</v></x>d</v></c>") == ["ad", "B"]


def test_first_value_of_a_cell_counts():
    assert of_cell(b"<c><v>1</v><v>2</v></c>") == [1, "B"]
    assert of_cell(b'<c t="str"><v></v><v>2</v></c>') == [None, "B"]


def of_texts(*texts: bytes, number: int = 1, **more) -> list:
    """What is read of an XLSX cell that has the number of one of these texts."""
    cells_of_row = b"<row><c t='s'><v>%d</v></c></row>"
    strings = [(b"<si><t>%s</t></si>" % text, 1) for text in (b"Titre", *texts)]
    rows = [(cells_of_row % 0, 1), (cells_of_row % number, 1)]
    return cells(formats.read(hostile_files.xlsx(rows=rows, strings=strings, **more)))


@pytest.mark.parametrize("number", [-1, -2, 2])
def test_number_of_a_text_that_the_workbook_does_not_have(number):
    assert of_texts(b"A") == [["A"]]
    with pytest.raises(UnreadableFile, match="abîmé"):
        of_texts(b"A", number=number)


@pytest.mark.parametrize("name", ["xl/SharedStrings.xml", "XL/sharedstrings.XML"])
def test_of_parts_whose_names_differ_in_case_the_exact_one_is_read(name):
    assert of_texts(b"A", **{name: b"<sst/>"}) == [["A"]]


def test_part_is_found_whatever_the_case_of_its_name():
    assert cells(formats.read(replaced(xlsx(["Titre"], ["A"]), b"/sheet1.xml", b"/SHEET1.xml"))) == [["A"]]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("_x005F_x005F_", "_x005F_"),
        ("_x005F_x000D_", "_x000D_"),
        ("x005F_", "x005F_"),
        ("ax005F_b", "ax005F_b"),
        ("a_x000D_\nb", "a\nb"),
        ("_x00E9_t_x00e9_", "été"),
        ("a_x0009_b", "a\tb"),
        ("a_x0000_b_x000B_", "ab"),
        ("_xD83D__xDE00_", "_xD83D__xDE00_"),
        ("_x12_ _x00ZZ_ snake_x", "_x12_ _x00ZZ_ snake_x"),
    ],
)
def test_escapes_of_excel(written, told):
    assert of_cell(b'<c t="str"><v>%s</v></c>' % written.encode()) == [told, "B"]
    assert of_cell(b"<c t='inlineStr'><is><t>%s</t></is></c>" % written.encode()) == [told, "B"]
    assert of_texts(written.encode()) == [[told]]


@pytest.mark.parametrize("times", [0, -1, -5])
@pytest.mark.parametrize("attribute", ["numbercolumnsrepeated", "numbercolumnsspanned", "numberrowsspanned"])
def test_ods_cell_that_is_there_no_time_is_there_once(attribute, times):
    def change(page):
        page.lastChild.firstChild.setAttribute(attribute, times)

    assert cells(formats.read(ods(["Titre", "Lieu"], ["A", "B"], change=change))) == [["A", "B"]]


def test_title_that_is_merged_over_the_sheet_stands_above_the_headings():
    rows = (["Réponses à l’enquête", None, None], HEADINGS, *ROWS)
    found = formats.read(xlsx(*rows, change=lambda book: book.active.merge_cells("A1:C1")))
    assert (found.headers, cells(found), found.lines, found.has_merged_headings) == (HEADINGS, ROWS, [3, 4], False)


def test_merged_cells_count_once():
    found = formats.read(
        xlsx(["Titre", "Lieu"], ["A", "B"], ["C", None], change=lambda book: book.active.merge_cells("B2:B3"))
    )
    (_, first), (_, second) = cells(found)
    assert not isinstance(first, MergedCell)
    assert isinstance(second, MergedCell)


def test_comment_of_an_ods_cell_is_not_its_text():
    def comment(page):
        note = office.Annotation()
        note.addElement(text.P(text="Une remarque"))
        row = page.getElementsByType(table.TableRow)[1]
        row.childNodes[0].insertBefore(note, row.childNodes[0].firstChild)

    assert cells(formats.read(ods(["Titre"], ["A"], change=comment))) == [["A"]]


def zip_of(**members) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


BROKEN = xlsx(["Titre"], ["A"])
DECLARED = [b"", b" SYSTEM 'a.dtd'", b" []", b" [<!ATTLIST c t CDATA 'str'>]", b" [<!ELEMENT c ANY>]"]
MANY = limits.MAX_ROWS + 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vide"),
        (b"  \r\n \n", "vide"),
        ("\ufeff".encode(), "vide"),
        (b"Titre;Lieu\n", "que la ligne des titres"),
        (xlsx(["Titre"]), "que la ligne des titres"),
        (b"%PDF-1.7 \x00\xff", "est un PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "ancien document de Microsoft Office"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "une image"),
        (b"<!doctype html><table><tr><td>1", "page web"),
        (bytes(range(1, 32)) * 20, "n’est pas un tableau"),
        (zip_of(word__document_xml="<w/>"), "document Word"),
        (zip_of(notes_xml="<w/>"), "une archive"),
        (BROKEN[: len(BROKEN) // 2], "abîmé"),
        (zip_of(xl__workbook_xml="<workbook/>"), "abîmé"),
        (zip_of(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_xml="<a"), "abîmé"),
        (
            zip_of(
                mimetype="application/vnd.oasis.opendocument.spreadsheet",
                content_xml='<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>',
            ),
            "abîmé",
        ),
        *(
            (replaced(BROKEN, b"<worksheet ", b"<!DOCTYPE a%s><worksheet " % declared), "abîmé")
            for declared in DECLARED
        ),
        (replaced(BROKEN, b"<sheetData>", b"<sheetData><a xmlns='%s'/>" % (b"u" * 300)), "abîmé"),
        (replaced(BROKEN, b"<sheetData>", b"<sheetData><a xmlns:b='%s'/>" % (b"u" * 300)), "abîmé"),
        (b'Titre;Lieu\nA;"B\nC;D\n', "jamais refermé"),
        (b'Titre;Lieu\nA;"B" ou "C"\n', "Ligne 2 du fichier : un guillemet"),
        (b"Titre;Lieu\nA;" + b"x" * 200_000, "dépasse 131\u202f072\u00a0caractères"),
        (b"a;" * 100_000 + b"\n1;2\n", "100\u202f000\u00a0cellules ; la limite est de 2\u202f000"),
        (b"Titre\n" + b"A\n" * MANY, "plus de 20\u202f000\u00a0lignes"),
        (xlsx(["Titre"] * 2_001, ["A"]), "2\u202f001\u00a0cellules"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_file_that_is_no_table_is_refused_in_a_sentence(data, message):
    with pytest.raises(UnreadableFile, match=message):
        formats.read(data)


def test_ods_of_a_million_equal_rows_or_columns_is_refused_at_once():
    wide = ods(
        ["Titre"], ["A"], change=lambda page: page.lastChild.firstChild.setAttribute("numbercolumnsrepeated", 10**6)
    )
    with pytest.raises(UnreadableFile, match="la limite est de 2\u202f000\u00a0colonnes"):
        formats.read(wide)
    long = ods(["Titre"], ["A"], change=lambda page: page.lastChild.setAttribute("numberrowsrepeated", 10**6))
    with pytest.raises(UnreadableFile, match="plus de 20\u202f000\u00a0lignes"):
        formats.read(long)


def test_file_above_the_limit_is_not_looked_into():
    with pytest.raises(UnreadableFile, match="Le fichier pèse 31 Mo, la limite est de 30 Mo"):
        formats.read(b"x" * (31 * 2**20))


def test_zip_bomb_is_not_opened(monkeypatch):
    monkeypatch.setattr(formats, "MAX_UNZIPPED", 2**20)
    bomb = zip_of(xl__workbook_xml=bytes(2**20 + 1))
    assert len(bomb) < 2**12
    with pytest.raises(UnreadableFile, match="Décompressé, le fichier dépasse 1 Mo"):
        formats.read(bomb)


@pytest.mark.parametrize("build", [xlsx, ods])
@pytest.mark.parametrize(
    ("field", "value"), [(8, 1), (10, zipfile.ZIP_BZIP2), (10, zipfile.ZIP_LZMA), (10, 9)], ids=str
)
def test_workbook_with_a_member_encrypted_or_compressed_as_no_spreadsheet_does(build, field, value):
    content = bytearray(build(["Titre"], ["A"]))
    # Of the last member, in the directory of the archive.
    content[content.rindex(b"PK\1\2") + field] = value
    with pytest.raises(UnreadableFile, match="Ce classeur est chiffré, ou compressé comme aucun tableur ne le fait"):
        formats.read(bytes(content))


def test_date_without_hour_of_an_ods_is_a_date():
    assert cells(formats.read(ods(["Début"], [date(2020, 4, 1)]))) == [[datetime(2020, 4, 1)]]


def test_line_ends_of_excel_cells_are_line_feeds():
    book = openpyxl.load_workbook(BytesIO(xlsx(["Titre"], ["Un_x000D_\ndeux"])))
    stream = BytesIO()
    book.save(stream)
    assert cells(formats.read(stream.getvalue())) == [["Un\ndeux"]]
