"""One page of each kind is valid HTML, by the Nu checker."""

import pytest

from tests.support import checker
from tests.support.kinds import addresses, bare_entry, complete_entry, report

pytestmark = pytest.mark.skipif(not checker.JAR.exists(), reason="make test brings the Nu HTML checker")


def test_no_page_has_an_error_or_a_warning(client, tmp_path):
    entry = complete_entry()
    bare_entry()
    report()
    for number, address in enumerate([*addresses(entry), "/perdue/", "/export/initiatives.csv?theme=perdu"]):
        page = tmp_path / f"{number}.html"
        page.write_bytes(f"<!-- {address} -->".encode() + client.get(address).content)
    found = checker.messages(sorted(tmp_path.iterdir()))
    assert not [(one["url"], one["lastLine"], one["message"], one["extract"]) for one in found]


def test_checker_sees_a_fault(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="fr"><title>Faute</title><p><h1 id="a">Un</h1><b id="a">deux</p></html>')
    assert len(checker.messages([page])) >= 2
