"""The public pages read no cookie: one that a browser brings by mistake can neither change nor mark them."""

from django.conf import settings
from django.http import HttpRequest


def is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.SESSION_COOKIE_PATH)


def only_at_the_desk(get_response):
    """Hide the cookies from every address but those they are made for."""

    def middleware(request):
        if not is_desk(request):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware
