"""Amounts and lengths of time as people write them, in their band, or asked about: never in another one."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.imports.band_widgets import LEAD_TIMES, TIME, YEARLY, BandWidget, CostWidget
from initiatives.imports.cells import CellError, CorrectedCell
from initiatives.imports.readers.tables import Table
from initiatives.models import Initiative
from tests.support import factories
from tests.support.imports import load

Cost = Initiative.Cost


def proposed(widget, cell) -> tuple[str, ...]:
    with pytest.raises(CellError) as refused:
        widget.clean(cell)
    return refused.value.suggestions


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        *[(cell, "0") for cell in (0, "0 €", "0,00 €", "aucun", "0")],
        *[(cell, "lt1") for cell in ("999,99 €", "110", "moins de 500 €", "moins de 10,00 €", "lt1", 250.5, "0,5 k€")],
        *[(cell, "1-10") for cell in (
            "2 495 €", "2\u202f495,00\u00a0€ TTC", "2495", 2495, 2495.0, "2.495,00", "2,495.00", "1000", "1-10",
            "2'495", "2 à 3 k€", "2 000 - 3 000 €", "entre 2 000 et 3 000 euros", "5 000 à 10 000 €", "1 234.50 EUR",
            "trois mille euros", "Montant total : 4 500 € HT",
        )],
        *[(cell, "10-50") for cell in (
            "25.000,00", "12 k€", "12K€", "12 Ke", "12 keuros", "environ 12 000 €", "12 000 € environ", "~ 12 000 €",
            "10 à 20 k€", "12 milliers d’euros", "€ 12 000", "EUR 12000", "« 12 000 € »",
        )],
        *[(cell, "50-200") for cell in ("150 000 €", "200 000", 200_000, "0,15 M€", "60-70 k€")],
        *[(cell, "gt200") for cell in (
            "1,5 M€", "1.5M", "1,5 million d’euros", "plus de 250 000 €", "200 001 €", "1.234.567", "au moins 300 k€",
        )],
    ],
)  # fmt: skip
def test_amount_is_read_in_its_band(cell, band):
    assert CostWidget().clean(cell) == band


@pytest.mark.parametrize(
    ("cell", "bands"),
    [
        *[(cell, [Cost.NONE]) for cell in ("Gratuit", "gratuite.", "Sans frais")],
        ("25.000", [Cost.UNDER_1K, Cost.UNDER_50K]),
        ("25,000 €", [Cost.UNDER_1K, Cost.UNDER_50K]),
        ("12", [Cost.UNDER_1K, Cost.UNDER_50K]),
        ("10 000 €", [Cost.UNDER_10K, Cost.UNDER_50K]),
        ("environ 10 000 €", [Cost.UNDER_10K, Cost.UNDER_50K]),
        ("5 000 à 15 000 €", [Cost.UNDER_10K, Cost.UNDER_50K]),
        ("moins de 10 000 €", [Cost.UNDER_1K, Cost.UNDER_10K]),
        ("plus de 50 k€", [Cost.UNDER_200K, Cost.OVER_200K]),
    ],
)
def test_amount_of_several_bands_is_asked_about(cell, bands):
    assert proposed(CostWidget(), cell) == tuple(band.label for band in bands)


@pytest.mark.parametrize(
    "cell",
    [
        "-500 €", "(500)", "– 500", "500 €/mois", "500 € par mois", "2 € par habitant", "2 495 $", "2 495 £", "12 m",
        "1 23 456", "1.23.456", "1,234.567,8", "3 000 € + 2 000 €", "pas 3 000 €", "pas moins de 1 000 €", "1 %",
        "12 000 € par an", "de 10 000 à 5 000 €", "quelqu’un", "2 495 € ?", "aucun sauf 200 €", "1e3", "2026-10-01",
        "cher", "9" * 120,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_nothing_is_proposed(cell):
    assert proposed(CostWidget(), cell) == ()


def test_amount_of_a_year_is_one_of_the_yearly_cost():
    assert (
        CostWidget(after=YEARLY).clean("12 000 € / an") == CostWidget(after=YEARLY).clean("12 k€ HT par an") == "10-50"
    )


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        *[(cell, "days") for cell in ("3 jours", "trois jours", "48 h", "2 j.", "quelques jours")],
        *[(cell, "weeks") for cell in ("15 jours", "une quinzaine de jours", "3 semaines", "2-3 semaines", "20 jrs")],
        *[(cell, "months") for cell in ("3 mois", "trois mois", "Un mois", "6 mois", "2 à 4 mois", "environ 3 mois",
                                        "6 semaines", "un à cinq mois", "90 jours")],
        *[(cell, "long") for cell in ("un an", "1 an", "18 mois", "7 mois", "plus de dix mois", "deux ans")],
    ],
)  # fmt: skip
def test_length_of_time_is_read_in_its_band(cell, band):
    assert BandWidget(TIME, LEAD_TIMES).clean(cell) == band


@pytest.mark.parametrize(
    ("cell", "bands"),
    [
        ("10 jours", ("quelques jours", "quelques semaines")),
        ("moins de six mois", ("quelques jours", "quelques semaines", "un à six mois")),
        ("plus de trois mois", ("un à six mois", "plus de six mois")),
        ("un an à six mois", ()),
        ("3", ()),
        ("quelques mois", ()),
        ("pas plus de six mois", ()),
    ],
)
def test_length_of_time_of_several_bands_is_asked_about(cell, bands):
    assert proposed(BandWidget(TIME, LEAD_TIMES), cell) == bands


amounts = st.decimals(Decimal(0), Decimal(2_000_000), places=2)
FORMS = [
    lambda one: f"{one:,.2f} €".replace(",", " ").replace(".", ","),
    lambda one: f"{one:,.2f}".replace(",", "\u202f"),
    lambda one: f"{one:,.2f}".translate(str.maketrans(",.", ".,")),
    lambda one: f"{one / 1000:.5f} k€".replace(".", ","),
    lambda one: f"{one} euros TTC",
    float,
]


@given(amounts, st.sampled_from(FORMS))
def test_amount_is_never_read_in_a_band_where_it_is_not(amount, form):
    bounds = {"0": (0, 0), "lt1": (0, 1000), "1-10": (1000, 10_000), "10-50": (10_000, 50_000),
              "50-200": (50_000, 200_000), "gt200": (200_000, 10**9)}  # fmt: skip
    try:
        least, most = bounds[CostWidget().clean(form(amount))]
    except CellError:
        assert amount in (10_000, 50_000) or amount < 100
    else:
        assert least <= amount <= most


@given(st.text(alphabet="0123456789 .,€kKM-àdemoins%/()", max_size=14))
def test_whatever_is_written_is_a_band_or_a_sentence(cell):
    for widget in (CostWidget(), BandWidget(TIME, LEAD_TIMES)):
        with suppress(CellError):
            assert widget.clean(cell) in ["", *widget.choices.values]


class TestRow:
    """What the other columns say of an amount."""

    @pytest.fixture(autouse=True)
    def beauvais(self):
        return factories.town(name="Beauvais", insee_code="60057")

    def after(self, **cells) -> dict:
        row = {"Code INSEE": "60057", "Titre": "Vélos", "Catégorie": "cohesion-sociale"} | cells
        [judged] = load(Table(list(row.values()), headers=list(row))).rows
        assert [str(fault) for fault in judged.faults] == []
        return judged.after

    @pytest.mark.parametrize(
        ("cells", "details"),
        [
            ({"Coût": "2 495 € TTC"}, "2 495 € TTC"),
            ({"Coût": "2 495 €", "Coût annuel": "300 €"}, "2 495 € ; 300 €"),
            ({"Coût": "2 495 €", "Coût, en clair": "selon devis"}, "selon devis"),
            ({"Coût": "2 495 €", "Coût, en clair": ""}, "2 495 €"),
            ({"Coût": CorrectedCell.of("de 1 000 à 10 000 €", "5 000 à 15 000 €")}, "5 000 à 15 000 €"),
            ({"Coût": "de 1 000 à 10 000 €"}, ""),
            ({"Coût": "De 1000 à 10000 €", "Coût annuel": "aucun"}, ""),
            ({"Coût": "1-10"}, ""),
            ({"Coût (k€)": "12"}, "12 k€"),
            ({"Coût (k€)": "0,5"}, "0,5 k€"),
            ({"Coût (k€)": "12 000 €"}, "12 000 €"),
            ({"Coût (en millions d’euros)": "1,5"}, "1,5 M€"),
            ({"Coût (€)": "2495"}, "2495 €"),
        ],
    )  # fmt: skip
    def test_keeps_the_amount_as_it_is_written(self, cells, details):
        assert self.after(**cells).get("cost_details") == details

    def test_keeps_what_an_entry_says_of_its_cost(self):
        self.after(**{"Coût": "2 495 €", "Coût, en clair": "selon devis"})
        assert "cost_details" not in self.after(Coût="3 000 €")

    @pytest.mark.parametrize(
        ("heading", "cell", "band"),
        [
            ("Coût (k€)", "12", "10-50"),
            ("Coût annuel en milliers d’euros", "0,5", "lt1"),
            ("Coût (k€)", "12 000 €", "10-50"),
            ("Coût (€)", "12", "lt1"),
            ("Délai (en mois)", "7", "long"),
            ("Délai (semaines)", "3", "weeks"),
        ],
    )
    def test_number_is_of_the_unit_of_its_heading(self, heading, cell, band):
        field = {"Coût annuel en milliers d’euros": "yearly_cost"}.get(heading)
        row = {"Code INSEE": "60057", "Titre": "Vélos", "Catégorie": "cohesion-sociale", heading: cell}
        table = Table(list(row.values()), headers=list(row))
        [judged] = load(table, mapping={heading: field} if field else None).rows
        assert band in judged.after.values()
