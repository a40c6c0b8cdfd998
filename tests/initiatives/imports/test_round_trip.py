"""What our own exports write, an import reads back: nothing has changed, and no heading is unknown."""

import pytest

from initiatives.exports.formats import EXPORTS
from initiatives.imports.readers import formats
from tests.support import factories
from tests.support.imports import load

pytestmark = pytest.mark.both_databases


@pytest.fixture
def full():
    """An entry with something in every block of the record, and what is hard to write in a cell."""
    epci = factories.intercommunality(name="CA du Beauvaisis", siren="200067999")
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    town = factories.town(name="Ambérieu-en-Bugey", insee_code="01004", department=ain, intercommunality=epci)
    inspiring = factories.published(territory=epci, title="-10 % pour l’Œuvre ; « 5 € »")
    initiative = factories.published(
        territory=town,
        title="=Vélos, à « louer »",
        themes=[factories.theme(slug="cybersecurite"), factories.theme(slug="teletravail-des-agents")],
        started="2020",
        ended="2020-11",
        state="deployed",
        solution="Une ligne ;\nune autre | une barre",
        partners="La Poste, agence\nCAF | Allocations",
        investment_cost="0",
        yearly_cost="1-10",
        lead_time="weeks",
        inspired_by=inspiring,
        source_url="https://example.org/?a=1;b",
        contact_email="velo@ville.example",
    )
    for name, licence in [("Zoom|Pro", "no"), ("Jitsi", "yes"), ("Autre", "unknown")]:
        initiative.tools.create(name=name, open_source=licence)
    initiative.links.create(label="Le projet ; suite", url="https://example.org/p?a=1")
    initiative.links.create(label="Le projet ; suite", url="https://example.org/p?a=2")
    return initiative


@pytest.mark.parametrize("name", [name for name in EXPORTS if "json" not in name])
def test_export_that_comes_back_changes_nothing(full, client, name):
    response = client.get(f"/export/{name}")
    table = formats.read(b"".join(response.streaming_content))
    result = load(table)
    assert [str(fault) for fault in result.faults] == []
    assert result.preview.headings.unknown == []
    assert set(result.preview.headings.found) >= {"title", "themes", "open_source_tools", "link_labels"}
    assert (result.kinds, [row.previous for row in result.rows]) == (["unchanged"] * 2, [{}, {}])
