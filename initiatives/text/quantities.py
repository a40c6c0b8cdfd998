"""Amounts of money and lengths of time as people write them: what « 12 k€ » or « moins de 3 mois » may mean."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product

from towns.names import fold

# From how much to how much, both included.
Interval = tuple[Decimal, Decimal]

# More than any quantity has: what is longer is a text.
LONGEST = 100
LEAST, MOST = Decimal("0.01"), Decimal("Infinity")
# fmt: off
WORDS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "dix-huit": 18, "vingt": 20, "vingt-quatre": 24, "trente": 30,
    "une dizaine": 10, "une douzaine": 12, "une quinzaine": 15, "une vingtaine": 20,
}
# fmt: on
NUMBER = rf"\d[\d .,']*\d|\d|{'|'.join(sorted(WORDS, key=len, reverse=True))}"
GROUPED = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?=[.,]|$)")
DECORATION = re.compile(r"^(?:[•‣▪*–-] *(?=[^\W\d]))|^[«\"“] *| *[.;»\"”]+$")
# What is said before a quantity, and the intervals that it makes of one.
BEFORE = (
    (r"moins d(?:e |')|inferieure? a |< ?", lambda low, high: (LEAST, high - LEAST)),
    (r"jusqu'a |au plus |maximum |max\.? |[≤] ?|<= ?", lambda low, high: (LEAST, high)),
    (r"plus d(?:e |')|superieure? a |> ?", lambda low, high: (low + LEAST, MOST)),
    (r"au moins |a partir de |minimum |[≥] ?|>= ?", lambda low, high: (low, MOST)),
    (
        r"environ |env\.? |autour de |a peu pres |pres de |approximativement |[~≈] ?",
        lambda low, high: (low * Decimal("0.9"), high * Decimal("1.1")),
    ),
)
ABOUT, EXACTLY = len(BEFORE) - 1, len(BEFORE)
AFTER = {"environ": ABOUT, "maximum": 1, "max": 1, "au plus": 1, "minimum": 3, "au moins": 3}


@dataclass(frozen=True)
class Measure:
    """What is measured: its units, each a pattern and how much it is, and words beside it that change nothing.

    `bare` says in what units a number without one may be.
    """

    units: Mapping[str, Decimal]
    bare: Callable[[Decimal], tuple[Decimal, ...]]
    before: str
    after: str

    @cached_property
    def _pattern(self) -> re.Pattern:
        quantity = rf"({NUMBER})(?: ?(?:de |d')?({'|'.join(self.units)}))?"
        kinds = "|".join(f"({pattern})" for pattern, _ in BEFORE)
        return re.compile(
            rf"(?:(?:{self.before}) ?)?(?:{kinds})?(?:entre |de )?{quantity}"
            rf"(?: ?(?:a|et|ou|-|–|/) ?{quantity})?(?: ?(?:{self.after}))*(?: ({'|'.join(AFTER)}))?"
        )

    def unit_of(self, heading: str) -> Decimal | None:
        """How much the unit is that a heading names: « Coût (k€) », « Délai en mois »."""
        found = re.search(rf"(?:[(,\[] ?|\b)(?:en )?({'|'.join(self.units)})[)\]]?$", _folded(heading))
        return self._scale(found[1]) if found and re.search(r"[(,\[]|\ben ", _folded(heading)) else None

    def readings(self, text: str, unit: Decimal | None = None) -> list[Interval]:
        """What a text may say, the likeliest first: nothing where it is no such quantity.

        `unit` is that of a number without one, where its column tells.
        """
        if len(text) > LONGEST:
            return []
        read = DECORATION.sub("", DECORATION.sub("", _folded(text)))
        found = self._pattern.fullmatch(read)
        if not found:
            return []
        *befores, first, its_unit, second, other_unit, after = found.groups()
        kind = next((at for at, one in enumerate(befores) if one), AFTER.get(after, EXACTLY))
        if second and kind not in (EXACTLY, ABOUT):
            return []
        lows = self._values(first, its_unit or other_unit, unit)
        highs = self._values(second, other_unit or its_unit, unit) if second else []
        pairs = product(lows, highs) if second else zip(lows, lows, strict=True)
        return [self._interval(kind, low, high) for low, high in pairs if low <= high]

    def _interval(self, kind: int, low: Decimal, high: Decimal) -> Interval:
        return (low, high) if kind == EXACTLY else BEFORE[kind][1](low, high)

    def _scale(self, written: str) -> Decimal:
        return next(scale for pattern, scale in self.units.items() if re.fullmatch(pattern, written))

    def _values(self, number: str, written: str | None, unit: Decimal | None) -> list[Decimal]:
        values = []
        for one in numbers(number):
            scales = (self._scale(written),) if written else (unit,) if unit else self.bare(one)
            values += [one * scale for scale in scales]
        return values


def _folded(text: str) -> str:
    # A capital M is a million; a small one may be a metre or a month.
    read = re.sub(r"(?<=\d)( ?)M(?![a-zA-Z€])", r"\1millions", text)
    return re.sub(r"\s+", " ", fold(read.replace("€", "euros"))).strip()


def numbers(written: str) -> list[Decimal]:
    """What a number in figures or in words may be: « 25.000 » is either 25 000 or 25."""
    if written in WORDS:
        return [Decimal(WORDS[written])]
    if grouped := GROUPED.match(written):
        written = re.sub(r"[ ']", "", grouped[0]) + written[grouped.end() :]
    *wholes, last = re.split(r"[.,]", written)
    signs = re.sub(r"\d", "", written)
    if not all(part.isdigit() for part in (*wholes, last)):
        return []
    if not wholes:
        return [Decimal(last)]
    thousands, decimals = Decimal("".join(wholes) + last), Decimal(f"{''.join(wholes)}.{last}")
    are_grouped = len(wholes[0]) <= 3 and all(len(part) == 3 for part in wholes[1:])
    if len(wholes) == 1:
        may_be_thousands = are_grouped and len(last) == 3 and not (grouped or written.startswith("0"))
        return [thousands, decimals] if may_be_thousands else [decimals]
    if len(set(signs)) == 1:
        return [thousands] if are_grouped and len(last) == 3 else []
    return [decimals] if are_grouped and len(set(signs[:-1])) == 1 and signs[-1] not in signs[:-1] else []
