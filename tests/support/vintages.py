"""Small vintages of the COG for the tests, written as the files of the real one."""

import csv
from pathlib import Path

HEADINGS = {
    "regions.csv": ["code", "name", "zone"],
    "departments.csv": ["code", "name", "region_code", "zone"],
    "intercommunalities.csv": ["siren", "name", "kind", "department_code", "population", "members"],
    "communes.csv": [
        "insee_code",
        "name",
        "department_code",
        "population",
        "intercommunality_siren",
        "postal_codes",
        "longitude",
        "latitude",
    ],
}
OISE = ("60", "Oise", "32", "metro")
BEAUVAIS = ("60057", "Beauvais", "60", 56605, "200067999", "60000", 2.09, 49.43)
ALLONNE = ("60009", "Allonne", "60", 1756, "200067999", "60000", 2.11, 49.39)
BEAUVAISIS = ("200067999", "CA du Beauvaisis", "CA", "60", 104000, 53)


def write(
    directory: Path,
    *,
    towns=(BEAUVAIS, ALLONNE),
    intercommunalities=(BEAUVAISIS,),
    departments=(OISE,),
    regions=(("32", "Hauts-de-France", "metro"),),
) -> Path:
    rows = {
        "regions.csv": regions,
        "departments.csv": departments,
        "intercommunalities.csv": intercommunalities,
        "communes.csv": towns,
    }
    for name, headings in HEADINGS.items():
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([headings, *rows[name]])
    return directory
