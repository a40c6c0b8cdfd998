"""What every public page owes to whoever reads it: structure, contracts, no dead link, no empty box."""

import re
from itertools import pairwise
from urllib.parse import urldefrag, urljoin

import pytest
from django.conf import settings as site_settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.support import factories
from tests.support.kinds import addresses, bare_entry, complete_entry, report
from tests.support.pages import Page

STYLESHEET = site_settings.BASE_DIR / "static" / "css" / "site.css"
ERRORS = ["400", "403", "404", "405", "429", "500", "503"]
BLOCKS = {
    "need": "Le besoin de départ",
    "solution": "La solution",
    "results": "Les résultats",
    "caveats": "Les points de vigilance",
    "advice": "Les conseils",
}


def get(client, address: str) -> Page:
    return Page(client.get(address).text)


def error_page(code: str) -> str:
    return render_to_string(f"{code}.html", request=RequestFactory().get("/"))


def every_page(complete) -> dict[str, str]:
    report()
    found = {address: Client().get(address) for address in addresses(complete)}
    assert {response.status_code for response in found.values()} == {200}
    return {address: response.text for address, response in found.items()} | {code: error_page(code) for code in ERRORS}


@pytest.fixture
def complete():
    return complete_entry()


@pytest.fixture
def bare():
    return bare_entry()


@pytest.fixture(scope="module")
def pages(kept_rows) -> dict[str, str]:
    """Every page, asked for once; what is behind them is gone again."""
    with kept_rows():
        bare_entry()
        return every_page(complete_entry())


