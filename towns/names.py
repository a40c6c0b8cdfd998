"""How French place names sort, are found and become addresses."""

import re
import unicodedata

from django.db import models

LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "’": "'"})
# Few characters are: looking at these alone is what makes folding a long text quick.
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# The articles of the COG (its column TNCC), but for « aux », which is a preposition as well.
ARTICLE = re.compile(r"^(?:l|la|las|le|les|los) ")
# « CA du », « Communauté de communes de l' »: what an EPCI is, before what it is called.
EPCI_KIND = re.compile(
    r"^(?:c[acu]|communaute (?:de communes|d agglomeration|urbaine)) (?:(?:de la|de l|de|du|des|d) )?"
)
ABBREVIATIONS = {"st": "saint", "sts": "saints", "ste": "sainte", "stes": "saintes"}


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: « Œuvre d’Été » gives « oeuvre d'ete »."""
    if text.isascii():
        return text.lower()
    return NOT_ASCII.sub(_unless_mark, unicodedata.normalize("NFKD", text.translate(LIGATURES))).lower()


def _unless_mark(found: re.Match) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def words(text: str) -> str:
    """The folded words of a text, a blank between: « St-Ouen-l’Aumône » gives « saint ouen l aumone »."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", fold(text)))


def sort_key(name: str) -> str:
    """The folded words of a name without its article: Évreux sorts with E, Le Havre and L'Haÿ-les-Roses at H.

    So do French indexes, where the article follows the name: « Havre (Le) ».
    """
    return ARTICLE.sub("", words(name))[:120]


def epci_sort_key(name: str) -> str:
    """Sort key of an EPCI without its kind: « CA du Beauvaisis » stands at B, beside Beauvais."""
    return sort_key(EPCI_KIND.sub("", words(name)))


def territory_slugs(name: str, department_code: str, code: str) -> tuple[str, str]:
    """The address of a territory and the one that it takes where the first is taken.

    « Beauvais », « 60 » gives « beauvais-60 »: it says which Saint-Denis is meant. The other one
    ends with the code, so that it is never taken.
    """
    base = "-".join(re.findall(r"[a-z0-9]+", fold(f"{name} {department_code}")))
    return base, f"{base}-{code.lower()}"


class BytewiseField(models.CharField):
    """Text that both databases compare by its bytes, whatever the collation of the server."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


class SortKeyField(BytewiseField):
    """Where a name stands in the alphabet: filled at save, never typed."""

    def __init__(self, *args, max_length: int = 120, editable: bool = False, **kwargs):
        super().__init__(*args, max_length=max_length, editable=editable, **kwargs)
