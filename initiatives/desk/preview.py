"""The page of an entry as the public would read it, before it is published."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.adminkit.pages import may
from initiatives.models import Initiative
from initiatives.public.facts import facts
from initiatives.public.navigation import Navigation


@require_safe
@may("view")
def preview(request, pk):
    initiative = get_object_or_404(Initiative.objects.for_page(), pk=pk)
    given = {
        "initiative": initiative,
        "facts": facts(initiative),
        "related": [],
        "navigation": Navigation(),
        "publisher": settings.PUBLISHER,
        "contact_email": settings.CONTACT_EMAIL,
    }
    return render(request, "desk/preview.html", given)
