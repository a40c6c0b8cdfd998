"""The fictitious entries of the measurements: recognisable, right in what is derived, the same each time."""

import pytest
from django.db import connection

from initiatives.models import ContentVersion, Initiative
from initiatives.models.derived import reindex
from tests.bench.loading import add

COUNT = 120


@pytest.fixture(scope="module")
def drawn(real_catalogue, kept_rows):
    with kept_rows():
        before = set(Initiative.objects.values_list("pk", flat=True))
        add(COUNT)
        yield Initiative.objects.exclude(pk__in=before)


@pytest.fixture
def fictions(drawn):
    """Read anew by each test."""
    return drawn.all()


def test_say_that_they_are_fictitious(fictions):
    assert fictions.count() == COUNT
    for entry in fictions:
        assert "(fiction " in entry.title
        assert "fictive" in entry.source_title
        assert "fictive" in entry.internal_note


def test_have_the_derived_columns_that_saving_gives(fictions):
    assert reindex(fictions) == 0
    connection.check_constraints()


def test_pass_the_rules_of_the_record(fictions):
    for entry in fictions.prefetch_related("themes")[:50]:
        entry.clean_fields()
        assert {theme.category_id for theme in entry.themes.all()} == {entry.category_id}
        assert not entry.is_published or not entry.missing_to_publish()


def test_are_of_many_places_themes_and_years_and_not_all_published(fictions):
    assert fictions.values("department").distinct().count() > 40
    assert fictions.values("themes").distinct().count() > 10
    assert 0 < fictions.exclude(status="published").count() < COUNT / 10
    assert fictions.filter(is_of_town=False).exists()


def test_are_the_same_for_the_same_seed(fictions):
    drawn = list(fictions.order_by("pk").values_list("title", "territory", "started", "published_at"))
    first = fictions.order_by("pk").first().pk
    fictions.delete()
    version = ContentVersion.current().number
    add(COUNT)
    assert (
        list(
            Initiative.objects.filter(pk__gte=first)
            .order_by("pk")
            .values_list("title", "territory", "started", "published_at")
        )
        == drawn
    )
    assert ContentVersion.current().number == version + 1


def test_leave_the_next_number_to_whoever_saves(fictions):
    last = fictions.order_by("pk").last()
    saved = Initiative.objects.create(
        title="Suivante", territory_id="60057", category_id=last.category_id, survey_id=last.survey_id
    )
    assert saved.pk > last.pk
