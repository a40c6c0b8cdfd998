"""The figures of an edition, counted from its records: whatever shows them shows the same."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from initiatives.models.bands import BANDS

UNKNOWN = "non précisé"


@dataclass(frozen=True)
class Row:
    label: str
    count: int
    # Of its category, in the palette.
    colour: str = ""


@dataclass(frozen=True)
class CountTable:
    """Counts of one thing: a chart and the table under it."""

    name: str
    title: str
    heading: str
    rows: list[Row]
    note: str = ""

    @property
    def most(self) -> int:
        return max((row.count for row in self.rows), default=0)


@dataclass(frozen=True)
class Figures:
    """Counts of some entries, which are dictionaries under the names of the columns."""

    entries: list[dict]
    categories: list[dict]

    def _distinct(self, column: str, **where: str) -> int:
        rows = (entry for entry in self.entries if all(entry[name] == value for name, value in where.items()))
        return len({entry[column] for entry in rows})

    @cached_property
    def totals(self) -> list[tuple[int, str]]:
        """(count, noun): those that stand in large. The noun takes the mark of the plural itself."""
        counts = [
            (len(self.entries), "initiative"),
            (self._distinct("territoire_code", territoire_type="ville"), "ville"),
            (self._distinct("territoire_code", territoire_type="intercommunalité"), "intercommunalité"),
            (self._distinct("departement_code"), "département"),
            (self._distinct("region_code"), "région"),
            (self._count("logiciel_libre"), "recours au logiciel libre,recours au logiciel libre"),
            (self._count("cite_par_enquete"), "de l’enquête ou citée par elle,de l’enquête ou citées par elle"),
        ]
        return [(count, noun) for count, noun in counts if count]

    def _count(self, column: str) -> int:
        return sum(1 for entry in self.entries if entry[column])

    @cached_property
    def tables(self) -> list[CountTable]:
        """Tables of counts that are not empty."""
        tables = [
            self._by_category(),
            self._by_theme(),
            self._by("regions", "Par région", "Région", "region_nom"),
            self._by_population(),
            self._by_year(),
            self._by("etats", "Par état", "État", "etat", unless={"inconnu"}),
        ]
        return [table for table in tables if table.rows]

    def _by(self, name, title, heading, column, *, unless: Iterable[str] = ()) -> CountTable:
        """The most frequent first; equal ones by name."""
        counts = Counter(entry[column] for entry in self.entries if entry[column] not in unless)
        rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return CountTable(name, title, heading, [Row(label, count) for label, count in rows])

    def _by_category(self) -> CountTable:
        counts = Counter(entry["categorie"] for entry in self.entries)
        # Two categories could have one name.
        rows = [Row(one["short_name"], counts.pop(one["name"], 0), one["colour"]) for one in self.categories]
        return CountTable("categories", "Par catégorie", "Catégorie", rows)

    def _by_theme(self) -> CountTable:
        colours = {one["name"]: one["colour"] for one in self.categories}
        counts = Counter((entry["categorie"], theme) for entry in self.entries for theme in entry["themes"] or [])
        order = list(colours)
        rows = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
        note = "Une fiche a jusqu’à trois thèmes : la somme peut dépasser le nombre de fiches."
        return CountTable(
            "themes", "Par thème", "Thème", [Row(theme, count, colours[name]) for (name, theme), count in rows], note
        )

    def _by_population(self) -> CountTable:
        counts = Counter(map(_band, self.entries))
        labels = [*(label for label, _, _ in BANDS.values()), UNKNOWN.capitalize()]
        rows = [Row(label, counts[label]) for label in labels if counts[label]]
        return CountTable("populations", "Par taille de collectivité", "Population", rows)

    def _by_year(self) -> CountTable:
        counts = Counter((entry["debut"] or "")[:4] for entry in self.entries)
        rows = [Row(year or UNKNOWN.capitalize(), counts[year]) for year in sorted(counts, key=lambda y: (not y, y))]
        return CountTable("annees", "Par année de début", "Année", rows)


def _band(entry: dict) -> str:
    population = entry["population"]
    if population is None:
        return UNKNOWN.capitalize()
    return next(label for label, low, high in BANDS.values() if population >= low and (not high or population < high))
