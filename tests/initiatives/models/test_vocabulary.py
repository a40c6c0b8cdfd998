"""`manage.py load_vocabulary`: once, whatever staff make of it; and a catalogue that has none."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from initiatives.management.commands.load_vocabulary import MODELS
from initiatives.models import Audience, Category, ContentVersion, Survey, Synonym, Theme
from tests.support import factories

pytestmark = pytest.mark.both_databases

OTHERS = """
audiences = ["habitants de l’île"]
synonyms = ["bac, navette"]

[[categories]]
slug = "mobilite"
name = "Mobilité"
short_name = "Mobilité"
themes = ["vélo en libre-service", "navettes d’été"]

[[surveys]]
title = "Enquête des îles"
slug = "enquete-des-iles"
prefix = "IL26"
started_on = 2026-01-01
"""


def load(*arguments) -> str:
    said = io.StringIO()
    call_command("load_vocabulary", *map(str, arguments), stdout=said)
    return said.getvalue()


def everything() -> list[list[dict]]:
    return [list(rows.order_by("pk").values()) for model in MODELS for rows in (model.objects, model.history)]


def test_what_comes_with_the_code_is_in_order_with_a_first_version_each(no_vocabulary):
    before = ContentVersion.current().number
    assert load() == "Vocabulary: 45 rows loaded.\n"
    assert list(Category.objects.order_by("position").values_list("slug", flat=True)) == [
        "service-public",
        "economie-locale",
        "cohesion-sociale",
    ]
    theme = Theme.objects.get(slug="acces-aux-droits-et-a-l-aide-sociale")
    assert (theme.category.slug, theme.position) == ("cohesion-sociale", 1)
    assert Survey.objects.get().prefix == "CS20"
    for model in MODELS:
        versions = model.history.values_list("history_type", "through")
        assert list(versions) == [("+", "command")] * model.objects.count(), model
    assert ContentVersion.current().number == before + 1


def test_what_staff_have_changed_or_deleted_stays_as_they_left_it():
    Category.objects.filter(slug="economie-locale").update(short_name="Commerce")
    Theme.objects.first().delete()
    Synonym.objects.first().delete()
    before = everything()
    assert load() == "Vocabulary: unchanged.\n"
    assert everything() == before


def test_vocabulary_that_staff_have_emptied_does_not_come_back():
    for model in reversed(MODELS):
        model.objects.all().delete()
    assert load() == "Vocabulary: unchanged.\n"
    assert not any(model.objects.exists() for model in MODELS)


def test_another_association_loads_its_own(no_vocabulary, tmp_path):
    (tmp_path / "vocabulary.toml").write_text(OTHERS)
    assert load(tmp_path / "vocabulary.toml") == "Vocabulary: 6 rows loaded.\n"
    assert list(Theme.objects.order_by("position").values_list("slug", flat=True)) == [
        "velo-en-libre-service",
        "navettes-d-ete",
    ]
    assert Audience.objects.get().slug == "habitants-de-l-ile"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "mobilite"\n', "", "slug: Ce champ ne peut pas être vide."),
        ('"navettes d’été"', '"vélo en libre-service"', "Thème avec ce champ"),
        ("2026-01-01", "2026-01-01\nended_on = 2025-01-01", "L’enquête ne peut pas se clore avant son ouverture."),
        ("bac, navette", "bac", "Écrivez au moins deux mots différents"),
        ("short_name", "abridged", "'abridged'"),
        ("[[surveys]]", "[[surveys", "vocabulary.toml: "),
    ],
)
def test_file_with_a_mistake_loads_nothing_and_says_which(no_vocabulary, tmp_path, old, new, said):
    (tmp_path / "vocabulary.toml").write_text(OTHERS.replace(old, new))
    with pytest.raises(CommandError) as refused:
        load(tmp_path / "vocabulary.toml")
    assert said in str(refused.value)
    assert not any(rows for rows in everything())


def test_file_that_is_not_there_is_said(no_vocabulary, tmp_path):
    with pytest.raises(CommandError, match=r"absent\.toml: No such file"):
        load(tmp_path / "absent.toml")


@pytest.mark.ignore_template_errors
def test_pages_open_without_any(client, no_vocabulary):
    looked = [
        "/",
        "/initiatives/",
        "/carte/",
        "/collectivites/",
        "/chiffres/",
        "/chiffres/matrice/",
        "/chiffres/comparaison/",
        "/donnees/",
        "/donnees/catalogue",
        "/donnees/datapackage.json",
        "/api/initiatives",
        "/export/initiatives.csv",
        "/flux.atom",
        "/publications/",
        "/a-propos/",
        "/sitemap.xml",
    ]
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    desk = ("index", "initiatives_initiative_changelist", "initiatives_initiative_add", "imports", "guide")
    for address in [*looked, *(reverse(f"admin:{name}") for name in desk)]:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        b"".join(answer)  # some are streamed
