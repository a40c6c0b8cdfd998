"""The page of one row of an import: all that it says, what is wrong with it, and what it may be the same as."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.models import ImportBatch, ImportDecision, ImportRow, Initiative

from .grid import GridCell, GridFilter
from .grid_columns import BY_FIELD, GRID, GridColumn
from .preview import RELATED
from .resources import InitiativeResource
from .views import may, shown


@dataclass(frozen=True)
class Likeness:
    """What a row may be the same as: `sides` has by field what both say, whole."""

    name: str
    entry: int | None
    line: int | None
    sides: list[tuple[GridColumn, str, str]]


def texts_of(entries: Iterable[Initiative]) -> dict[int, dict[str, str]]:
    """By key, what entries say, by the columns of the open data."""
    entries, columns = list(entries), InitiativeResource().fields.values()
    parts = Initiative.parts_of([entry.pk for entry in entries])
    told = {entry.pk: {} for entry in entries}
    for entry in entries:
        for column in columns:
            told[entry.pk] |= column.written(column.stored(entry, parts[entry.pk]))
    return told


def likenesses(row: ImportRow, texts: dict[int, dict[str, str]], rows: dict[int, ImportRow]) -> list[Likeness]:
    """What its preview found, as it is now; `texts` are those of the entries, `rows` the others of the file by line."""
    found = []
    for one in row.close:
        other = texts.get(one["entry"]) if one["entry"] else rows[one["line"]].values
        if other is not None:
            sides = [(column, column.joined(row.values), column.joined(other)) for column in GRID]
            told = [side for side in sides if any(side[1:])]
            found.append(Likeness(one["name"], one["entry"], one["line"], told))
    return found


@require_safe
@may
def row(request, pk, line):
    batch = get_object_or_404(ImportBatch.objects.select_related("survey"), pk=pk)
    chosen = GridFilter(batch, request.GET)
    if batch.is_running:
        return redirect(f"{reverse('admin:import_batch', args=[pk])}?{chosen.query}".rstrip("?&"))
    found = get_object_or_404(batch.rows.select_related("initiative", "revision"), line=line)
    around = chosen.rows if chosen.is_on else batch.rows.filter(kind=found.kind).order_by("line")
    keys = {found.initiative_id, *(one["entry"] for one in found.close)} - {None}
    texts = texts_of(Initiative.objects.select_related(*RELATED).filter(pk__in=keys))
    others = {row.line: row for row in batch.rows.filter(line__in=[one["line"] for one in found.close if one["line"]])}
    stored = texts.get(found.initiative_id, {})
    cells = [(GridCell.of(found, column), column.joined(stored)) for column in GRID]
    return shown(
        request,
        "imports/import_row.html",
        f"Ligne {line}",
        batch=batch,
        row=found,
        told=[(cell, text) for cell, text in cells if cell.is_told or text],
        untold=[(cell, text) for cell, text in cells if not (cell.is_told or text)],
        elsewhere=[one for one in found.faults if one["field"] not in BY_FIELD],
        likenesses=likenesses(found, texts, others),
        decisions=ImportDecision.objects.filter(survey=batch.survey, row=found.key).select_related(
            "said_by", "initiative"
        ),
        query=chosen.query,
        page=chosen.page_of(line),
        before=around.filter(line__lt=line).order_by("-line").values_list("line", flat=True).first(),
        after=around.filter(line__gt=line).values_list("line", flat=True).first(),
    )
