"""The territories in the admin: to look up and to choose from, not to change."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.support import factories
from towns.models import Department, Intercommunality, Region, Town

MODELS = [Region, Department, Intercommunality, Town]
pytestmark = [pytest.mark.both_databases, pytest.mark.ignore_template_errors]


@pytest.fixture
def staff(client):
    user = factories.user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="towns"))
    client.force_login(user)
    return client


def places(*, count: int):
    """As many communes, EPCI, départements and régions."""
    for number in range(count):
        department = factories.department(
            code=f"{number + 10}", name=f"Département {number}", region=f"Région {number}", region_code=f"{number + 10}"
        )
        epci = factories.intercommunality(department=department)
        factories.town(department=department, intercommunality=epci, population=number, longitude=2.0, latitude=49.0)


def address(model, page: str = "changelist", *arguments) -> str:
    return reverse(f"admin:towns_{model._meta.model_name}_{page}", args=arguments)


@pytest.mark.parametrize("model", MODELS)
def test_queries_of_a_list_do_not_grow_with_its_rows(staff, model, django_assert_max_num_queries):
    places(count=1)
    with django_assert_max_num_queries(10) as one:
        assert staff.get(address(model)).status_code == 200
    places(count=30)
    with django_assert_max_num_queries(len(one)):
        page = staff.get(address(model))
    assert len(page.context["cl"].result_list) >= 30
    with django_assert_max_num_queries(10):
        assert staff.get(address(model, "change", model.objects.first().pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_territories_change_only_with_a_vintage(staff, model):
    places(count=1)
    place = model.objects.get()
    page = staff.get(address(model, "change", place.pk))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert staff.post(address(model, "change", place.pk), {"name": "Autre"}).status_code == 403
    assert staff.get(address(model, "add")).status_code == 403
    assert staff.post(address(model, "delete", place.pk), {"post": "yes"}).status_code == 403
    assert model.objects.get().name == place.name


@pytest.mark.parametrize("model", MODELS)
def test_only_those_who_may_see_territories_see_them(client, model):
    client.force_login(factories.user(is_staff=True))
    assert client.get(address(model)).status_code == 403


@pytest.mark.parametrize(
    ("model", "typed", "found"),
    [
        (Town, "bethune", ["Béthune"]),
        (Town, "Béthune", ["Béthune"]),
        (Town, "62119", ["Béthune"]),
        (Town, "62400", ["Béthune"]),
        (Town, "lens (62)", ["Lens"]),
        (Town, "62", ["Béthune", "Lens"]),
        (Town, "%", []),
        (Intercommunality, "artois", ["CA de Béthune-Bruay, Artois-Lys Romane"]),
        (Intercommunality, "200 072 460", ["CA de Béthune-Bruay, Artois-Lys Romane"]),
        (Department, "62", ["Pas-de-Calais"]),
        (Department, "calais", ["Pas-de-Calais"]),
        (Region, "haut", ["Hauts-de-France"]),
    ],
)
def test_search_reads_names_without_accents_and_codes(staff, model, typed, found):
    department = factories.department(code="62", name="Pas-de-Calais")
    factories.town(name="Béthune", insee_code="62119", department=department, postal_codes="62400")
    factories.town(name="Lens", insee_code="62498", department=department, postal_codes="62300")
    factories.town(name="Beauvais", insee_code="60057", postal_codes="60000")
    factories.intercommunality(name="CA de Béthune-Bruay, Artois-Lys Romane", siren="200072460", department=department)
    page = staff.get(address(model), {"q": typed})
    assert [place.name for place in page.context["cl"].result_list] == found


def test_list_is_alphabetical_until_one_sorts_or_searches(staff):
    for name, population in [("Évreux", 1), ("Le Havre", 3), ("Étampes", 2)]:
        factories.town(name=name, population=population)

    def names(**parameters):
        return [town.name for town in staff.get(address(Town), parameters).context["cl"].result_list]

    assert names() == ["Étampes", "Évreux", "Le Havre"]
    assert names(q="60", o="-4") == ["Le Havre", "Étampes", "Évreux"]
    assert names(q="60", o="0") == ["Étampes", "Évreux", "Le Havre"]
    assert names(q="60") == ["Le Havre", "Étampes", "Évreux"]
