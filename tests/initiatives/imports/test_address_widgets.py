"""Addresses as people paste them and as spreadsheets link to them: read, completed by a proposal, or refused."""

import pytest

from initiatives.imports.address_widgets import AddressWidget, LinksWidget, source_address
from initiatives.imports.cells import CellError
from initiatives.imports.readers.linked_cells import LinkedCell

SITE = LinkedCell.to("Site du projet", ["https://www.beauvais.fr/projet"])


def links(cell) -> dict:
    return dict(LinksWidget().clean(cell, parts={"links": cell}, stored=None))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("http://a.fr et http://b.fr", {"a.fr": "http://a.fr", "b.fr": "http://b.fr"}),
        ("http://a.fr, puis https://b.fr/c", {"a.fr": "http://a.fr", "b.fr": "https://b.fr/c"}),
        ("<https://a.fr>", {"a.fr": "https://a.fr"}),
        ("https://a.fr,", {"a.fr": "https://a.fr"}),
        ("(https://a.fr/b).", {"a.fr": "https://a.fr/b"}),
        ("« https://a.fr/b »", {"a.fr": "https://a.fr/b"}),
        ("https://a.fr/b_(c)", {"a.fr": "https://a.fr/b_(c)"}),
        ("Le site : http://a.fr et le bilan : http://b.fr", {"Le site": "http://a.fr", "le bilan": "http://b.fr"}),
        ("[Le site](https://a.fr)", {"Le site": "https://a.fr"}),
        ("http://a.fr | néant", {"a.fr": "http://a.fr"}),
        ("néant | -", {}),
        (SITE, {"Site du projet": "https://www.beauvais.fr/projet"}),
        (LinkedCell.to("x " * 100, ["https://a.fr"]), {f"{'x ' * 59}x…": "https://a.fr"}),
    ],
)
def test_links_are_read(cell, found):
    assert links(cell) == found


@pytest.mark.parametrize(
    ("cell", "proposed"),
    [
        ("www.beauvais.fr", ("https://www.beauvais.fr",)),
        ("Le site : www.beauvais.fr/projet", ("Le site : https://www.beauvais.fr/projet",)),
        ("beauvais.fr/projet", ("https://beauvais.fr/projet",)),
        ("http://a.fr | www.b.fr", ("http://a.fr | https://www.b.fr",)),
        ("bilan.pdf", ()),
        ("voir le site de la ville", ()),
        ("ftp://a.fr", ()),
        ("javascript:alert(1)", ()),
    ],
)
@pytest.mark.parametrize("read", [links, AddressWidget().clean])
def test_address_without_its_scheme_is_proposed_with_it(read, cell, proposed):
    if read is not links and "http" in cell:
        cell, proposed = "www.b.fr", ("https://www.b.fr",)
    with pytest.raises(CellError, match="complète") as refused:
        read(cell)
    assert refused.value.suggestions == proposed


@pytest.mark.parametrize("cell", ["mailto:mairie@ville.fr", "mairie@ville.fr"])
@pytest.mark.parametrize("read", [links, AddressWidget().clean])
def test_address_of_a_mail_is_refused(read, cell):
    with pytest.raises(CellError, match="courriel") as refused:
        read(cell)
    assert refused.value.suggestions == ()


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("HTTPS://Example.org/A", "https://Example.org/A"),
        ("<https://a.fr>", "https://a.fr"),
        ("https://a.fr/b,", "https://a.fr/b"),
        (SITE, "https://www.beauvais.fr/projet"),
        ("", ""),
        (None, ""),
    ],
)
def test_address_is_read(cell, address):
    assert AddressWidget().clean(cell) == address


@pytest.mark.parametrize(
    ("cell", "proposed"),
    [
        ("http://a.fr et http://b.fr", ("http://a.fr", "http://b.fr")),
        ("Le site : https://a.fr", ("https://a.fr",)),
        (LinkedCell.to("Sites", ["https://a.fr", "https://b.fr"]), ("https://a.fr", "https://b.fr")),
    ],
)
def test_one_address_of_several_is_chosen(cell, proposed):
    with pytest.raises(CellError, match="seule") as refused:
        AddressWidget().clean(cell)
    assert refused.value.suggestions == proposed


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (SITE, "https://www.beauvais.fr/projet"),
        ("HTTP://a.fr/b", "http://a.fr/b"),
        ("Le Progrès, https://a.fr", ""),
        ("Le Progrès", ""),
        (None, ""),
        (2020, ""),
    ],
)
def test_title_of_a_source_may_lead_to_it_or_be_its_address(cell, address):
    assert source_address(cell) == address


def test_part_of_a_text_that_is_no_address_is_named():
    with pytest.raises(CellError, match="« à » n’en est pas une"):
        links("https://a.fr/é à")
