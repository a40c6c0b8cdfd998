"""How French place names sort and become addresses."""

import re
import unicodedata

from django.db import models
from django.utils.text import slugify

# Typographic and elided articles: Le Havre sorts at H and L'Haÿ-les-Roses at H too, as in a French
# index, where the article follows the name: « Havre (Le) ».
ARTICLE = re.compile(r"^(?:les|le|la|l['’]|los|las|lou)\b[\s'’-]*", re.IGNORECASE)
LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Lower case, without accents or ligatures: « Œuvre d’Été » gives « oeuvre d'ete »."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def sort_key(name: str) -> str:
    """The folded words of a name without its article, so that Évreux sorts with E and Le Havre at H."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(name))
    bare = re.sub(r"[^a-z0-9]+", " ", fold(ARTICLE.sub("", name, count=1)))
    return (bare.strip() or words.strip())[:120]


def territory_slug(name: str, department_code: str) -> str:
    """« Beauvais », « 60 » gives « beauvais-60 »: an address that says which Saint-Denis is meant."""
    return slugify(f"{fold(name).replace(chr(39), '-')}-{department_code}")


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
