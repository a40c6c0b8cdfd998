"""From a query string to rows. The parameters are a contract: README.md lists them."""

import django_filters
from django.db.models.functions import Left
from django.utils.functional import cached_property
from django.utils.text import slugify

from initiatives.models import Initiative, Survey, Synonym, Theme
from initiatives.models.bands import BANDS
from initiatives.search.query import Query
from towns.models import Territory

from .filter_fields import Choice, Choices, SlugFilter, YearFilter
from .selection import Selection
from .vocabulary import Vocabulary

TOWN, INTERCOMMUNALITY = "ville", "intercommunalite"
KINDS = {TOWN: "Villes", INTERCOMMUNALITY: "Intercommunalités"}
STATES = {slugify(state.label): state for state in Initiative.State}
SORTS = {
    "recent": "Les plus récentes",
    "titre": "Par titre",
    "collectivite": "Par collectivité",
    "pertinence": "Par pertinence",
}
YES, NO = "oui", "non"
OPEN_SOURCE = {YES: "Logiciel libre", NO: "Sans logiciel libre connu"}
# The parameters whose values are rows of the database.
VOCABULARY = ("categorie", "theme", "region", "departement")


class InitiativeFilter(django_filters.FilterSet):
    """The filters of the list, of the exports and of whatever else takes the same address."""

    q = django_filters.CharFilter(label="Recherche", method="filter_words")
    categorie = Choice(
        label="Catégorie", field_name="category__slug", unknown="La catégorie « %(value)s » est inconnue."
    )
    theme = Choices(label="Thème", method="filter_themes", unknown="Le thème « %(value)s » est inconnu.")
    region = Choice(label="Région", field_name="department__region", unknown="La région « %(value)s » est inconnue.")
    departement = Choices(
        label="Département",
        method="filter_departments",
        unknown="Le département « %(value)s » est inconnu.",
    )
    territoire = SlugFilter(
        label="Collectivité",
        method="filter_territory",
        model=Territory,
        unknown="La collectivité « %(value)s » est inconnue.",
    )
    type = Choice(
        label="Type de collectivité",
        method="filter_kind",
        choices=list(KINDS.items()),
        unknown="Le type de collectivité « %(value)s » est inconnu.",
    )
    population = Choice(
        label="Population",
        method="filter_population",
        choices=[(value, label) for value, (label, *_) in BANDS.items()],
        unknown="La tranche de population « %(value)s » est inconnue.",
    )
    libre = Choice(
        label="Logiciel libre",
        method="filter_open_source",
        choices=list(OPEN_SOURCE.items()),
        unknown="Le filtre « libre » connaît les valeurs « oui » et « non », pas « %(value)s ».",
    )
    enquete = Choice(
        label="Enquête",
        method="filter_in_survey",
        choices=[(YES, "Issue de l’enquête")],
        unknown="Le filtre « enquete » ne connaît que la valeur « oui », pas « %(value)s ».",
    )
    annee = YearFilter(label="Année", method="filter_year")
    etat = Choice(
        label="État",
        method="filter_state",
        choices=[(value, state.label) for value, state in STATES.items()],
        unknown="L’état « %(value)s » est inconnu.",
    )
    edition = SlugFilter(
        label="Enquête", method="filter_survey", model=Survey, unknown="L’enquête « %(value)s » est inconnue."
    )
    tri = Choice(
        label="Tri", method="leave_order", choices=list(SORTS.items()), unknown="Le tri « %(value)s » est inconnu."
    )

    class Meta:
        model = Initiative
        fields = []

    def __init__(self, selection: Selection, vocabulary: Vocabulary | None = None, *, trusting: bool = False):
        """Read a selection. `trusting` takes every value for known, without a query: an unknown one finds nothing."""
        super().__init__(selection.data(), queryset=Initiative.objects.published())
        self.selection = selection
        if trusting:
            choices = {name: [(value, value) for value in selection.chosen.get(name, [])] for name in VOCABULARY}
            for name in ("territoire", "edition"):
                self.filters[name].extra["is_trusted"] = True
        else:
            self.vocabulary = vocabulary or Vocabulary()
            choices = self.vocabulary.choices
        for name in VOCABULARY:
            self.filters[name].extra["choices"] = choices[name]

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """The parameters that have an unknown value, each with the sentence that says so."""
        return [(name, message) for name, messages in self.form.errors.items() for message in messages]

    @cached_property
    def query(self) -> Query | None:
        """The search as understood, with the staff's synonyms; None where there is none."""
        text = self.selection.chosen.get("q", [""])[0]
        if not text:
            return None
        return Synonym.objects.search_for(text)

    def rows(self, *, ignoring: frozenset[str] | set[str] = frozenset()):
        """The published entries that the choices leave, those of the `ignoring` parameters set aside."""
        rows = self.queryset
        if not self.is_valid():
            return rows.none()
        for name, value in self.form.cleaned_data.items():
            if name not in ignoring:
                rows = self.filters[name].filter(rows, value)
        return rows

    def narrows(self, *, ignoring: set[str]) -> bool:
        """Whether a choice leaves out published entries, those of the `ignoring` parameters set aside."""
        return not self.is_valid() or bool(self.selection.filters.keys() - ignoring)

    def ordered_rows(self):
        rows = self.rows()
        match self.sort:
            case "titre":
                return rows.by_title()
            case "collectivite":
                return rows.by_territory()
            case "pertinence":
                return rows.by_relevance(self.query)
        return rows.most_recent()

    @property
    def sort(self) -> str:
        """The order asked for; without one, relevance for a search and the most recent otherwise."""
        asked = self.selection.chosen.get("tri", [""])[0]
        if asked == "pertinence" and not self.query:
            asked = ""
        return asked or ("pertinence" if self.query else "recent")

    # One method a parameter: each only forwards to the rows

    def filter_words(self, rows, name, value):
        return rows.matching(self.query) if self.query is not None else rows

    def filter_themes(self, rows, name, values):
        return rows.about(Theme.objects.filter(slug__in=values)) if values else rows

    def filter_departments(self, rows, name, values):
        return rows.filter(department__in=values) if values else rows

    def filter_territory(self, rows, name, slug):
        return rows.filter(territory__slug=slug)

    def filter_kind(self, rows, name, value):
        return rows.filter(is_of_town=value == TOWN)

    def filter_population(self, rows, name, value):
        return rows.filter(population_band=value)

    def filter_open_source(self, rows, name, value):
        return rows.filter(uses_open_source=value == YES)

    def filter_in_survey(self, rows, name, value):
        return rows.filter(in_survey=True)

    def filter_year(self, rows, name, value):
        return rows.filter(started__startswith=value)

    def filter_state(self, rows, name, value):
        return rows.filter(state=STATES[value])

    def filter_survey(self, rows, name, slug):
        return rows.cited_by(slug)

    def leave_order(self, rows, name, value):
        return rows


def with_year(rows):
    return rows.annotate(year=Left("started", 4))
