"""The 158 initiatives documented from public sources, loaded as `make run` does."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

from initiatives.models import Audience, Category, ContentVersion, Initiative, Survey, Synonym, Theme, Tool
from towns.models import Intercommunality, Town

pytestmark = pytest.mark.both_databases


def rows(name: str) -> list[dict]:
    with (settings.FIXTURE_DIR / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def changed(folder: Path, cells: dict[str, str]) -> str:
    """The file of the entries with other cells in its second row, which is line 3."""
    lines = rows("initiatives.csv")
    lines[1] |= cells
    path = folder / "initiatives.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return str(path)


def load(*arguments) -> str:
    out = StringIO()
    call_command("load_initiatives", *arguments, stdout=out)
    return out.getvalue()


def everything() -> list:
    """All that the loading may write, and the number of the content."""
    return [
        list(Initiative.objects.order_by("pk").values()),
        list(Tool.objects.order_by("pk").values()),
        list(Initiative.themes.through.objects.order_by("pk").values()),
        list(get_user_model().objects.values()),
        list(Survey.objects.values()),
        ContentVersion.objects.values().get(),
    ]


def test_all_are_published_and_say_where_they_come_from(real_catalogue):
    assert real_catalogue.said == (
        "Initiatives documented from public sources: 158 created and published, 0 updated, 0 unchanged.\n"
    )
    published = Initiative.objects.published()
    assert published.count() == 158
    assert published.filter(origin="public_source", in_survey=True).count() == 11
    assert published.filter(origin="public_source", in_survey=False).count() == 147
    cited = published.values("territory")
    assert [model.objects.filter(pk__in=cited).count() for model in (Town, Intercommunality)] == [104, 36]
    assert published.values("department").distinct().count() == 70
    assert published.filter(uses_open_source=True).count() == 2
    assert published.filter(tools__open_source="yes").distinct().count() == 2
    assert not published.filter(source_url="").exists()
    assert not published.filter(search_text="").exists()
    assert published.filter(themes=None).count() == 0


def test_all_are_published_at_one_moment_by_an_account_that_nobody_can_use(real_catalogue):
    moments = Initiative.objects.values("submitted_at", "reviewed_at", "published_at").distinct()
    assert len({moment for row in moments for moment in row.values()}) == 1
    account = get_user_model().objects.get()
    assert (account.username, account.is_active, account.has_usable_password()) == ("sources-publiques", False, False)
    assert not Client().login(username=account.username, password="")
    started = list(Initiative.objects.published().most_recent().values_list("started", flat=True))
    assert started == sorted(started, reverse=True)


def test_each_entry_has_one_version_and_the_vocabulary_its_first(real_catalogue):
    assert Initiative.history.count() == Initiative.objects.count() == 158
    version = Initiative.history.first()
    assert (version.history_type, version.through, version.history_change_reason) == (
        "+",
        "command",
        "soumettre, publier",
    )
    assert version.history_user == version.published_by
    for model in (Category, Theme, Audience, Synonym, Survey):
        assert model.history.count() == model.objects.count() > 0


def test_every_row_is_there_as_it_is_written(real_catalogue):
    for row in rows("initiatives.csv"):
        initiative = Initiative.objects.get(title=row["title"])
        assert initiative.territory.pk == row["territory_code"]
        assert (initiative.summary, initiative.started) == (row["summary"], row["started"])
        assert (initiative.source_url, initiative.source_publisher) == (row["source_url"], row["source_publisher"])
        assert initiative.category.slug == row["category"]
        assert initiative.themes.get().name == row["theme"].replace("'", "’")
        assert set(initiative.tools.values_list("name", flat=True)) == set(filter(None, row["tools"].split("|")))


def test_loading_again_changes_nothing_at_all(real_catalogue):
    before = everything()
    assert load().endswith("0 created and published, 0 updated, 158 unchanged.\n")
    assert everything() == before


def test_entry_that_was_corrected_since_stops_the_loading(real_catalogue, capsys):
    corrected = Initiative.objects.get(title="Les tablettes des écoles prêtées aux familles sans ordinateur")
    corrected.summary = "Corrigé."
    corrected.save()
    before = everything()
    with pytest.raises(CommandError, match=r"Nothing was loaded\. Faults in .*: 1\."):
        load()
    fault = capsys.readouterr().err
    assert fault.startswith("Ligne 2, colonne « summary », valeur « Le 7 avril 2020")
    assert "déjà publiée, et dit « Corrigé. »" in fault
    assert everything() == before


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("territory_code", "61999", "Ligne 3, colonne « territory_code », valeur « 61999 » : Aucune commune"),
        ("theme", "yoga", "Ligne 3, colonne « theme », valeur « yoga » : « yoga » est inconnu"),
        ("started", "2020-13", "Ligne 3, colonne « started », valeur « 2020-13 » : Écrivez une année"),
    ],
)
def test_fault_is_printed_and_nothing_changes(real_catalogue, tmp_path, capsys, column, value, fault):
    before = everything()
    with pytest.raises(CommandError, match=r"Faults in .*: 1\."):
        load(changed(tmp_path, {column: value}))
    assert capsys.readouterr().err.startswith(fault)
    assert everything() == before


def test_new_entry_that_names_no_source_is_not_published(real_catalogue, tmp_path, capsys):
    before = everything()
    with pytest.raises(CommandError, match=r"Faults in .*: 1\."):
        load(changed(tmp_path, {"title": "Sans source", "source_url": ""}))
    assert capsys.readouterr().err.startswith("Ligne 3 : « Sans source » ne peut pas être")
    assert everything() == before


def test_loading_raises_the_content_version_once(real_catalogue):
    assert real_catalogue.raised == 1


def test_file_that_is_not_there_or_no_table(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        load(str(tmp_path / "absent.csv"))
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match=r"Nothing was loaded\. .*est un PDF"):
        load(str(tmp_path / "a.csv"))
    with pytest.raises(CommandError, match="Is a directory"):
        load(str(tmp_path))


def test_fixture_is_within_the_limits_of_the_record():
    """What data/README.md says of the file."""
    found = rows("initiatives.csv")
    assert len(found) == 158
    assert max(len(row["title"]) for row in found) <= 90
