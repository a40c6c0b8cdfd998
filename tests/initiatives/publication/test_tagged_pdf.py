"""The structure of every PDF read back: what PDF/UA-1 asks for and a program can see, since no registry has veraPDF."""

import io
import itertools
import re
from collections.abc import Iterator

import pypdf
import pytest
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
from tests.support import editions, factories
from tests.support.kinds import complete_entry
from tests.support.logos import svg

STANDARD = set(
    "Document Part Sect Div P H1 H2 H3 H4 H5 H6 H L LI Lbl LBody Table TR TH TD THead TBody TFoot TOC TOCI Caption"
    " Span Link Figure Formula Form BlockQuote Quote Note Reference BibEntry Code Index NonStruct Private Art Title"
    " Strong Em Annot".split()
)
SHOWN = {b"Tj", b"TJ", b"'", b'"', b"f", b"f*", b"B", b"B*", b"S", b"Do", b"sh"}


# Each is made once and read by every test.
MADE: dict[str, bytes] = {}


@pytest.fixture(params=["report", "sheet", "booklet"])
def reader(request) -> pypdf.PdfReader:
    if request.param not in MADE:
        request.getfixturevalue("db")
        MADE[request.param] = made(request.param, request.getfixturevalue("client"))
    return pypdf.PdfReader(io.BytesIO(MADE[request.param]))


def made(what: str, client) -> bytes:
    entry = complete_entry()
    other = factories.published(
        title="Prêt de tablettes", slug="pret", themes=[factories.theme(slug="circuits-courts")]
    )
    if what == "report":
        texts = {
            "foreword": "Un **avant-propos**.\n\n## Deux\n\n- un\n- deux\n\n### Trois\n\n> cité",
            "credits": "Fin.",
        }
        return report(EditionContent(editions.edition(logo=svg(), logo_type="svg", logo_text="Blason", **texts)))
    if what == "sheet":
        return client.get(f"{entry.get_absolute_url()}fiche.pdf").content
    return client.get(f"/selection/livret.pdf?fiche={entry.slug}&fiche={other.slug}").content


def elements(reader: pypdf.PdfReader) -> Iterator[tuple[str, DictionaryObject, tuple[str, ...]]]:
    """(role, element, roles above it) in the order of reading."""
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    roles = tree.get("/RoleMap", {})

    def walk(node, above):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child, above)
        elif isinstance(node, dict) and "/S" in node:
            role = node["/S"]
            # Another namespace, or a role of the program's own, stands for one of the standard.
            role = str(roles.get(role, role)).removeprefix("/")
            yield role, node, above
            yield from walk(node.get("/K", pypdf.generic.ArrayObject()), (*above, role))

    return walk(tree["/K"], ())


def notes(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    return (note.get_object() for page in reader.pages for note in page.get("/Annots", []))


def test_document_declares_itself(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/MarkInfo"].get("/Suspects", False) in [False]
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title
    xmp = root["/Metadata"].get_object().get_data().decode()
    for declared in (r"pdfuaid:part\W+1", r"pdfaid:part\W+2", r"pdfaid:conformance\W+A", "dc:title"):
        assert re.search(declared, xmp), declared


def test_every_element_has_a_standard_role_and_stands_where_it_may(reader):
    rooms = {
        "LI": {"L"},
        "Lbl": {"LI", "Note", "TOCI", "BibEntry"},
        "LBody": {"LI"},
        "TR": {"Table", "THead", "TBody", "TFoot"},
        "TH": {"TR"},
        "TD": {"TR"},
        "TOCI": {"TOC"},
    }
    found = list(elements(reader))
    assert len(found) > 20
    assert {role for role, _, _ in found} <= STANDARD
    for role, _, above in found:
        assert role not in rooms or above[-1] in rooms[role], (role, above)


def test_headings_go_down_one_step_at_a_time(reader):
    levels = [int(role[1]) for role, _, _ in elements(reader) if re.fullmatch(r"H[1-6]", role)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels


def test_figures_say_what_they_show_and_where(reader):
    figures = [element for role, element, _ in elements(reader) if role == "Figure"]
    for figure in figures:
        assert len(figure["/Alt"]) > 3
        assert "/BBox" in str(figure.get("/A"))
    assert figures


def test_tables_have_headers_with_a_scope_and_whole_rows(reader):
    rows: dict[int, list[int]] = {}
    tables = [(element, above) for role, element, above in elements(reader) if role == "Table"]
    for role, element, _ in elements(reader):
        if role == "TH":
            assert "/Scope" in str(element.get("/A")), element
        if role == "TR":
            cells = [cell for cell in element["/K"] if isinstance(cell.get_object(), dict)]
            rows.setdefault(id(element.get("/P").get_object()), []).append(len(cells))
    assert all(len(set(widths)) == 1 for widths in rows.values())
    assert bool(rows) == bool(tables)


def test_links_are_told_and_stand_in_the_structure(reader):
    links = [note for note in notes(reader) if note["/Subtype"] == "/Link"]
    assert links
    for link in links:
        assert link.get("/Contents"), link
        assert "/StructParent" in link
    inside = [role for role, _, _ in elements(reader) if role in ("Link", "Reference")]
    assert inside
    assert all(page.get("/Tabs") == "/S" for page in reader.pages if page.get("/Annots"))


def test_all_that_is_drawn_is_tagged_or_said_to_be_ornament(reader):
    drawn = 0
    for page in reader.pages:
        depth = 0
        for _, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in SHOWN:
                drawn += 1
                assert depth, (page.page_number, operator)
    assert drawn > 20


def test_fonts_are_within_and_their_letters_have_a_meaning(reader):
    fonts = {
        str(font): font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()
    }
    for font in fonts.values():
        inner = font.get("/DescendantFonts", [font])[0].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
        assert "/ToUnicode" in font
    assert fonts


def test_bookmarks_lead_somewhere_in_the_order_of_the_pages(reader):
    def walk(items):
        for item in items:
            yield from walk(item) if isinstance(item, list) else [item]

    places = [reader.get_destination_page_number(one) for one in walk(reader.outline)]
    assert places
    assert None not in places
    assert places == sorted(places)


def test_nothing_runs_and_nothing_is_hidden_in_it(reader):
    names = set()

    def walk(value, seen):
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                return
            seen.add(value.idnum)
            value = value.get_object()
        if isinstance(value, dict):
            names.update(value)
            for inner in value.values():
                walk(inner, seen)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, seen)

    for at in range(1, len(reader.xref[0]) if reader.xref else 1):
        walk(IndirectObject(at, 0, reader), set())
    walk(reader.trailer, set())
    assert not names & {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/OpenAction", "/AA", "/Encrypt"}
