"""A cell as a person reads it, whatever the spreadsheet made of it, and what is wrong with one."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.core.exceptions import ValidationError
from rapidfuzz import fuzz

from initiatives.exports.columns import BAR_IN_VALUE, SEPARATOR
from initiatives.text.characters import without_invisible
from initiatives.text.mojibake import is_spoilt, mended
from towns.names import fold, words

from .readers.tables import UNCOMPUTED

# Of Excel, LibreOffice, Google Sheets and Numbers, in English and in French, which puts a blank before « ! ».
FAILED_FORMULA = re.compile(
    r"#\s?(?:N/A|N/D|REF|VALUE|VALEUR|NAME|NOM|DIV/0|NULL|NUL|NUM|NOMBRE|SPILL|PROPAGATION|[EÉ]PARS|CALC|FIELD|CHAMP"
    r"|BLOCKED|BLOQU[EÉ]|UNKNOWN|INCONNU|CONNECT|CONNEXION|GETTING_DATA|BUSY|OCCUP[EÉ]|ERROR|ERREUR|PYTHON|EXTERNAL)"
    r"\s?[!?]?|Err\s?:\s?\d{3}|(?:Loading|Chargement)\s?(?:\.\.\.|…)",
    re.IGNORECASE,
)
DEFUSED = re.compile(r"^'(?=[=+@-])")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What a message repeats of a cell.
CLIP = 80
DIGITS = re.compile(r"\d+")
# A letter alone is no plural: « x habitants » ticks them, or crosses them out.
PLURAL = re.compile(r"\B[sx]\b")
# What changes nothing in a name, wherever it stands. « ? », « ! », « + », « = », « ~ » and the like are not among it.
PUNCTUATION = frozenset("'’‘`´-‐‑–—,.;:/()«»\"“”…·\u200d\ufe0f")
# What stands between commas, those in brackets aside.
BETWEEN_COMMAS = re.compile(r"(?:[^,(]|\([^()]*\)|\()+")
# A bullet before a name, as word processors make them (U+F0B7 in the font Symbol), and « en_cours ».
DECORATION = re.compile(r"^[•‣▪*\uf0b7]|(?<=[^\W_])_(?=[^\W_])")
# More than any name has: a box is looked for from each of its places.
LONGEST_NAME = 300
EMPTY_BOX = re.compile(r"[(\[{][\W_]*[)\]}]")
# What people and software write where there is nothing to say: as a whole cell, or as one value of a list.
NOTHING = frozenset(
    "nc na nr nd nsp nan null neant sansobjet nonconcerne nonconcernee nonrenseigne nonrenseignee nonapplicable"
    " noncommunique noncommuniquee nonprecise nonprecisee nondefini nondefinie nesaitpas nesaispas".split()
)
WITHOUT_OBJECT = frozenset({"s/o", "s.o.", "s.o"})
DASHES = re.compile(r"[-‐‑–—_/.…?\s]+")
LONGEST_NOTHING = 20
# A text that is longer names nothing.
LONGEST_MEANT = 1_000
# How much alike two texts are at least, of 100, for one to be proposed in place of the other.
ALIKE = 80
# What turns a text into its contrary.
CONTRARY = frozenset("non pas ni sans sauf hors aucun aucune jamais plus moins plutot ne n".split())


class CellError(ValidationError):
    """What is wrong with a cell, in French; `suggestions` are texts that would be right in its place.

    Where it is `unambiguous`, the one suggestion says what the cell says, otherwise written: the column
    takes it by itself, and lists that it did. `part` names the field at fault where a column is read from
    several; column, value and the rest of its place are known to whoever reads the row.
    """

    def __init__(
        self, message: str, *, suggestions: Iterable[str] = (), unambiguous: bool = False, part: str = "", code="cell"
    ):
        super().__init__(message, code=code)
        self.suggestions, self.part = tuple(suggestions), part
        self.unambiguous = unambiguous and len(self.suggestions) == 1
        self.field = self.column = self.value = ""


class CorrectedCell(str):
    """The text that somebody put in place of what the file has, which is `written`."""

    written: object = None

    @classmethod
    def of(cls, text: str, written) -> "CorrectedCell":
        cell = cls(text)
        cell.written = as_written(written)
        return cell


def as_written(cell):
    """The cell as the file has it, whatever was put in its place."""
    return cell.written if isinstance(cell, CorrectedCell) else cell


def text(cell) -> str:
    """The text of a cell: 12.0 as 12, nothing invisible, one kind of line end, no blank around the lines."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    read = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", str(cell)))
    if is_spoilt(read):
        raise _spoilt(read)
    if read == UNCOMPUTED or FAILED_FORMULA.fullmatch(read.strip()):
        raise CellError("La formule de cette cellule n’a pas de résultat : écrivez la valeur elle-même.")
    read = without_invisible(read)
    # The apostrophe that keeps a spreadsheet from computing a text is none of the text.
    return DEFUSED.sub("", "\n".join(line.strip() for line in read.split("\n")).strip())


def _spoilt(read: str) -> CellError:
    if meant := mended(read):
        return CellError(
            "Les accents de cette cellule ont été lus dans un autre encodage que le sien.", suggestions=[meant]
        )
    return CellError("Des lettres de cette cellule sont perdues (�) : écrivez son texte.")


