"""No file of 20 MB costs whoever opens it more than 15 seconds of a processor and 300 MB: table or sentence.

A binary workbook is read in a process of its own, which may take twice as much memory and ends.
"""

import functools
import re

import pytest

from tests.support import hostile_binaries, hostile_files
from tests.support.hostile_files import SHEET, xlsx
from tests.support.opening import cost
from tests.support.servers import Preloaded

pytestmark = pytest.mark.no_database

SECONDS, MEMORY = 15, 300 * 2**20
KINDS = hostile_files.KINDS | hostile_binaries.KINDS

# Of which a table can be made all the same: what they have too much of is not read, or is within the limits.
TABLES = {
    "xlsx: formulas, then rows", "xlsx: conditional formats", "xlsx: attributes", "xlsx: properties",
    "xlsx: as long a namespace as may be", "xlsx: formats of numbers", "xlsx: sheets of far cells",
    "xls: numbers", "xls: blank cells of rows", "xls: merged cells", "xls: long texts", "xls: records of no length",
    "xlsb: cells far apart",
    "ods: repeated blank rows", "ods: repeated cells of one row", "ods: areas of cells repeated no time",
    "csv: long texts of another alphabet", "csv: headings that are the same",
}  # fmt: skip


# Workbooks that one of our limits ends, or whose cost is the same whatever their size: they are opened whole. Of the
# others an eighth, where an eighth may be read, at an eighth of the cost. --thorough opens all of them whole, and
# tests/initiatives/imports/test_jobs.py those that cost most.
WHOLE = {
    "xlsx: blank rows", "xlsx: all cells that there may be", "xlsx: all texts that there may be", "xlsx: long strings",
    "xlsx: merged cells over many rows", "xlsx: formats of numbers", "xlsx: deflated, of a false size", "ods: spans",
    "xlsx: sheets of far cells", "ods: links far to the right",
}  # fmt: skip
# An eighth of them is a table, which all of it is not.
SMALL_TABLES = {"xlsb: one row without end", "xlsb: records of no length"}


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """What the processes begin as that open a file."""
    variables = {"DJANGO_SETTINGS_MODULE": "initiatives.settings", "VAR_DIR": tmp_path_factory.mktemp("var")}
    with Preloaded("tests.support.all_of_ours", **variables) as python:
        yield python


@pytest.fixture(scope="module")
def measured(python, pytestconfig):
    """Sentence, seconds and bytes of each kind of file, which is opened once."""

    @functools.cache
    def measure(kind: str) -> tuple[str, float, int, int]:
        is_whole = kind in WHOLE or kind.startswith("csv") or pytestconfig.getoption("thorough")
        share = 1 if is_whole else 8
        with pytest.MonkeyPatch.context() as patch:
            for size in ("FULL", "SENT"):
                patch.setattr(hostile_files, size, getattr(hostile_files, size) // share)
            content = KINDS[kind]()
        assert len(content) <= 20 * 2**20
        told, seconds, taken, by_child = cost(python, content, share)
        # What reads a binary workbook has a process of its own, which costs its start, and limits of its own.
        times = 1 if kind in hostile_binaries.KINDS else share
        return told, seconds * times, taken * times, by_child

    return measure


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_file_costs_little_and_gets_a_sentence(measured, kind):
    told, seconds, taken, by_child = measured(kind)
    assert seconds < SECONDS
    assert taken < MEMORY
    assert by_child < 2 * MEMORY
    assert (told == "") == (kind in TABLES) or (kind in SMALL_TABLES and told == ""), told
    if told:
        assert re.fullmatch(r"[A-ZÀÉ].{15,}\.", told)


@pytest.mark.parametrize("kind", ["xlsx: rows of one cell", "ods: rows of one cell", "csv: rows of one cell"])
def test_reader_stops_at_the_row_that_is_too_much(measured, kind):
    told, seconds, taken, _ = measured(kind)
    assert told == "Le fichier a plus de 20\u202f000\u00a0lignes : découpez-le en plusieurs."
    assert seconds < 3
    assert taken < 80 * 2**20


@pytest.mark.parametrize(
    "kind",
    ["xlsx: formats of numbers", "xlsx: links", "xlsx: names of sheets", "ods: areas of cells repeated no time"],
)
def test_what_no_workbook_has_so_many_of_is_not_kept(measured, kind):
    _, _, taken, _ = measured(kind)
    assert taken < 60 * 2**20


def test_largest_table_that_we_promise_is_read_with_room_to_spare(python):
    """Sixteen thousand rows of all columns of our exports, all filled, with the average text of an answer."""
    cells = b"".join(
        b"<c t='inlineStr'><is><t>une phrase de plus, longue d\xe2\x80\x99assez de mots</t></is></c>" for _ in range(51)
    )
    told, seconds, taken, _ = cost(python, xlsx(rows=[(SHEET, 1), (b"<row>%s</row>" % cells, 16_000)]))
    assert told == ""
    assert taken < MEMORY
    assert seconds < 2 * SECONDS
