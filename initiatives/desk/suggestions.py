"""What is proposed below a field of the desk while somebody types."""

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from initiatives.adminkit.form_fields import TerritoryField
from initiatives.adminkit.pages import entry_url, may
from initiatives.imports.duplicates import duplicates_of
from initiatives.models import Initiative
from initiatives.runtime.parsing import whole_number
from towns.models import Intercommunality, Town

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
    typed = request.GET.get("q", "")[:200].strip()
    rows = Initiative.objects.filter(reference__icontains=typed) if typed else Initiative.objects.none()
    rows = rows | Initiative.objects.filter(search_title__contains=f" {typed.lower()}") if typed else rows
    found = rows.select_related("territory").order_by("sort_key", "pk")[:EACH]
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
