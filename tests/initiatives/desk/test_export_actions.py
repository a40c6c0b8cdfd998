"""The selection of the list as a file: whatever the status, marked for the desk, written down where it names people."""

import csv
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from initiatives.imports.private_columns import INTERNAL, PERSONAL
from initiatives.imports.readers import formats
from initiatives.models import Initiative, PersonalDataEvent
from tests.support import factories
from tests.support.exported import ods_rows
from tests.support.imports import kinds, said, sent

pytestmark = pytest.mark.ignore_template_errors
LIST = "/admin/initiatives/initiative/"
FORMATS = ["initiatives.xlsx", "initiatives.ods", "initiatives-excel.csv", "initiatives.csv"]
WHO = {"declarant_name": "Zoé Confidentielle", "declarant_email": "zoe@prive.example"}


def ask(client, action: str, rows, *, query: str = "", **more):
    data = {"action": action, "_selected_action": [getattr(row, "pk", row) for row in rows], "select_across": "0"}
    return client.post(f"{LIST}{query}", data | more, follow="confirme" not in more)


def table(body: bytes) -> list[dict]:
    """The rows under their headings; the warning that stands above these is not one."""
    if body.startswith(b"PK") and b"opendocument" in body[:200]:
        lines = ods_rows(body, 0)
    elif body.startswith(b"PK"):
        lines = list(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True))
    else:
        text = io.StringIO(body.decode("utf-8-sig"), newline="")
        lines = list(csv.reader(text, delimiter=formats.read(body).separator))
    assert lines[0][0] in (INTERNAL, PERSONAL)
    assert not any(lines[0][1:])
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def taken(client, action: str, rows, file: str = "initiatives.xlsx", **more):
    response = ask(client, action, rows, confirme="oui", format=file, **more)
    assert response.status_code == 200, response.url
    assert "no-store" in response["Cache-Control"]
    return response, b"".join(response.streaming_content)


@pytest.mark.parametrize("file", FORMATS)
def test_selected_rows_come_whatever_their_status(editor, file):
    published, draft = factories.published(title="Une publiée"), factories.draft(title="Un brouillon", **WHO)
    factories.draft(title="Pas choisie")
    response, body = taken(editor, "export_selection", [published, draft], file)
    heading, status = ("titre", "statut") if file == "initiatives.csv" else ("Titre", "Statut")
    assert {row[heading]: row[status] for row in table(body)} == {"Une publiée": "publiée", "Un brouillon": "brouillon"}
    assert timezone.localdate().isoformat() in response["Content-Disposition"]
    assert "DONNEES" not in response["Content-Disposition"]
    assert b"Confidentielle" not in body
    assert "prive.example" not in str(table(body))
    assert not PersonalDataEvent.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize("file", FORMATS)
def test_declarants_have_an_export_of_their_own_that_says_what_it_is(editor, file):
    rows = [factories.published(**WHO), factories.draft(**WHO)]
    response, body = taken(editor, "export_declarants", rows, file)
    assert "DONNEES-PERSONNELLES-" in response["Content-Disposition"]
    heading = "declarant_email" if file == "initiatives.csv" else "Courriel du déclarant"
    assert [row[heading] for row in table(body)] == ["zoe@prive.example"] * 2
    line = PersonalDataEvent.objects.get()
    assert (line.act, line.by, line.entries) == ("export", editor.user, 2)


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("action", ["export_selection", "export_declarants"])
def test_file_that_comes_back_as_it_was_changes_nothing(editor, file, action):
    """The warning that stands above the headings is not taken for them."""
    _, body = taken(editor, action, [factories.published(**WHO), factories.draft(**WHO)], file)
    batch = sent(editor, content=body, name=file)
    assert (batch.faults, kinds(batch)) == ([], ["unchanged"] * 2)
    assert batch.rows.order_by("line").first().line == 3


def test_second_sheet_says_how_the_file_may_be_used(editor):
    _, body = taken(editor, "export_declarants", [factories.draft()])
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Initiatives", "Usage de ce fichier"]
    assert book.worksheets[1]["B1"].value == PERSONAL == book.properties.description
    assert book.worksheets[0].freeze_panes == "A3"
    assert "Licence" not in str([cell.value for row in book.worksheets[1] for cell in row])


def test_page_says_what_would_leave_before_it_does(editor):
    rows = [factories.draft(), factories.draft()]
    page = ask(editor, "export_declarants", rows)
    assert "2\u00a0fiches" in page.text
    assert PERSONAL in page.text
    assert not PersonalDataEvent.objects.exists()