def test_pages_have_one_first_heading_and_skip_no_level(pages):
    for address, html in pages.items():
        levels = [int(tag[1]) for tag, _, _ in Page(html).elements if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, address
        assert levels[0] == 1, address
        assert all(after - before <= 1 for before, after in pairwise(levels)), (address, levels)


def test_pages_have_language_title_and_landmarks(pages):
    titles = set()
    for address, html in pages.items():
        page = Page(html)
        assert page.all("html", lang="fr"), address
        for landmark in ("header", "main", "footer"):
            assert page.all(landmark), (address, landmark)
        assert len(page.all("main")) == 1
        assert page.all("a", href="#contenu", **{"class": "skip"}), address
        (_, title), *_ = page.all("title")  # those of the marks of a map follow
        assert title.endswith("Initiatives numériques des villes"), address
        titles.add(title)
        assert len(page.all(role="search")) <= 1, address
    assert len(titles) == len(pages)


def test_pages_say_what_they_are_to_search_engines(pages):
    for address, html in pages.items():
        if address.startswith(("/initiatives", "/categories", "/villes", "/intercommunalites")) or address == "/":
            path = address.partition("?")[0]
            assert Page(html).all("link", rel="canonical", href=f"http://testserver{path}"), address
            if "bare" not in address:
                assert Page(html).all("meta", name="description")[0][0]["content"], address


def test_pages_bring_no_style_and_no_script_of_their_own(pages):
    for address, html in pages.items():
        page = Page(html)
        assert not page.all("style"), address
        scripts = [script for script, _ in page.all("script") if script.get("type") != "application/ld+json"]
        assert all(script["src"].startswith("/static/") for script in scripts), address
        assert not page.with_attribute("style"), address
        assert not [a for _, attrs, _ in page.elements for a in attrs if a.startswith("on")], address
        for _, attrs, _ in page.elements:
            assert not attrs.get("src", "").startswith(("http", "//")), address


def test_every_field_has_a_label_and_every_id_is_alone(pages):
    fields = 0
    for address, html in pages.items():
        page = Page(html)
        ids = [attrs["id"] for attrs in page.with_attribute("id")]
        assert len(ids) == len(set(ids)), address
        labels = {attrs.get("for") for attrs, _ in page.all("label")}
        for attrs, _ in page.all("input", "select", "textarea"):
            # A choice stands inside its label; what is hidden needs none.
            if attrs.get("type") not in ("hidden", "radio", "checkbox"):
                assert attrs["id"] in labels, address
                fields += 1
    assert fields > len(ERRORS)


def test_no_link_leads_nowhere(client, complete, bare):
    found = set()
    for address, html in every_page(complete).items():
        base = address if address.startswith("/") else "/"
        page = Page(html)
        ids = {attrs["id"] for attrs in page.with_attribute("id")}
        for attrs, _ in page.all("a"):
            target, fragment = urldefrag(urljoin(base, attrs["href"]))
            if attrs["href"].startswith("#"):
                assert fragment in ids, (address, attrs["href"])
            elif target.startswith("/") and not target.startswith("/export/"):
                found.add(target)
    dead = {}
    for target in found:
        response = client.get(target)
        if response.status_code != 200:
            dead[target] = response.status_code
        elif response.streaming:
            assert b"".join(response.streaming_content), target
    assert not dead
    assert len(found) > 30


def test_links_to_other_sites_are_marked(pages):
    marked = 0
    for address, html in pages.items():
        for attrs, text in Page(html).all("a"):
            if attrs["href"].startswith("http"):
                assert {"noopener", "external"} <= set(attrs["rel"].split()), (address, text)
                assert "target" not in attrs
                marked += 1
    assert marked > len(ERRORS)


@pytest.mark.parametrize("code", ERRORS)
def test_error_pages_ask_nothing_of_the_database(code, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = error_page(code)
    assert f"Erreur {code}" in html


def test_page_not_found_offers_the_search(client):
    response = client.get("/initiatives/perdue/")
    assert response.status_code == 404
    page = Page(response.text)
    assert page.all("form", action="/initiatives/", role="search")
    assert page.all("input", name="q")


# The list


def test_list_carries_the_attributes_of_the_contract(client, complete, bare):
    page = get(client, "/initiatives/")
    assert [attrs["data-total"] for attrs in page.with_attribute("data-total")] == ["3"]
    cards = page.all("article")
    assert {attrs["data-initiative"] for attrs, _ in cards} == {"entraide", "bare", "le-modele"}
    choices = page.with_attribute("data-facet")
    assert {attrs["data-facet"] for attrs in choices} == {
        "categorie", "theme", "region", "departement", "type", "population", "annee", "libre", "enquete"
    }  # fmt: skip
    counts = {(attrs["data-facet"], attrs["data-value"]): attrs["data-count"] for attrs in choices}
    assert counts["theme", "sante-publique"] == "1"
    assert counts["departement", "60"] == "3"
    assert len(counts) == len(choices)


def test_choice_that_gives_nothing_is_shown_and_cannot_be_chosen(client, complete):
    page = get(client, "/initiatives/?theme=sante-publique")
    state = {
        (attrs["name"], attrs["value"]): ("checked" in attrs, "disabled" in attrs)
        for attrs, _ in page.all("input")
        if attrs.get("value")
    }
    assert state["theme", "sante-publique"] == (True, False)
    assert state["theme", "cybersecurite"] == (False, True)
    assert state["theme", "inclusion-numerique"] == (False, False)
    assert state["categorie", "economie-locale"] == (False, True)
    dead = {attrs["data-value"] for attrs in page.with_attribute("data-facet") if attrs["data-count"] == "0"}
    assert "cybersecurite" in dead


def test_parameters_without_a_field_outlive_the_form(client, complete):
    survey = complete.survey
    page = get(
        client, f"/initiatives/?territoire={complete.territory.slug}&q=annuaire&etat=deployee&edition={survey.slug}"
    )
    assert page.all("input", type="hidden", name="territoire", value=complete.territory.slug)
    assert page.all("input", type="hidden", name="etat", value="deployee")
    assert page.all("input", type="hidden", name="edition", value=survey.slug)
    assert f"Enquête : {survey.title}" in page.text()
    assert "État : déployée" in page.text()
    assert page.all("input", type="search", name="q", value="annuaire")
    assert page.all("select", name="tri", form="filtres")


def test_list_says_how_to_go_on_when_nothing_is_found(client, complete, bare):
    page = get(client, "/initiatives/?q=annuaire&theme=cybersecurite")
    assert "Aucune initiative" in page.text()
    ((attrs, _),) = [link for link in page.all("a") if link[1].startswith("Sans le filtre")]
    assert attrs["href"] == "/initiatives/?q=annuaire"
    assert "Sans le filtre thème (cybersécurité) : 1 initiative" in page.text()


def test_list_can_be_emptied_of_its_filters(client, complete):
    page = get(client, "/initiatives/?q=annuaire&enquete=oui")
    chips = {text: attrs["href"] for attrs, text in page.all("a", **{"class": "chip"})}
    assert chips["Retirer le filtre Enquête : Issue de l’enquête"] == "/initiatives/?q=annuaire"
    assert [text for attrs, text in page.all("a") if attrs["href"] == "/initiatives/"].count("Tout effacer") == 1


def test_card_leads_back_to_its_place_in_the_list(client, complete, bare):
    page = get(client, "/initiatives/?tri=titre")
    links = [attrs["href"] for attrs, _ in page.all("a") if "rang=" in attrs["href"]]
    assert links[0] == "/initiatives/bare/?tri=titre&rang=1"
    entry = get(client, links[1])
    assert entry.all("a", href=f"/initiatives/?tri=titre#fiche-{links[1].split('/')[2]}")
    assert entry.all("a", rel="prev", href=links[0])
    assert entry.all("a", rel="next", href=links[2])


# The entry


def test_entry_shows_every_block_that_it_has(client, complete):
    page = get(client, "/initiatives/entraide/")
    text = page.text()
    for shown in [
        *BLOCKS.values(), "L’entraide : un annuaire", "Un standard.", "2 300 demandes.", "Beauvais", "Oise (60)",
        "55 550 habitants", "Vie associative", "avril 2020", "Fin", "déployée", "Thèmes", "santé publique",
        "Publics visés", "habitants", "Yakforms logiciel libre", "Tableur", "de 1 000 à 10 000 €", "moins de 1 000 €",
        "quelques semaines", "Secours populaire", "CCAS", "La délibération", "Le modèle", "Magazine municipal",
        "Réponse à l’enquête « ", "Licence Ouverte 2.0", complete.reference, "mise à jour du 01/10/2026",
        "Vérifiée le 1er octobre 2026", "accueil@ville.example", "réponse à l’enquête",
    ]:  # fmt: skip
        assert shown in text, shown
    assert "Fiche rédigée à partir d’une source publique" not in text


def test_entry_with_a_title_and_a_summary_only_has_no_empty_box(client, bare):
    page = get(client, "/initiatives/bare/")
    headings = [text for tag, _, text in page.elements if tag in ("h1", "h2")]
    assert headings == ["Conseil retransmis", "Repères", "Source et licence"]
    assert "Fiche rédigée à partir d’une source publique." in page.text()
    assert not [text for _, text in page.all("p", "dd", "dt", "li", "dl", "ul") if not text]
    assert "Début" not in page.text()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({}, "Fiche rédigée à partir d’une source publique. Pour citer"),
        ({"source_title": "Un article"}, "d’une source publique : Un article Pour citer"),
        ({"source_publisher": "Aqui.fr"}, "d’une source publique : Aqui.fr Pour citer"),
        ({"source_title": "Un article", "source_publisher": "Aqui.fr"}, "publique : Un article, Aqui.fr Pour citer"),
    ],
)
def test_source_without_an_address_is_named_as_far_as_it_is_known(client, source, told):
    entry = factories.published(origin="public_source", **source)
    assert told in " ".join(get(client, entry.get_absolute_url()).text().split())


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        (
            "bare",
            "0 des 8 éléments pour refaire : il manque le besoin, la solution, les résultats, les points de vigilance,"
            " le coût, le délai, les outils et le contact.",
        ),
        ("complete", "8 des 8 éléments pour refaire."),
    ],
)
def test_entry_says_what_it_lacks_to_do_the_same(client, bare, complete, slug, told):
    initiative = {"bare": bare, "complete": complete}[slug]
    text = get(client, initiative.get_absolute_url()).text().replace("\xa0", " ")
    assert told in text
    assert text.count("éléments pour refaire") == 1


