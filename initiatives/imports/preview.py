"""What each row of a file would do: nothing is written, no lock is held, however long the file."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from copy import copy
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils import timezone

from initiatives.models import ImportRow, Initiative, Revision
from initiatives.models.record import FIELDS, SHARED, differences, version_values
from initiatives.runtime.parsing import whole_number
from initiatives.search.query import stems
from initiatives.text.french import day

from .cells import CellError, clipped, plain
from .duplicates import Titles
from .faults import faults_of
from .fields import ChildrenColumn, RelatedColumn
from .matching import Identity
from .readers.tables import Table
from .resources import InitiativeResource
from .workbooks_to_fill import EXAMPLE

Kind = ImportRow.Kind
# Rows whose entries are read together.
CHUNK = 200


class RowPreview(InitiativeResource):
    """The rows of a table as ImportRow. A published entry is not a fault here: a revision of it is proposed."""

    def wrong_file(self, table: Table) -> list[str]:
        """Understand the headings; what makes it pointless to read any row."""
        try:
            self.before_import(table)
        except ValidationError as wrong:
            return wrong.messages
        return []

    def judged(self, table: Table, *, aside: set[int]) -> Iterator[ImportRow]:
        self._lines = table.lines
        self._places = None
        self._pending = set(Revision.objects.pending().values_list("initiative", flat=True))
        rows = enumerate(zip(table.lines, table, strict=True), 1)
        while chunk := list(islice(rows, CHUNK)):
            named = [(number, line, dict(zip(table.headers, cells, strict=True))) for number, (line, cells) in chunk]
            self._read_stored([row for _, line, row in named if line not in aside])
            for number, line, row in named:
                if line in aside or self._is_example(row):
                    yield ImportRow(
                        line=line, kind=Kind.ASIDE, title=clipped(row.get(self.headings.found.get("title")))
                    )
                else:
                    yield self._judge(number, line, row)

    def _is_example(self, row: dict) -> bool:
        """Whether it is the row of the model workbook that shows how to fill it in."""
        return str(row.get(self.headings.found.get("title"))).startswith(EXAMPLE)

    # The entries that the rows speak of

    def _identify(self, row: dict) -> Identity:
        scratch = Initiative()
        for name in ("reference", "territory", "title"):
            self._read(name, scratch, row)
        found = Identity.of(scratch.reference, scratch.territory_id, scratch.title)
        reference = self._register.within(self.survey, found)
        # An export that comes back names the entries themselves, of whatever survey.
        if reference == found.reference or "version" in self.headings.found:
            return found
        row[self.headings.found["reference"]] = reference
        return found._replace(reference=reference)

    def _read_stored(self, rows: list[dict]):
        """All the territories and entries of a chunk, with what hangs on them, in as many queries as for one."""
        self.fields["territory"].read_ahead(rows)
        self._identities = {id(row): self._identify(row) for row in rows}
        keys = {found[0] for one in self._identities.values() if len(found := self._register.find(one)) == 1}
        related = ("territory", "category", "inspired_by")
        self._stored = Initiative.objects.select_related(*related).in_bulk(keys)
        for key, parts in Initiative.parts_of(list(self._stored)).items():
            values = self._stored[key].__dict__["_imported"] = {}
            for name, value in parts.items():
                column = self.fields.get(name)
                if isinstance(column, ChildrenColumn):
                    values[name] = tuple(map(tuple, value))
                elif isinstance(column, RelatedColumn):
                    values[name] = tuple(one for one in column.widget.rows if one.pk in value)

    # One row

    def _judge(self, number: int, line: int, row: dict) -> ImportRow:
        self._row, self._number, self._identity = row, number, self._identities.pop(id(row))
        self._found = self._register.find(self._identity)
        original = self._stored.get(self._found[0]) if len(self._found) == 1 else None
        instance = copy(original) if original else self.init_instance(row)
        if original:
            instance.__dict__["_imported"] = dict(original.__dict__["_imported"])
        judged = ImportRow(line=line, initiative=original, seen=original.version if original else None)
        try:
            self._compare(judged, instance, original)
        except ValidationError as wrong:
            judged.kind = Kind.ERROR
            faults = list(faults_of(wrong, line))
            judged.faults = [[one.column, one.value, one.message, list(one.suggestions)] for one in faults]
            judged.corrections = {
                one.column: one.suggestions[0] for one in faults if one.unambiguous and one.suggestions
            }
        place = instance.territory if instance.territory_id else ""
        judged.title, judged.place = clipped(instance.title), str(place)
        return judged

    def _compare(self, judged: ImportRow, instance: Initiative, original: Initiative | None):
        wrong = {}
        try:
            self.import_instance(instance, self._row)
        except ValidationError as faults:
            wrong = faults.update_error_dict({})
        if self.skip_row(instance, original, self._row, wrong):
            judged.kind = Kind.UNCHANGED
            return
        if original:
            wrong = self._merge(instance, original, wrong)
        if not self._changed and not wrong:
            judged.kind = Kind.UNCHANGED
            return
        self.validate_instance(instance, wrong, validate_unique=False)
        judged.after = self._values(instance)
        if original is None:
            judged.close = self._close(instance)
            judged.kind = Kind.DUPLICATE if judged.close else Kind.NEW
            judged.after |= {"survey": instance.survey_id, "origin": instance.origin, "in_survey": instance.in_survey}
            if instance.reference:
                judged.after["reference"] = instance.reference
            return
        judged.before = self._values(original)
        judged.kind = Kind.REVISION if original.is_published else Kind.CHANGED
        judged.shown = [
            [self.fields[name].label, self.fields[name].export(original), self.fields[name].export(instance)]
            for name in self._changed
        ]
        self._drop_foreign_themes(judged, instance, original)

    def _held(self, name: str) -> CellError | None:
        """What is proposed for a published entry waits for a decision, and only one text may wait."""
        if self._original.is_set_aside and not self.by.has_perm("initiatives.publish_initiative"):
            return CellError(
                f"Cette fiche est « {self._original.get_status_display()} » : seule la modération peut encore la"
                " modifier. Laissez cette ligne de côté."
            )
        if self._original.is_published and self._original.pk in self._pending:
            return CellError(
                "Une révision de cette fiche attend déjà une décision : approuvez-la ou refusez-la, ou laissez cette"
                " ligne de côté."
            )
        return None

    def _values(self, instance: Initiative) -> dict:
        """The changed fields, as record.py has values."""
        values = {}
        for name in self._changed:
            column = self.fields[name]
            value = column.get_value(instance)
            if name in SHARED:
                values[name] = sorted(one.pk for one in value)
            elif isinstance(column, ChildrenColumn):
                values[name] = [list(one) for one in instance.__dict__["_imported"][name]]
            elif name in ("territory", "category", "inspired_by"):
                values[name] = value.pk if value else None
            else:
                values[name] = value.isoformat() if hasattr(value, "isoformat") else value
        return {name: values[name] for name in FIELDS if name in values}

    def _drop_foreign_themes(self, judged: ImportRow, instance: Initiative, original: Initiative):
        """A theme belongs to one category: those of the former category go with it, and undoing brings them back."""
        if "category" in self._changed and "themes" not in self._changed:
            themes = original.__dict__["_imported"]["themes"]
            kept = [theme.pk for theme in themes if theme.category_id == instance.category_id]
            if len(kept) < len(themes):
                judged.before["themes"] = sorted(theme.pk for theme in themes)
                judged.after["themes"] = sorted(kept)

    # Round trip

    def _merge(self, instance: Initiative, original: Initiative, wrong: dict) -> dict:
        """Of an export that comes back, keep the cells that were changed in it; what changed here too is a conflict."""
        heading = self.headings.found.get("version")
        exported = whole_number(plain(self._row[heading]) if heading else "")
        if exported is None or exported >= original.version:
            return wrong
        opened = original.history.filter(version__lte=exported).order_by("-history_id").first()
        base = version_values(opened) if opened else {}
        mine, theirs = self._values(instance), self._values(original)
        since = original.history.filter(version__gt=exported).select_related("history_user")
        last = since.order_by("-history_id").first()
        kept = []
        for name in self._changed:
            if name in Initiative.DECLARANT and original.declarant_erased_on:
                # Forgotten since that export, which must not bring it back.
                self._put_back(name, instance, original)
            elif name in base and not differences({name: base[name]}, {name: mine[name]}):
                self._put_back(name, instance, original)
            elif name in base and base[name] == theirs[name]:
                kept.append(name)
            else:
                wrong.setdefault(name, []).append(self._located(name, self._conflict(name, original, last)))
                kept.append(name)
        self._changed = kept
        return wrong

    def _put_back(self, name: str, instance: Initiative, original: Initiative):
        column = self.fields[name]
        if isinstance(column, RelatedColumn):
            instance.__dict__["_imported"][name] = original.__dict__["_imported"][name]
        else:
            setattr(instance, name, getattr(original, name))

    def _conflict(self, name: str, original: Initiative, last) -> CellError:
        stored = self.fields[name].export(original)
        user = last.history_user if last else None
        who = str(user.get_full_name() or user) if user else "quelqu’un"
        when = f" le {day(timezone.localdate(last.history_date))}" if last else ""
        return CellError(
            f"Conflit : {who} a modifié cette fiche{when}, après votre export. Elle dit maintenant"
            f" « {clipped(stored) or 'rien'} ». Gardez ce texte, ou corrigez la fiche elle-même.",
            suggestions=[stored],
        )

    # Probable duplicates

    def _close(self, instance: Initiative) -> list[list]:
        """Entries and earlier rows of the same territory whose titles say nearly the same."""
        if self._places is None:
            self._places = self._stored_titles()
        others, words = self._places[instance.territory_id], set(stems([instance.title]).split())
        found = [list(key) for key in islice(others.close_to(words), 3)]
        others.add((None, f"la ligne {self._lines[self._number - 1]}"), words)
        return found

    def _stored_titles(self) -> dict[str, Titles]:
        entries = Initiative.objects.exclude(status=Initiative.Status.REJECTED).order_by("pk")
        rows = list(entries.values_list("pk", "territory", "title", "search_title"))
        frequency = Counter(word for *_, words in rows for word in words.split())
        places = defaultdict(lambda: Titles(frequency))
        for pk, territory, title, words in rows:
            places[territory].add((pk, f"la fiche « {title} »"), set(words.split()))
        return places
