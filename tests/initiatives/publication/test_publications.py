"""Freezing: what an edition keeps, what does not reach it, and the one act that takes an entry out."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from initiatives.models import (
    Category,
    ContentVersion,
    Document,
    Edition,
    IllegalFreeze,
    NothingNew,
    Publication,
    Withdrawal,
)
from initiatives.models.bands import BANDS, band_of
from initiatives.publication.archive import read_me
from initiatives.publication.edition import EditionContent
from initiatives.publication.edition_entry import EditionEntry
from initiatives.publication.jobs import build_next
from initiatives.publication.markdown import to_html
from initiatives.publication.pdf.report import colophon
from initiatives.publication.snapshot import build
from tests.support import editions, factories
from tests.support.editions import everything, fetch
from tests.support.kinds import complete_entry

pytestmark = pytest.mark.both_databases


def test_an_edition_says_what_it_was_made_of(client):
    factories.published(title="Prêt de tablettes")
    by = factories.user()
    frozen = editions.edition(by=by, title="Le rapport")
    assert (frozen.number, frozen.count, frozen.frozen_by, frozen.title) == (1, 1, by, "Le rapport")
    assert frozen.sha256 == hashlib.sha256(frozen.data.encode()).hexdigest()
    html = client.get("/publications/rapport/").text
    assert frozen.sha256 in html
    assert "Prêt de tablettes" in html


def test_later_edits_of_entries_and_texts_do_not_reach_an_edition(client):
    kept = factories.published(title="Prêt de tablettes", summary="Avant.")
    gone = factories.published(title="Conseil en ligne")
    frozen = editions.edition(foreword="Avant-propos d’origine.")
    before = everything(client, frozen)
    kept.title, kept.summary = "Titre changé", "Après."
    kept.save()
    gone.archive(by=factories.user())
    Category.objects.filter(pk=kept.category_id).update(name="Nom changé", introduction="Texte changé.")
    frozen.publication.title = "Titre changé"
    frozen.publication.foreword = "Autre."
    frozen.publication.save()
    assert everything(client, frozen) == before
    assert client.get(kept.get_absolute_url()).text.count("Titre changé")


def test_an_edition_stays_published_by_whom_it_was(client, settings):
    factories.published(title="Prêt de tablettes")
    frozen = editions.edition()
    before, said = everything(client, frozen), read_me(EditionContent(frozen))
    settings.PUBLISHER = "Une autre association"
    assert everything(client, frozen) == before
    assert read_me(EditionContent(frozen)) == said
    assert "Source : Villes de France" in said.decode()


def test_an_edition_cites_its_own_address(client):
    factories.published(title="Prêt de tablettes")
    first = editions.edition()
    factories.published()
    editions.edition(of=first.publication)
    address = f"{editions.SITE}publications/rapport/edition-1/"
    assert f"En ligne : {address}\n" in read_me(EditionContent(first)).decode()
    assert json.loads(fetch(client, f"{first.get_absolute_url()}initiatives.json"))["adresse"] == address
    assert {"text": address, "href": address} in [
        piece for pieces in colophon(EditionContent(first)) for piece in pieces
    ]


def test_how_to_cite_an_edition_has_one_label(client):
    factories.published()
    frozen = EditionContent(editions.edition())
    (said,) = ["".join(piece["text"] for piece in one) for one in colophon(frozen) if "Pour citer" in one[0]["text"]]
    assert said.replace("\xa0", " ").startswith("Pour citer : Villes de France, Le rapport, mise à jour du ")
    assert "Pour citer&nbsp;: <cite>Villes de France, Le rapport, " in client.get("/publications/rapport/").text


def test_a_new_edition_leaves_the_former_one_with_a_notice(client):
    factories.published(title="Prêt de tablettes")
    first = editions.edition()
    factories.published(title="Conseil en ligne")
    second = editions.edition(of=first.publication)
    latest, former = client.get("/publications/rapport/").text, client.get(first.get_absolute_url()).text
    assert second.number == 2
    assert "Conseil en ligne" in latest
    assert "édition plus récente" not in latest
    assert "Conseil en ligne" not in former
    assert "édition plus récente" in former


def a_reference_withdrawn(frozen, entry):
    frozen.withdraw(reference=entry.reference, by=factories.user(), reason="À sa demande.")


def an_introduction(frozen, entry):
    frozen.publication.introductions.create(category=factories.category(), text="Un mot.")


def an_address(frozen, entry):
    entry.slug = "autre-adresse"
    entry.save()


@pytest.mark.parametrize(
    "change",
    [
        lambda frozen, entry: factories.published(),
        lambda frozen, entry: entry.archive(by=factories.user()),
        lambda frozen, entry: entry.tools.create(name="Jitsi"),
        lambda frozen, entry: Category.objects.update(introduction="Autre."),
        lambda frozen, entry: type(frozen.publication).objects.update(foreword="Autre."),
        lambda frozen, entry: type(frozen.publication).objects.update(with_map=False),
        an_introduction,
        an_address,
        a_reference_withdrawn,
    ],
)
def test_each_change_is_one_more_edition_and_no_more(change):
    entry, _ = factories.published(), factories.published()
    frozen = editions.edition()
    change(frozen, entry)
    assert editions.edition(of=frozen.publication).number == 2
    with pytest.raises(NothingNew):
        editions.edition(of=frozen.publication)
    assert Edition.objects.count() == 2


def test_what_changes_nothing_of_it_makes_no_other_edition():
    """Neither time, nor the rest of the catalogue, nor the name that the site is called by."""
    factories.published(category=factories.category(slug="service-public"))
    frozen = editions.edition(filters="categorie=service-public")
    factories.published(category=factories.category(slug="economie-locale"))
    ContentVersion.objects.update(data_changed_at=timezone.now() - timedelta(days=40))
    # As a form cuts them.
    Publication.objects.update(foreword=Concat("foreword", Value("\n")), credits=Concat("credits", Value(" \n")))
    report = Publication.objects.get()
    for site in (editions.SITE, "http://127.0.0.1:8000/"):
        with pytest.raises(NothingNew, match=r"« Le rapport, édition 1 », figée le .* dit déjà cela") as refused:
            report.freeze(by=factories.user(), build=partial(build, site=site))
        assert refused.value.edition == frozen
    assert (Edition.objects.count(), Document.objects.count()) == (1, 1)


def test_what_was_read_before_another_edition_was_made_is_not_frozen_after_it():
    entry = factories.published(title="Avant")
    stale = editions.publication(foreword="Avant.")
    Publication.objects.update(foreword="Après.")
    entry.title = "Après"
    entry.save()
    editions.edition(of=Publication.objects.get())
    with pytest.raises(NothingNew):
        editions.edition(of=stale)
    assert Edition.objects.get().contents["foreword"] == "Après."


def test_filters_and_order_choose_the_entries(client):
    factories.published(title="B économie", themes=[factories.theme(slug="circuits-courts")])
    factories.published(title="C public", category=factories.category(slug="service-public"))
    factories.published(title="A économie", themes=[factories.theme(slug="circuits-courts")])
    frozen = editions.edition(filters="categorie=economie-locale", order="titre")
    assert [entry["titre"] for entry in EditionContent(frozen).entries] == ["A économie", "B économie"]
    assert "Catégorie : Économie locale" in client.get("/publications/rapport/").text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("filters", "said"),
    [("categorie=inconnue", "inconnue"), ("region=zz", "zz"), ("q=introuvable", "aucune fiche")],
)
def test_a_selection_of_nothing_freezes_nothing(filters, said):
    factories.published()
    report = editions.publication(filters=filters)
    with pytest.raises(ValidationError, match=said):
        report.freeze(by=factories.user(), build=partial(build, site=editions.SITE))
    assert not Edition.objects.exists()
    assert not Document.objects.exists()


def test_an_edition_neither_changes_nor_goes():
    factories.published()
    frozen = editions.edition()
    frozen.title = "Autre"
    with pytest.raises(IllegalFreeze):
        frozen.save()
    with pytest.raises(IllegalFreeze):
        frozen.delete()


def test_withdrawing_takes_an_entry_out_of_everything_and_leaves_a_trace(client):
    gone = factories.published(title="Fiche à retirer", summary="Secret de fabrique.")
    factories.published(title="Fiche qui reste")
    frozen = editions.edition()
    before, by = frozen.sha256, factories.user()
    frozen.withdraw(reference=f" {gone.reference.lower()}", by=by, reason="À la demande de la commune.")
    for name, content in everything(client, frozen).items():
        assert b"retirer" not in content, name
        assert b"Secret de fabrique" not in content, name
    html = client.get(frozen.get_absolute_url()).text
    assert "À la demande de la commune." in html
    trace = Withdrawal.objects.get()
    assert (trace.reference, trace.withdrawn_by, trace.sha256_before) == (gone.reference, by, before)
    assert frozen.sha256 == hashlib.sha256(frozen.data.encode()).hexdigest()
    assert (frozen.sha256 != before, frozen.count) == (True, 1)
    assert frozen.document.status == Document.Status.WAITING


def test_an_edition_opens_with_what_was_withdrawn_from_it(client):
    first, second, _ = (factories.published(title=title) for title in ("Une", "Deux", "Trois"))
    frozen, by = editions.edition(), factories.user()
    factories.published()
    editions.edition(of=frozen.publication)
    untouched = client.get(frozen.get_absolute_url()).text
    assert "retirée" not in untouched
    assert "reste telle qu’elle a été figée" in untouched
    frozen.withdraw(reference=first.reference, by=by, reason="Erreur.")
    opening, _, rest = client.get(frozen.get_absolute_url()).text.partition("<article")
    assert "1\xa0fiche a été retirée de cette édition depuis qu’elle a été figée" in opening
    assert "reste telle qu’elle a été figée" not in opening
    assert '<a href="#retraits">' in opening
    assert f'<p data-withdrawn="{first.reference}" id="retraits">' in rest
    frozen.withdraw(reference=second.reference, by=by, reason="Erreur.")
    html = client.get(frozen.get_absolute_url()).text
    assert "2\xa0fiches ont été retirées de cette édition" in html
    assert html.count('id="retraits"') == 1


def test_acts_on_publications_do_not_date_the_data(client):
    """Every export gives the date of the last update of the entries, which none of these acts touches."""
    kept, withdrawn = factories.published(), factories.published()
    frozen = editions.edition()
    ContentVersion.objects.update(data_changed_at=datetime(2026, 6, 1, 12, tzinfo=UTC))

    def acts():
        yield build_next()
        yield frozen.document.ask_again()
        yield frozen.document.cancel()
        Publication.objects.update(foreword="Autre.")
        yield editions.edition(of=frozen.publication)
        yield frozen.withdraw(reference=withdrawn.reference, by=factories.user(), reason="À sa demande.")

    states = {ContentVersion.state()}
    for _ in acts():
        frozen.document.refresh_from_db()
        states.add(ContentVersion.state())
        assert "mise à jour du 01/06/2026" in fetch(client, "/export/initiatives.csv").decode()
        assert client.get("/donnees/datapackage.json").json()["created"] == "2026-06-01T14:00:00+02:00"
    assert len(states) == 6
    assert frozen.publication.editions.latest_first()[0].contents["updated_at"].startswith("2026-06-01")
    kept.save()
    assert "mise à jour du 01/06/2026" not in fetch(client, "/export/initiatives.csv").decode()


@pytest.mark.parametrize(("reference", "reason"), [("CS20-99999", "Erreur."), ("", "Erreur."), ("real", "  ")])
def test_withdrawing_needs_an_entry_and_a_reason(reference, reason):
    entry = factories.published()
    factories.published()
    frozen = editions.edition()
    with pytest.raises(IllegalFreeze):
        frozen.withdraw(
            reference=entry.reference if reference == "real" else reference, by=factories.user(), reason=reason
        )
    frozen.refresh_from_db()
    assert frozen.count == 2


def test_the_last_entry_stays():
    entry = factories.published()
    frozen = editions.edition()
    with pytest.raises(IllegalFreeze):
        frozen.withdraw(reference=entry.reference, by=factories.user(), reason="Erreur.")


def test_what_is_frozen_is_public_and_nothing_more():
    complete_entry()
    frozen = editions.edition()
    assert "Confidentielle" not in frozen.data
    assert "prive.example" not in frozen.data


def test_the_page_links_every_format_once_all_are_made(client):
    factories.published()
    frozen = editions.edition()
    waiting = re.findall(r'data-format="([^"]+)"', client.get("/publications/rapport/").text)
    assert waiting == ["html", "csv", "csv-excel", "xlsx", "ods", "json"]
    build_next()
    offered = re.findall(r'href="([^"]+)" data-format="([^"]+)"', client.get("/publications/rapport/").text)
    assert [name for _, name in offered] == ["html", "pdf", "csv", "csv-excel", "xlsx", "ods", "json", "zip"]
    for address, name in offered:
        assert address.startswith(frozen.get_absolute_url())
        assert fetch(client, address), name


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda document: document.cancel(), "indisponible"),
        (lambda document: document.fail(fault="Disque plein."), "indisponible"),
        (lambda document: document.fail(fault="Interrompu.", again=True), "en préparation"),
    ],
)
def test_the_page_says_whether_a_format_is_still_to_come(client, end, said):
    factories.published()
    document = editions.edition().document
    # What was read before is no longer what a cache may show.
    assert client.get("/publications/rapport/").text.count("<small>en préparation</small>") == 2
    document.take(lease="one", until=timezone.now() + timedelta(minutes=2))
    end(document)
    assert client.get("/publications/rapport/").text.count(f"<small>{said}</small>") == 2


def test_description_of_an_edition_counts_in_french(client):
    one = factories.published()
    factories.published(territory=one.territory)
    first = editions.edition()
    factories.published()
    second = editions.edition(of=first.publication)
    described = [
        re.search(r'<meta name="description"\s+content="([^"]+)"', client.get(edition.get_absolute_url()).text)[1]
        for edition in (first, second)
    ]
    assert [unescape(text).replace("\xa0", " ") for text in described] == [
        "2 initiatives, 1 ville : Le rapport",
        "3 initiatives, 2 villes : Le rapport",
    ]


def test_number_of_queries_does_not_depend_on_the_entries(client, django_assert_num_queries):
    factories.published()
    first = editions.edition()
    client.get("/publications/rapport/")
    with django_assert_num_queries(4):
        client.get("/publications/rapport/")
    for _ in range(5):
        factories.published()
    editions.edition(of=first.publication)
    with django_assert_num_queries(4):
        client.get("/publications/rapport/")


def test_a_publication_without_an_edition_is_not_public(client):
    editions.publication(title="En préparation")
    assert client.get("/publications/rapport/").status_code == 404
    assert "En préparation" not in client.get("/publications/").text


@pytest.mark.parametrize(
    "address",
    [
        "inconnue/",
        "rapport/edition-9/",
        "rapport/edition-1/autre.exe",
        "rapport/edition-1/publication.pdf",
        "rapport/edition-0/",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    factories.published()
    editions.edition()
    assert client.get(f"/publications/{address}").status_code == 404


@pytest.mark.parametrize(
    ("towns", "with_territories", "said"),
    [
        (1, True, "1\xa0collectivité, que l’index nomme."),
        (2, True, "2\xa0collectivités, que l’index nomme toutes."),
        (1, False, "1\xa0collectivité."),
    ],
)
def test_text_of_the_map_counts_and_names_the_index_where_there_is_one(client, towns, with_territories, said):
    for _ in range(towns):
        factories.published(territory=factories.town())
    editions.edition(with_territories=with_territories)
    html = client.get("/publications/rapport/").text
    assert f'aria-label="Carte de France, outre-mer compris : {said}"' in html


def test_markdown_of_staff_is_shown_and_its_html_is_text(client):
    factories.published()
    links = "[ici](https://example.org) [là](javascript:alert(1))"
    text = f"Un **mot** <script>alert(1)</script> {links} <img src=x onerror=y>"
    editions.edition(foreword=text, credits=text)
    html = client.get("/publications/rapport/").text
    assert "<strong>mot</strong>" in html
    assert 'href="https://example.org"' in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("## A\n\n## B", ["h3", "h3"]),
        ("## A\n\n### B\n\n## C", ["h3", "h4", "h3"]),
        ("#### A\n\n# B\n\n##### C", ["h3", "h3", "h4"]),
    ],
)
def test_headings_of_one_rank_stay_of_one_rank(text, levels):
    assert re.findall(r"<(h\d)>", to_html(text)) == levels


@pytest.mark.parametrize(
    ("name", "indexed"),
    [
        ("Communauté de communes des Hauts de Flandre", "Hauts de Flandre (communauté de communes des) – Nord"),
        ("Communauté de communes de l'Île d'Oléron", "Île d'Oléron (communauté de communes de l') – Nord"),
        ("Communauté d’agglomération du Beauvaisis", "Beauvaisis (communauté d’agglomération du) – Nord"),
        ("Communauté de communes Jura Nord", "Jura Nord (communauté de communes) – Nord"),
        ("Dunkerque", "Dunkerque – Nord"),
    ],
)
def test_index_puts_the_kind_of_a_territory_after_its_name(name, indexed):
    assert EditionEntry(territoire_nom=name, departement_nom="Nord").place_in_index == indexed


def test_homonyms_are_counted_each_and_ties_stand_by_name(client):
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    aisne = factories.department(code="02", name="Aisne")
    saint_denis = [factories.town(name="Saint-Denis", department=place) for place in (ain, aisne, None)]
    for place in (*saint_denis, saint_denis[0]):
        factories.published(territory=place, started="2019", state="stopped")
    for place in (ain, aisne):
        factories.published(territory=factories.intercommunality(name="CC du Val", department=place), state="deployed")
    content = EditionContent(editions.edition())
    assert content.territory_count == 5
    assert content.figures.totals[:5] == [
        (6, "initiative"),
        (3, "ville"),
        (2, "intercommunalité"),
        (3, "département"),
        (2, "région"),
    ]
    tables = {table.name: [(row.label, row.count) for row in table.rows] for table in content.figures.tables}
    assert tables["regions"] == [("Auvergne-Rhône-Alpes", 3), ("Hauts-de-France", 3)]
    assert tables["annees"] == [("2019", 4), ("2020", 2)]
    assert "5\xa0collectivités, que l’index nomme toutes." in client.get("/publications/rapport/").text


def test_equal_counts_of_an_edition_stand_by_name():
    """Whatever the order of its entries, which is that of their territories."""
    themes = [factories.theme(slug=slug) for slug in ("teletravail-des-agents", "cybersecurite")]
    assert themes[0].category == themes[1].category
    places = [("Albi", "Occitanie", "stopped"), ("Mende", "Bretagne", "ongoing"), ("Zonza", "Auvergne", "deployed")]
    for at, (name, region, state) in enumerate(places):
        department = factories.department(code=f"0{at + 1}", name=f"D{at}", region=region, region_code=f"{at + 1}")
        place = factories.town(name=name, department=department)
        factories.published(territory=place, state=state, themes=themes if at else [])
    content = EditionContent(editions.edition())
    assert [entry["territoire_nom"] for entry in content.entries] == ["Albi", "Mende", "Zonza"]
    labels = {table.name: [row.label for row in table.rows] for table in content.figures.tables}
    assert labels["regions"] == ["Auvergne", "Bretagne", "Occitanie"]
    for name in ("etats", "themes"):
        assert labels[name] == sorted(labels[name])
        assert len(labels[name]) > 1


@pytest.mark.parametrize("population", [None, 0, 9_999, 10_000, 19_999, 20_000, 50_000, 99_999, 100_000])
def test_bands_of_an_edition_are_those_of_the_list(population):
    factories.published(territory=factories.town(population=population))
    tables = {table.name: table for table in EditionContent(editions.edition()).figures.tables}
    expected = BANDS[band_of(population)][0] if population is not None else "Non précisé"
    assert [(row.label, row.count) for row in tables["populations"].rows] == [(expected, 1)]


def test_without_entries_the_publication_of_the_fixture_waits():
    call_command("load_publication", verbosity=0)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("title = ", "Invalid value")])
def test_file_that_cannot_be_read_is_said(tmp_path, content, said):
    file = tmp_path / "publication.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError, match=said):
        call_command("load_publication", file)
