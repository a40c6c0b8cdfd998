"""Files as nobody should send them: a clear message, nothing lost, nothing half-written."""

import io
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from django.urls import reverse

from initiatives.imports import jobs
from initiatives.models import ImportBatch, Initiative
from tests.support import factories
from tests.support.imports import BIKES, HEADINGS, TABLETS, as_csv, faults, kinds, post, send, sent
from tests.support.workbooks import merged, ods, xlsx

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    """All in this process, which alone sees the rows of the test; those of the server follow the other."""
    monkeypatch.setattr(jobs, "SMALL_FILE", 100 * 2**20)
    factories.town(name="Beauvais", insee_code="60057", population=56_000)


def refused(client, content: bytes, name: str = "réponses.csv") -> str:
    """What is said of a file that is not kept."""
    before = ImportBatch.objects.count()
    response = send(client, content, name)
    assert response.status_code == 200
    assert (ImportBatch.objects.count(), Initiative.objects.count()) == (before, 0)
    return " ".join(response.context["form"].errors["file"])


def unreadable(client, content: bytes, name: str = "réponses.csv") -> str:
    """What is said of a file that is kept, and of which nothing can be imported."""
    batch = sent(client, content=content, name=name)
    page = client.get(reverse("admin:import_batch", args=[batch.pk]))
    assert page.status_code == 200
    post(client, batch, "confirm")
    assert (batch.state, batch.rows.count(), Initiative.objects.count()) == ("ready", 0, 0)
    return " ".join(batch.faults)


def bomb(size: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(size // 2**20):
                part.write(b" " * 2**20)
    return stream.getvalue()


class TestFile:
    def test_empty(self, importer):
        assert "Le fichier est vide." in refused(importer, b"")
        assert "Le fichier est vide." in refused(importer, b" \r\n\r\n")

    def test_heading_only(self, importer):
        assert "n’a que la ligne des titres" in unreadable(importer, as_csv(HEADINGS))
        assert "n’a que la ligne des titres" in unreadable(importer, xlsx(HEADINGS), "réponses.xlsx")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"%PDF-1.7 ...", "est un PDF"),
            (b"\x89PNG\r\n", "est une image"),
            (b"\xd0\xcf\x11\xe0" + bytes(600), "ancien document de Microsoft Office"),
            (b"<!doctype html><table>", "est une page web"),
            (b"PK\x03\x04 not an archive", "archive"),
        ],
    )
    def test_another_type_under_the_right_name(self, importer, content, message):
        assert message in refused(importer, content, "réponses.xlsx")

    def test_right_content_under_another_name_is_read(self, importer):
        assert kinds(sent(importer, content=xlsx(HEADINGS, BIKES), name="réponses.csv")) == ["new"]
        assert kinds(sent(importer, content=ods(HEADINGS, BIKES), name="réponses.xlsx")) == ["new"]

    def test_zip_bomb_is_not_opened(self, importer):
        content = bomb(300 * 2**20)
        assert len(content) < 2**20
        tracemalloc.start()
        message = refused(importer, content, "réponses.xlsx")
        assert "Décompressé, le fichier dépasse" in message
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
        tracemalloc.stop()

    def test_hundred_thousand_columns(self, importer):
        wide = ";".join(f"c{n}" for n in range(100_000)).encode()
        assert "la limite est de 2\u202f000\u00a0colonnes" in unreadable(importer, wide + b"\r\n" + wide)

    def test_fifty_megabytes(self, importer):
        assert "la limite est de 30 Mo" in refused(importer, as_csv(HEADINGS, BIKES) + b"\r\n" * 25 * 2**20)

    def test_twenty_megabytes_in_a_field(self, importer):
        content = as_csv(HEADINGS, [*BIKES[:3], "x" * 20 * 2**20, "2020"])
        assert "une cellule dépasse" in unreadable(importer, content)

    def test_a_field_longer_than_a_field_can_be(self, importer):
        assert "une cellule dépasse" in unreadable(importer, as_csv(HEADINGS, [*BIKES[:3], "x" * 200_000, "2020"]))
        batch = sent(importer, HEADINGS, ["60057", "x" * 50_000, *BIKES[2:]])
        assert "120 caractères" in faults(batch)[0]
        assert len(importer.get(reverse("admin:import_batch", args=[batch.pk])).content) < 100_000

    def test_a_long_list_is_not_repeated_to_correct_one_of_its_names(self, importer):
        batch = sent(importer, HEADINGS, [*BIKES[:3], f"inclusion numerik|{'x' * 50_000}", "2020"])
        assert batch.rows.get().faults[0]["suggestions"] == []

    def test_cut_in_the_middle(self, importer):
        whole = as_csv(HEADINGS, [*BIKES[:3], "un\ndeux", "2020"])
        assert "n’est jamais refermé" in unreadable(importer, whole[: whole.index(b"deux")])
        batch = sent(importer, content=as_csv(HEADINGS, BIKES) + b"60057;Tablettes")
        assert kinds(batch) == ["new", "error"]
        assert faults(batch) == ["3 Catégorie : Cette cellule est obligatoire."]

    @pytest.mark.both_databases
    def test_kept_file_that_changed_is_not_read(self, importer):
        batch = sent(importer, HEADINGS, BIKES)
        batch.file.content = as_csv(HEADINGS, TABLETS)
        batch.file.save()
        post(importer, batch, "check")
        assert "ne correspond plus à son empreinte" in batch.faults[0]
        post(importer, batch, "confirm")
        assert not Initiative.objects.exists()