@pytest.mark.both_databases
def test_selection_comes_back_corrected(editor):
    factories.town(name="Beauvais", insee_code="60057")
    entries = [factories.draft(title="À corriger", **WHO), factories.published(title="Publiée", **WHO)]
    response = ask(editor, "export_for_correction", entries, confirme="oui")
    assert "DONNEES-PERSONNELLES-fiches-a-corriger" in response["Content-Disposition"]
    body = b"".join(response.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Fiches, données personnelles", "Listes", "Usage de ce fichier"]
    assert book.worksheets[2]["B1"].value == PERSONAL
    assert kinds(sent(editor, content=body, name="fiches.xlsx")) == ["unchanged", "unchanged"]
    assert PersonalDataEvent.objects.get().act == "correction"


@pytest.mark.both_databases
def test_all_pages_of_a_filtered_list_are_meant_with_one_click(editor):
    with factories.at_once():
        for number in range(60):
            factories.draft(title=f"Brouillon {number}")
    other = factories.published()
    first = Initiative.objects.exclude(pk=other.pk).earliest("pk")
    query = "?status__exact=draft"
    page = ask(editor, "export_selection", [first], query=query, select_across="1", index="0")
    assert "60\u00a0fiches" in page.text
    assert page.text.count('name="_selected_action"') == 1
    _, body = taken(editor, "export_selection", [first], "initiatives.csv", query=query, select_across="1")
    assert len(table(body)) == 60


@pytest.mark.both_databases
@pytest.mark.parametrize("action", ["export_selection", "export_declarants", "export_for_correction"])
def test_queries_do_not_grow_with_the_rows(editor, action, django_assert_max_num_queries):
    rows = [factories.draft()]
    with django_assert_max_num_queries(40) as few:
        taken(editor, action, rows)
    rows += [factories.draft(themes=[factories.theme()]) for _ in range(20)]
    with django_assert_max_num_queries(len(few)):
        taken(editor, action, rows)


def test_nothing_chosen_or_nothing_left_is_said(editor):
    assert "sélectionnés" in said(ask(editor, "export_selection", [], index="0"))
    entry, kept = factories.draft(), factories.draft()
    pk = entry.pk
    entry.delete()
    assert "n’existent plus" in said(ask(editor, "export_declarants", [pk]))
    assert "1\u00a0fiche de votre sélection n’existe plus" in ask(editor, "export_declarants", [pk, kept]).text
    gone = ask(editor, "export_declarants", [pk], confirme="oui", format="initiatives.csv")
    assert gone.status_code == 302
    assert not PersonalDataEvent.objects.exists()


@pytest.mark.parametrize("name", ["", "initiatives.json", "x\x00y", "../../etc/passwd"])
def test_unknown_format_is_asked_again(editor, name):
    page = ask(editor, "export_declarants", [factories.draft()], confirme="oui", format=name)
    assert page.context["form"].errors["format"]
    assert not PersonalDataEvent.objects.exists()


@pytest.mark.both_databases
def test_keys_that_are_none_are_no_error(editor):
    factories.draft()
    for keys in (["x"], ["9" * 40], [""]):
        assert ask(editor, "export_selection", keys).status_code in (200, 400), keys


def test_workbook_that_nobody_could_read_is_refused(editor, monkeypatch):
    monkeypatch.setattr("initiatives.desk.export_actions.MAX_ROWS", 1)
    rows = [factories.draft(), factories.draft()]
    page = ask(editor, "export_selection", rows, confirme="oui", format="initiatives.ods")
    assert "choisissez un CSV" in str(page.context["form"].errors)
    assert len(table(taken(editor, "export_selection", rows, "initiatives.csv")[1])) == 2


def test_more_than_an_import_takes_is_not_taken_out_to_be_corrected(editor, monkeypatch):
    monkeypatch.setattr("initiatives.imports.workbooks_to_fill.MOST", 1)
    rows = [factories.draft(), factories.draft()]
    assert "au plus" in ask(editor, "export_for_correction", rows, confirme="oui").text
    assert "au plus" in said(editor.get(reverse("admin:import_export"), follow=True))
    assert not PersonalDataEvent.objects.exists()


def test_file_of_the_imports_page_is_marked_and_written_down_too(editor):
    factories.draft(**WHO)
    response = editor.get(reverse("admin:import_export"))
    assert "DONNEES-PERSONNELLES-" in response["Content-Disposition"]
    b"".join(response.streaming_content)
    assert (PersonalDataEvent.objects.get().act, PersonalDataEvent.objects.get().entries) == ("correction", 1)
    nothing = editor.get(reverse("admin:import_export"), {"enquete": "inconnue"}, follow=True)
    assert "Aucune fiche ne répond" in said(nothing)


@pytest.mark.both_databases
def test_who_may_not_read_declarants_gets_neither_file(client):
    user = factories.user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_initiative", "import_initiative"]))
    client.force_login(user)
    entry = factories.draft(**WHO)
    offered = dict(client.get(LIST).context["action_form"].fields["action"].choices)
    assert {"export_selection"} == {name for name in offered if name.startswith("export")}
    for action in ("export_declarants", "export_for_correction"):
        ask(client, action, [entry], confirme="oui", format="initiatives.csv")
    assert client.get(reverse("admin:import_export")).status_code == 403
    assert not PersonalDataEvent.objects.exists()


def test_public_exports_know_neither_status_nor_declarant(client):
    factories.published(**WHO)
    for file in FORMATS:
        body = b"".join(client.get(f"/export/{file}").streaming_content)
        for word in ("Statut", "Confidentielle", "INTERNE", "PERSONNELLES"):
            assert word.encode() not in body
    assert "export_" not in client.get("/initiatives/").text
