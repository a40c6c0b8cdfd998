"""From a query string to rows. The parameters are a contract: README.md lists them."""

import unicodedata

import django_filters
from django import forms
from django.db.models import Prefetch
from django.db.models.functions import Left
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import slugify

from initiatives.models import Category, Initiative, Survey, Synonym, Theme
from initiatives.models.bands import BANDS
from initiatives.runtime.parsing import whole_number
from initiatives.search.query import QUERY_LENGTH, Query
from towns.models import Department, Territory

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
REPEATABLE = {"theme", "departement"}
# More than there are of any: among so many one is unknown, and a page that offers to take each away is long enough.
MOST_VALUES = 150
# What a person may type otherwise than the codes are written.
SPELLINGS = {
    "region": lambda value: value.zfill(2),
    "departement": lambda value: value.upper().zfill(2),
    "q": lambda value: value[:QUERY_LENGTH],
}


def tidy(value: str) -> str:
    """The value without what nobody types: controls (NUL), invisible and broken characters."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in value)
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in ("Cf", "Cs")).split())


class Vocabulary:
    """The categories, themes, départements and régions that filters choose from: three queries."""

    def __init__(self):
        themes = Theme.objects.order_by("position", "pk")
        self.categories = list(Category.objects.order_by("position", "pk").prefetch_related(Prefetch("themes", themes)))
        self.themes = [theme for category in self.categories for theme in category.themes.all()]
        self.departments = list(Department.objects.select_related("region").order_by("code"))
        regions = {department.region for department in self.departments}
        self.regions = sorted(regions, key=lambda region: (region.sort_key, region.pk))

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "categorie": [(category.slug, category.short_name) for category in self.categories],
            "theme": [(theme.slug, theme.name) for theme in self.themes],
            "region": [(region.code, region.name) for region in self.regions],
            "departement": [(department.code, str(department)) for department in self.departments],
        }


class Selection:
    """The choices in an address: tidied, in the order of the contract, ready to become links.

    `chosen` maps each parameter that has a value to the list of its values; a parameter that is
    not repeatable keeps its last value.
    """

    def __init__(self, parameters: QueryDict):
        self.chosen: dict[str, list[str]] = {}
        for name in InitiativeFilter.base_filters:
            spell = SPELLINGS.get(name, str)
            values = [spell(value) for raw in parameters.getlist(name) if (value := tidy(raw))]
            values = list(dict.fromkeys(values))
            if values:
                self.chosen[name] = values[:MOST_VALUES] if name in REPEATABLE else values[-1:]

    def data(self) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, values in self.chosen.items():
            data.setlist(name, values)
        return data

    def query(self, *, without: str = "", value: str | None = None, **changes: str | list[str]) -> str:
        """The query string, « ?… » or empty, without a parameter (or one value of it), with others set."""
        data = self.data()
        if without:
            rest = [kept for kept in data.getlist(without) if value is not None and kept != value]
            data.setlist(without, rest) if rest else data.pop(without, None)
        for name, changed in changes.items():
            data.setlist(name, [changed] if isinstance(changed, str) else changed)
        encoded = data.urlencode()
        return f"?{encoded}" if encoded else ""

    @property
    def filters(self) -> dict[str, list[str]]:
        """The choices that narrow the list: all but the sort."""
        return {name: values for name, values in self.chosen.items() if name != "tri"}


class Choice(django_filters.ChoiceFilter):
    """One value of a known list; any other is an error that names it, never « everything »."""

    def __init__(self, *args, unknown: str, **kwargs):
        super().__init__(*args, error_messages={"invalid_choice": unknown}, null_label=None, **kwargs)


class Choices(django_filters.MultipleChoiceFilter):
    def __init__(self, *args, unknown: str, **kwargs):
        super().__init__(*args, error_messages={"invalid_choice": unknown}, **kwargs)


class TerritorySlugField(forms.CharField):
    """The slug of a town or of an intercommunality; `is_trusted` takes it for one without looking."""

    def __init__(self, *args, is_trusted: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_trusted = is_trusted

    def clean(self, value):
        value = super().clean(value)
        if value and not self.is_trusted and not Territory.objects.filter(slug=value).exists():
            raise forms.ValidationError(f"La collectivité « {value} » est inconnue.")
        return value


class TerritoryFilter(django_filters.Filter):
    field_class = TerritorySlugField


class SurveySlugField(forms.CharField):
    """The slug of a survey; `is_trusted` takes it for one without looking."""

    def __init__(self, *args, is_trusted: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_trusted = is_trusted

    def clean(self, value):
        value = super().clean(value)
        if value and not self.is_trusted and not Survey.objects.filter(slug=value).exists():
            raise forms.ValidationError(f"L’enquête « {value} » est inconnue.")
        return value


class SurveyFilter(django_filters.Filter):
    field_class = SurveySlugField


class YearField(forms.CharField):
    def clean(self, value):
        value = super().clean(value)
        if value and (len(value) != 4 or whole_number(value) is None):
            raise forms.ValidationError(f"L’année « {value} » est inconnue : écrivez par exemple 2020.")
        return value


class YearFilter(django_filters.Filter):
    field_class = YearField


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
    territoire = TerritoryFilter(label="Collectivité", method="filter_territory")
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
    edition = SurveyFilter(label="Enquête", method="filter_survey")
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
        return Query(text, [synonym.alternatives for synonym in Synonym.objects.order_by("pk")])

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
