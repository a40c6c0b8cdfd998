"""The facts of an entry on its page, from the table of the record: how to do the same."""

from dataclasses import dataclass

from initiatives.exports.values import lines
from initiatives.models import Initiative
from initiatives.models.record import BLOCKS
from initiatives.models.record_table import BY_NAME, FieldKind
from initiatives.text.french import number


@dataclass(frozen=True)
class Fact:
    """A fact that has something to say: the name of its field, that of the fact, its values as texts or as rows."""

    field: str
    name: str
    values: list


def facts(initiative: Initiative) -> list[Fact]:
    """Those of their block of the record, in its order."""
    rows = [BY_NAME[name] for name in BLOCKS["Pour refaire"]]
    found = [(row, _values(initiative, row.name, row.kind)) for row in rows if row.fact]
    return [Fact(row.name, row.fact_of(len(values)), values) for row, values in found if values]


def _values(initiative: Initiative, name: str, kind: FieldKind) -> list:
    value = getattr(initiative, name)
    match kind:
        case FieldKind.OWN | FieldKind.SHARED:
            return list(value.all())
        case FieldKind.LIST:
            return lines(value)
        case FieldKind.CHOICE:
            return [getattr(initiative, f"get_{name}_display")()] if value else []
        case FieldKind.NUMBER:
            return [] if value is None else [number(value)]
        case FieldKind.ENTRY:
            return [value] if value and value.is_published else []
    return [value] if value else []
