"""/sante: whether this process can serve, for whoever watches it."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from initiatives.models import ContentVersion, Document
from initiatives.runtime.writable import Probe

why_not_writable = Probe()


@csrf_exempt  # it changes nothing, and refuses a method before it asks for a token
@require_safe
@never_cache
def health(request):
    """200 while the catalogue can be read and written to. Documents that wait in vain are told, and no fault."""
    said = {"statut": "indisponible", "base": connection.vendor}
    try:
        version, idle_since = ContentVersion.current().number, Document.objects.idle_since()
    except (DatabaseError, InterfaceError, ContentVersion.DoesNotExist):
        return JsonResponse(said, status=503)
    if reason := why_not_writable():
        return JsonResponse(said | {"raison": reason}, status=503)
    said |= {"statut": "ok", "version": version}
    return JsonResponse(said | ({"documents": f"en attente depuis {idle_since.isoformat()}"} if idle_since else {}))
