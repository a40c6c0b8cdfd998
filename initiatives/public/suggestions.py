"""Suggestions for what a visitor is typing: themes, territories and entries that begin so."""

from django.urls import reverse

from initiatives.models import Initiative, Synonym, Theme
from initiatives.search.query import QUERY_LENGTH
from towns.models import Intercommunality, Town
from towns.names import fold

from .selection import tidy

# The only narrower choice that can be asked for.
TERRITORIES = "collectivites"
# Below this many letters everything would match.
SHORTEST = 2
EACH = 4


def suggestions(typed: str, *, among: str = "") -> list[dict[str, str]]:
    """At most EACH themes, territories and entries, in this order, each with its `kind`, `label`, `detail` and `url`.

    Only what has a published entry is suggested; `among` territories, twice as many of these and nothing else.
    Five queries at most, whatever is typed.
    """
    text = tidy(typed)[:QUERY_LENGTH]
    if len(text) < SHORTEST:
        return []
    if among == TERRITORIES:
        return list(_territories(text, each=2 * EACH))
    return [*_themes(text), *_territories(text), *_entries(text)]


def _themes(text: str):
    published = Initiative.objects.published().values("themes")
    folded = fold(text)
    themes = Theme.objects.filter(pk__in=published).select_related("category").order_by("position", "pk")
    found = [theme for theme in themes if any(word.startswith(folded) for word in _ends(fold(theme.name)))]
    for theme in found[:EACH]:
        url = f"{reverse('initiative_list')}?theme={theme.slug}"
        yield {"kind": "Thème", "label": theme.name, "detail": theme.category.short_name, "url": url}


def _ends(name: str) -> list[str]:
    """« sante publique » gives itself and « publique »: whatever a word of the name begins."""
    words = name.replace("'", " ").split()
    return [" ".join(words[at:]) for at in range(len(words))]


def _territories(text: str, *, each: int = EACH):
    published = Initiative.objects.published().values("territory")
    for model, detail, page in (
        (Town, "Ville", "town_detail"),
        (Intercommunality, "Intercommunalité", "intercommunality_detail"),
    ):
        for territory in model.objects.filter(pk__in=published).found_by(text).by_relevance(text)[:each]:
            url = reverse(page, args=[territory.slug])
            yield {"kind": "Collectivité", "label": str(territory), "detail": detail, "url": url}


def _entries(text: str):
    query = Synonym.objects.search_for(text)
    if not query:
        return
    rows = Initiative.objects.published().matching(query).by_relevance(query)
    for initiative in rows.select_related("territory")[:EACH]:
        yield {
            "kind": "Initiative",
            "label": initiative.title,
            "detail": str(initiative.territory),
            "url": initiative.get_absolute_url(),
        }
