"""/sante: whether this process can serve, for whoever watches it."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .models import ContentVersion


@csrf_exempt  # it changes nothing, and refuses a method before it asks for a token
@require_safe
@never_cache
def health(request):
    try:
        version = ContentVersion.current().number
    except (DatabaseError, InterfaceError, ContentVersion.DoesNotExist):
        return JsonResponse({"statut": "indisponible", "base": connection.vendor}, status=503)
    return JsonResponse({"statut": "ok", "base": connection.vendor, "version": version})
