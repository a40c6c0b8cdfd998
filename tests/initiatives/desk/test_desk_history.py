"""The history at the desk of what is no entry: the vocabulary, the surveys, the publications."""

import pytest
from django.urls import reverse

from initiatives.models import Audience, Category, Publication, Survey, Synonym, Theme
from tests.support import editions, factories
from tests.support.staff import logged_in

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
WRITTEN = [Category, Theme, Audience, Synonym, Survey, Publication]


@pytest.fixture
def chief(client):
    return logged_in(client, "administration", first_name="Camille", last_name="Roux")


def past_of(row) -> str:
    return reverse(f"admin:initiatives_{row._meta.model_name}_history", args=[row.pk])


def versions(row) -> list:
    return list(type(row).history.filter(**{row._meta.pk.attname: row.pk}).order_by("-history_id"))


@pytest.mark.parametrize("model", WRITTEN)
def test_each_table_is_compared_field_by_field_and_goes_back(chief, model):
    editions.publication()
    row = model.objects.earliest("pk")
    name = "terms" if model is Synonym else "title" if model in (Survey, Publication) else "name"
    before = getattr(row, name)
    setattr(row, name, f"{before} bis")
    row.save()
    page = chief.get(past_of(row))
    assert [one.texts for one in page.context["history"].differences] == [(before, f"{before} bis")]
    response = chief.post(past_of(row), {"version": page.context["history"].before.history_id}, follow=True)
    assert "est rétablie" in response.text
    row.refresh_from_db()
    assert getattr(row, name) == before
    last = versions(row)[0]
    assert (last.history_user, last.through) == (chief.user, "form")
    assert last.history_change_reason.startswith("revenir à la version du")


def test_publication_goes_back_with_its_introductions(chief):
    category, other = Category.objects.order_by("pk")[:2]
    report = editions.publication(foreword="Avant.")
    report.introductions.create(category=category, text="Première.")
    wanted = versions(report)[0]
    report.foreword = "Après."
    report.save()
    report.introductions.all().delete()
    report.introductions.create(category=other, text="Seconde.")
    page = chief.get(past_of(report), {"avant": wanted.history_id})
    told = {one.label: one.texts for one in page.context["history"].differences}
    assert told == {
        "avant-propos": ("Avant.", "Après."),
        "introductions": (f"{category.name}\nPremière.", f"{other.name}\nSeconde."),
    }
    chief.post(past_of(report), {"version": wanted.history_id})
    report.refresh_from_db()
    assert report.foreword == "Avant."
    assert list(report.introductions.values_list("category", "text")) == [(category.pk, "Première.")]


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "0", "latest"])
def test_version_that_is_none_changes_nothing_and_says_so(chief, version):
    theme = factories.theme()
    key = str(versions(theme)[0].history_id) if version == "latest" else version
    said = chief.post(past_of(theme), {"version": key}, follow=True).text
    assert "n’existe pas" in said or "C’est déjà ce que dit cette version" in said
    assert len(versions(theme)) == 1


def test_version_that_can_no_longer_be_is_refused_with_its_reason(chief):
    first, second = Theme.objects.order_by("pk")[:2]
    name = first.name
    first.name = "autrement"
    first.save()
    Theme.objects.filter(pk=second.pk).update(name=name, category=first.category_id)
    said = chief.post(past_of(first), {"version": versions(first)[-1].history_id}, follow=True).text
    assert "Ce thème existe déjà dans cette catégorie" in said
    first.refresh_from_db()
    assert first.name == "autrement"


@pytest.mark.parametrize("group", ["rédaction", "modération"])
def test_who_may_not_change_a_survey_reads_its_past_and_leaves_it(client, group):
    logged_in(client, group)
    survey = Survey.objects.get()
    survey.title = "Autre"
    survey.save()
    page = client.get(past_of(survey))
    assert page.status_code == 200
    assert "Revenir à la version" not in page.text
    assert client.post(past_of(survey), {"version": versions(survey)[-1].history_id}).status_code == 403
    survey.refresh_from_db()
    assert survey.title == "Autre"


@pytest.mark.parametrize("many", [False, True])
def test_theme_that_entries_have_is_not_deleted(chief, many):
    """It would leave them without a word, and without a version."""
    theme, free = factories.theme(), Theme.objects.create(name="libre", slug="libre", category=factories.category())
    entry = factories.draft(themes=[theme])
    where = reverse("admin:initiatives_theme_changelist")
    if many:
        rows = {"action": "delete_selected", "_selected_action": [theme.pk, free.pk], "post": "yes"}
        page = chief.post(where, rows)
    else:
        page = chief.post(f"{where}{theme.pk}/delete/", {"post": "yes"})
    assert "1\u00a0fiche" in page.text
    assert list(entry.themes.all()) == [theme]
    assert chief.post(f"{where}{free.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Theme.objects.filter(pk=free.pk).exists()
