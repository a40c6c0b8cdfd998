"""The PDF of an edition: all of its words, its structure, and whatever a text may hold."""

import re
import unicodedata
from collections.abc import Iterator

import pypdf
import pytest

from initiatives.exports.typesetting import MISSING, printable
from initiatives.models import Edition
from initiatives.publication import volumes
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
from initiatives.publication.snapshot import build
from initiatives.text.french import typo
from tests.support import editions, factories
from tests.support.kinds import complete_entry
from tests.support.logos import png, svg
from tests.support.pdfs import HOSTILE, read, squeezed, text_of


def outline(reader: pypdf.PdfReader) -> Iterator[str]:
    def walk(items):
        for item in items:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield item.title

    return walk(reader.outline)


@pytest.fixture
def complete() -> Edition:
    complete_entry()
    return editions.edition(title="Le rapport", foreword="Un **avant-propos**.\n\n## Partie\n\n- un\n- deux")


def test_document_says_its_title_language_and_standards(complete):
    reader = read(report(EditionContent(complete)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Le rapport"
    assert reader.metadata.author == "Villes de France"
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part[^\d]+1", xmp)
    assert re.search(r"pdfaid:part[^\d]+2", xmp)
    assert re.search(r"pdfaid:conformance\W+A", xmp)
    assert root["/OutputIntents"]


def structure(content: bytes) -> tuple[set[str], list[str | None]]:
    """The kinds of the elements of the structure, and the texts of its figures."""
    kinds, texts = set(), []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            kinds.add(node.get("/S"))
            if node.get("/S") == "/Figure":
                texts.append(node.get("/Alt"))
            walk(node.get("/K", pypdf.generic.ArrayObject()))

    walk(read(content).trailer["/Root"]["/StructTreeRoot"])
    return kinds, texts


def test_structure_has_headings_tables_figures_and_links(complete):
    kinds, texts = structure(report(EditionContent(complete)))
    assert kinds >= {"/H1", "/H2", "/H3", "/P", "/Table", "/TR", "/TH", "/TD", "/Link", "/Figure", "/L", "/LI"}
    assert texts
    assert all(texts)


def test_contents_and_bookmarks_lead_to_every_part_and_entry(complete):
    reader = read(report(EditionContent(complete)))
    names = list(outline(reader))
    for name in [
        "Avant-propos",
        "Chiffres clés",
        "La carte",
        "Cohésion sociale",
        "Index des thèmes",
        "Crédits et licence",
    ]:
        assert name in names, name
    assert any("L’entraide" in name for name in names)
    contents = reader.pages[1]
    assert len(contents["/Annots"]) >= 6


def test_every_block_of_an_entry_is_there_and_marked(complete):
    text = text_of(report(EditionContent(complete)))
    for words in [
        "Trouver de l’aide",
        "2 300 demandes",
        "Points de vigilance",
        "La relecture",
        "Bonnes pratiques et conseils",
    ]:
        assert squeezed(words) in text, words
    for words in ["Yakforms (logiciel libre)", "Secours populaire, CCAS", "Un an d’entraide", "vérifiée le 01/10/2026"]:
        assert squeezed(words) in text, words
    assert "Confidentielle" not in text


def test_key_figures_can_be_told_apart(client):
    entry = factories.published()
    entry.key_figures.create(value="2 300", label="demandes en deux mois, dont 12 tardives")
    entry.key_figures.create(value="140", label="commerces")
    frozen = editions.edition()
    words = "2 300 : demandes en deux mois, dont 12 tardives ; 140 : commerces"
    assert typo(words) in client.get(frozen.get_absolute_url()).text
    printed = "".join(page.extract_text() for page in read(report(EditionContent(frozen))).pages)
    assert "".join(words.split()) in "".join(printed.split())


def test_entry_that_the_survey_only_cites_is_not_called_an_answer(client):
    """By the page, the PDF, and the figures of both."""
    factories.published(reference="CS20-90001", in_survey=True, origin="survey")
    factories.published(reference="CS20-90002", in_survey=True, **factories.PUBLIC_SOURCE)
    frozen = editions.edition()
    html = re.sub(r"<[^>]*>", "", client.get(frozen.get_absolute_url()).text)
    printed = text_of(report(EditionContent(frozen)))
    for words in [
        "Fiche CS20-90001, réponse à l’enquête",
        "Fiche CS20-90002, citée par l’enquête",
        "2 de l’enquête ou citées par elle",
    ]:
        assert squeezed(words) in squeezed(html), words
        assert squeezed(words) in printed, words


def test_fonts_are_all_within(complete):
    fonts = set()
    for page in read(report(EditionContent(complete))).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font
            fonts.add(descriptor["/FontName"].partition("+")[2])
    assert any("SourceSans" in name for name in fonts)
    assert any("Libertinus" in name for name in fonts)


def test_entries_stand_once_in_an_edition_whose_categories_have_one_name(client):
    """As one could be frozen while the names of categories were free."""
    entries = [factories.published() for _ in range(2)]

    def with_two_of_one_name(publication):
        contents = build(publication, site=editions.SITE)
        first, *others = contents["categories"]
        return contents | {"categories": [first, first | {"slug": "autre"}, *others]}

    frozen = editions.publication().freeze(by=factories.user(), build=with_two_of_one_name)
    page = client.get(frozen.get_absolute_url()).text
    assert [page.count(f'data-initiative="{entry.reference}"') for entry in entries] == [1, 1]
    content = EditionContent(frozen)
    assert [len(part.entries) for part in content.parts] == [2]
    assert [row.count for row in content.figures.tables[0].rows] == [2, 0, 0, 0]
    assert len(read(report(content)).pages) > 3


def test_same_edition_same_bytes(complete):
    assert report(EditionContent(complete)) == report(EditionContent(Edition.objects.get()))


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_gives_a_document_and_is_never_interpreted(name):
    text = HOSTILE[name]
    entry = factories.published(
        title=f"Titre {text}"[:120],
        summary=text[:500],
        partners=text,
        need=text,
        caveats=text,
        carrying_service=text[:100],
    )
    entry.tools.create(name=text[:120])
    frozen = editions.edition(title=text[:160], subtitle=text[:200], foreword=text, credits=text)
    said = text_of(report(EditionContent(frozen)))
    # Cells are cleaned as every export cleans them; the rest must be printed as it stands, or as a box.
    for word in re.findall(r"[A-Za-zÀ-ÿ]{4,30}", text if name not in ("markdown", "one word") else ""):
        assert squeezed(word) in said, word
    assert "root:" not in said


def test_twenty_thousand_characters_and_many_signs_give_a_document():
    everything = "".join(chr(code) for code in range(0x21, 0x2FFF) if unicodedata.category(chr(code)) != "Cs")
    factories.published(partners=("mot " * 5_000)[:20_000], need=everything[:600], solution=everything[600:2_100])
    frozen = editions.edition(foreword=("Été 日本 🙂 " * 2_000)[:20_000])
    assert squeezed("mot mot mot") in text_of(report(EditionContent(frozen)))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Évreux, « œuvre » n° 1 – 50 € …", "Évreux, « œuvre » n° 1 – 50 € …"),
        ("日本 🙂", f"{MISSING}{MISSING} {MISSING}"),
        ("a\u202eb\x00c\ufeff", "abc"),
        ("e\u0301", "é"),
        ("العربية", "العربية"),
        ("→ ★ ✓", "→ ★ ✓"),
    ],
)
def test_what_the_fonts_lack_is_a_box_and_what_is_not_seen_goes(text, printed):
    assert printable(text) == printed


