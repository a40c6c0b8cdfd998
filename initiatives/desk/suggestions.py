"""What is proposed below a field of the desk while somebody types."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from initiatives.adminkit.form_fields import TerritoryField
from initiatives.adminkit.pages import entry_url, may
from initiatives.imports.duplicates import duplicates_of
from initiatives.models import Initiative, Synonym
from initiatives.runtime.parsing import whole_number
from initiatives.search.query import QUERY_LENGTH
from towns.models import Intercommunality, Town
from towns.names import words

EACH = 6


@require_safe
@may("view")
def suggest_territories(request):
    typed = request.GET.get("q", "")[:200]
    found = [
        {"value": f"{one}, {one.pk}", "detail": _detail(one)}
        for model in (Town, Intercommunality)
        for one in model.objects.current()
        .select_related("department__region")
        .found_by(typed)
        .by_relevance(typed)[:EACH]
    ]
    return JsonResponse({"suggestions": found})


def _detail(territory) -> str:
    population = f"{territory.population:,} habitants".replace(",", "\u202f") if territory.population else ""
    department = territory.department
    return " · ".join(filter(None, [department.name, department.region.name, population]))


@require_safe
@may("view")
def suggest_entries(request):
    """Those of this reference, those that the search finds and those of which a word of the title begins so."""
    typed = request.GET.get("q", "")[:QUERY_LENGTH].strip()
    if not typed:
        return JsonResponse({"suggestions": []})
    query, begun = Synonym.objects.search_for(typed), words(typed)
    in_title = Q(sort_key__startswith=begun) | Q(sort_key__contains=f" {begun}") if begun else Q()
    found = (
        Initiative.objects.filter(Q(reference__icontains=typed) | in_title | query.condition())
        .select_related("territory")
        .annotate(rank=query.rank())
        .order_by("-rank", "sort_key", "pk")[:EACH]
    )
    return JsonResponse(
        {"suggestions": [{"value": f"{one.reference}, {one}", "detail": str(one.territory)} for one in found]}
    )


@require_safe
@may("view")
def suggest_duplicates(request):
    try:
        territory = TerritoryField().clean(request.GET.get("collectivite", ""))
    except ValidationError:
        territory = None
    found = duplicates_of(
        title=request.GET.get("titre", "")[:200],
        territory=territory,
        pk=whole_number(request.GET.get("fiche", "")),
    )
    return JsonResponse(
        {
            "territory": _detail(territory) if territory else "",
            "duplicates": [
                {"title": one.title, "status": one.get_status_display(), "url": entry_url(one.pk)}
                for one in found[:EACH]
            ],
        }
    )
