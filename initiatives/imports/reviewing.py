"""What the page of an import shows of its rows: how many, why, and the rows themselves."""

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum

from initiatives.models import ImportBatch, ImportRow
from initiatives.models.initiative.completeness import lacking
from initiatives.models.record_table import NEEDED

from .decisions import of_rows
from .grid import IMPORTABLE, PUBLISHABLE, Grid, GridFilter

Kind = ImportRow.Kind
# Groups of cells that are listed at once.
EACH = 20
# One row, several rows.
COUNTED = {
    Kind.ERROR: "à corriger,à corriger",
    Kind.DUPLICATE: "doublon probable",
    Kind.NEW: "nouvelle",
    Kind.CHANGED: "modifiée",
    Kind.REVISION: "révision à relire,révisions à relire",
    Kind.UNCHANGED: "inchangée",
    Kind.ASIDE: "laissée de côté,laissées de côté",
}


def reviewed(batch: ImportBatch, data) -> dict:
    """The values of the template; `data` are the parameters of the address: filters and pages."""
    chosen = GridFilter(batch, data)
    by_themselves = Sum("size", filter=Q(by=""), default=0)
    return {
        "kinds": [(kind, COUNTED[kind], batch.counts[kind]) for kind in Kind.values if batch.counts.get(kind)],
        "lacking": [(name, lacking([name]), batch.lacking[name]) for name in NEEDED if name in batch.lacking],
        "importable": IMPORTABLE,
        "publishable": PUBLISHABLE,
        "chosen": chosen,
        "grid": Grid(batch, chosen, data.get("page")),
        "causes": _page(batch.groups.faults().order_by("rank"), data.get("causes")),
        "decisions": _page(of_rows(batch).order_by("line", "pk"), data.get("decisions")),
        "corrections": _page(batch.groups.corrections().order_by("rank"), data.get("corrections")),
        "corrected": batch.groups.corrections().aggregate(all=Sum("size", default=0), alone=by_themselves),
    }


def _page(groups: QuerySet, number: str | None) -> Page:
    return Paginator(groups, EACH).get_page(number)
