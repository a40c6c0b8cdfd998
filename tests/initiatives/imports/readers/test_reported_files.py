"""Files that failed for people, as they were sent: each is read as it was meant."""

from pathlib import Path

import pytest

from initiatives.imports.readers import formats

pytestmark = pytest.mark.no_database

FILES = Path(__file__).parent / "files"
WORKBOOK = ["Beauvais", "Essai classeur", "Service public", "2020-04"]


@pytest.mark.parametrize(
    ("name", "understood", "row"),
    [
        ("mac_roman.csv", "CSV, encodage Mac Roman", ["Beauvais", "Été à l’école", "Service public"]),
        ("utf8_un_octet_cp1252.csv", "CSV, encodage UTF-8", ["Compi\udce8gne", "Atelier", "Service public"]),
        ("mojibake_et_fffd.csv", "CSV, encodage UTF-8", ["Beauvais", "\ufffdpicerie num\ufffdrique", "Service public"]),
        (
            "espace_apres_virgule.csv",
            "CSV, encodage UTF-8, séparateur virgule",
            ["Beauvais", "Essai, un", "Économie locale"],
        ),
        ("220_colonnes.csv", "CSV, encodage UTF-8", ["Beauvais", "Large", "Service public", *["1"] * 217]),
        ("numbers_resume_export.xlsx", "Excel (.xlsx), feuille « Feuille 1 »", [*WORKBOOK, "https://a.fr"]),
        ("feuille_lisez_moi.xlsx", "Excel (.xlsx), feuille « Réponses »", [*WORKBOOK, "https://a.fr"]),
        ("strict_ooxml.xlsx", "Excel (.xlsx)", [*WORKBOOK, "https://a.fr"]),
        ("lien_hypertexte.xlsx", "Excel (.xlsx)", [*WORKBOOK, "Site du projet"]),
        ("style_vide.xlsx", "Excel (.xlsx)", [*WORKBOOK, "https://a.fr"]),
        ("classeur_a_un_autre_chemin.xlsx", "Excel (.xlsx)", [*WORKBOOK, "https://a.fr"]),
        (
            "mimetype_comprime.ods",
            "OpenDocument (.ods)",
            ["Beauvais", "Essai ODS", "Service public", "2020", "https://a.fr"],
        ),
        ("une_date_annee_21019.ods", "OpenDocument (.ods)", ["Beauvais", "D1", "Service public", "x", None]),
    ],
)
def test_reported_file_is_read_as_it_was_meant(name, understood, row):
    found = formats.read((FILES / name).read_bytes())
    assert found.understanding.startswith(understood)
    assert list(found[-1]) == row


def test_reported_link_keeps_its_address():
    assert formats.read((FILES / "lien_hypertexte.xlsx").read_bytes())[0][-1].addresses == (
        "https://www.beauvais.fr/projet",
    )
