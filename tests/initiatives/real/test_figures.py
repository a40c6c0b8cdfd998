"""The figures of the real catalogue, recomputed from its open data."""

import pytest

from tests.support.figures import SURVEY, check_against_the_open_data, numbers_of_the_headline

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(("query", "first"), [("", 158), (f"?{SURVEY}", 11)])
def test_each_figure_is_what_the_open_data_gives(real_catalogue, client, query, first):
    check_against_the_open_data(client, query)
    assert numbers_of_the_headline(client.get(f"/chiffres/{query}").text)[0] == first
