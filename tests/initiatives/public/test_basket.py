"""Ticks: entries chosen in the list, on a territory or beside an entry, kept by the address alone."""

import re
from html import unescape

from initiatives.models import SlugRedirect
from tests.support import factories
from tests.support.pages import cards, queries_of, total

BOX = re.compile(r'<label class="pick"><input type="checkbox" name="fiche" value="([\w-]+)" form="(\w+)"([^>]*)>')


def boxes(html: str) -> dict[str, str]:
    """What stands beside each box: nothing, « checked » or « disabled »."""
    return {slug: state.strip() for slug, _, state in BOX.findall(html)}


def bar(html: str) -> str:
    (text,) = re.findall(r'(?s)<span id="choix" role="status">(.*?)</span>', html)
    return unescape(text).replace("\xa0", " ")


def followed(html: str, pattern: str) -> str:
    return unescape(re.search(rf'href="([^"]+)"[^>]*>{pattern}', html)[1])


def many(count: int):
    by, town = factories.user(), factories.town()
    for number in range(count):
        factories.published(slug=f"f{number:02}", title=f"Fiche {number:02}", territory=town, by=by)


def test_each_card_has_a_box_that_names_its_entry(client):
    factories.published(slug="un", title="Prêt de tablettes")
    html = client.get("/initiatives/").text
    assert boxes(html) == {"un": ""}
    assert 'form="filtres">Choisir <span class="visually-hidden">Prêt de tablettes</span></label>' in html
    assert "Cochez des fiches" in bar(html)


def test_address_ticks_the_boxes_and_the_bar_counts_and_leads_on(client):
    many(3)
    html = client.get("/initiatives/?fiche=f02&fiche=f00&fiche=f02").text
    assert boxes(html) == {"f00": "checked", "f01": "", "f02": "checked"}
    assert "2 fiches choisies — voir la sélection" in bar(html)
    assert 'href="/selection/?fiche=f02&fiche=f00"' in bar(html)
    assert "1 fiche choisie —" in bar(client.get("/initiatives/?fiche=f01").text)


def test_ticks_go_along_with_pages_filters_chips_and_entries(client):
    many(25)
    html = client.get("/initiatives/?tri=titre&type=ville&fiche=f24&fiche=f01").text
    assert cards(html)[0] == "f00"
    # The form sends what stands on another page; what stands here are its boxes.
    assert re.findall(r'<input type="hidden" name="fiche" value="([^"]+)">', html) == ["f24"]
    second = client.get(followed(html, "Suivante")).text
    assert boxes(second) == {"f24": "checked"}
    assert 'name="page" value="2">Garder les fiches cochées' in second
    for link in ("Tout effacer", '<span class="visually-hidden">Retirer le filtre'):
        query = followed(html, link)
        assert "fiche=f24" in query, link
        assert "type=ville" not in query, link
    entry = client.get(followed(html, "Fiche 01")).text
    assert "fiche=f24&fiche=f01" in followed(entry, "Retour à la liste")
    assert "fiche=f24&fiche=f01" in followed(entry, "Suivante&nbsp;:")
    assert followed(entry, "Ajouter à ma sélection") == "/selection/?fiche=f24&fiche=f01"


def test_exports_and_feeds_do_not_speak_of_the_ticks(client):
    many(2)
    html = client.get("/initiatives/?type=ville&fiche=f01").text
    for address in re.findall(r'href="(/export/[^"]+|/flux[^"]+|/s-abonner/[^"]+|/integrer/[^"]+)"', html):
        assert address.endswith("?type=ville"), address


def test_ticks_narrow_nothing_and_count_as_no_filter(client):
    many(2)
    html = client.get("/initiatives/?fiche=f01").text
    assert total(html) == 2
    assert "Filtres choisis" not in html


def test_entry_that_is_gone_counts_no_more_and_a_former_address_still_does(client):
    entry = factories.published(slug="nouveau")
    SlugRedirect.objects.create(slug="ancien", initiative=entry)
    factories.draft(slug="brouillon")
    html = client.get("/initiatives/?fiche=ancien&fiche=brouillon&fiche=inconnue").text
    assert boxes(html) == {"nouveau": "checked"}
    assert "1 fiche choisie —" in bar(html)
    assert "brouillon" not in html


def test_at_most_fifty(client):
    many(52)
    fifty = "&".join(f"fiche=f{number:02}" for number in range(50))
    forty_nine = fifty.removesuffix("&fiche=f49")
    html = client.get(f"/initiatives/?tri=titre&page=3&{forty_nine}").text
    assert boxes(html)["f51"] == ""
    full = client.get(f"/initiatives/?tri=titre&page=3&{fifty}").text
    assert boxes(full) == {"f48": "checked", "f49": "checked", "f50": "disabled", "f51": "disabled"}
    assert "51 fiches choisies, 50 au plus" in bar(client.get(f"/initiatives/?{fifty}&fiche=f50").text)


def test_map_carries_the_ticks_on(client):
    many(2)
    html = client.get("/carte/?fiche=f01").text
    assert '<input type="hidden" name="fiche" value="f01">' in html
    assert followed(html, "Lire 2") == "/initiatives/?fiche=f01"


def test_territories_categories_and_neighbours_have_boxes_of_their_own_form(client):
    theme = factories.theme(slug="cybersecurite")
    town = factories.town()
    one = factories.published(slug="un", territory=town, themes=[theme])
    factories.published(slug="deux", territory=town, themes=[theme])
    for address in (f"/villes/{town.slug}/", one.category.get_absolute_url()):
        html = client.get(address).text
        assert boxes(html) == {"un": "", "deux": ""}, address
        assert '<form id="coches" class="line picked" action="/selection/">' in html, address
        assert 'form="coches"' in html, address
    html = client.get(f"{one.get_absolute_url()}?fiche=un").text
    assert boxes(html) == {"deux": ""}
    assert '<input type="hidden" name="fiche" value="un">' in html


def test_selection_leads_back_to_the_list_with_its_ticks(client):
    many(2)
    html = client.get("/selection/?fiche=f01&type=ville").text
    assert followed(html, "Continuer dans la liste") == "/initiatives/?type=ville&fiche=f01"


def test_same_queries_with_one_tick_and_with_many(client):
    many(30)
    few = queries_of(client, "/initiatives/?fiche=f01")
    assert few == queries_of(client, "/initiatives/") + 1
    assert queries_of(client, "/initiatives/?" + "&".join(f"fiche=f{number:02}" for number in range(30))) == few


def test_nonsense_is_no_tick(client):
    many(1)
    for query in ("fiche=", "fiche=%00", "fiche=🙂", "fiche=" + "a" * 5_000, "&".join(["fiche=x"] * 1_000)):
        html = client.get(f"/initiatives/?{query}").text
        assert boxes(html) == {"f00": ""}
        assert "Cochez des fiches" in bar(html)
