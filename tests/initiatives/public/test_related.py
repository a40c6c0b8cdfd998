"""What the page of an entry offers beside it: same themes first, then comparable territories, others than its own."""

import pytest

from initiatives.public.related import COMPARABLE_TOWN, COUNT, SAME_THEME, related_to
from tests.support import factories

pytestmark = pytest.mark.both_databases


@pytest.fixture
def by():
    return factories.user()


def told(entry) -> list[tuple[str, str]]:
    return [(one.initiative.title, one.reason) for one in related_to(entry)]


def test_comparable_entries_are_of_other_territories_of_the_same_type_and_category(by):
    beauvais = factories.town(name="Beauvais", population=50_000)
    entry = factories.published(territory=beauvais, by=by)
    for number in range(3):
        factories.published(title=f"Du même lieu {number}", territory=beauvais, by=by)
    economy = factories.category(slug="economie-locale")
    for title, population in (("Juste dessous", 35_000), ("Juste dessus", 65_000), ("Trop grande", 65_001)):
        factories.published(title=title, territory=factories.town(population=population), by=by)
    factories.published(title="Autre sorte", territory=factories.intercommunality(population=50_000), by=by)
    factories.published(title="Autre catégorie", territory=factories.town(population=50_000), category=economy, by=by)
    factories.submitted(title="À relire", territory=factories.town(population=50_000), by=by)
    assert told(entry) == [("Juste dessus", COMPARABLE_TOWN), ("Juste dessous", COMPARABLE_TOWN)]


def test_same_theme_comes_first_and_nothing_is_offered_twice(by):
    theme = factories.theme(slug="cybersecurite")
    entry = factories.published(territory=factories.town(population=50_000), themes=[theme], by=by)
    for number in range(COUNT + 1):
        factories.published(
            title=f"Même thème {number}", territory=factories.town(population=50_000), themes=[theme], by=by
        )
    factories.published(title="Voisine", territory=factories.town(population=50_000), by=by)
    found = told(entry)
    assert [reason for _, reason in found] == [SAME_THEME] * COUNT + [COMPARABLE_TOWN] * 2
    assert len({title for title, _ in found}) == len(found)


def test_entry_of_a_territory_of_unknown_population_is_compared_with_none(by):
    for population in (None, 0, 50_000):
        factories.published(territory=factories.town(population=population), by=by)
    assert told(factories.published(territory=factories.town(population=None), by=by)) == []
