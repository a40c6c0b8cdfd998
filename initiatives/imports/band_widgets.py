"""Cells that tell a band: of an amount of money, or of a length of time."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from initiatives.models import Initiative
from initiatives.text.quantities import LEAST, MOST, Interval, Measure

from .cells import CellError, listed, plain, proposals
from .choice_widgets import ChoiceWidget
from .headings import key

EURO = r"(?:d')?(?:euros?|eur)"
TAXES = r"ttc|h\.?t\.?|hors taxes?|toutes taxes comprises|au total"
YEARLY = r"par an|/ ?an|annuels?|/ ?annee|l'annee"
SPENT = r"(?:cout|montant|budget|total)(?: total| annuel)? ?(?:: ?|= ?|d'|de )"
MONEY = Measure(
    {
        rf"k ?(?:{EURO}|e)?|milliers? ?{EURO}|mille ?{EURO}": Decimal(1_000),
        rf"m ?(?:{EURO})|millions?(?: ?{EURO})?": Decimal(1_000_000),
        rf"milliards?(?: ?{EURO})?|mds? ?(?:{EURO})": Decimal(1_000_000_000),
        EURO: Decimal(1),
    },
    # A small number under « Coût » may be in thousands.
    bare=lambda number: (Decimal(1), Decimal(1_000)) if 0 < number < 100 else (Decimal(1),),
    before=f"{SPENT}|{EURO}",
    after=TAXES,
)
SYMBOLS = {Decimal(1): "€", Decimal(1_000): "k€", Decimal(1_000_000): "M€", Decimal(1_000_000_000): "Md€"}
COSTS = {
    Initiative.Cost.NONE: (Decimal(0), Decimal(0)),
    Initiative.Cost.UNDER_1K: (LEAST, 1_000 - LEAST),
    Initiative.Cost.UNDER_10K: (Decimal(1_000), Decimal(10_000)),
    Initiative.Cost.UNDER_50K: (Decimal(10_000), Decimal(50_000)),
    Initiative.Cost.UNDER_200K: (Decimal(50_000), Decimal(200_000)),
    Initiative.Cost.OVER_200K: (200_000 + LEAST, MOST),
}
FREE_OF_CHARGE = {"gratuit", "gratuite", "gratuitement", "sansfrais"}
# In days; a month has 30 of them, and a year twelve months.
TIME = Measure(
    {
        r"h|heures?": Decimal(1) / 24,
        r"j|jrs?|jours?": Decimal(1),
        r"sem\.?|semaines?": Decimal(7),
        r"mois": Decimal(30),
        r"ans?|annees?": Decimal(360),
    },
    bare=lambda number: (),
    before=r"en|sous|duree ?:|delai ?:",
    after=r"d'environ",
)
# Those of some days and of some weeks overlap: whoever answered says which.
LEAD_TIMES = {
    Initiative.LeadTime.DAYS: (LEAST, Decimal(13)),
    Initiative.LeadTime.WEEKS: (Decimal(7), 30 - LEAST),
    Initiative.LeadTime.MONTHS: (Decimal(30), Decimal(180)),
    Initiative.LeadTime.LONG: (180 + LEAST, MOST),
}


class BandWidget(ChoiceWidget):
    """One of the bands of a quantity, or a quantity that lies in one of them; that of two is asked about.

    Another number, in figures or in words, is another one: no label that is spelt alike is proposed.
    """

    nearly = False
    # A minus, also the accountants' brackets, and what makes two numbers of one.
    NEGATIVE = re.compile(r"[-‐‑–—]\s*\d|[(/:;)…]")

    def __init__(self, measure: Measure, bands: Mapping[str, Interval], **kwargs):
        super().__init__(type(next(iter(bands))), **kwargs)
        self.measure, self.bands, self.unit = measure, bands, None

    def clean(self, value, row=None, **kwargs) -> str:
        read, labels = plain(value), self.choices.labels
        if read in self.choices.values or not (readings := self.measure.readings(read, self.unit)):
            return self._label(read)
        meant = {band for reading in readings for band in self._holding(reading) or self._crossing(reading)}
        if len(meant) == 1:
            return meant.pop()
        raise CellError(
            f"Cela ne dit pas une seule tranche : choisissez. Attendu : {listed(labels)}.",
            suggestions=[band.label for band in self.bands if band in meant],
        )

    def _label(self, read: str) -> str:
        labels = self.choices.labels
        if read not in self.choices.values and (found := self.NEGATIVE.search(read)):
            raise CellError(
                f"Le signe « {found[0][0]} » peut changer le nombre : écrivez la tranche sans lui."
                f" Attendu : {listed(labels)}.",
                suggestions=proposals(read, labels, nearly=False).get("suggestions", ()),
            )
        return super().clean(read)

    def _holding(self, reading: Interval) -> list:
        low, high = reading
        return [band for band, (least, most) in self.bands.items() if least <= low and high <= most]

    def _crossing(self, reading: Interval) -> list:
        low, high = reading
        return [band for band, (least, most) in self.bands.items() if low < most and least < high]


class CostWidget(BandWidget):
    """The band of an amount of money; `after` are words that may follow it."""

    def __init__(self, *, after: str = "(?!)", **kwargs):
        super().__init__(replace(MONEY, after=f"{TAXES}|{after}"), COSTS, **kwargs)

    def clean(self, value, row=None, **kwargs) -> str:
        if key(read := plain(value)) in FREE_OF_CHARGE:
            raise CellError(
                f"« {read} » se dit de ce que cela coûte, ou de ce que l’usager paie : choisissez."
                f" Attendu : {listed(self.choices.labels)}.",
                suggestions=[Initiative.Cost.NONE.label],
            )
        return super().clean(value, row, **kwargs)


def amount(cell, heading: str) -> str:
    """The amount as a cell says it, with the unit of its heading; nothing where it names a band or none."""
    read = plain(cell)
    is_band = read in Initiative.Cost.values or key(read) in map(key, Initiative.Cost.labels)
    if is_band or not re.search(r"\d", read):
        return ""
    unit = SYMBOLS.get(MONEY.unit_of(heading)) if re.fullmatch(r"[\d\s.,]+", read) else None
    return f"{read} {unit}" if unit else read
