"""The list: chips, pages, sorts, and words where there is nothing to show."""

import pytest
from django.http import QueryDict

from initiatives.models import Theme
from initiatives.public.listing import Listing
from tests.support import factories
from tests.support.pages import cards, queries_of, total


def listing(query: str) -> Listing:
    return Listing(QueryDict(query))


def titles(query: str) -> list[str]:
    return [initiative.title for initiative in listing(query).page]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("theme=cybersecurite&theme=circuits-courts", {"A", "B"}),
        ("departement=60&departement=2a", {"A", "C"}),
        ("departement=2A", {"C"}),
        ("departement=1", {"B"}),
        ("region=94", {"C"}),
        ("type=intercommunalite", {"C"}),
        ("type=ville&annee=2020", {"A"}),
        ("libre=oui", {"B"}),
        ("libre=non", {"A", "C"}),
        ("enquete=oui", {"C"}),
        ("etat=arretee", {"B"}),
        ("etat=inconnu", {"A", "C"}),
        ("edition=numerique-et-gestion-de-crise-2020-2021", {"C"}),
        ("territoire=beauvais-60", {"A"}),
        ("territoire=beauvais-60&theme=circuits-courts", set()),
        ("q=plateforme+beauvais", {"A"}),
        ("categorie=service-public&categorie=service-public", {"A"}),
        ("utm_source=lettre", {"A", "B", "C"}),
        ("q=", {"A", "B", "C"}),
        ("q=+le+la+", {"A", "B", "C"}),
        ("tri=pertinence", {"A", "B", "C"}),
    ],
)
def test_filters_narrow_the_list(query, expected):
    ain = factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    corse = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
    factories.published(
        title="A",
        summary="Plateforme",
        territory=factories.town(name="Beauvais"),
        themes=[factories.theme(slug="cybersecurite")],
    )
    free = factories.published(
        title="B",
        territory=factories.town(department=ain),
        themes=[factories.theme(slug="circuits-courts")],
        started="2021-02",
        state="stopped",
    )
    free.tools.create(name="Jitsi", open_source="yes")
    factories.published(
        title="C",
        territory=factories.intercommunality(department=corse),
        category=factories.category(slug="cohesion-sociale"),
        in_survey=True,
    )
    assert set(titles(query)) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("categorie=inconnue", "La catégorie « inconnue » est inconnue."),
        ("theme=cybersecurite&theme=perdu", "Le thème « perdu » est inconnu."),
        ("region=99", "La région « 99 » est inconnue."),
        ("departement=2C", "Le département « 2C » est inconnu."),
        ("territoire=atlantide-00", "La collectivité « atlantide-00 » est inconnue."),
        ("type=royaume", "Le type de collectivité « royaume » est inconnu."),
        ("population=beaucoup", "La tranche de population « beaucoup » est inconnue."),
        ("libre=peut-etre", "Le filtre « libre » connaît les valeurs « oui » et « non », pas « peut-etre »."),
        ("enquete=non", "Le filtre « enquete » ne connaît que la valeur « oui », pas « non »."),
        ("annee=20", "L’année « 20 » est inconnue : écrivez par exemple 2020."),
        ("tri=hasard", "Le tri « hasard » est inconnu."),
    ],
)
def test_unknown_value_never_gives_the_unfiltered_list(client, query, message):
    factories.published()
    html = client.get(f"/initiatives/?{query}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert total(html) == 0
    assert cards(html) == []
    assert message in html


@pytest.mark.both_databases
def test_theme_deleted_while_it_is_a_filter_is_an_unknown_one(client):
    theme = Theme.objects.create(category=factories.category(), name="éphémère", slug="ephemere")
    factories.published(themes=[theme])
    assert total(client.get("/initiatives/?theme=ephemere").text) == 1
    theme.delete()
    html = client.get("/initiatives/?theme=ephemere").text
    assert total(html) == 0
    assert "ephemere" in html


def test_chips_take_one_choice_away_each():
    chips = listing("theme=cybersecurite&theme=circuits-courts&libre=oui&q=carte&tri=titre").chips
    assert [(chip.name, chip.label, chip.value) for chip in chips] == [
        ("q", "Recherche", "« carte »"),
        ("theme", "Thème", "cybersécurité"),
        ("theme", "Thème", "circuits courts"),
        ("libre", "Logiciel libre", "Logiciel libre"),
    ]
    assert chips[1].query == "?q=carte&theme=circuits-courts&libre=oui&tri=titre"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("le", "le"), ("!!!", "!!!"), ("%3C%3E", "&lt;&gt;"), ("%F0%9F%99%82", "🙂"), ("%ff", "\ufffd")],
)
def test_search_without_a_word_says_that_it_leaves_nothing_out(client, typed, shown):
    factories.published(title="Prêt de vélos")
    page = client.get("/initiatives/", QUERY_STRING=f"q={typed}").text
    assert total(page) == 1
    assert f"«&nbsp;{shown}&nbsp;» n’a aucun mot à chercher" in page
    assert "aucun mot" not in client.get("/initiatives/?q=le+vélo").text


