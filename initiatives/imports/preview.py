"""What each row of a file would do: nothing is written, no lock is held, however long the file."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import copy
from functools import cached_property
from itertools import islice

from initiatives.models import ImportRow, Initiative, Revision, Survey
from initiatives.search.query import stems

from .cells import CellError, CorrectedCell, clipped, raw_text
from .checks import check_identity, check_model, check_permission, refuse
from .decisions import IDENTITY_FIELDS, Decisions, RowKeys
from .duplicates import CloseTitle, Titles, titles_by_territory
from .file_headings import Headings, wrong_headings
from .grid_columns import BY_FIELD
from .headings import LABELS
from .matching import EntryIndex, Identity
from .readers.merged_cells import is_blank
from .readers.tables import Table
from .resources import InitiativeResource
from .round_trip import Base, bases, merge
from .rows import JudgedRow, SourceRow
from .workbooks_to_fill import EXAMPLE

Kind = ImportRow.Kind
# Rows whose entries are read together.
CHUNK = 200
AS_WRITTEN = "Cette cellule n’est pas corrigée d’elle-même : écrivez ce qu’elle veut dire."
RELATED = ("territory", "category", "inspired_by")


class Preview:
    """The rows of a file, each judged against the catalogue as it is.

    A column that the file has not leaves its field as it is; an empty cell empties it. Nothing here sets a
    status: a new entry is a draft, a changed one keeps the status it has, and for a published one a revision
    is proposed, so that no import alters what the public sees. Where nobody imports (`by` is None), nobody
    can propose it: what would change a published entry is then a fault, field by field.
    """

    def __init__(
        self,
        table: Table,
        *,
        survey: Survey | None,
        origin: str = Initiative.Origin.SURVEY,
        mapping: Mapping[str, str | None] | None = None,
        by=None,
    ):
        """New entries are of this survey and origin; `mapping` names by hand the field of a heading (None: none of
        ours). What people decided of such cells and rows for the survey is obeyed."""
        self.table, self.survey, self.origin, self.by = table, survey, origin, by
        self.headings = Headings.of(table.headers or [], mapping)
        self.decisions = Decisions(survey)
        # A field that no column tells, and that somebody told of some rows.
        for name in self.decisions.fields - self.headings.found.keys():
            label = LABELS[name]
            # A column of that heading was left out, or is another field.
            self.headings.found[name] = f"{label} (décidé)" if label in (table.headers or ()) else label
        self.columns = InitiativeResource().fields
        for column in self.columns.values():
            column.match(self.headings.found)
        self.present = {name: column for name, column in self.columns.items() if column.is_told}
        self.notes: list[str] = []
        self.unnamed = [at for at, heading in enumerate(table.headers or []) if is_blank(heading)]

    @cached_property
    def index(self) -> EntryIndex:
        return EntryIndex()

    @cached_property
    def titles(self) -> dict[str, Titles]:
        return titles_by_territory()

    @cached_property
    def pending(self) -> set[int]:
        """The entries of which a revision waits."""
        return set(Revision.objects.pending().values_list("initiative", flat=True))

    # The file

    def wrong_file(self) -> list[str]:
        """What makes it pointless to read any row."""
        nowhere = ["Créez d’abord l’enquête dont ces fiches viennent."] if self.survey is None else []
        return [*nowhere, *wrong_headings(self.headings)]

    def rows(self) -> Iterator[JudgedRow]:
        """Each row of the file, as many at a time as the database is asked for together."""
        self._learn()
        keys = RowKeys()
        rows = (self._source(line, cells, keys) for line, cells in zip(self.table.lines, self.table, strict=True))
        while chunk := list(islice(rows, CHUNK)):
            told = [row for row in chunk if not row.is_aside]
            self._find_entries(told)
            changed_since = bases(told, self.headings.found.get("version"))
            for row in chunk:
                if row.is_aside:
                    yield self._aside(row)
                else:
                    yield self._judge(row, changed_since.get(row.line))

    def _learn(self):
        """Let the columns look at all their cells, and keep what they tell of how they are read, as `notes`."""
        for column in self.present.values():
            if column.column_name in self.table.headers:
                column.learn(self.table)
        self.notes = [f"« {one.label} » : {one.note}" for one in self.present.values() if one.note]

    def _aside(self, row: SourceRow) -> JudgedRow:
        found = self.headings.found
        cells = {name: raw_text(row.cells[heading]) for name, heading in found.items() if heading in row.cells}
        return JudgedRow(row.line, row.key, Kind.ASIDE, clipped(row.cells.get(found.get("title"))), cells=cells)

    def _source(self, line: int, cells: tuple, keys: RowKeys) -> SourceRow:
        named = dict(zip(self.table.headers, cells, strict=True))
        found = self.headings.found
        key = keys.of({name: raw_text(named.get(found[name])) for name in IDENTITY_FIELDS if name in found})
        # The row of the model workbook that shows how to fill it in.
        is_example = str(named.get(self.headings.found.get("title"))).startswith(EXAMPLE)
        stray = [cells[at] for at in self.unnamed if not is_blank(cells[at])]
        row = SourceRow(line, key, named, is_aside=is_example or self.decisions.is_aside(key), stray=stray)
        for name in self.decisions.fields:
            self._decide(row, name)
        return row

    def _decide(self, row: SourceRow, name: str):
        """Put in a cell what somebody said that it should be."""
        heading = self.headings.found[name]
        cell = row.cells.get(heading)
        before = raw_text(cell)
        if decided := self.decisions.of_cell(row.key, name, before):
            after, by = decided
            row.cells[heading] = CorrectedCell.of(after, cell)
            if after == before:
                row.as_written.add(name)
            else:
                row.corrected.append({"field": name, "from": before, "to": after, "by": by})

    # Which entry each row is

    def _find_entries(self, rows: list[SourceRow]):
        """Read all that a chunk names, in as many queries as for one row."""
        for column in self.present.values():
            column.read_ahead([row.cells for row in rows])
        for row in rows:
            row.identity = self._identify(row)
            same = self.decisions.entry(row.key)
            row.matches = [same] if same else self.index.find(row.identity)
        keys = {row.matches[0] for row in rows if len(row.matches) == 1}
        entries = Initiative.objects.select_related(*RELATED).in_bulk(keys)
        parts = Initiative.parts_of(list(entries))
        for row in rows:
            if len(row.matches) == 1 and (entry := entries.get(row.matches[0])):
                row.entry = entry
                row.stored = {name: column.stored(entry, parts[entry.pk]) for name, column in self.columns.items()}

    def _identify(self, row: SourceRow) -> Identity:
        said = {}
        for name in ("reference", "territory", "title"):
            with suppress(CellError):  # told with its row
                if name in self.present and self.present[name].cells(row.cells):
                    said[name] = self.present[name].read(row.cells, values={})
        territory = said.get("territory")
        identity = Identity.of(said.get("reference", ""), territory and territory.pk, said.get("title", ""))
        reference = self.index.within(self.survey, identity)
        # An export that comes back names the entries themselves, of whatever survey.
        if reference == identity.reference or "version" in self.headings.found:
            return identity
        row.cells[self.headings.found["reference"]] = reference
        return identity._replace(reference=reference)

    # What it says, and what is wrong with it

    def _judge(self, row: SourceRow, base: Base | None) -> JudgedRow:
        self._read(row)
        check_identity(row, self.columns, self.index)
        row.changed = [
            name
            for name, column in self.present.items()
            if column.is_told_in(row.cells) and (not row.entry or column.differs(row.values[name], row.stored[name]))
        ]
        if base and row.changed:
            merge(row, base, self.columns, self.decisions)
        if row.changed or row.errors:
            entry = copy(row.entry) if row.entry else Initiative(survey=self.survey, origin=self.origin)
            check_model(row, self.columns, entry)
            check_permission(row, self.columns, self.by, self.pending)
            row.lacks = entry.missing_to_publish()
        place, title = row.values.get("territory"), clipped(row.values.get("title", ""))
        judged = JudgedRow(row.line, row.key, Kind.UNCHANGED, title, str(place or ""), row.entry)
        judged.corrected, judged.lacks = row.corrected, row.lacks
        self._tell_values(row, judged)
        if row.errors:
            judged.kind, judged.faults = Kind.ERROR, row.faults
        elif row.changed:
            (self._tell_changes if row.entry else self._tell_new)(row, judged)
        return judged

    def _read(self, row: SourceRow):
        """Every cell, so that all faults of a row are told at once."""
        row.values = dict(row.stored)
        for name, column in self.columns.items():
            try:
                if column.is_told_in(row.cells):
                    row.values[name] = column.read(
                        row.cells, values=row.values, stored=row.stored.get(name), corrected=row.corrected
                    )
                elif column.required and not row.entry:
                    missing = CellError("Il manque cette colonne : la ligne est une fiche nouvelle.")
                    row.add_error(name, column.locate(missing, row.cells))
            except CellError as fault:
                row.add_error(name, fault)
        self._refuse_corrections(row)
        origin = row.entry.origin if row.entry else self.origin
        if origin == Initiative.Origin.SURVEY:
            row.values["in_survey"] = True

    def _refuse_corrections(self, row: SourceRow):
        """Of what was corrected by itself, the cells that somebody wants as they are written: they are wrong so."""
        for one in [one for one in row.corrected if not one.get("by") and one["field"] in row.as_written]:
            row.corrected.remove(one)
            refuse(
                row, self.columns, BY_FIELD[one["field"]].name, AS_WRITTEN, suggestions=[one["to"]], part=one["field"]
            )

    # What it would do

    def _tell_values(self, row: SourceRow, judged: JudgedRow):
        """The values as they will be read, beside what the cells say where that is something else."""
        for name, column in self.present.items():
            if row.entry and name not in row.changed and not column.raw(row.cells):
                continue
            # What is faulty has no value: what its cell says is all there is.
            written = column.written(row.values[name]) if name in row.values and name not in row.errors else {}
            judged.values |= written
            cells = {part: raw_text(cell) for part, cell in column.raw(row.cells).items()} or {name: ""}
            if len(cells) > 1 or [said for said in cells.values() if said] != list(written.values()):
                judged.cells |= cells
            if row.entry and name in row.changed and name in row.stored:
                judged.previous |= dict.fromkeys(written, "") | column.written(row.stored[name])

    def _plain(self, row: SourceRow, values: dict) -> dict:
        found = {}
        for name in row.changed:
            found |= self.columns[name].plain(values[name])
        return found

    def _tell_new(self, row: SourceRow, judged: JudgedRow):
        same, words = self.decisions.others(row.key), set(stems([row.values["title"]]).split())
        others = self.titles[row.values["territory"].pk]
        judged.close = list(islice((one for one in others.close_to(words) if one.pk not in same), 3))
        others.add(CloseTitle(None, f"la ligne {row.line}", row.line), words)
        judged.kind = Kind.DUPLICATE if judged.close else Kind.NEW
        system = {"survey": self.survey.pk, "origin": self.origin, "in_survey": row.values.get("in_survey", False)}
        judged.after = self._plain(row, row.values) | system

    def _tell_changes(self, row: SourceRow, judged: JudgedRow):
        judged.kind = Kind.REVISION if row.entry.is_published else Kind.CHANGED
        judged.before, judged.after = self._plain(row, row.stored), self._plain(row, row.values)
        if "category" in row.changed and "themes" not in row.changed:
            # A theme belongs to one category: those of the former go with it, and undoing brings them back.
            themes, category = row.stored["themes"], row.values["category"]
            kept = tuple(theme for theme in themes if theme.category_id == category.pk)
            if len(kept) < len(themes):
                column = self.columns["themes"]
                judged.before |= column.plain(themes)
                judged.after |= column.plain(kept)
                judged.previous |= column.written(themes)
                judged.values |= dict.fromkeys(column.written(themes), "") | column.written(kept)
