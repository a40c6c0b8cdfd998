"""A declarant who is forgotten is nowhere any more, the past included."""

import pytest
from django.db import connection

from initiatives.models import Initiative, Revision, declarants
from initiatives.models.record import stored_values
from tests import factories
from tests.initiatives.intakes import post, sent

pytestmark = pytest.mark.ignore_template_errors
SECRET = "zzsecretzz"


def tables_with(text: str) -> set[str]:
    """The tables of which some row holds this text in some column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(text in str(cell) for row in cursor.fetchall() for cell in row):
                found.add(table)
    return found


@pytest.fixture
def entry():
    by = factories.user()
    entry = factories.submitted(
        declarant_name=SECRET, declarant_role=SECRET, declarant_email=f"{SECRET}@ville.example", by=by
    )
    entry.request_changes(by=by, message="Le coût ?")
    entry.submit(by=by)
    entry.publish(by=by)
    Revision.propose(entry, stored_values(entry) | {"declarant_name": f"Autre {SECRET}", "title": "Titre"}, by=by)
    return entry


def test_forgotten_declarant_is_in_no_table(entry):
    kept = factories.draft(declarant_name="À garder")
    assert len(tables_with(SECRET)) == 4
    declarants.forget([entry.pk])
    assert tables_with(SECRET) == set()
    assert Revision.objects.get().after == {"title": "Titre"}
    kept.refresh_from_db()
    assert kept.declarant_name == "À garder"
    assert kept.history.first().declarant_name == "À garder"


def test_deleted_entry_forgets_its_declarant_too(entry):
    pk = entry.pk
    entry.delete()
    declarants.forget([pk])
    assert "initiatives_historicalinitiative" not in tables_with(SECRET)
    assert Initiative.history.filter(id=pk).exists()


def test_file_that_the_declarant_came_with_goes_too(importer, entry):
    headings = ["Référence", "Déclarant", "Titre"]
    row = [entry.reference, f"Encore {SECRET}", "Un autre titre"]
    Revision.objects.pending().get().reject(by=factories.user(), reason="Non.")
    declarants.forget([entry.pk])
    intake = sent(importer, headings, row)
    assert tables_with(SECRET) >= {"initiatives_intakerow"}
    declarants.forget([entry.pk])
    assert tables_with(SECRET) == set()
    assert not intake.has_file
    assert importer.get(f"/admin/imports/{intake.pk}/").status_code == 200
    post(importer, intake, "check")
    assert "Le fichier a été effacé" in intake.faults[0]


def test_form_that_was_opened_before_is_out_of_date(entry):
    before = Initiative.objects.get(pk=entry.pk).version
    declarants.forget([entry.pk])
    assert Initiative.objects.get(pk=entry.pk).version == before + 1
