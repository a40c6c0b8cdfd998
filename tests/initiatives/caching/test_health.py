"""/sante, for whoever watches the site; test_faults.py takes its database away, test_unwritable.py its disk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from initiatives.models import ContentVersion, Document
from tests.support import editions, factories

pytestmark = pytest.mark.both_databases


def test_says_which_database_and_which_version_of_the_content(client, django_assert_num_queries):
    ContentVersion.bump()
    client.get("/sante")  # which writes, once in some seconds
    with django_assert_num_queries(2):
        response = client.get("/sante")
    assert response.status_code == 200
    assert response.json() == {
        "statut": "ok",
        "base": connection.vendor,
        "version": ContentVersion.current().number,
    }


def test_documents_that_nobody_makes_are_told_and_no_fault(client):
    factories.published()
    document, asked_at = editions.edition().document, timezone.now() - timedelta(minutes=20)
    Document.objects.update(asked_at=asked_at)
    response = client.get("/sante")
    assert response.status_code == 200
    assert response.json()["documents"] == f"en attente depuis {asked_at.isoformat()}"
    document.cancel()
    assert "documents" not in client.get("/sante").json()


@pytest.mark.parametrize("query", ["", "?q=%00", "?x=%ff"])
def test_is_never_kept_and_has_no_cookie(client, query):
    response = client.get(f"/sante{query}")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_answers_to_a_monitor_that_only_wants_the_status(client):
    response = client.head("/sante")
    assert (response.status_code, response.content) == (200, b"")


def test_database_without_its_tables_or_rows_is_not_healthy(client):
    ContentVersion.objects.all().delete()
    response = client.get("/sante")
    assert response.status_code == 503
    assert response.json() == {"statut": "indisponible", "base": connection.vendor}


def test_is_asked_over_plain_http_even_in_production(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/sante").status_code == 200
    assert client.get("/").status_code == 301
