"""CSV as tools and people write it: the encoding and the separator that are found, asked about or chosen."""

import pytest

from initiatives.imports.readers import formats
from initiatives.imports.readers.delimited import EncodingToChoose
from initiatives.imports.readers.encodings import OF_ONE_BYTE
from initiatives.imports.readers.errors import UnreadableFile

pytestmark = pytest.mark.no_database

ANSWERS = [
    "Commune;Titre;Axe",
    "Saint-Égrève;Été à l’école;Économie locale",
    "Compiègne;Ça marche : vélos prêtés aux lycéens;Santé",
    "L’Haÿ-les-Roses;Portail « démarches » à 5 €;Services publics",
]


def cells(found) -> list[list]:
    return [list(row) for row in found[:]]


def encoded(codec: str, lines=tuple(ANSWERS)) -> bytes:
    """The lines in an encoding, without the signs that it lacks."""
    return "\r\n".join(lines).encode(codec, "ignore")


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("codec", OF_ONE_BYTE)
def test_encoding_is_that_in_which_the_file_is_french(codec, end):
    data = encoded(codec)
    found = formats.read(data.replace(b"\r\n", end))
    assert found.encoding == OF_ONE_BYTE[codec]
    assert cells(found) == [line.split(";") for line in data.decode(codec).split("\r\n")[1:]]


@pytest.mark.parametrize("codec", OF_ONE_BYTE)
@pytest.mark.parametrize("word", ["Œuvre à l’école", "Épicerie numérique", "Forêt", "FÊTE", "Fête", "Île"])
def test_few_accents_are_enough(codec, word):
    data = encoded(codec, ["Commune;Titre", f"Creil;{word}"])
    assert cells(formats.read(data)) == [data.decode(codec).split("\r\n")[1].split(";")]


@pytest.mark.parametrize("codec", OF_ONE_BYTE)
def test_other_readings_are_shown_beside_the_one_that_was_found(codec):
    found = formats.read(encoded(codec))
    assert next(iter(found.readings)) == codec
    assert set(found.readings) == set(OF_ONE_BYTE)
    assert found.readings[codec] == encoded(codec).decode(codec).split("\r\n")[1:4]


AMBIGUOUS = b"Commune;Titre\r\nCreil;na\xefve\r\n"


def test_encoding_that_nothing_tells_is_asked_about_and_can_be_chosen():
    with pytest.raises(EncodingToChoose, match="choisissez la bonne") as asked:
        formats.read(AMBIGUOUS)
    assert set(asked.value.samples) == set(OF_ONE_BYTE)
    assert all(len(lines) == 1 for lines in asked.value.samples.values())
    for codec, lines in asked.value.samples.items():
        found = formats.read(AMBIGUOUS, codec)
        assert found.encoding == OF_ONE_BYTE[codec]
        assert lines == [";".join(found[0])]


def test_encoding_that_was_chosen_prevails():
    data = encoded("mac_roman")
    assert formats.read(data, "cp1252").encoding == "Windows-1252"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_one_byte_that_is_no_utf_8_spoils_its_cell_alone(codec):
    data = encoded(codec).replace("Compiègne".encode(), "Compiègne".encode("cp1252"))
    found = formats.read(data)
    assert found.encoding == "UTF-8"
    assert cells(found)[0] == ANSWERS[1].split(";")
    assert cells(found)[1] == ["Compi\udce8gne", *ANSWERS[2].split(";")[1:]]


def test_heading_that_is_spoilt_is_mended():
    data = "CatÃ©gorie;Titre;RÃ©sumÃ©\nSanté;A;B\n".encode() + b"x;y;z"
    assert formats.read(data).headers == ["Catégorie", "Titre", "Résumé"]
    assert formats.read(b"Cat\xe9gorie;Titre\n" + "Santé;Été".encode()).headers == ["Catégorie", "Titre"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_with_and_without_its_mark(codec):
    assert cells(formats.read(encoded(codec))) == [line.split(";") for line in ANSWERS[1:]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # A blank after the separator, before a quote
        ('Commune, Titre\nCreil, "Essai, un"\nLaon, "Deux"\n', [["Creil", "Essai, un"], ["Laon", "Deux"]]),
        ('Commune; Titre\nCreil;  "a; b"\n', [["Creil", "a; b"]]),
        # Whole lines in quotes: all, all but the headings, those alone that have quotes
        ('"Commune,Titre"\n"Creil,""Essai, un"""\n', [["Creil", "Essai, un"]]),
        ('Commune,Titre\n"Creil,""Essai, un"""\nLaon,Deux\n', [["Creil", "Essai, un"], ["Laon", "Deux"]]),
        ('"Quoi;Où;Qui"\n"A;B;C"\n"D;E;F"\n', [["A", "B", "C"], ["D", "E", "F"]]),
        # Other separators, those of others in the texts
        ("Commune\tTitre\nCreil\tUn; deux, trois\n", [["Creil", "Un; deux, trois"]]),
        ("Commune|Titre\nCreil|Un; deux, trois\n", [["Creil", "Un; deux, trois"]]),
        (
            "Commune,Titre\nCreil,Un; deux; trois\nLaon,Quatre; cinq\n",
            [["Creil", "Un; deux; trois"], ["Laon", "Quatre; cinq"]],
        ),
        ("Quoi,Où\nUn; deux,Ici\nTrois,Là\n", [["Un; deux", "Ici"], ["Trois", "Là"]]),
        # A cell too many keeps its place
        ("Commune;Titre\nCreil;Un;deux\n", [["Creil", "Un", "deux"]]),
        # What Excel says of the separator
        ("sep=|\nCommune|Titre\nCreil|Un; deux\n", [["Creil", "Un; deux"]]),
        # Line ends within quotes, quotes within a text
        ('Commune;Titre\r\nCreil;"Un\r\ndeux"\r\n', [["Creil", "Un\r\ndeux"]]),
        ('Commune;Titre\nCreil;Le "grand" marché\n', [["Creil", 'Le "grand" marché']]),
    ],
)
def test_odd_csv(text, rows):
    assert cells(formats.read(text.encode())) == rows


def test_lines_in_quotes_keep_their_numbers():
    assert formats.read(b'"Commune,Titre"\n\n"Creil,A"\n').lines == [3]


def test_one_column_whose_texts_have_commas_is_one():
    assert cells(formats.read('Titre\n"Vélos, à louer"\n"Bus"\n'.encode())) == [["Vélos, à louer"], ["Bus"]]


def test_file_of_another_kind_is_no_csv():
    with pytest.raises(UnreadableFile, match="n’est pas un tableau"):
        formats.read(b"MZ" + bytes(range(1, 32)) * 20)
