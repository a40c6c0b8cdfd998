"""What people and spreadsheets write of a territory: its code spoilt, its name with a département or a postal code."""

import re

from .models import Territory, Town

TOWN_CODE = re.compile(r"\d[\dAB]\d{3}")
# « 1004.0 » and « 1004,0 », as software that takes a code for a number writes it; « 60.057 », with a dot at thousands.
# The dot of another number separates decimals: without it, the digits would be the code of another place.
NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]0+)?")
# « 60 057 », « 200 067 999 00012 »; the blank of « 1004 0 » may stand for the comma of a number.
BLANK = re.compile(r"\s+(?=(?:\d{3}|\d{5})\b)")
SIREN = re.compile(r"\d{9}")
# « Beauvais (60) »: how we print a territory.
PRINTED = re.compile(r"(?P<name>.*[^\s(])\s*\(\s*(?P<department>\d{1,3}|2[AaBb])\s*\)")
# « Beauvais - 60 », « Beauvais, 60 », « Beauvais 60 » as well: how people tell homonyms apart.
NAME_AND_DEPARTMENT = re.compile(r"(?P<name>.*[^\s(,–-])\s*[\s(,–-]\s*(?P<department>\d{1,3}|2[AaBb])\s*\)?")
# « Compiègne, Oise », « Saint-Denis (La Réunion) »: where it is the name of a département.
NAME_AND_NAME = re.compile(r"(?P<name>.*[^\s(,])\s*[(,]\s*(?P<department>[^\d(),]+?)\s*\)?")
# « Châteldon (63290) », « 63290 Châteldon », « Châteldon 63290 »
POSTAL = re.compile(r"(?P<before>\d{5})\s+(?P<name>\D+)|(?P<alone>.*[^\s\d(,–-])\s*[\s(,–-]\s*(?P<after>\d{5})\s*\)?")


def code_in(text: str) -> str:
    """The code as it is stored, for whatever a spreadsheet made of it."""
    code = BLANK.sub("", text.strip()).upper()
    if number := NUMBER.fullmatch(code):
        code = number["whole"].replace(".", "")
    if re.fullmatch(r"\d{4}", code):
        return f"0{code}"  # 01004, taken for a number
    return code[:9] if re.fullmatch(r"\d{14}", code) else code  # a SIRET begins with the SIREN


def name_and_department(name: str, form: re.Pattern = NAME_AND_DEPARTMENT) -> tuple[str, str]:
    """« Beauvais (60) » gives Beauvais and 60; of a name of another form the département is empty."""
    parts = form.fullmatch(name)
    return (parts["name"], parts["department"]) if parts else (name, "")


def name_and_postal_code(name: str) -> tuple[str, str]:
    """« Châteldon (63290) » gives Châteldon and 63290; of a name without one the postal code is empty."""
    parts = POSTAL.fullmatch(name)
    return (parts["name"] or parts["alone"], parts["before"] or parts["after"]) if parts else (name, "")


def is_among(postal_code: str, place: Territory) -> bool:
    return code_in(postal_code) in getattr(place, "postal_codes", "").split("|")


def is_far(postal_code: str, town: Town) -> bool:
    """Whether a postal code begins like none of a town: those of companies are listed nowhere, but begin alike."""
    near = {one[:2] for one in town.postal_codes.split("|") if one}
    return bool(near) and code_in(postal_code)[:2] not in near
