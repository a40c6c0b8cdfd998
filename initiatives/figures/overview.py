"""The figures of the catalogue, or of one survey: every count with the list that it counts.

The counts are those of the facets, so that a figure and the list behind it cannot differ.
"""

from dataclasses import dataclass, field

from django.db.models import Count
from django.http import QueryDict
from django.utils.functional import cached_property

from initiatives.caching.versioned import VersionedCache
from initiatives.models import Initiative, Survey
from initiatives.public.counts import totals
from initiatives.public.facets import Facet, Facets
from initiatives.public.filters import OPEN_SOURCE, STATES, InitiativeFilter
from initiatives.public.selection import Selection


class UnknownValue(ValueError):
    """A figure of something that the catalogue does not know; the message says what, in French."""


@dataclass(frozen=True)
class Figure:
    """One figure: what is counted, how many entries, and the query string of the list of them."""

    value: str
    label: str
    count: int
    query: str
    share: int = 0
    # Of its category, in the palette.
    colour: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The entries by one thing: a chart and a table of the same rows."""

    name: str
    title: str
    heading: str
    rows: list[Figure]
    note: str = ""
    is_drawn: bool = True

    @property
    def most(self) -> int:
        return max((row.count for row in self.rows), default=0)


@dataclass(frozen=True)
class BreakdownKind:
    """How one facet becomes a breakdown."""

    name: str
    parameter: str
    title: str
    heading: str
    note: str = ""
    is_drawn: bool = True
    # What nobody has is left out; elsewhere a zero says what is missing.
    drops_zeros: bool = False
    order: str = ""


WITH_OPEN_SOURCE = "initiative avec un logiciel libre,initiatives avec un logiciel libre"
# An entry of the survey is an answer to it, or an example of its publication that somebody else told.
CITED = "initiative d’une enquête ou citée par elle,initiatives d’une enquête ou citées par elle"
SEVERAL = "Une fiche a jusqu’à trois thèmes : la somme peut dépasser le nombre de fiches."
UNDATED = "Les fiches dont on ne connaît pas le début n’y sont pas."
UNCOUNTED = "Habitants de la commune ou de l’intercommunalité, selon le Code officiel géographique."
UNTOLD = "Une fiche qui ne dit rien de ses outils est comptée sans logiciel libre connu."
KINDS = (
    BreakdownKind("categories", "categorie", "Par catégorie", "Catégorie"),
    BreakdownKind("themes", "theme", "Par thème", "Thème", SEVERAL),
    BreakdownKind("regions", "region", "Par région", "Région", drops_zeros=True, order="most"),
    BreakdownKind("populations", "population", "Par taille de collectivité", "Population", UNCOUNTED),
    BreakdownKind("types", "type", "Par type de collectivité", "Type de collectivité"),
    BreakdownKind("annees", "annee", "Par année de début", "Année", UNDATED, drops_zeros=True, order="oldest"),
    BreakdownKind("libres", "libre", "Par recours au logiciel libre", "Logiciel libre", UNTOLD),
    BreakdownKind("etats", "etat", "Par état", "État"),
    BreakdownKind(
        "departements",
        "departement",
        "Par département",
        "Département",
        is_drawn=False,
        drops_zeros=True,
        order="most",
    ),
)
ORDERS = {
    "": lambda rows: rows,
    "most": lambda rows: sorted(rows, key=lambda row: -row.count),
    "oldest": lambda rows: sorted(rows, key=lambda row: row.value),
}


def selection_of(parameters: QueryDict) -> Selection:
    """All entries, or those of the survey that the address names; UnknownValue where there is no such survey."""
    chosen = QueryDict(mutable=True)
    chosen.setlist("edition", parameters.getlist("edition"))
    return Selection(chosen)


def surveys_with_entries() -> list[Survey]:
    cited = Initiative.objects.published().filter(in_survey=True).order_by()
    return list(Survey.objects.filter(pk__in=cited.values("survey")).oldest_first())


@dataclass(frozen=True)
class Overview:
    """Figures of one selection, as /chiffres/ shows them."""

    selection: Selection
    surveys: list[Survey] = field(default_factory=surveys_with_entries)

    @cached_property
    def filterset(self) -> InitiativeFilter:
        filterset = InitiativeFilter(self.selection)
        if filterset.unknown:
            raise UnknownValue(" ".join(message for _, message in filterset.unknown))
        return filterset

    @property
    def query(self) -> str:
        return self.selection.query()

    @property
    def edition(self) -> str:
        """The slug of the survey chosen, or nothing."""
        return self.selection.chosen.get("edition", [""])[0]

    @cached_property
    def survey(self) -> Survey | None:
        return next((survey for survey in self.surveys if survey.slug == self.edition), None)

    @cached_property
    def totals(self) -> dict[str, int]:
        return totals(self.filterset.rows())

    @property
    def headline(self) -> list[tuple[str, int, str]]:
        """(words, count, address) of the numbers that stand first: an address of the list, or of this page."""
        query, counts = self.selection.query, self.totals
        return [
            ("initiative", counts["initiatives"], query()),
            ("ville", counts["towns"], query(type="ville")),
            ("intercommunalité", counts["intercommunalities"], query(type="intercommunalite")),
            ("département", counts["departments"], "#departements"),
            (WITH_OPEN_SOURCE, counts["open_source"], query(libre="oui")),
            (CITED, counts["in_survey"], query(enquete="oui")),
        ]

    @cached_property
    def _facets(self) -> dict[str, Facet]:
        return {facet.name: facet for facet in Facets(self.filterset, VersionedCache())}

    @cached_property
    def breakdowns(self) -> list[Breakdown]:
        return [self.breakdown(kind) for kind in KINDS]

    def breakdown(self, kind: BreakdownKind) -> Breakdown:
        colours = self._colours(kind)
        rows = [
            Figure(
                value,
                label,
                count,
                self.selection.query(**{kind.parameter: value}),
                share=round(100 * count / self.totals["initiatives"]) if count else 0,
                colour=colours.get(value, ""),
            )
            for value, label, count in self._counted(kind)
            if count or not kind.drops_zeros
        ]
        return Breakdown(kind.name, kind.title, kind.heading, ORDERS[kind.order](rows), kind.note, kind.is_drawn)

    def _counted(self, kind: BreakdownKind) -> list[tuple[str, str, int]]:
        match kind.parameter:
            case "etat":
                counts = dict(self.filterset.rows().order_by().values_list("state").annotate(Count("pk")))
                return [(value, state.label.capitalize(), counts.get(state, 0)) for value, state in STATES.items()]
            case "libre":
                known = self.totals["open_source"]
                counts = (known, self.totals["initiatives"] - known)
                return [(*option, count) for option, count in zip(OPEN_SOURCE.items(), counts, strict=True)]
        return [(option.value, option.label, option.count) for option in self._facets[kind.parameter].options]

    def _colours(self, kind: BreakdownKind) -> dict[str, str]:
        """The colour of each row that a category gives one."""
        categories = self.filterset.vocabulary.categories
        if kind.parameter == "categorie":
            return {category.slug: category.colour for category in categories}
        if kind.parameter == "theme":
            return {theme.slug: category.colour for category in categories for theme in category.themes.all()}
        return {}
