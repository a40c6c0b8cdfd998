"""The whole afternoon once, in a browser, on the server of `make run` with the real catalogue."""

from types import SimpleNamespace

import pytest

from tests.support.afternoon import EDITOR, MODERATOR, PEOPLE, Afternoon
from tests.support.answers import COUNT
from tests.support.browsers import visit
from tests.support.servers import Server

pytestmark = pytest.mark.server
BEFORE = 158
MOST_CLICKS = 15
FOLLOWS = {
    "territoire_type", "territoire_slug", "departement_code", "departement_nom", "region_code", "region_nom",
    "epci_siren", "epci_nom", "population", "longitude", "latitude", "logiciel_libre", "cite_par_enquete", "origine",
    "enquete", "publie_le", "adresse", "citation", "licence",
}  # fmt: skip
RESULTS = "Neuf cents visites la première année (réponse fictive)."


@pytest.fixture
def var(installation, tmp_path):
    return installation.copy(tmp_path / "var", people=PEOPLE)


def assert_nothing_is_invented(published: list[dict], seen: dict[str, dict]):
    """What the public reads stood in the preview, or follows from it, from the survey or from the publication."""
    for row in published:
        shown = seen[row["titre"]]
        own = shown.keys() & row.keys()
        assert {name: row[name] for name in own} == {name: shown[name] for name in own}
        assert {name for name, value in row.items() if value} - own <= FOLLOWS


def test_survey_becomes_published_entries_in_an_afternoon_and_all_of_it_can_be_undone(var, browser, tmp_path):
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with (
            visit(browser, address) as editor,
            visit(browser, address) as moderator,
            visit(browser, address, java_script_enabled=False) as visitor,
        ):
            afternoon = Afternoon(editor=editor, moderator=moderator, visitor=visitor, folder=tmp_path)
            afternoon.log_in(moderator, MODERATOR)
            afternoon.send(moderator)
            afternoon.confirm_columns()
            afternoon.correct()
            afternoon.agree()
            assert afternoon.listed() == BEFORE
            afternoon.publish()
            assert afternoon.clicks <= MOST_CLICKS, afternoon.clicks
            assert afternoon.listed() == len(afternoon.exported()) == BEFORE + COUNT
            found = afternoon.exported("fictive")
            assert_nothing_is_invented(found, afternoon.seen)
            assert afternoon.listed("fictive") == len(found) == COUNT
            places = {(row["territoire_type"], row["territoire_code"]) for row in found}
            assert sum(kind == "ville" for kind, _ in places) == 26
            assert sum(kind == "intercommunalité" for kind, _ in places) == 5
            afternoon.undo(stays=0)
            assert afternoon.listed() == len(afternoon.exported()) == BEFORE
            afternoon.log_in(editor, EDITOR)
            afternoon.redo()
            afternoon.read_and_publish()
            assert afternoon.exported("fictive") == found
            afternoon.revise(RESULTS)
            afternoon.undo(stays=1)
            assert afternoon.listed() == BEFORE + 1
            afternoon.restore()
            assert RESULTS not in afternoon.public_page()
