"""The headings of a table as its rows are judged by them, where nobody is there to be asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from initiatives.text.french import noun

from .column_matching import Match, match
from .headings import LABELS, REQUIRED, TERRITORY
from .survey_tools import made_by_tool


@dataclass
class Headings:
    """The headings of one file: `found` has the heading of each field as it is written there.

    `unsure` has those that may be a field, with its name; `twice` those that say what another says.
    """

    found: dict[str, str] = field(default_factory=dict)
    unsure: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    twice: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, headings: Iterable[str], mapping: Mapping[str, str | None] | None = None) -> "Headings":
        """Match the headings; `mapping` says by hand what a heading is (None: leave it out), and prevails."""
        headings, matched = list(headings), cls()
        told = dict.fromkeys(made_by_tool(headings)) | (mapping or {})
        for heading in headings:
            is_told = heading in told
            found = Match(told[heading] or "", is_sure=True, is_aside=True) if is_told else match(heading)
            if found.is_proposal:
                matched.unsure.append((heading, found.field))
            elif found.field in matched.found:
                matched.twice.append((matched.found[found.field], heading))
            elif found.field:
                matched.found[found.field] = heading
            elif found.is_aside:
                matched.derived.append(heading)
            elif heading:
                matched.unknown.append(heading)
        return matched


def wrong_headings(headings: Headings) -> Iterator[str]:
    """Columns that say the same, those that may be a field, and those without which no entry can be made."""
    for first, second in headings.twice:
        yield f"Les colonnes « {first} » et « {second} » disent la même chose : gardez-en une."
    for heading, name in headings.unsure:
        yield f"La colonne « {heading} » est peut-être « {LABELS[name]} » : donnez-lui ce titre, ou retirez-la."
    # A file of corrections names its entries, and need not repeat the rest.
    if "reference" not in headings.found:
        yield from missing_columns(headings.found)


def missing_columns(fields: Iterable[str]) -> Iterator[str]:
    """What no entry can be made without and is not among the fields, in one sentence."""
    fields = set(fields)
    absent = [LABELS[name] for name in REQUIRED if name not in fields]
    if not fields & set(TERRITORY):
        absent.append("Commune (ou Code INSEE, Collectivité, SIREN…)")
    if absent:
        yield f"{noun(len(absent), 'Il manque une colonne,Il manque des colonnes')} : {' ; '.join(absent)}."
