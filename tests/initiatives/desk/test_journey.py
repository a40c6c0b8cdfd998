"""The whole afternoon once, in a browser, on the server of `make run` with the real catalogue."""

from types import SimpleNamespace

import pytest

from tests.support.afternoon import PEOPLE, Afternoon
from tests.support.answers import COUNT
from tests.support.browsers import visit
from tests.support.servers import Server

pytestmark = pytest.mark.server
BEFORE = 158
RESULTS = "Neuf cents visites la première année (réponse fictive)."


@pytest.fixture
def var(installation, tmp_path):
    return installation.copy(tmp_path / "var", people=PEOPLE)


def test_survey_becomes_published_entries_in_an_afternoon_and_all_of_it_can_be_undone(var, browser, tmp_path):
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with (
            visit(browser, address) as editor,
            visit(browser, address) as moderator,
            visit(browser, address, java_script_enabled=False) as visitor,
        ):
            afternoon = Afternoon(editor=editor, moderator=moderator, visitor=visitor, folder=tmp_path)
            afternoon.fill_in_the_model()
            afternoon.send()
            afternoon.correct()
            afternoon.confirm()
            afternoon.submit()
            assert afternoon.listed() == BEFORE
            afternoon.read()
            afternoon.publish()
            assert afternoon.listed() == len(afternoon.exported()) == BEFORE + COUNT
            found = afternoon.exported("fictive")
            assert afternoon.listed("fictive") == len(found) == COUNT
            places = {(row["territoire_type"], row["territoire_code"]) for row in found}
            assert sum(kind == "ville" for kind, _ in places) == 26
            assert sum(kind == "intercommunalité" for kind, _ in places) == 5
            afternoon.revise(RESULTS)
            afternoon.restore()
            assert RESULTS not in afternoon.public_page()
            afternoon.undo(touched=1)
            afternoon.archive()
            assert afternoon.listed() == len(afternoon.exported()) == BEFORE
