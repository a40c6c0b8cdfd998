"""What a backup keeps, and what a restoration refuses: one sentence, and nothing of the database changes."""

import io
import random
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, models

from initiatives.backup import base, tables
from initiatives.models import Category, ContentVersion, Theme
from initiatives.publication import storage
from tests.support import editions, factories
from tests.support.archives import forged, manifest, parts_of, replace, rows_of

pytestmark = pytest.mark.both_databases

CATEGORIES, DOCUMENTS = "initiatives.category", "initiatives.document"

pytestmark = pytest.mark.usefixtures("no_vocabulary")


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of what the migrations and load_vocabulary make: no transaction of a test has begun."""
    path = tmp_path_factory.mktemp("backup") / "catalogue.zip"
    with django_db_blocker.unblock():
        call_command("backup", str(path), verbosity=0)
    return path


def everything() -> dict[str, list]:
    return {tables.label(model): list(tables.lines(model)) for model in tables.kept()}


def assert_refused(path, *words: str):
    before = everything()
    with pytest.raises(CommandError) as refused:
        call_command("restore", str(path), stdout=io.StringIO())
    sentence = str(refused.value)
    assert sentence.startswith("Nothing was restored. ")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence
    assert everything() == before


class TestWhatIsKept:
    def test_every_table_of_the_database_is_kept_or_named_among_those_left_out(self):
        left_out = {"django_migrations", "shared_cache", *(model._meta.db_table for model in tables.LEFT_OUT)}
        found = {name for name in connection.introspection.table_names() if not name.startswith("sqlite_")}
        assert len(found) > 40
        assert {model._meta.db_table for model in tables.kept()} == found - left_out

    def test_every_column_is_kept(self):
        with connection.cursor() as cursor:
            for model in tables.kept():
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)} LIMIT 0")
                assert {column[0] for column in cursor.description} == {
                    field.column for field in tables.columns(model)
                }, model

    def test_no_model_has_files_but_those_of_the_publications(self):
        fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
        assert len(fields) > 200
        assert not [field for field in fields if isinstance(field, models.FileField)]

    def test_each_table_comes_after_those_that_it_names(self):
        seen = set()
        for model in tables.kept():
            seen.add(model)
            named = {field.related_model._meta.concrete_model for field in tables.columns(model) if field.is_relation}
            assert named <= seen, model

    def test_empty_base_has_rows_in_the_tables_of_the_migrations_and_in_no_other(self):
        assert {label for label, rows in everything().items() if rows} == base.MADE_BY_MIGRATIONS

    def test_archive_is_for_its_owner_alone_and_nothing_else_is_left(self, archive):
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        assert [path.name for path in archive.parent.iterdir()] == [archive.name]


class TestRestoring:
    def test_what_the_migrations_made_is_replaced(self, archive):
        Group.objects.filter(name="modération").update(name="autre nom")
        ContentVersion.bump()
        said = io.StringIO()
        call_command("restore", str(archive), stdout=said)
        parts = parts_of(archive)
        assert everything() == {
            label: parts[f"tables/{label}.jsonl"].splitlines(keepends=True) for label in manifest(archive)["tables"]
        }
        assert f"{CATEGORIES}: 3\n" in said.getvalue()

    def test_moment_of_the_content_is_that_of_the_archive_to_the_microsecond(self, archive):
        state = ContentVersion.state()
        ContentVersion.bump()
        call_command("restore", str(archive), verbosity=0)
        assert ContentVersion.state() == state

    def test_key_that_was_given_once_is_given_to_nobody_else(self, archive, tmp_path):
        """Its row is gone: its history names it, and it may come back."""
        with forged(archive, tmp_path) as (path, _, told):
            told["tables"][CATEGORIES]["last_number"] = 41
            told["tables"]["initiatives.initiative"]["last_number"] = 7
            told["tables"]["initiatives.theme"]["last_number"] = 0
        call_command("restore", str(path), verbosity=0)
        assert Category.objects.create(name="Neuve", slug="neuve").pk == 42
        assert factories.draft().pk == 8
        last = Theme.objects.latest("pk").pk
        assert Theme.objects.create(category=factories.category(), name="Neuf", slug="neuf").pk == last + 1

    @pytest.mark.parametrize(
        "make", [factories.user, factories.town, factories.department], ids=lambda make: make.__name__
    )
    def test_base_that_is_not_empty_is_refused(self, archive, make):
        make()
        assert_refused(archive, "The database is not empty", "manage.py migrate")

    @pytest.mark.parametrize(
        ("label", "spoil"),
        [
            (CATEGORIES, lambda rows: [*rows, rows[0]]),
            (CATEGORIES, lambda rows: [[*row, 1] for row in rows]),
            (CATEGORIES, lambda rows: [None]),
            ("initiatives.theme", lambda rows: [[row[0], 999, *row[2:]] for row in rows]),
            ("initiatives.survey", lambda rows: [["x", *row[1:]] for row in rows]),
            ("initiatives.contentversion", lambda rows: [[1, 1, "hier", rows[0][3]]]),
            ("initiatives.contentversion", lambda rows: [[2, *row[1:]] for row in rows]),
            ("initiatives.contentversion", lambda rows: [[1, 10**30, *row[2:]] for row in rows]),
        ],
    )
    def test_rows_that_the_database_refuses_leave_it_as_it_was(self, archive, tmp_path, label, spoil):
        with forged(archive, tmp_path) as (path, parts, told):
            replace(parts, told, label, spoil(rows_of(parts, label)))
        assert_refused(path)


class TestFiles:
    """Those of an edition come back with its rows, or not at all."""

    @pytest.fixture
    def with_files(self, tmp_path):
        """The content of the archive of a base with the two files of an edition, of which the base is then emptied."""
        path = tmp_path / "with_files.zip"
        call_command("load_vocabulary", verbosity=0)
        factories.published()
        editions.built()
        call_command("backup", str(path), verbosity=0)
        for model in reversed(tables.kept()):
            if tables.label(model) not in base.MADE_BY_MIGRATIONS:
                tables.empty(model)
        Path(default_storage.path(storage.FOLDER)).rename(tmp_path / "files")
        return path

    @staticmethod
    def in_storage() -> list[str]:
        return sorted(path.name for path in Path(default_storage.path(storage.FOLDER)).glob("*"))

    def test_come_back(self, with_files, tmp_path):
        call_command("restore", str(with_files), verbosity=0)
        assert self.in_storage() == sorted(path.name for path in (tmp_path / "files").iterdir())
        assert len(self.in_storage()) == 2

    def test_of_a_restoration_that_fails_after_them_go_and_those_that_were_there_stay(self, with_files, tmp_path):
        there = sorted((tmp_path / "files").iterdir())[0]
        folder = Path(default_storage.path(storage.FOLDER))
        folder.mkdir()
        shutil.copy(there, folder)
        with forged(with_files, tmp_path) as (path, parts, told):
            rows, at = rows_of(parts, DOCUMENTS), told["tables"][DOCUMENTS]["columns"].index("files")
            rows[0][at].append(rows[0][at][0] | {"stored": "1-x-publication.pdf"})
            replace(parts, told, DOCUMENTS, rows)
        assert_refused(path, "which is no file of ours")
        assert self.in_storage() == [there.name]

    def test_that_is_not_what_its_row_says_goes_under_its_own_digest_too(self, with_files, tmp_path):
        with forged(with_files, tmp_path) as (path, parts, told):
            name = next(name for name in parts if name.startswith("documents/"))
            parts[name] = b"something else"
            del told["parts"][name]
        assert_refused(path, "is not the file that its table tells of")
        assert self.in_storage() == []


class TestDamage:
    def test_one_byte_that_changed_anywhere(self, archive, tmp_path):
        whole, draw, path = archive.read_bytes(), random.Random(2020), tmp_path / "catalogue.zip"
        for place in [0, 10, len(whole) - 1, len(whole) - 70, *(draw.randrange(len(whole)) for _ in range(40))]:
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :])
            with pytest.raises(CommandError, match=r"damaged|is not a backup"):
                call_command("restore", str(path))

    @pytest.mark.parametrize("part", [0.001, 0.5, 0.99])
    def test_archive_that_is_cut_off(self, archive, tmp_path, part):
        path, whole = tmp_path / "catalogue.zip", archive.read_bytes()
        path.write_bytes(whole[: int(len(whole) * part)])
        assert_refused(path, "damaged or cut off")

    @pytest.mark.parametrize("content", [b"", b"PK\3\4", b"INSERT INTO", b"PK\3\4" * 100, b"\x1f\x8b" * 400])
    def test_file_that_is_no_archive(self, tmp_path, content):
        path = tmp_path / "catalogue.sql"
        path.write_bytes(content)
        assert_refused(path, "catalogue.sql", "no")

    def test_archive_of_something_else(self, tmp_path):
        path = tmp_path / "classeur.xlsx"
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("xl/workbook.xml", "<workbook/>" * 20)
        assert_refused(path, "no backup")

    def test_file_that_is_not_there(self, tmp_path):
        assert_refused(tmp_path / "absent.zip", "absent.zip", "No such file")
        assert_refused(tmp_path, str(tmp_path), "directory")

    def test_part_that_is_not_what_the_manifest_says(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, parts, _):
            name = f"tables/{CATEGORIES}.jsonl"
            parts[name] = parts[name].replace(b"service-public", b"service-privex")
        assert_refused(path, "damaged")

    def test_part_that_is_missing_or_too_many(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, parts, _):
            del parts[f"tables/{CATEGORIES}.jsonl"]
        assert_refused(path, "damaged")
        with forged(archive, tmp_path) as (path, parts, told):
            del told["tables"][CATEGORIES]
        assert_refused(path, "other tables")

    @pytest.mark.parametrize("name", ["../../settings.py", "/etc/cron.d/x", "documents/../../x", "documents/..", "x"])
    def test_name_that_leads_elsewhere(self, archive, tmp_path, name):
        with forged(archive, tmp_path) as (path, parts, _):
            parts[name] = b"x"
        assert_refused(path, "damaged")

    def test_bomb_takes_neither_memory_nor_disk(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, parts, told):
            name = f"tables/{CATEGORIES}.jsonl"
            parts[name] = b"0" * 2**26
            del told["parts"][name]
        assert path.stat().st_size < 2**20
        assert_refused(path, "damaged")

    @pytest.mark.parametrize(
        "change",
        [
            {"format": "un"},
            {"tables": []},
            {"migrations": None},
            {"content_version": "x"},
            {"tables": {CATEGORIES: {}}},
        ],
        ids=str,
    )
    def test_manifest_that_makes_no_sense(self, archive, tmp_path, change):
        with forged(archive, tmp_path) as (path, _, told):
            told |= change
        assert_refused(path, "damaged")


class TestVersions:
    def test_format_to_come_is_refused_and_says_which_version_reads_it(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, _, told):
            told |= {"format": 2, "version": "9.1.0"}
        assert_refused(path, "format 2", "9.1.0")

    def test_fewer_migrations_are_refused_with_what_to_do(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, _, told):
            missing = told["migrations"].pop()
        assert_refused(path, f"lacks {missing}", "then install this version and run manage.py migrate")

    @pytest.mark.parametrize("name", ["initiatives.0003_vocabulary", "initiatives.9999_later"])
    def test_migration_that_this_code_has_not_is_refused_with_what_to_do(self, archive, tmp_path, name):
        with forged(archive, tmp_path) as (path, _, told):
            told["migrations"].append(name)
        assert_refused(path, f"with {name}, a migration that is not in this version", "with the code that made it")

    def test_other_columns_are_refused(self, archive, tmp_path):
        with forged(archive, tmp_path) as (path, _, told):
            told["tables"][CATEGORIES]["columns"][-1] = "rang"
        assert_refused(path, "other tables or columns")

    def test_database_of_other_migrations_is_neither_saved_nor_filled(self, archive, tmp_path):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0002_database'")
            assert_refused(archive, "run manage.py migrate first")
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES"
                " ('initiatives', '0003_vocabulary', '2026-01-01')"
            )
            assert_refused(archive, "other code, whose migration initiatives.0003_vocabulary is not in this version")
            with pytest.raises(CommandError, match=r"No backup was made\. .* other code"):
                call_command("backup", str(tmp_path / "catalogue.zip"))


class TestWriting:
    def test_file_that_is_there_is_never_overwritten(self, archive):
        before = archive.read_bytes()
        with pytest.raises(CommandError, match="there already, and nothing is overwritten"):
            call_command("backup", str(archive))
        assert archive.read_bytes() == before

    def test_folder_that_is_none(self, tmp_path):
        (tmp_path / "file").touch()
        for folder, reason in (("absent", "No such file"), ("file", "Not a directory")):
            with pytest.raises(CommandError, match=f"No backup was made. .*{folder}: {reason}"):
                call_command("backup", str(tmp_path / folder / "catalogue.zip"))
