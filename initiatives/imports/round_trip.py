"""Exports that come back: of each row, the cells that were changed in the file, and what changed here meanwhile."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from initiatives.models import ImportDecision, ImportGroup, Initiative
from initiatives.models.record import version_values
from initiatives.runtime.parsing import whole_number
from initiatives.text.french import day

from .cells import CellError, clipped, plain
from .columns import ImportColumn
from .decisions import Decisions
from .rows import SourceRow


@dataclass
class Base:
    """What an entry said when it was exported, by the fields of the record, and its last version since."""

    values: dict
    last: object | None

    def conflict(self, stored: str) -> CellError:
        user = self.last.history_user if self.last else None
        who = str(user.get_full_name() or user) if user else "quelqu’un"
        when = f" le {day(timezone.localdate(self.last.history_date))}" if self.last else ""
        return CellError(
            f"Conflit : {who} a modifié cette fiche{when}, après votre export. Elle dit maintenant"
            f" « {clipped(stored) or 'rien'} ». Dites lequel des deux textes garder.",
            suggestions=[stored],
            code=ImportGroup.CONFLICT,
        )


def bases(rows: list[SourceRow], heading: str | None) -> dict[int, Base]:
    """By line, those of the rows whose entry has changed since; `heading` has the version that was exported."""
    exported = {row: _exported(row, heading) for row in rows if row.entry and heading}
    exported = {
        row: version for row, version in exported.items() if version is not None and version < row.entry.version
    }
    versions = defaultdict(list)
    known = Initiative.history.filter(id__in={row.entry.pk for row in exported}).order_by("history_id")
    for pk, *version in known.values_list("id", "version", "history_id") if exported else ():
        versions[pk].append(version)
    opened = {row: _last(key for number, key in versions[row.entry.pk] if number <= exported[row]) for row in exported}
    since = {row: _last(key for number, key in versions[row.entry.pk] if number > exported[row]) for row in exported}
    keys = {*opened.values(), *since.values()} - {None}
    stored = Initiative.history.select_related("history_user").filter(history_id__in=keys) if keys else ()
    stored = {version.history_id: version for version in stored}
    return {
        row.line: Base(version_values(stored[opened[row]]) if opened[row] else {}, stored.get(since[row]))
        for row in exported
    }


def _exported(row: SourceRow, heading: str) -> int | None:
    try:
        if not (read := plain(row.cells[heading])):
            return None
        if (version := whole_number(read)) is None:
            raise CellError("Ce n’est pas un numéro de version : laissez celui de l’export, ou videz la cellule.")
        return version
    except CellError as fault:
        fault.column, fault.value = heading, clipped(row.cells[heading])
        row.add_error("version", fault)
        return None


def _last(keys):
    return max(keys, default=None)


def merge(row: SourceRow, base: Base, columns: dict[str, ImportColumn], decisions: Decisions):
    """Keep of what the row changes the cells that were changed in the file; what changed here too is a conflict,
    unless somebody said which of the two texts counts."""
    kept = []
    for name in row.changed:
        column = columns[name]
        mine, theirs = column.plain(row.values[name]), column.plain(row.stored[name])
        is_forgotten = name in Initiative.DECLARANT and row.entry.declarant_erased_on
        # Forgotten since that export, which must not bring it back; or not changed in the file.
        is_conflict = not _says(base.values, theirs)
        stored = column.show(row.stored[name])
        decided = decisions.of_conflict(row.key, name, stored) if is_conflict else ""
        if is_forgotten or _says(base.values, mine) or decided == ImportDecision.STORED:
            row.values[name] = row.stored[name]
            continue
        if is_conflict and not decided:
            row.add_error(name, column.locate(base.conflict(stored), row.cells))
        kept.append(name)
    row.changed = kept


def _says(values: dict, some: dict) -> bool:
    return all(field in values and values[field] == value for field, value in some.items())