def test_entry_says_that_nobody_has_verified_it_yet(client, bare):
    text = get(client, "/initiatives/bare/").text()
    assert f"Publiée le {timezone.localdate(bare.published_at):%d/%m/%Y}, pas encore vérifiée depuis." in text


def test_entry_never_shows_who_declared_it(client, complete):
    html = client.get("/initiatives/entraide/").text
    assert "Camille" not in html
    assert "prive.example" not in html


def test_entry_names_what_inspired_it_only_while_that_is_published(client, complete):
    complete.inspired_by.archive(by=factories.user())
    html = client.get("/initiatives/entraide/").text
    assert "inspire de" not in html
    assert "Le modèle" not in html


def test_mistake_is_reported_with_the_address_of_the_entry(client, settings, complete):
    ((attrs, _),) = [
        link for link in get(client, "/initiatives/entraide/").all("a") if link[1] == "Signaler une erreur"
    ]
    assert attrs["href"].startswith("mailto:contact@example.org?")
    assert "http://testserver/initiatives/entraide/" in attrs["href"]
    settings.CONTACT_EMAIL = ""
    assert "Signaler une erreur" not in client.get("/initiatives/entraide/").text


# Territories and categories


def test_territory_shows_its_facts_and_its_neighbours(client, complete):
    beauvais, epci = complete.territory, complete.territory.intercommunality
    shared = factories.published(title="Commune à tous", territory=epci)
    town = get(client, f"/villes/{beauvais.slug}/")
    for shown in ("55 550 habitants", "Oise", "Hauts-de-France", "Communauté d’agglomération du Beauvaisis"):
        assert shown in town.text()
    assert [attrs["data-initiative"] for attrs, _ in town.all("article")] == ["entraide", shared.slug]
    around = get(client, f"/intercommunalites/{epci.slug}/")
    assert [attrs["data-initiative"] for attrs, _ in around.all("article")] == [shared.slug, "entraide"]


def test_territory_without_entries_says_so(client):
    text = get(client, f"/villes/{factories.town(name='Longwy').slug}/").text()
    assert "Aucune initiative" in text
    assert "pas encore de fiche" in text


def test_front_page_says_what_the_catalogue_is_made_of(client, complete, bare):
    text = get(client, "/").text()
    assert "1 fiche sur 3 a été rédigée d’après des pages publiques" in text
    assert "1 initiative répond à l’enquête ou est citée par elle" in text


def test_front_page_of_an_empty_catalogue_is_whole(client):
    text = get(client, "/").text()
    assert "0 initiative" in text
    assert "Dernières fiches" not in text


# The stylesheet


def test_stylesheet_is_small_and_in_layers():
    css = STYLESHEET.read_text()
    assert len(css.encode()) <= 15_000
    order = re.search(r"@layer ([\w, ]+);", css)[1].split(", ")
    assert order == ["reset", "tokens", "base", "layout", "components", "utilities"]
    assert re.findall(r"^@layer (\w+) \{", css, re.MULTILINE) == order


def test_page_kept_for_one_host_is_not_served_to_another(client, settings):
    """Canonical addresses and mails name the host: the kept page is a function of it too."""
    settings.ALLOWED_HOSTS = ["un.example", "deux.example"]
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for host in settings.ALLOWED_HOSTS:
        page = Page(client.get("/", headers={"host": host}).text)
        assert page.all("link", rel="canonical", href=f"http://{host}/")
