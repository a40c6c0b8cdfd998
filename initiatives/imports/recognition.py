"""The headings of a file as they are shown and asked about: cleaned, told apart, remembered from other files."""

import re
from collections.abc import Iterator

from initiatives.models import HeadingAlias
from initiatives.text.french import noun

from .cells import CellError, one_line
from .column_matching import Headings, match
from .headings import HEADINGS, key
from .readers.tables import Table

# How a heading was matched.
BY_NAME, BY_HAND, REMEMBERED, DERIVED, UNKNOWN, TWICE = "nom", "choix", "mémoire", "déduite", "inconnue", "double"
# A heading that comes again in its file: what it means there is nobody's guess, though we know the first.
AGAIN = re.compile(r" \(\d+\)$")


def remembered(headings: list[str]) -> dict[str, str | None]:
    """What somebody said of such headings for another file; what was said of our own is not obeyed."""
    keys = {one: heading for heading in headings if (one := key_to_remember(heading))}
    known = HeadingAlias.objects.filter(key__in=keys).values_list("key", "field")
    return {keys[one]: name or None for one, name in known if not name or name in HEADINGS}


def key_to_remember(heading: str) -> str:
    """What a choice for a heading is remembered by; nothing where it is not to be."""
    found = match(heading)
    return "" if (found.is_sure or found.is_aside) and not AGAIN.search(heading) else key(heading)[:200]


def clean_headings(table: Table):
    """The headings on one line each, without what cannot be seen, and none twice."""

    def cleaned(heading: str) -> str:
        try:
            return one_line(heading)[:200]
        except CellError:
            return ""

    table.headers = _told_apart([cleaned(heading) for heading in table.headers])


def _told_apart(headings: list[str]) -> list[str]:
    """A heading that comes again as « Contexte (2) »: what is said of it is said of one column."""
    made, taken, numbers = [], set(headings), {}
    for heading in headings:
        name = heading
        if heading in numbers:
            while name in taken:
                numbers[heading] += 1
                name = f"{heading[:190]} ({numbers[heading]})"
            taken.add(name)
        elif heading:
            numbers[heading] = 1
        made.append(name)
    return made


def wrong_headings(headings: Headings) -> Iterator[str]:
    """Columns that say the same, and those without which no entry can be made."""
    for first, second in headings.twice:
        yield f"Les colonnes « {first} » et « {second} » disent la même chose : gardez-en une."
    # A file of corrections names its entries, and need not repeat the rest.
    if "reference" not in headings.found and (missing := headings.missing):
        lack = noun(len(missing), "Il manque une colonne,Il manque des colonnes")
        yield f"{lack} : {' ; '.join(missing)}."


def described(headings: list[str], found: Headings, mapping: dict, by_hand: dict) -> list[dict]:
    """Each heading, the field that it is, and how that is known: by its name, by hand, from another file…"""
    fields = {heading: name for name, heading in found.found.items()}
    twice = {heading for _, heading in found.twice}
    made = []
    for heading in filter(None, headings):
        if heading in twice:
            how = TWICE
        elif heading in by_hand:
            how = BY_HAND
        elif heading in mapping:
            how = REMEMBERED
        elif heading in fields:
            how = BY_NAME
        else:
            how = DERIVED if heading in found.derived else UNKNOWN
        made.append({"heading": heading, "field": fields.get(heading, ""), "how": how})
    return made
