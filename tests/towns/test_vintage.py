"""A file that cannot be loaded: nothing changes, and one sentence says where the fault is."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.support.vintages import ALLONNE, BEAUVAIS, write
from towns.models import Department, Intercommunality, Region, Town

pytestmark = pytest.mark.both_databases

COMMUNES, EPCI, DEPARTMENTS, REGIONS = "communes.csv", "intercommunalities.csv", "departments.csv", "regions.csv"
# File, what stands there, what is put there instead, and what the sentence must say.
FAULTS = [
    (COMMUNES, "60057,", "1004,", ['line 2, column insee_code: "1004"', "5 characters, such as 01004 or 2A004"]),
    (COMMUNES, "60057,", "2a004,", ['line 2, column insee_code: "2a004"']),
    (COMMUNES, "60057,", "６００５７,", ["line 2, column insee_code"]),
    (COMMUNES, "60057,", ",", ['line 2, column insee_code: ""']),
    (COMMUNES, "60009,", "60057,", ['line 3, column insee_code: "60057"', "another value than in line 2"]),
    (COMMUNES, "Allonne", "Beauvais", ['line 3, column name: "Beauvais"', "another value than in line 2"]),
    (COMMUNES, "Allonne", " Beauvais ", ['line 3, column name: "Beauvais"']),
    (COMMUNES, "Allonne", "", ['line 3, column name: ""', "1 to 120 characters"]),
    (COMMUNES, "Allonne", "---", ['line 3, column name: "---"']),
    (COMMUNES, "Allonne", "x" * 121, [f'line 3, column name: "{"x" * 60}"', "1 to 120 characters"]),
    (COMMUNES, "Allonne", "Allo\x00nne", ['line 3, column name: "Allo\\x00nne"', "control characters"]),
    (COMMUNES, "Allonne", '"Allo\nnne"', ['line 3, column name: "Allo\\nnne"', "control characters"]),
    (COMMUNES, "Allonne,60,", "Allonne,99,", ['line 3, column department_code: "99"', "departments.csv"]),
    (COMMUNES, "Allonne,60,", "Allonne,6,", ['line 3, column department_code: "6"', "departments.csv"]),
    (COMMUNES, "1756", "1 756", ['line 3, column population: "1 756"', "a whole number, or an empty cell"]),
    (COMMUNES, "1756", "-5", ['line 3, column population: "-5"']),
    (COMMUNES, "1756", "9999999999", ['line 3, column population: "9999999999"']),
    (COMMUNES, "1756,200067999", "1756,200067990", ['line 3, column intercommunality_siren: "200067990"', EPCI]),
    (COMMUNES, ",60000,2.11", ",6000,2.11", ['line 3, column postal_codes: "6000"', "vertical bar"]),
    (COMMUNES, ",60000,2.11", ",60000;60001,2.11", ['line 3, column postal_codes: "60000;60001"']),
    (COMMUNES, ",60000,2.11", f",{'|'.join(['60000'] * 34)},2.11", ["line 3, column postal_codes"]),
    (COMMUNES, "2.11,", "180.5,", ['line 3, column longitude: "180.5"', "between -180 and 180"]),
    (COMMUNES, "49.39", "-90.01", ['line 3, column latitude: "-90.01"', "between -90 and 90"]),
    (COMMUNES, "2.11,", "nan,", ['line 3, column longitude: "nan"']),
    (COMMUNES, "2.11,", '"2,11",', ['line 3, column longitude: "2,11"', "decimal point"]),
    (COMMUNES, "2.11,", ",", ['line 3, column longitude: ""', "beside the latitude"]),
    (COMMUNES, "49.39", "", ['line 3, column latitude: ""', "beside the longitude"]),
    (COMMUNES, ",49.39", "", ["line 3, column latitude", "60009,Allonne", "a line of 8 cells"]),
    (COMMUNES, "49.39", "49.39,,", ["line 3, column 9", "a line of 8 cells"]),
    (COMMUNES, "Allonne", '"Allonne', ["line 3", "quote"]),
    (COMMUNES, "Allonne", '"Al"lonne', ["line 3", "each opened quote closed"]),
    (COMMUNES, "population,", "inhabitants,", ["line 1, column population", "inhabitants", "heading"]),
    (COMMUNES, "population,", "population,name,", ["line 1, column name", "heading, once"]),
    (COMMUNES, ",", ";", ["line 1, column insee_code", "insee_code;name;department_code"]),
    (EPCI, "200067999,", "20006799,", ['line 2, column siren: "20006799"', "9 digits"]),
    (EPCI, ",CA,60", ",EPT,60", ['line 2, column kind: "EPT"', "one of CC, CA, CU, METRO, MET69"]),
    (EPCI, ",CA,60", ",CA,61", ['line 2, column department_code: "61"', "departments.csv"]),
    (EPCI, "104000", "beaucoup", ['line 2, column population: "beaucoup"']),
    (DEPARTMENTS, "60,", "6,", ['line 2, column code: "6"', "such as 01, 2A or 974"]),
    (DEPARTMENTS, ",32,", ",23,", ['line 2, column region_code: "23"', "regions.csv"]),
    (DEPARTMENTS, "metro", "métropole", ['line 2, column zone: "métropole"', "one of metro, drom, com"]),
    (REGIONS, "32,", "3,", ['line 2, column code: "3"', "2 or 3 digits"]),
    (REGIONS, "\n32,Hauts-de-France,metro", "", ["line 2", "at least one row"]),
    (REGIONS, "code,name,zone\n32,Hauts-de-France,metro\n", "", ["line 1, column code", "heading"]),
]


@pytest.fixture
def directory(tmp_path):
    """A vintage to load, and an older one that is in the database: all of it would change."""
    older = {
        "regions": [("32", "Picardie", "metro")],
        "departments": [("60", "Oise-et-Thérain", "32", "metro")],
        "intercommunalities": [("200067999", "CC du Beauvaisis", "CC", "60", 1, 1)],
        "towns": [("60058", "Beauvoir", "60", 1, "", "", "", "")],
    }
    call_command("load_territories", write(tmp_path, **older), verbosity=0)
    return write(tmp_path)


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Region, Department, Intercommunality, Town)]


def refusal(directory) -> str:
    """The sentence with which the command refuses, once it is sure that nothing changed."""
    stored = rows()
    with pytest.raises(CommandError) as refused:
        call_command("load_territories", directory)
    assert rows() == stored
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(("file", "before", "after", "said"), FAULTS)
def test_fault_is_named_by_file_line_column_and_value(directory, file, before, after, said):
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    message = refusal(directory)
    assert message.startswith(f"Nothing was loaded. {file}, ")
    for words in said:
        assert words in message


@pytest.mark.parametrize("file", [COMMUNES, EPCI, DEPARTMENTS, REGIONS])
def test_missing_file_is_named(directory, file):
    (directory / file).unlink()
    assert f"{directory / file} cannot be read" in refusal(directory)


def test_missing_directory_is_named(directory):
    assert "/nowhere/regions.csv cannot be read" in refusal(directory / "nowhere")


def test_file_that_is_not_utf8_is_named_by_its_first_foreign_cell(directory):
    write(directory, towns=[BEAUVAIS, ("60009", "Àllonne-Élan", *ALLONNE[2:])])
    path = directory / COMMUNES
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    message = refusal(directory)
    assert 'communes.csv, line 3, column name: "\\xc0llonne-\\xc9lan"' in message
    assert "UTF-8" in message


def test_file_in_utf16_has_no_heading(directory):
    path = directory / COMMUNES
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert "communes.csv, line 1, column insee_code" in refusal(directory)


def test_line_is_counted_in_the_file_where_lines_are_blank(directory):
    path = directory / COMMUNES
    text = path.read_text(encoding="utf-8").replace("60009,", "\n\n60009,").replace("1756", "?")
    path.write_text(text, encoding="utf-8")
    assert 'communes.csv, line 5, column population: "?"' in refusal(directory)


def test_mark_at_the_beginning_blank_lines_and_other_columns_do_no_harm(directory):
    path = directory / COMMUNES
    lines = path.read_text(encoding="utf-8").split()
    text = "\r\n".join([f"{lines[0]},remarque", *(f"{line},vu" for line in lines[1:]), "", ""])
    path.write_text(text, encoding="utf-8-sig", newline="")
    call_command("load_territories", directory, verbosity=0)
    assert Town.objects.count() == 2


@pytest.mark.parametrize("longitude", ["-180", "180", "-61.5", "0", "2"])
def test_point_may_be_anywhere_on_earth(directory, longitude):
    write(directory, towns=[(*BEAUVAIS[:6], longitude, "-90")])
    call_command("load_territories", directory, verbosity=0)
    assert Town.objects.get().longitude == float(longitude)


def test_shell_sees_the_failure(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "load_territories", tmp_path],
        cwd=settings.BASE_DIR,
        env=os.environ | {"VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == f"CommandError: Nothing was loaded. {tmp_path}/regions.csv cannot be read: No such file or directory.\n"
    )