@pytest.mark.parametrize(("data", "kind"), [(svg(), "svg"), (png(), "png")])
def test_logo_is_on_the_cover_with_its_text(data, kind):
    factories.published()
    frozen = editions.edition(logo=data, logo_type=kind, logo_text="Blason de la ville")
    assert "Blason de la ville" in structure(report(EditionContent(frozen)))[1]


def test_parts_that_are_left_out_are_out():
    complete_entry()
    left_out = dict.fromkeys(["with_figures", "with_map", "with_themes", "with_territories", "with_sources"], False)
    names = list(outline(read(report(EditionContent(editions.edition(**left_out))))))
    assert not {"Chiffres clés", "La carte", "Index des thèmes", "Index des collectivités", "Sources"} & set(names)


def test_beyond_two_thousand_entries_there_are_volumes(monkeypatch):
    for number in range(5):
        factories.published(title=f"Fiche {number}")
    frozen = EditionContent(editions.edition(order="titre"))
    monkeypatch.setattr(volumes, "MOST_ENTRIES", 2)
    texts = [text_of(report(frozen, volume)) for volume in range(1, volumes.count(frozen) + 1)]
    assert [[number for number in range(5) if f"Fiche{number}" in text] for text in texts] == [[0, 1], [2, 3], [4]]
    assert all("volume" in text and "sur3" in text for text in texts)
    assert ["Chiffresclés" in text for text in texts] == [True, False, False]


def test_withdrawn_entry_is_named_by_its_reference_only():
    gone, _ = factories.published(title="Fiche à retirer"), factories.published()
    frozen = editions.edition()
    frozen.withdraw(reference=gone.reference, by=factories.user(), reason="À la demande de la ville.")
    text = text_of(report(EditionContent(frozen)))
    assert squeezed("Fiche à retirer") not in text
    assert squeezed(gone.reference) in text
    assert squeezed("À la demande de la ville") in text