class TestCells:
    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_merged_cells_say_so_and_are_filled_in_with_a_click(self, importer, kind):
        """A town merged over its three initiatives, as surveys are typed."""
        rows = (HEADINGS, [60057, *BIKES[1:]], [None, *TABLETS[1:]], [None, "Un standard", *BIKES[2:]])
        content = merged(kind, rows, down=("A2:A4", 0, 3))
        batch = sent(importer, content=content, name=f"r.{kind}")
        assert kinds(batch) == ["new", "error", "error"]
        assert faults(batch)[0].startswith("3 Code INSEE : Cellules fusionnées (A2:A4)")
        assert "annulez la fusion" in importer.get(reverse("admin:import_batch", args=[batch.pk])).text
        for line in (3, 4):
            post(importer, batch, "correct", accepter=f"{batch.rows.get(line=line).pk}:0:0")
        assert kinds(batch) == ["new"] * 3
        post(importer, batch, "confirm")
        assert set(Initiative.objects.values_list("territory", flat=True)) == {"60057"}

    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_cells_merged_beside_one_another_are_to_be_parted(self, importer, kind):
        rows = (HEADINGS, ["60057", "Un titre", None, None, "2020"])
        batch = sent(importer, content=merged(kind, rows, across=("B2:D2", 1, 3)), name=f"r.{kind}")
        assert [fault.split(" : ")[:2] for fault in faults(batch)] == [
            ["2 Catégorie", "Cellules fusionnées (B2:D2)"],
            ["2 Thèmes", "Cellules fusionnées (B2:D2)"],
        ]
        assert "Mettre" not in importer.get(reverse("admin:import_batch", args=[batch.pk])).text

    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_merged_headings_are_told(self, importer, kind):
        content = merged(kind, (["Code INSEE", "Titre", None, None, "Début"], BIKES), across=("B1:D1", 1, 3))
        message = unreadable(importer, content, f"r.{kind}")
        assert "Il manque une colonne" in message
        assert "La ligne des titres a des cellules fusionnées" in message

    def test_millions_of_merged_cells_do_not_keep_anybody_waiting(self, importer):
        def merge(book):
            for line in range(2, 6_000):
                book.worksheets[0].merged_cells.add(f"A{line}:XFD1048576")

        batch = sent(importer, content=xlsx(HEADINGS, BIKES, TABLETS, change=merge), name="r.xlsx")
        assert kinds(batch)[0] == "error"

    def test_formula_without_a_result_asks_for_the_value(self, importer):
        batch = sent(importer, content=xlsx(HEADINGS, [*BIKES[:4], "=YEAR(NOW())"]), name="r.xlsx")
        assert "La formule de cette cellule n’a pas de résultat" in faults(batch)[0]

    def test_dates_as_dates_and_numbers_as_numbers(self, importer):
        row = [60057, BIKES[1], "Cohésion sociale", None, datetime(2020, 4, 15)]
        batch = sent(importer, content=xlsx(HEADINGS, row), name="r.xlsx")
        after = batch.rows.get().after
        assert (after["territory"], after["started"]) == ("60057", "2020-04")

    @pytest.mark.parametrize("said", [4, "4", "04", 4.0, "04 - Alpes-de-Haute-Provence", "Alpes-de-Haute-Provence"])
    def test_département_however_it_is_written(self, importer, said):
        alps = factories.department(code="04", name="Alpes-de-Haute-Provence", region="PACA", region_code="93")
        factories.town(name="Digne-les-Bains", insee_code="04070", department=alps)
        rows = (["Commune", "Département", "Titre", "Catégorie"], ["Digne les bains", said, *BIKES[1:3]])
        batch = sent(importer, content=xlsx(*rows), name="r.xlsx")
        assert (faults(batch), batch.rows.get().after.get("territory")) == ([], "04070")

    def test_no_break_and_zero_width_characters(self, importer):
        headings = ["\ufeffCode\u00a0INSEE", "Titre\u200b", "Cat\u0065\u0301gorie"]
        row = ["60057\u202f", "\u200bVélos\u00a0", "Cohésion\u00a0sociale"]
        batch = sent(importer, content=as_csv(headings, row, encoding="utf-8"))
        assert (faults(batch), batch.rows.get().after["title"]) == ([], "Vélos")

    @pytest.mark.both_databases
    def test_same_entry_twice(self, importer):
        batch = sent(importer, HEADINGS, BIKES, TABLETS, ["60057", "VÉLOS en libre service", *BIKES[2:]])
        assert faults(batch) == ["4 Titre : C’est la même fiche qu’à la ligne 2."]

    @pytest.mark.both_databases
    def test_script_in_every_field_is_text_everywhere(self, importer):
        evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
        headings = ["Code INSEE", "Titre", "Catégorie", "Résumé", "Solution", "Partenaires", "Outils", evil]
        batch = sent(importer, headings, ["60057", evil, "Cohésion sociale", *[evil] * 5], [evil] * 8)
        where = reverse("admin:import_batch", args=[batch.pk])
        pages = [importer.get(f"{where}?lignes={kind}").text for kind in ("error", "new")]
        pages += [importer.get(reverse("admin:import_row", args=[batch.pk, line])).text for line in (2, 3)]
        post(importer, batch, "correct", cote="3")
        post(importer, batch, "confirm")
        assert batch.state == "done"
        pages += [importer.get(where).text, importer.get("/admin/").text, importer.get("/admin/imports/").text]
        assert not any("<script>alert" in page or "<img src=x" in page for page in pages)
        assert Initiative.objects.get().summary == evil

    def test_script_in_what_changes_is_text_on_both_sides(self, importer):
        evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
        entry = factories.draft(title="Vélos", summary=f"{evil} avant", partners=f"{evil} avant")
        batch = sent(
            importer, ["Référence", "Résumé", "Partenaires"], [entry.reference, f"{evil} après", f"{evil} après"]
        )
        assert kinds(batch) == ["changed"]
        page = importer.get(f"{reverse('admin:import_batch', args=[batch.pk])}?lignes=changed").text
        assert page.count("onerror=alert(1)&gt; avant") == 2
        assert page.count("onerror=alert(1)&gt; après") == 4  # as it is read, and for other tools
        assert not any(sign in page for sign in ("<script>alert", "<img src=x"))

    def test_script_as_the_name_of_the_file_is_text(self, importer):
        sent(importer, content=as_csv(HEADINGS, BIKES), name="<b>r.csv")
        assert "<b>r.csv" not in importer.get("/admin/imports/").text

    @pytest.mark.both_databases
    def test_formula_as_text_stays_text_there_and_back(self, importer):
        link = '=HYPERLINK("http://evil.example","cliquez")'
        batch = sent(importer, HEADINGS, ["60057", link, *BIKES[2:]])
        post(importer, batch, "confirm")
        assert Initiative.objects.get().title == link
        book = b"".join(importer.get(reverse("admin:import_export")).streaming_content)
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "HYPERLINK" in sheet
        assert "<f>" not in sheet
        assert kinds(sent(importer, content=book, name="fiches.xlsx")) == ["unchanged"]

    @pytest.mark.both_databases
    def test_characters_that_no_database_takes(self, importer):
        text = "a\0b\x1fc\u202e"
        rows = ([*HEADINGS, "Nu\0l", "Solution"], ["60057", text, *BIKES[2:], "\0", "Un texte assez long. " * 40])
        batch = sent(importer, content=as_csv(*rows, encoding="utf-8"))
        assert kinds(batch) == ["new"]
        post(importer, batch, "correct", **{"groupe-\0": "\0", "cellules": "\0", "accepter": "\0", "cote": "\0"})
        post(importer, batch, "confirm")
        assert batch.state == "done"

    @pytest.mark.both_databases
    @pytest.mark.parametrize("what", ["correct", "columns", "confirm"])
    def test_forged_form_does_no_harm(self, importer, what):
        batch = sent(importer, HEADINGS, ["60057", "", *BIKES[2:]])
        for data in (
            {"accepter": "1:99:99"}, {"accepter": "x"}, {"accepter": "9" * 40}, {"fiche": "1:"}, {"cote": "99999"},
            {"reprendre": "-1"}, {"edition": "x"}, {"edition": "9" * 40}, {"colonne-0": "password"}, {"ligne": "x"},
            {"cellules": "[1]"}, {"cellules": "[" * 100_000}, {"cellules": '{"2": {"title": "\\ud800"}}'},
            {"cellules": '{"2": ["title"], "x": {"title": 1}}'}, {"groupe-x": "x"},
            {"cellules": '{"2": {"titre": "x", "title": 3, "password": "x"}}'}, {"oublier": "1:1"}, {"mien": "1:0"},
            {"proposition": "1:-1"}, {"defaire": "9"}, {"base": "1:-1"}, {"differente": "1:99"},
        ):  # fmt: skip
            assert post(importer, batch, what, **data).status_code == 200, data
            assert (batch.state, Initiative.objects.count()) == ("ready", 0), data
