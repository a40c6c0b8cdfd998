"""Dates as French and English people, spreadsheets and survey tools write them, read by their column as a whole."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.imports.cells import CellError
from initiatives.imports.date_widgets import AgreementWidget, DayWidget, YearOrMonthWidget
from initiatives.imports.readers.tables import Table
from tests.support import factories
from tests.support.imports import load


def month(cell, *beside) -> str:
    """What a cell says in a column with these others."""
    widget = YearOrMonthWidget()
    widget.learn([cell, *beside])
    return widget.clean(cell)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("avr-20", "2020-04"),
        ("janv-21", "2021-01"),
        ("févr.-21", "2021-02"),
        ("déc.-19", "2019-12"),
        ("août-20", "2020-08"),
        ("Apr-20", "2020-04"),
        ("sept. 2020", "2020-09"),
        ("15/01/21", "2021-01"),
        ("15-01-21", "2021-01"),
        ("1.5.2020", "2020-05"),
        ("05/01/2021 10:32:11", "2021-01"),
        ("05/01/2021 à 10h32", "2021-01"),
        ("05/01/2021, 10:32", "2021-01"),
        ("2021/02/03 10:22:11 AM UTC+1", "2021-02"),
        ("2021-02-03T10:22:11.000Z", "2021-02"),
        ("20210203", "2021-02"),
        (44197, "2021-01"),
        (44197.44, "2021-01"),
        ("44197", "2021-01"),
        ("44197.0", "2021-01"),
        ("2020.0", "2020"),
        ("2020,0", "2020"),
        ("31/12/98", "1998-12"),
        ("vendredi 3 avril 2020", "2020-04"),
        ("Friday, 3rd April 2020", "2020-04"),
        ("April 3, 2020", "2020-04"),
        ("3-avr-2020", "2020-04"),
        ("1er mars 2020", "2020-03"),
        (date(2020, 3, 4), "2020-03"),
    ],
)
def test_month_is_read_as_it_is_written(cell, read):
    assert month(cell) == read


@pytest.mark.parametrize(
    "cell",
    ["jui-20", "20-avr", "avril", "31/02/2020", "0/2020", "2020-00", "00/04/2020", "2101", "99999", float("inf"), "1e3",
     "T1 2020", True, "oui", "5/2020/3", "12/20"],
)  # fmt: skip
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(CellError, match="Écrivez une année"):
        month(cell)


@pytest.mark.parametrize(
    ("cell", "proposed"),
    [("au printemps 2020", ("2020",)), ("2020-2021", ("2020", "2021")), ("depuis mars 2019", ("2019",)), ("hier", ())],
)
def test_years_that_a_text_names_are_proposed(cell, proposed):
    with pytest.raises(CellError) as refused:
        month(cell)
    assert refused.value.suggestions == proposed


class TestOrder:
    """3/4/2020 is the 3rd of April, unless its column has the month first."""

    def test_is_day_and_month_as_in_french(self):
        assert month("3/4/2020") == "2020-04"
        assert month("3/4/2020", "15/4/2020") == "2020-04"

    @pytest.mark.parametrize("beside", ["3/15/2020", "12/31/20", "1/15/2021 10:32:11", "3-15-2020"])
    def test_is_told_by_another_cell_of_the_column(self, beside):
        assert month("3/4/2020", beside) == "2020-03"

    def test_is_asked_where_the_column_has_both(self):
        with pytest.raises(CellError, match="dites ce qu’est celle-ci") as refused:
            month("3/4/2020", "15/4/2020", "4/15/2020")
        assert refused.value.suggestions == ("2020-04-03", "2020-03-04")
        assert [month(cell, "15/4/2020", "4/15/2020") for cell in refused.value.suggestions] == ["2020-04", "2020-03"]
        assert month("15/4/2020", "4/15/2020") == month("4/15/2020", "15/4/2020") == "2020-04"
        assert month("4/4/2020", "15/4/2020", "4/15/2020") == "2020-04"

    def test_of_cells_that_a_spreadsheet_made_of_such_a_column_is_asked(self):
        """It took 3/4/2020 for April, and left 3/15/2020 as a text."""
        with pytest.raises(CellError) as refused:
            month(datetime(2020, 4, 3), "3/15/2020")
        assert refused.value.suggestions == ("2020-04-03", "2020-03-04")
        assert month(datetime(2020, 4, 3), datetime(2020, 4, 20), "3/15/2020") == "2020-04"
        assert month(datetime(2020, 4, 4), "3/15/2020") == "2020-04"

    def test_is_said(self):
        factories.town(name="Beauvais", insee_code="60057")
        rows = [["60057", f"Vélo {at}", "cohesion-sociale", *dates] for at, dates in enumerate(
            [["3/4/2020", "15/01/2021", "2020"], ["3/15/2020", "16/01/2021", "2020"]]
        )]  # fmt: skip
        headings = ["Code INSEE", "Titre", "Catégorie", "Début", "Accord de diffusion le", "Fin"]
        loaded = load(Table(*rows, headers=headings))
        assert [row.after["started"] for row in loaded.rows] == ["2020-03", "2020-03"]
        assert loaded.preview.notes == [
            "« Début » : dates lues mois/jour/année",
            "« Accord de diffusion le » : dates lues jour/mois/année",
        ]


WRITTEN = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d"]


@given(st.dates(date(2000, 1, 1), date(2049, 12, 31)), st.sampled_from(WRITTEN))
def test_day_is_never_read_as_another_one(day, form):
    assert DayWidget().clean(day.strftime(form)) == DayWidget().clean((day - date(1899, 12, 30)).days) == day


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2049, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_column_of_one_order_is_read_in_it_or_in_none(days, form):
    """One with a day after the 12th tells its order; without, it is read as French."""
    widget = DayWidget()
    cells = [day.strftime(form) for day in days]
    widget.learn(cells)
    told = any(day.day > 12 for day in days) or form.startswith("%d")
    for day, cell in zip(days, cells, strict=True):
        assert widget.clean(cell) == (day if told else day.replace(day=day.month, month=day.day))


@given(st.timedeltas(timedelta(0), timedelta(30_000)))
def test_order_that_a_column_contradicts_is_never_guessed(since):
    widget, day = DayWidget(), date(2000, 1, 1) + since
    widget.learn(["31/12/2020", "12/31/2020"])
    try:
        assert widget.clean(day.strftime("%d/%m/%Y")) == day
    except CellError:
        assert day.day <= 12


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Oui", "le jour de cet accord"), ("☑", "le jour"), ("non", "refuse"), ("15/01/2099", "à venir"), ("x/y", "date")],
)
def test_agreement_is_a_day_that_has_been(cell, expected):
    with pytest.raises(CellError, match=expected):
        AgreementWidget().clean(cell)
    assert AgreementWidget().clean("15/01/2021") == date(2021, 1, 15)