@pytest.mark.both_databases
def test_empty_list_says_which_filter_to_drop_and_what_that_gives():
    factories.published(themes=[factories.theme(slug="cybersecurite")], summary="Carte")
    factories.published(themes=[factories.theme(slug="cybersecurite")])
    suggestions = listing("q=carte&theme=circuits-courts").suggestions
    assert [(s.label, s.value, s.count) for s in suggestions] == [("Thème", "circuits courts", 1)]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=carte&region=94", {"q": 1, "region": 3}),
        ("q=carte&departement=2A&departement=01", {"q": 1, "departement": 3}),
        ("region=94&departement=60", {"region": 3, "departement": 1}),
        ("annee=2019&type=intercommunalite", {"annee": 1, "type": 2}),
        ("annee=2019&libre=oui&region=32", {"libre": 2}),
        ("territoire=beauvais-60&annee=2021", {"territoire": 1, "annee": 1}),
        ("q=carte&etat=arretee", {"etat": 3}),
        ("q=introuvable&region=94", {"q": 1}),
        ("region=94&theme=cybersecurite&annee=2019", {}),
    ],
)
def test_each_filter_whose_absence_would_give_something_is_suggested(query, expected):
    corse = factories.department(code="2A", name="Corse-du-Sud", region="Corse", region_code="94")
    factories.department(code="01", name="Ain", region="Auvergne-Rhône-Alpes", region_code="84")
    for title, started in (("Carte", "2019"), ("Carte bis", "2019"), ("Carte ter", "2020")):
        place = factories.town(name="Beauvais") if started == "2020" else factories.town()
        factories.published(title=title, started=started, territory=place)
    factories.published(title="Atelier", started="2021", territory=factories.intercommunality(department=corse))
    suggestions = {}
    for one in listing(query).suggestions:
        (dropped,) = set(QueryDict(query)) - set(QueryDict(one.query.lstrip("?")))
        suggestions[dropped] = one.count
        assert listing(one.query.lstrip("?")).total == one.count
    assert suggestions == expected
    assert list(suggestions.values()) == sorted(suggestions.values(), reverse=True)


@pytest.mark.both_databases
def test_pages_hold_twenty_four_and_reach_every_entry_once(client):
    editor = factories.user()
    town = factories.town()
    made = {factories.published(territory=town, by=editor).slug for _ in range(50)}
    pages = [cards(client.get(f"/initiatives/?tri=titre&page={number}").text) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [24, 24, 2]
    assert {slug for page in pages for slug in page} == made


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("page", "shown"), [("abc", 1), ("0", 1), ("-1", 1), ("99999", 2), ("1e3", 1), ("", 1), ("2", 2)]
)
def test_page_that_does_not_exist_shows_the_nearest(page, shown):
    editor, town = factories.user(), factories.town()
    with factories.at_once():
        for _ in range(25):
            factories.published(territory=town, by=editor)
    assert listing(f"page={page}").page.number == shown


@pytest.mark.both_databases
def test_sorts():
    lens = factories.town(name="Lens")
    evreux = factories.town(name="Évreux")
    le_havre = factories.town(name="Le Havre")
    factories.published(title="Éducation", territory=lens, started="2019")
    factories.published(title="Zoom", territory=evreux, started="2021")
    factories.published(title="Fibre", territory=le_havre, started="2020", summary="Le zoom sur les écoles.")
    assert titles("tri=titre") == ["Éducation", "Fibre", "Zoom"]
    assert titles("tri=collectivite") == ["Zoom", "Fibre", "Éducation"]
    assert titles("q=zoom") == ["Zoom", "Fibre"]
    assert titles("q=zoom&tri=titre") == ["Fibre", "Zoom"]
    assert titles("")[0] == "Fibre"


def test_count_agrees_in_number_with_its_noun(client):
    factories.published()
    assert "1 initiative " in client.get("/initiatives/").text.replace("\u00a0", " ")


def test_found_words_are_marked_and_markup_is_not_interpreted(client):
    factories.published(title="Carte <b>des</b> commerces")
    html = client.get("/initiatives/?q=commerce").text
    assert "<mark>commerces</mark>" in html
    assert "<b>des" not in html


@pytest.mark.both_databases
def test_list_takes_the_same_queries_with_one_entry_and_with_many(client):
    editor = factories.user()
    town = factories.town()
    themes = [factories.theme(slug="cybersecurite")]
    facets = "categorie=service-public&theme=cybersecurite&departement=60&region=32&type=ville&annee=2020"
    everything = f"q=initiative&{facets}&tri=pertinence&territoire={town.slug}"
    addresses = ["/initiatives/", f"/initiatives/?{everything}", "/initiatives/?q=initiative&page=2"]
    factories.published(by=editor, territory=town, themes=themes)
    few = [queries_of(client, address) for address in addresses]
    with factories.at_once():
        for _ in range(40):
            factories.published(by=editor, territory=town, themes=themes)
    assert [queries_of(client, address) for address in addresses] == few
    assert max(few) <= 15


@pytest.mark.both_databases
def test_empty_list_stays_within_the_queries_too(client):
    town = factories.published(themes=[factories.theme(slug="cybersecurite")]).territory
    query = f"q=introuvable&categorie=economie-locale&theme=sante-publique&region=32&territoire={town.slug}&libre=oui"
    assert queries_of(client, f"/initiatives/?{query}") <= 15
