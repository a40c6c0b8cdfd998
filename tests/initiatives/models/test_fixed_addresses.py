"""What addresses are made of stays as it was first saved, whatever is typed, posted or put back."""

import io
import json

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from initiatives.models import Audience, Category, Publication, Survey, Theme
from initiatives.models.history import Through, acting
from tests.support import editions, factories
from tests.support.desk import opened, words
from tests.support.desk import sent as typed

pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]
SENTENCE = "Des adresses publiques en dépendent, et peuvent être citées : ce champ ne change plus."
# A row, the field, and an address of the public that it makes.
FIXED = {
    "category": (lambda: factories.category(slug="service-public"), "slug", "/categories/service-public/"),
    "theme": (lambda: factories.theme(slug="cybersecurite"), "slug", "/initiatives/?theme=cybersecurite"),
    "matrix": (lambda: factories.theme(slug="cybersecurite"), "slug", "/chiffres/matrice/?tri=cybersecurite"),
    "audience": (lambda: Audience.objects.earliest("pk"), "slug", ""),
    "survey": (Survey.objects.get, "slug", "/initiatives/?edition={slug}"),
    "prefix": (Survey.objects.get, "prefix", ""),
    "publication": (lambda: editions.edition().publication, "slug", "/publications/rapport/"),
}


@pytest.fixture
def chief(client):
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture(params=FIXED)
def fixed(request):
    factories.published(themes=[factories.theme(slug="cybersecurite")])
    make, field, public = FIXED[request.param]
    row = make()
    return row, field, public.format(slug=getattr(row, "slug", ""))


def change_address(row) -> str:
    return reverse(f"admin:initiatives_{row._meta.model_name}_change", args=[row.pk])


def test_form_shows_it_says_why_and_takes_no_other(chief, fixed):
    row, field, public = fixed
    before, where = getattr(row, field), change_address(row)
    page = chief.get(where)
    assert f'name="{field}"' not in page.text
    assert SENTENCE in words(page)
    assert before in words(page)
    data = typed(opened(chief, where)) | {"introductions-TOTAL_FORMS": 0, "introductions-INITIAL_FORMS": 0}
    assert chief.post(where, data | {field: "tout-autre"}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == before
    if public:
        assert Client().get(public).status_code == 200


def test_model_refuses_another(fixed):
    row, field, _ = fixed
    setattr(row, field, "tout-autre")
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert refused.value.message_dict == {field: [SENTENCE]}


def test_way_back_to_a_version_of_another_address_leaves_the_address(chief, fixed):
    """As one that a migration or a fixture has changed since has."""
    row, field, _ = fixed
    kept, name = getattr(row, field), next(one for one in ("title", "name") if hasattr(row, one))
    for address, text in (("avant", "Un nom d’avant"), (kept, "Un nom d’après")):
        with acting(by=factories.user(), through=Through.COMMAND):
            setattr(row, field, address)
            setattr(row, name, text)
            row.save()
    former = row.history.get(**{field: "avant"})
    where = reverse(f"admin:initiatives_{row._meta.model_name}_history", args=[row.pk])
    page = chief.post(where, {"version": former.history_id}, follow=True)
    assert "est rétablie" in words(page)
    row.refresh_from_db()
    assert (getattr(row, field), getattr(row, name)) == (kept, "Un nom d’avant")


def test_fixture_that_brings_another_is_loaded(fixed):
    row, field, _ = fixed
    out = io.StringIO()
    call_command("dumpdata", f"initiatives.{row._meta.model_name}", pks=str(row.pk), stdout=out)
    said = json.loads(out.getvalue())
    said[0]["fields"][field] = "tout-autre"
    for one in type(row)._meta.fields:
        if one.get_internal_type() == "BinaryField":
            said[0]["fields"].pop(one.name)
    for one in serializers.deserialize("json", json.dumps(said)):
        one.save()
    row.refresh_from_db()
    assert getattr(row, field) == "tout-autre"


def test_address_of_what_is_new_is_chosen(chief):
    where = reverse("admin:initiatives_theme_add")
    data = {"category": factories.category().pk, "name": "Un autre", "slug": "un-autre", "position": 0}
    assert chief.post(where, data).status_code == 302
    assert Theme.objects.get(name="Un autre").slug == "un-autre"


def test_address_of_a_publication_that_nobody_has_seen_may_change(chief):
    factories.published()
    report = editions.publication()
    data = typed(opened(chief, change_address(report)), slug="un-autre")
    data |= {"introductions-TOTAL_FORMS": 0, "introductions-INITIAL_FORMS": 0}
    assert chief.post(change_address(report), data).status_code == 302
    assert Publication.objects.get().slug == "un-autre"


@pytest.mark.parametrize("model", [Category, Theme, Survey])
def test_what_entries_have_is_not_deleted(chief, model):
    factories.published(themes=[factories.theme(slug="cybersecurite")])
    row = {Category: factories.category, Theme: factories.theme, Survey: Survey.objects.get}[model]()
    chief.post(change_address(row).replace("/change/", "/delete/"), {"post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()


def test_address_of_a_theme_that_no_entry_has_and_that_is_deleted_says_so(chief):
    theme = Theme.objects.create(name="En trop", slug="en-trop", category=factories.category())
    chief.post(change_address(theme).replace("/change/", "/delete/"), {"post": "yes"})
    assert not Theme.objects.filter(pk=theme.pk).exists()
    page = Client().get("/initiatives/?theme=en-trop")
    assert page.status_code == 200
    assert "en-trop" in page.text
