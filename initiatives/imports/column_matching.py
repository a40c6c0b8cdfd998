"""Which field of the record a heading names: for sure, perhaps, or not at all.

A heading is compared letter by letter, then by the words that say something: « Quelle est votre commune ? » is
« Commune ». What stands between brackets or after a colon tells a part (« Commune (Code INSEE) ») or an option
that the cells tick (« Publics visés [Seniors] »), or is a note (« Début (AAAA-MM) »).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from initiatives.models.record_table import BY_NAME, FieldKind
from towns.names import fold

from .headings import DERIVED, HEADINGS, KNOWN, LONGEST, PARTS, key
from .survey_tools import ANSWER_TEXT, HINTS, MARKS, OF_A_QUESTION

# Fields of which a row may have several values, and those of which the values are known.
SEVERAL = {
    *(name for name, row in BY_NAME.items() if row.kind in (FieldKind.LIST, FieldKind.SHARED, FieldKind.OWN)),
    "open_source_tools",
    "link_labels",
}
CHOSEN = {name for name, row in BY_NAME.items() if row.kind in (FieldKind.SHARED, FieldKind.CHOICE)} | {"category"}
NAMES = {"territory_name", "town_name", "intercommunality_name"}
CODES = {"territory_code", "insee_code", "siren"}

# Words that a question has and a heading has not. « avez », « a-t-il » are none: they ask whether, not what.
STOP = frozenset(
    "a afin au aux ce cette ces c cocher cochez completez d dans de decrire decrivez des detaillez donnez du en est et"
    " etre fut ici il indiquer indiquez l la le les leur leurs ma mentionnez merci mon nous notre nos ont par parmi"
    " plait pour precisez preciser presentez qu quel quelle quelles quels que qui quoi remplir renseignez saisir"
    " saisissez se selectionnez selon si sont son svp sur s un une veuillez vos votre vous the of your what is".split()
)
# What an initiative is called.
SUBJECT = dict.fromkeys("action demarche dispositif experience projet realisation".split(), "initiative")
# Alone among other words these say little: « Nature du sol », « Fin du bail ».
GENERIC = frozenset(
    "annee axe chiffre code cp date dep dept direction fait fin fonction id identifiant initiative libre lien limite"
    " mail nature nom poste public ref reference service site source titre type".split()
)
# What we want to know of nobody, whoever it is said of.
OF_PEOPLE = frozenset("age civilite fax genre mobile naissance portable sexe tel telephone".split())
# « Votre projet » may be its title or all of it; the « bénéficiaire » of a grant is a town.
AMBIGUOUS = {frozenset(["initiative"]), frozenset(["beneficiaire"])}
# At least so alike, of 100, a heading that is spelt nearly like one of ours may be it.
ALIKE = 88
NUMBERING = re.compile(r"^\s*(?:(?:(?:[A-Z]{1,3}\d+)+|\d+|[a-zA-Z](?=[.)]))(?:\.\d+)*\s*[.):_–-]+|[QV]\d+ )\s*(?=\S)")
BRACKETS = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}")
# Before the text of a question of LimeSurvey.
CODE = re.compile(r"^\s*[a-zA-Z]\w*(?:\[\w+\])*\.\s+(?=\S)")
# A code of LimeSurvey, beside the text of what it is the code of.
SUB_QUESTION = re.compile(r"[A-Z]{1,3}\d+")
ALTERNATIVES = re.compile(r"\s*(?:[/|,;&+]|\b(?:ou|et|or|and)\b)\s*")
BEFORE_OPTION = re.compile(r"\s*[:/>|]\s*|\s+[-–—]\s+")
LAST_NUMBER = re.compile(r"\s*(?:n°\s*)?\d{1,2}$")


@dataclass(frozen=True)
class Match:
    """The field that a heading names and whether that is sure; `option` is what a tick in its cells means.

    Columns that follow from others, or from the questions, are `aside`.
    """

    field: str = ""
    is_sure: bool = False
    option: str = ""
    is_aside: bool = False

    @property
    def is_proposal(self) -> bool:
        return bool(self.field) and not self.is_sure


ASIDE, UNKNOWN = Match(is_aside=True), Match()


def _telling(text: str) -> list[str]:
    """The words of a heading that tell what it is, without plural endings."""
    found = (word for word in re.findall(r"[a-z0-9]+", fold(text)) if word not in STOP)
    singular = (re.sub(r"(?<=\w{3})[sx]$", "", word) for word in found)
    return [SUBJECT.get(word, word) for word in singular]


def _by_words(names: Mapping[str, str]) -> dict[frozenset[str], str]:
    return {said: name for heading, name in reversed(names.items()) if (said := frozenset(_telling(heading)))}


WRITTEN = {heading: name for name, headings in HEADINGS.items() for heading in headings.split(" · ")}
BY_WORDS = _by_words(WRITTEN)
HINTED = BY_WORDS | _by_words({heading: name for name, headings in HINTS.items() for heading in headings.split(" · ")})


@lru_cache(maxsize=4096)
def match(heading: str) -> Match:
    """What a heading names, alone; whether its cells are ticks, and what stands beside it, is for its file to say."""
    if found := _exactly(heading):
        return found
    if OF_A_QUESTION.fullmatch(heading):
        return ASIDE
    bare = CODE.sub("", NUMBERING.sub("", heading[:LONGEST])).strip(" *:?")
    return _exactly(bare) or _in_brackets(bare) or _beside(bare) or _numbered(bare) or _perhaps(bare)


def _exactly(text: str) -> Match | None:
    if name := KNOWN.get(key(text)):
        return Match(name, is_sure=True)
    if key(text) in DERIVED:
        return ASIDE
    said = frozenset(_telling(NUMBERING.sub("", text)))
    if name := BY_WORDS.get(said):
        return Match(name, is_sure=said not in AMBIGUOUS)
    if name := BY_WORDS.get(rest := said - {"initiative"}):
        return Match(name, is_sure=not rest <= GENERIC)
    return None


def in_brackets(heading: str) -> list[str]:
    return ["".join(found.groups("")).strip(" :") for found in BRACKETS.finditer(heading)]


def _in_brackets(bare: str) -> Match | None:
    told = [one for one in in_brackets(bare) if key(one)]
    told = [one for one in told if not SUB_QUESTION.fullmatch(one)] or told
    if not told:
        return None
    outer, inner = BRACKETS.sub(" ", bare).strip(" .*:?"), re.sub(r"^from ", "", told[-1])
    if key(inner) in MARKS:
        return ASIDE
    base = match(outer) if key(outer) else UNKNOWN
    if key(inner) in ANSWER_TEXT:
        return base
    if whole := _exactly(f"{inner} {outer}"):
        return whole
    if within := _exactly(inner):
        is_part = not base.field or base.field in PARTS["territory"]
        if within.is_aside and is_part:
            return ASIDE
        if within.field and within.field != base.field:
            is_part &= not base.field or within.field in PARTS["territory"]
            return Match(within.field if is_part else base.field)
        return base
    is_option = base.field in CHOSEN or (base.field in SEVERAL and "[" in bare)
    return replace(base, option=inner) if is_option else base


def _beside(bare: str) -> Match | None:
    parts = [_exactly(part) for part in ALTERNATIVES.split(bare)]
    fields = {part.field if part else "" for part in parts}
    if len(parts) > 1 and all(fields):
        if len(fields) == 1:
            return parts[0]
        for several, name in ((NAMES, "territory_name"), (CODES, "territory_code")):
            if fields <= several:
                return Match(name, is_sure=True)
        return Match("territory_name" if fields & NAMES else parts[0].field)
    base, *rest = BEFORE_OPTION.split(bare, maxsplit=1)
    found = _exactly(base) if rest else None
    return replace(found, option=rest[0]) if found and found.field in CHOSEN and not _exactly(rest[0]) else None


def _numbered(bare: str) -> Match | None:
    """« Thème 2 »: one more value, where there may be several."""
    if (base := LAST_NUMBER.sub("", bare)) != bare and (found := _exactly(base)) and found.field:
        return replace(found, is_sure=found.is_sure and found.field in SEVERAL)
    return None


def _perhaps(bare: str) -> Match:
    """The field of which a heading has all the words among its own, or that is spelt nearly alike."""
    words = _telling(bare)
    if OF_PEOPLE & set(words):
        return UNKNOWN
    within = [one for one in HINTED if one == set(words) or (one <= set(words) and not one <= GENERIC)]
    if within:
        return Match(HINTED[max(within, key=lambda one: (len(one), -min(map(words.index, one))))])
    if alike := process.extractOne(key(bare), KNOWN.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE):
        return Match(KNOWN[alike[0]])
    return UNKNOWN