def is_legible(cell) -> bool:
    try:
        text(cell)
    except CellError:
        return False
    return True


def as_read(stored: str) -> str:
    """What a stored text becomes in a cell that comes back: forms keep blanks and line ends that cells do not."""
    try:
        return text(stored)
    except CellError:
        return stored


def raw_text(cell) -> str:
    """The text of a cell, whatever is wrong with it."""
    try:
        return text(cell)
    except CellError:
        return clipped(cell)


def one_line(cell) -> str:
    # Lines have no blank around them, and a pattern with some would look for it from each of their places.
    return re.sub(r"\n+", " ", text(cell))


def plain(cell) -> str:
    """One line with ordinary blanks: for what is looked up, not kept."""
    return re.sub(r"\s+", " ", text(cell))


def is_dash(cell) -> bool:
    """Whether a cell has only dashes, dots or question marks."""
    return isinstance(cell, str) and len(cell) <= LONGEST_NOTHING and DASHES.fullmatch(cell) is not None


def is_nothing(cell) -> bool:
    """Whether a cell says that there is nothing to say: « NC », « n/a », « sans objet », « - »."""
    if not isinstance(cell, str) or len(cell) > LONGEST_NOTHING:
        return False
    folded = fold(cell)
    is_word = re.fullmatch(r"[a-z\s/.'()-]+", folded) and re.sub("[^a-z]", "", folded) in NOTHING
    return is_dash(cell) or bool(is_word) or folded.strip() in WITHOUT_OBJECT


def items(cell, *, commas: bool = False) -> list[str]:
    """The values of a list: bars between, as in our exports, else semicolons or new lines, else perhaps commas.

    A bar within a value is written as our exports write it.
    """
    read = text(cell)
    parts = next((parts for one in (r"\|", r"[;\n]") if len(parts := re.split(one, read)) > 1), [read])
    if commas and len(parts) == 1:
        parts = BETWEEN_COMMAS.findall(read)
    return [part.strip().replace(BAR_IN_VALUE, SEPARATOR) for part in parts if part.strip() and not is_nothing(part)]


def clipped(cell) -> str:
    """What a message repeats of a cell: its beginning, on one line."""
    try:
        read = plain(cell if not isinstance(cell, str) else cell[: CLIP * 4])
    except CellError:
        # A byte of another encoding is no character that can be kept.
        read = str(cell).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return f"{read[:CLIP]}…" if len(read) > CLIP else read


def listed(values: Iterable) -> str:
    return ", ".join(f"« {value} »" for value in values)


def sign(read: str, *names: str) -> str:
    """The first sign of a text that may change what it says: a cross, a box, a « ? », another currency, another script.

    These are what a comparison of letters and digits does not see. Empty if it has none but what the names have.
    """
    bare = DECORATION.sub("", read[:LONGEST_NAME])
    if (box := EMPTY_BOX.search(bare)) and not any(box[0] in name for name in names):
        return box[0]
    known = PUNCTUATION.union(*names)
    return next(
        (one for one in bare if not (one in known or one.isspace() or re.fullmatch("[a-z0-9]+", fold(one)))), ""
    )


def doubt(read: str, names: Iterable[str]) -> str:
    """The sentence about such a sign, with a blank after it; empty without one."""
    if not (found := sign(read, *names)):
        return ""
    if unicodedata.category(found[0]) in {"Mn", "Me"}:  # they are shown on a letter
        found = f"◌{found}"
    return f"Le signe « {found} » peut changer le sens de « {clipped(read)} » : écrivez sans lui ce qui est vrai. "


def proposals(read: str, names: Iterable[str], *, nearly: bool = True) -> dict:
    """What a CellError proposes in place of what was read, by its arguments: one of the names, or several.

    A name that is the same but for case, accents, plural endings, spacing and punctuation is
    unambiguous, unless another sign stands beside it; else come those that are spelt nearly alike,
    unless `nearly` is not enough.
    """
    return _proposals(read, tuple(names), nearly=nearly) if len(read) <= LONGEST_MEANT else {}


@lru_cache(maxsize=4096)
def _proposals(read: str, names: tuple[str, ...], *, nearly: bool) -> dict:
    bare = _without_plural(read)
    meant = [name for name in names if bare and _without_plural(name) == bare]
    return {
        "suggestions": meant or (_alike(read, names) if nearly else []),
        "unambiguous": len(meant) == 1 and not sign(read, *meant),
    }


def _without_plural(read: str) -> str:
    return PLURAL.sub("", words(read)).replace(" ", "")


def _alike(read: str, names: Iterable[str]) -> list[str]:
    """The names that are spelt nearly like what was read, the likest first.

    They have its numbers, its negations and as many words, each with the same first letter: one word more, such as
    « non » or « pas », or « in- » before one, says the contrary.
    """
    asked = words(read[:200])
    likeness = {name: fuzz.ratio(words(name), asked) for name in names if _outline(name) == _outline(asked)}
    found = [name for name, alike in likeness.items() if alike >= ALIKE]
    return sorted(found, key=likeness.get, reverse=True)[:3]


def _outline(read: str) -> tuple:
    """What two texts that mean the same have in common, however they are spelt."""
    said = words(read).split()
    return [word[0] for word in said], CONTRARY.intersection(said), DIGITS.findall(read)
