"""Whatever the cells and the bytes, an import answers with rows or with faults in French, never with an exception."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from initiatives.imports.headings import HEADINGS, LABELS
from initiatives.imports.readers import formats
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.readers.tables import Table
from initiatives.models import Initiative
from tests.support import factories
from tests.support.binary_workbooks import xls, xlsb
from tests.support.imports import load
from tests.support.workbooks import fods, ods, xlsx

generated = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What is nearly right goes further in than what is only odd.
PLAUSIBLE = [
    *"60057 6057 2A004 99999 200067999 Beauvais Saint-Denis 60 Oise 60000 commune EPCI CS20-00001 CS20-99999".split(),
    *"Vélos service-public 2020 2020-04 31/02/2020 déployée aucun 1-10 oui non R-1 https://e.org a@b.fr #N/A".split(),
    *["beauvais (60)", "60 - Oise", "Cohésion sociale", "cybersécurité; yoga", "avril 2020", "Un : https://e.org ; 2"],
    *[
        "Zoom, Jitsi",
        "=1+1",
        "#FORMULE!",
        "\u00a0",
        "\u200b",
        "\x00",
        "\ud800",
        "\u202e",
        "%s %(a)s {0}",
        "<b>",
        "' OR 1=1 --",
    ],
    *"² ﬁ İ １ ١٢٣٤٥ ٢٠٢٠ ２０２０".split(),
]
anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.text(max_size=60),
    st.text(alphabet="|;,\n\r\t -/.0123456789é’", max_size=30),
    st.sampled_from(PLAUSIBLE),
    st.sampled_from(PLAUSIBLE),
)
right = {
    "title": st.sampled_from(["Vélos", "vélos", "Autre", "Publiée"]) | anything,
    "insee_code": st.just("60057") | anything,
    "category": st.just("cohesion-sociale") | anything,
}


def rows(names):
    return st.lists(st.fixed_dictionaries({name: right.get(name, anything) for name in names}), min_size=1, max_size=4)


tables = st.one_of(
    # The whole record, or the columns that are needed with some others
    rows(list(HEADINGS)),
    st.sets(st.sampled_from(list(HEADINGS)), max_size=6).flatmap(
        lambda some: rows([*right, *sorted(some - set(right))])
    ),
)


@pytest.fixture
def entries():
    beauvais = factories.town(name="Beauvais", insee_code="60057")
    factories.published(territory=beauvais, title="Publiée", category=factories.category(slug="cohesion-sociale"))


@pytest.mark.both_databases
@generated
@given(found=tables, dry_run=st.booleans())
@example(
    found=[{"title": "A", "insee_code": "60057", "category": "cohesion-sociale", "started": date(1, 1, 1)}],
    dry_run=False,
)
@example(found=[{"title": timedelta(1), "insee_code": time(1), "category": datetime(2020, 1, 1)}], dry_run=True)
def test_cells_give_rows_or_faults(entries, found, dry_run):
    with transaction.atomic():
        before = Initiative.objects.count()
        table = Table(*[list(row.values()) for row in found], headers=[LABELS[name] for name in found[0]])
        result = load(table, dry_run=dry_run)
        assert bool(result.faults) == (not result.rows or "error" in result.kinds)
        assert all(fault.message and (fault.line or not fault.column) for fault in result.faults)
        expected = (
            before if result.faults or dry_run else before + result.kinds.count("new") + result.kinds.count("duplicate")
        )
        assert Initiative.objects.count() == expected
        connection.needs_rollback = True


@pytest.mark.both_databases
@generated
@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_headings_give_a_table_or_faults(headings):
    assert load(Table(["1"] * len(headings), headers=headings)).faults


def read(data: bytes):
    try:
        return formats.read(data)
    except UnreadableFile as refused:
        sentence = str(refused)
    assert sentence.endswith(".")
    return None


@generated
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | st.text(alphabet='ab;,\t\n\r"\x00é', max_size=80).map(str.encode)
)
def test_bytes_give_a_table_or_a_sentence(data):
    table = read(data)
    assert table is None or all(len(row) == len(table.headers) for row in table)


WORKBOOKS = [
    build(["Titre", "Commune"], ["Vélos", 12], [None, "Deux\nlignes"]) for build in (xlsx, ods, fods, xls, xlsb)
]


@generated
@given(st.sampled_from(WORKBOOKS), st.data())
def test_damaged_workbook_gives_a_table_or_a_sentence(workbook, data):
    damaged = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(damaged))
    read(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
