"""/sante: whether this process can serve, for whoever watches it."""

from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .models import ContentVersion


@require_safe
@never_cache
def health(request):
    try:
        version = ContentVersion.current().number
    except (OperationalError, InterfaceError):
        return JsonResponse({"statut": "indisponible", "base": "absente"}, status=503)
    return JsonResponse({"statut": "ok", "base": "présente", "version": version})
