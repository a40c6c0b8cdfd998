"""/sante, for whoever watches the site. tests/test_faults.py takes its database away."""

import pytest
from django.db import connection

from initiatives.models import ContentVersion


def test_says_which_database_and_which_version_of_the_content(client, django_assert_num_queries):
    ContentVersion.bump()
    with django_assert_num_queries(1):
        response = client.get("/sante")
    assert response.status_code == 200
    assert response.json() == {
        "statut": "ok",
        "base": connection.vendor,
        "version": ContentVersion.current().number,
    }


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
