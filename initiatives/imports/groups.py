"""The faults and the corrections of a file, each once for all the cells that say the same."""

from collections import Counter
from collections.abc import Iterator

from initiatives.models import ImportGroup, ImportRow

from .grid_columns import BY_FIELD

Kind = ImportGroup.Kind


def groups_of(rows: list[ImportRow]) -> list[ImportGroup]:
    """Those of judged rows, not saved: of faults, those of one message together, by the number of their rows."""
    found = {}
    for row in rows:
        for group in (*_faults(row), *_corrections(row)):
            key = group.kind, group.field, group.value, group.message, group.after, group.by
            found.setdefault(key, group).lines.append(row.line)
    groups = list(found.values())
    of_message = Counter()
    for group in groups:
        group.size = len(group.lines)
        of_message[group.kind, group.message] += group.size
    groups.sort(key=lambda one: (-of_message[one.kind, one.message], one.message, -one.size))
    for rank, group in enumerate(groups):
        group.rank = rank
    return groups


def _faults(row: ImportRow) -> Iterator[ImportGroup]:
    for one in row.faults:
        field, value = one["field"], row.said(one["field"])
        told = {name: one[name] for name in ("message", "code", "suggestions")}
        yield ImportGroup(kind=Kind.FAULT, field=field, column=one["column"], value=value, **told)


def _corrections(row: ImportRow) -> Iterator[ImportGroup]:
    typed = {one["field"] for one in row.corrected}
    for one in row.corrected:
        column = BY_FIELD.get(one["field"])
        if column and one["field"] in column.replaced and column.field in typed:
            continue  # it says nothing any more because that was typed
        by, said = one.get("by") or "", row.said(one["field"]) or one["from"]
        told = column.label if column else one["field"]
        yield ImportGroup(kind=Kind.CORRECTION, field=one["field"], column=told, value=said, after=one["to"], by=by)
